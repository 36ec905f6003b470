"""Boxes that an engine answered -> outlines, found in the photo here."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from assessment.core import bare_boxes
from assessment.core.cutting import UndecodableError
from assessment.core.detection import Detection
from assessment.engines.base import EngineRefusedError
from assessment.services.calls import Look
from assessment.services.pictures import Pictures

logger = logging.getLogger(__name__)


def boxes_outlined(
    detections: Sequence[Detection], look: Look, pictures: Pictures
) -> tuple[Detection, ...]:
    """What an engine saw at a look, its bare boxes outlined in the pixels that it was shown; as it
    was, where the photo's copy is gone."""
    try:
        return bare_boxes.boxes_outlined(
            detections, lambda: pictures.pixels(look.window), *look.size
        )
    except (OSError, UndecodableError, EngineRefusedError) as error:
        logger.warning(
            "The boxes on photo %s stay boxes, for want of its copy: %s", pictures.photo, error
        )
        return tuple(detections)
