"""One annotation of COCO -> a shape, and what its own figures say against it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import shapely
from pydantic import BaseModel, FiniteFloat, NonNegativeInt, PositiveInt

from assessment.core.detection import Ring
from assessment.evaluation.case import Runs, Shape
from assessment.evaluation.truth import mask_of_runs
from claims.evidence.upload import MAX_PIXELS

AREA_SLACK, AREA_SLACK_PX = 0.1, 10.0
"""Areas are counted in pixels, or by a formula: they may differ by so much and both be right."""
BOX_SLACK, BOX_SLACK_PX = 0.05, 2.0

Bounds = tuple[float, float, float, float]


class _Rle(BaseModel):
    counts: str | list[NonNegativeInt]
    size: tuple[PositiveInt, PositiveInt]


class Annotation(BaseModel):
    """One annotated thing; a `bbox` is left, top, width, height in pixels."""

    id: int
    image_id: int
    category_id: int
    segmentation: list[list[FiniteFloat]] | _Rle | None = None
    area: FiniteFloat | None = None
    bbox: list[FiniteFloat] | None = None
    iscrowd: bool = False


class _Extent(NamedTuple):
    area: float
    bounds: Bounds


def shape_of(one: Annotation) -> Shape:
    """The shape of an annotation; a crowd doesn't count. Raises ValueError with a sentence."""
    told = one.segmentation
    if isinstance(told, _Rle):
        return Shape(_runs(told), ignored=one.iscrowd)
    if not told:
        raise ValueError("it has no outline, and a box is no truth for outlines.")
    if any(len(line) < 6 or len(line) % 2 for line in told):
        raise ValueError("a polygon of it has fewer than three corners, or half a corner.")
    return Shape(tuple(np.array(line).reshape(-1, 2) for line in told), ignored=one.iscrowd)


def doubts(one: Annotation, shape: Shape) -> Iterator[str]:
    """Sentences on an area or a box that the outline contradicts; the outline is what counts."""
    found = _extent(shape)
    slack = max(AREA_SLACK * found.area, AREA_SLACK_PX)
    if one.area is not None and abs(one.area - found.area) > slack:
        yield (
            f"Its area is given as {one.area:.0f} pixels, its outline holds {found.area:.0f}; "
            "the outline counts."
        )
    if one.bbox is not None:
        yield from _box_doubts(one.bbox, found.bounds)


def _box_doubts(told: list[float], bounds: Bounds) -> Iterator[str]:
    left, top, right, bottom = bounds
    if _agree(told, (left, top, right - left, bottom - top), bounds):
        return
    orders = {
        "left, top, right, bottom": (left, top, right, bottom),
        "top, left, bottom, right": (top, left, bottom, right),
        "top, left, height, width": (top, left, bottom - top, right - left),
    }
    order = next((name for name, box in orders.items() if _agree(told, box, bounds)), "")
    what = f"is in the order {order}" if order else "doesn't fit its outline"
    yield f"Its box {what}; the outline counts."


def _agree(told: list[float], box: Bounds, bounds: Bounds) -> bool:
    left, top, right, bottom = bounds
    slack = max(BOX_SLACK * max(right - left, bottom - top), BOX_SLACK_PX)
    return len(told) == 4 and all(abs(a - b) <= slack for a, b in zip(told, box, strict=True))


def _extent(shape: Shape) -> _Extent:
    if isinstance(shape.drawn, Runs):
        mask = mask_of_runs(shape.drawn)
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        if not rows.size:
            return _Extent(0.0, (0.0, 0.0, 0.0, 0.0))
        bounds = float(columns[0]), float(rows[0]), columns[-1] + 1.0, rows[-1] + 1.0
        return _Extent(float(mask.sum()), bounds)
    points = np.concatenate(shape.drawn)
    low, high = points.min(axis=0), points.max(axis=0)
    area = sum(map(_ring_area, shape.drawn))
    return _Extent(area, (float(low[0]), float(low[1]), float(high[0]), float(high[1])))


def _ring_area(ring: Ring) -> float:
    return float(shapely.area(shapely.Polygon(ring)))


def _runs(told: _Rle) -> Runs:
    height, width = told.size
    if height * width > MAX_PIXELS:
        raise ValueError(f"its runs are of {width} by {height} pixels, more than any photo has.")
    lengths = _spelled(told.counts) if isinstance(told.counts, str) else told.counts
    if min(lengths, default=0) < 0 or sum(lengths) != height * width:
        raise ValueError(f"its runs don't fill {width} by {height} pixels.")
    return Runs(tuple(lengths), height, width)


def _spelled(text: str) -> list[int]:
    """Run lengths from COCO's compressed string.

    Five bits a letter from the lowest up, a sixth for "more to come"; from the fourth run on each
    is the difference to the last but one (cocoapi, maskApi.c, rleFrString).

    >>> _spelled("1521"), _spelled("\\\\0@")
    ([1, 5, 2, 6], [12, -16])
    """
    lengths: list[int] = []
    value = shift = 0
    for letter in text:
        bits = ord(letter) - 48
        value |= (bits & 0x1F) << shift
        shift += 5
        if bits & 0x20:
            continue
        if bits & 0x10:
            value -= 1 << shift
        lengths.append(value + (lengths[-2] if len(lengths) > 2 else 0))
        value = shift = 0
    return lengths
