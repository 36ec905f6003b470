"""How far an outline may be off, by the form in which the engine answered."""

from __future__ import annotations

import math

import numpy as np
import shapely
from shapely import MultiPolygon

from assessment.core.detection import Detection
from assessment.core.vocabulary import AnswerForm

THOUSANDTHS = 1000.0
"""Engines answer in thousandths of the picture's sides."""

UNIFORM_SD = 1 / math.sqrt(12)
"""Standard deviation of a rounding error, in steps (rectangular distribution of width 1)."""

OUTLINE_SD = {AnswerForm.MASK: 0.03, AnswerForm.POLYGON: 0.04, AnswerForm.BOX: 0.125}
"""How far an engine draws its outlines off, as a share of the square root of the area inside.

Assumptions, not measured yet: reviewed findings will replace them. Errors are taken to grow with
the thing that is outlined. Four times the share is what they make of a square's area: an eighth
for a mask, as of two people who outline the same damage; a little more for a polygon, which cuts
corners; half for a box, which bounds the damage and doesn't follow it."""

REFINED_SD = 0.06
"""As OUTLINE_SD, for an outline found in the photo inside of an engine's box: half of what a box
has, twice what a mask has. On 46 boxes of real photos two thirds of the areas were within 22 % of
the truth and nine tenths within 52 %; as twice this share (APPROXIMATE) makes 48 % of an area, the
interval holds for photos that are harder."""

APPROXIMATE = 2.0
"""An outline that its engine calls a guess is taken to be off by so many times more; assumed as
well."""

APPROXIMATE_SD_CELLS = 1.0
"""A local search finds an edge to a cell of its grid, one way or the other."""


HAND_SD = 0.002
"""How well a person outlines damage on a screen, as a share of the photo's longer side: two pixels
of a picture that is shown a thousand pixels wide. Assumed."""

KEPT_PX = 2.0
"""So close to where an engine drew it, an outline is still the engine's: before an outline is
edited, the workbench leaves out corners that alter it by no more than 1.5 pixels."""

KEPT_SAMPLES = 1000
"""Spots along an edited outline that are looked at: each end of a stretch that was kept puts the
share off by half a thousandth at most."""

MOSTLY_KEPT = 0.5
"""With this share of it still the engine's, a rough outline is rough yet."""


def hand_sd(width: int, height: int) -> float:
    """One standard deviation of an outline that a person drew, in pixels of a photo of that size.

    >>> hand_sd(4000, 3000)
    8.0
    """
    return HAND_SD * max(width, height)


def kept_share(edited: MultiPolygon, first: MultiPolygon) -> float:
    """The share 0..1 of an edited outline's length that lies where the engine first drew it.

    Both in image pixels; the edges of openings count. Looked at in KEPT_SAMPLES evenly spaced
    spots, so that outlines of very many corners take no longer.

    >>> square = MultiPolygon([shapely.box(100, 100, 200, 200)])
    >>> wider = MultiPolygon([shapely.box(100, 100, 400, 200)])
    >>> round(kept_share(wider, square), 2), round(kept_share(square, wider), 2)
    (0.38, 0.76)
    >>> kept_share(square, MultiPolygon()), kept_share(MultiPolygon(), square)
    (0.0, 0.0)
    """
    if edited.is_empty or first.is_empty:
        return 0.0
    line, drawn = edited.boundary, first.boundary
    along = (np.arange(KEPT_SAMPLES) + 0.5) / KEPT_SAMPLES
    spots = shapely.line_interpolate_point(line, along, normalized=True)
    shapely.prepare(drawn)
    return float(shapely.dwithin(drawn, spots, KEPT_PX).mean())


def edited_sd(kept: float, *, engine_sd: float, drawn_sd: float) -> float:
    """One standard deviation of an engine's outline that a person edited, in pixels.

    `kept` is the share of its length that is still the engine's (kept_share), which is off as the
    engine is; the rest is off as a drawing is (hand_sd). An outline is taken to move as a whole,
    so that the errors of its parts add up in full, by their lengths:
    f * engine_sd + (1 - f) * drawn_sd. Never better than a drawing, unless the engine is.

    >>> [edited_sd(kept, engine_sd=25.0, drawn_sd=5.0) for kept in (1.0, 0.75, 0.0)]
    [25.0, 20.0, 5.0]
    """
    return drawn_sd + kept * (engine_sd - drawn_sd)


def boundary_sd(detection: Detection, shape: MultiPolygon, width: int, height: int) -> float:
    """One standard deviation of the outline's position, in pixels of a photo of that size.

    `shape` is what the detection was outlined as. The engine's own error, rounding to thousandths,
    and rounding to the cells of the grid are independent.

    >>> from assessment.core.detection import Box
    >>> bare = Detection("gutter", Box(0, 0, 400, 100), None, AnswerForm.BOX, approximate=True)
    >>> round(boundary_sd(bare, MultiPolygon([shapely.box(*bare.box)]), 1000, 1000), 3)
    50.001
    """
    step = UNIFORM_SD * max(width, height) / THOUSANDTHS
    return math.hypot(_drawing_sd(detection, shape), step, _cell_sd(detection))


def _drawing_sd(detection: Detection, shape: MultiPolygon) -> float:
    times = APPROXIMATE if detection.approximate else 1.0
    part = REFINED_SD if detection.refined else OUTLINE_SD[detection.form]
    return times * part * math.sqrt(shape.area)


def _cell_sd(detection: Detection) -> float:
    if detection.mask is None or isinstance(detection.mask, tuple):
        return 0.0
    rows, columns = detection.mask.shape
    box = detection.box
    cell: float = max((box.right - box.left) / columns, (box.bottom - box.top) / rows)
    return cell * (APPROXIMATE_SD_CELLS if detection.approximate else UNIFORM_SD)
