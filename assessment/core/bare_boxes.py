"""Boxes that an engine answered -> outlines, where the photo shows an edge that agrees."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assessment.core.detection import Detection
from assessment.core.refine import Pixels, refined
from assessment.core.vocabulary import AnswerForm


def boxes_outlined(
    detections: Sequence[Detection], picture: Callable[[], Pixels], width: int, height: int
) -> tuple[Detection, ...]:
    """What an engine saw on a photo of that size in pixels, its bare boxes outlined if they can be.

    The others stay as they are: a box is a worse answer than an outline, but it is one. `picture`
    gives a copy of the photo, (rows, columns, 3) RGB, and is only called for if there is a box.

    >>> boxes_outlined([], lambda: 1 / 0, 100, 100)
    ()
    """
    if not any(map(_is_bare_box, detections)):
        return tuple(detections)
    pixels = picture()
    return tuple(
        (_is_bare_box(each) and refined(pixels, each, width, height)) or each for each in detections
    )


def _is_bare_box(detection: Detection) -> bool:
    return detection.form is AnswerForm.BOX and detection.mask is None
