"""How far an outline may be off, by the form in which the engine answered."""

from __future__ import annotations

import math

from assessment.core.detection import Detection

THOUSANDTHS = 1000.0
"""Engines answer in thousandths of the picture's sides."""

UNIFORM_SD = 1 / math.sqrt(12)
"""Standard deviation of a rounding error, in steps (rectangular distribution of width 1)."""

BOX_SD = 0.25
"""A bare box bounds the damage, it doesn't follow it: as a share of the box's shorter side."""

APPROXIMATE_SD_CELLS = 1.0
"""A local search finds an edge to a cell of its grid, one way or the other."""


def boundary_sd(detection: Detection, width: int, height: int) -> float:
    """One standard deviation of the outline's position, in pixels of a photo of that size.

    Rounding to thousandths, and rounding to the cells of the grid, are independent.

    >>> from assessment.core.detection import Box
    >>> from assessment.core.vocabulary import AnswerForm
    >>> bare = Detection("gutter", Box(0, 0, 400, 100), None, AnswerForm.BOX, approximate=True)
    >>> boundary_sd(bare, 1000, 1000)
    25.0
    """
    if detection.mask is None:
        box = detection.box
        return BOX_SD * min(box.right - box.left, box.bottom - box.top)
    step = UNIFORM_SD * max(width, height) / THOUSANDTHS
    return math.hypot(step, _cell_sd(detection))


def _cell_sd(detection: Detection) -> float:
    if detection.mask is None or isinstance(detection.mask, tuple):
        return 0.0
    rows, columns = detection.mask.shape
    box = detection.box
    cell: float = max((box.right - box.left) / columns, (box.bottom - box.top) / rows)
    return cell * (APPROXIMATE_SD_CELLS if detection.approximate else UNIFORM_SD)
