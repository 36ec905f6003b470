"""Boxes that an engine answered -> outlines, found in the photo here."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from assessment.core.detection import Detection
from assessment.core.refine import refined
from assessment.core.vocabulary import AnswerForm
from claims import files
from claims.models import Photo

logger = logging.getLogger(__name__)


def boxes_outlined(detections: Sequence[Detection], photo: Photo) -> tuple[Detection, ...]:
    """What an engine saw, its bare boxes outlined where the photo shows an edge that agrees.

    The others stay as they are: a box is a worse answer than an outline, but it is one.
    """
    if not any(map(_is_bare_box, detections)):
        return tuple(detections)
    try:
        picture = _picture(photo)
    except OSError as error:
        logger.warning("The boxes on photo %s stay boxes, for want of its copy: %s", photo, error)
        return tuple(detections)
    return tuple(
        (_is_bare_box(each) and refined(picture, each, photo.width, photo.height)) or each
        for each in detections
    )


def _is_bare_box(detection: Detection) -> bool:
    return detection.form is AnswerForm.BOX and detection.mask is None


def _picture(photo: Photo) -> NDArray[np.uint8]:
    with Image.open(BytesIO(files.load(photo.working))) as picture:
        return np.asarray(picture.convert("RGB"), np.uint8)
