"""Boxes that an engine answered -> outlines, found in the photo here."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from assessment.core import bare_boxes
from assessment.core.detection import Detection
from claims import files
from claims.models import Photo

logger = logging.getLogger(__name__)


def boxes_outlined(detections: Sequence[Detection], photo: Photo) -> tuple[Detection, ...]:
    """What an engine saw, its bare boxes outlined; as it was, where the photo's copy is gone."""
    try:
        return bare_boxes.boxes_outlined(
            detections, lambda: _picture(photo), photo.width, photo.height
        )
    except OSError as error:
        logger.warning("The boxes on photo %s stay boxes, for want of its copy: %s", photo, error)
        return tuple(detections)


def _picture(photo: Photo) -> NDArray[np.uint8]:
    with Image.open(BytesIO(files.load(photo.working))) as picture:
        return np.asarray(picture.convert("RGB"), np.uint8)
