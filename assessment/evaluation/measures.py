"""How well masks agree: pure functions over masks (height, width) of true and false."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from assessment.core.masks import Patch

Mask = NDArray[np.bool_]

TOLERANCE_PX = 3.0
"""Distance at which a line still counts as met, pixels: what people who draw one differ by."""
SAME_THING = 0.5
"""Intersection over union above which a found thing is the one that was asked for."""


class Overlap(NamedTuple):
    """Pixels in both masks, and in either."""

    common: int
    either: int

    @property
    def iou(self) -> float:
        """Intersection over union; 1 where both are empty, since they then agree.

        >>> Overlap(1, 4).iou, Overlap(0, 0).iou
        (0.25, 1.0)
        """
        return self.common / self.either if self.either else 1.0


class Fit(NamedTuple):
    """Pixels marked and how many of them are right, pixels there and how many of them are seen."""

    right: int
    marked: int
    seen: int
    there: int


def overlap(answer: Mask, target: Mask, ignored: Mask) -> Overlap:
    """The overlap outside of what is ignored.

    >>> row = np.array([[True, True, False, True]])
    >>> overlap(row, np.array([[False, True, True, True]]), np.array([[False, False, False, True]]))
    Overlap(common=1, either=3)
    """
    counts = ~ignored
    return Overlap(int((answer & target & counts).sum()), int(((answer | target) & counts).sum()))


def near(mask: Mask, tolerance: float) -> Mask:
    """What lies within so many pixels of a mask, its own pixels included.

    >>> near(np.array([[False, False, True, False]]), 1).astype(int).tolist()
    [[0, 1, 1, 1]]
    >>> near(np.zeros((1, 2), np.bool_), 5).any()
    np.False_
    """
    if not mask.any():
        return mask
    distance = cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray(distance <= tolerance, np.bool_)


def edge(mask: Mask) -> Mask:
    """The pixels of a mask that have one outside of it as a neighbour; the photo ends no mask.

    >>> edge(np.ones((3, 3), np.bool_)).any()
    np.False_
    >>> edge(np.array([[True, True, True, False]])).astype(int).tolist()
    [[0, 0, 1, 0]]
    """
    inner = cv2.erode(mask.astype(np.uint8), np.ones((3, 3), np.uint8))
    return mask & ~inner.astype(np.bool_)


def fit(answer: Mask, target: Mask, ignored: Mask, tolerance: float = TOLERANCE_PX) -> Fit:
    """How many pixels of each mask lie within `tolerance` pixels of the other.

    Precision is right / marked, recall seen / there; of edges it is the boundary measure of
    Csurka et al., "What is a good evaluation measure for semantic segmentation?", 2013.

    >>> line = np.array([[True, False, False, False, True, False]])
    >>> truth = np.array([[False, True, False, False, False, False]])
    >>> fit(line, truth, np.zeros_like(line), 1)
    Fit(right=1, marked=2, seen=1, there=1)
    """
    marked, there = answer & ~ignored, target & ~ignored
    right, seen = marked & near(target, tolerance), there & near(answer, tolerance)
    return Fit(int(right.sum()), int(marked.sum()), int(seen.sum()), int(there.sum()))


def matched(found: Sequence[Patch], things: Sequence[Patch]) -> int:
    """How many pairs of a found thing and a true one agree by more than SAME_THING, each in one
    pair at most, and as many pairs as can be (Kuhn, 1955).

    >>> def bar(left: int, length: int) -> Patch:
    ...     return Patch(left, 0, np.ones((1, length), np.bool_))
    >>> matched([bar(0, 10), bar(1, 8)], [bar(0, 9), bar(0, 12)])
    2
    >>> matched([bar(0, 10)], []), matched([bar(0, 3)], [bar(0, 10)])
    (0, 0)
    """
    like = [[n for n, thing in enumerate(things) if _iou(one, thing) > SAME_THING] for one in found]
    partner: dict[int, int] = {}

    def finds(one: int, tried: set[int]) -> bool:
        for thing in like[one]:
            if thing not in tried:
                tried.add(thing)
                if thing not in partner or finds(partner[thing], tried):
                    partner[thing] = one
                    return True
        return False

    return sum(finds(one, set()) for one in range(len(found)))


def _iou(one: Patch, other: Patch) -> float:
    (rows, columns), (others_rows, others_columns) = one.cells.shape, other.cells.shape
    left, top = max(one.left, other.left), max(one.top, other.top)
    right = min(one.left + columns, other.left + others_columns)
    bottom = min(one.top + rows, other.top + others_rows)
    if left >= right or top >= bottom:
        return 0.0
    ours, theirs = (
        each.cells[top - each.top : bottom - each.top, left - each.left : right - each.left]
        for each in (one, other)
    )
    common = int((ours & theirs).sum())
    return common / (int(one.cells.sum()) + int(other.cells.sum()) - common)
