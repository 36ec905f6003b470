"""Hail hits on a roof slope, counted as adjusters do: in test squares of 10 by 10 feet."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import ArrayLike
from shapely import MultiPolygon

from assessment.core.measure import Measured, areas, summed_up
from assessment.core.plane import Floats, Plane, projected
from assessment.core.units import FOOT

SIDE_M = 10 * FOOT
"""Of a test square, 3.048 m."""

SHIFTS = 8
"""Places tried for the grid of squares each way, an eighth of a side apart."""

ROUNDING_M = 0.001
"""A square may stand on the very edge of a slope, whatever way that was rounded."""

MOST_SQUARES = 5_000
"""Test squares on one slope at most; the roof of a large hall holds a thousand."""


class NoSquareError(ValueError):
    """A slope that holds no test square; the message is a sentence for the person."""


@dataclass(frozen=True, slots=True, eq=False)
class TestSquare:
    """How many hits one square holds, and its corners (4, 2) in pixels of the upright photo."""

    __test__ = False  # the field's word; it is none of pytest's

    hits: int
    corners: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Hail:
    """Hits on one slope: in each test square, and all of them over the slope's area.

    `per_square` is the number of all hits on the slope for each 10 by 10 feet of it, with the
    interval that plane and outline leave open. Whether a hit was seen isn't part of it.
    """

    hits: int
    squares: tuple[TestSquare, ...]
    per_square: Measured

    @property
    def mean(self) -> float:
        """Hits in a test square, on average."""
        return sum(each.hits for each in self.squares) / len(self.squares)

    @property
    def most(self) -> int:
        """Hits in the test square that has the most."""
        return max(each.hits for each in self.squares)


def centres(outlines: Sequence[MultiPolygon]) -> Floats:
    """The middle of each separate part of outlines, (n, 2) in pixels: where the hits are.

    >>> ring = shapely.box(0, 0, 4, 4) - shapely.box(1, 1, 3, 3)
    >>> centres([MultiPolygon([ring, shapely.box(10, 10, 12, 14)]), MultiPolygon()]).tolist()
    [[2.0, 2.0], [11.0, 12.0]]
    >>> centres([]).shape
    (0, 2)
    """
    parts = [part for each in outlines for part in each.geoms]
    return shapely.get_coordinates([part.centroid for part in parts]).reshape(-1, 2)


def hail(hits: ArrayLike, slope: MultiPolygon, plane: Plane, *, boundary_px: float) -> Hail:
    """Hits (n, 2) in pixels, counted in test squares on a slope outlined in pixels.

    Squares stand side by side, along the longer side of the narrowest rectangle around the slope
    (its eave, as a rule), wholly within it and clear of its holes (chimneys, windows). The grid is
    shifted by eighths of a side each way to where most squares fit, the first such place counting.
    A hit belongs to the one square that its centre lies in. On a plane of a roof's plan with a
    pitch (`scale.sloped`) areas are right but directions unknown, so squares lie as in the plan,
    stretched alike. Raises NoSquareError where not one fits, and as `measure.area`.

    >>> from assessment.core.scale import gsd_plane
    >>> roof = shapely.box(0, 0, 700, 350) - shapely.box(650, 10, 680, 40)
    >>> found = hail([[50, 50], [60, 50], [500, 200], [900, 100]], MultiPolygon([roof]),
    ...              gsd_plane(0.01), boundary_px=0)
    >>> [each.hits for each in found.squares], found.mean, found.most, found.hits
    ([2, 1], 1.5, 2, 3)
    >>> round(found.per_square.value, 3)
    1.142
    >>> hail([], MultiPolygon(), gsd_plane(0.01), boundary_px=0)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    assessment.core.hail.NoSquareError: The slope holds no test square ...
    """
    outline = shapely.transform(slope, plane.metres)
    axes = _axes(outline)
    points = np.asarray(hits, np.float64).reshape(-1, 2)
    points = points[shapely.intersects_xy(slope, *points.T)]
    corners = _squares(shapely.transform(outline, lambda metres: metres @ axes.T))
    counts = _counted(plane.metres(points) @ axes.T, corners)
    around = corners[:, None] + SIDE_M * np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
    back = np.asarray(np.linalg.inv(plane.matrix)[None], np.float64)
    pixels = projected(back, (around @ axes).reshape(-1, 2))
    drawn = areas(slope, plane, boundary_px=boundary_px)
    # Where a draw leaves nothing of the slope, hits lie as close as one will.
    none_left = np.full(len(drawn), math.inf if len(points) else 0.0)
    density = np.divide(len(points) * SIDE_M**2, drawn, out=none_left, where=drawn > 0)
    return Hail(
        hits=len(points),
        squares=tuple(map(TestSquare, counts, pixels.reshape(-1, 4, 2))),
        per_square=summed_up(density, plane, boundary_px),
    )


def _axes(outline: MultiPolygon) -> Floats:
    """Directions along and across the narrowest rectangle around an outline, (2, 2) by rows.

    The longer side first, turned so that it runs to the right, or straight down.
    """
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(outline))
    if len(corners) < 4:
        return np.eye(2)
    sides = np.diff(corners[:3], axis=0)
    along = sides[np.hypot(*sides.T).round(9).argmax()]
    x, y = along / np.hypot(*along)
    if (round(x, 9), y) < (0, 0):
        x, y = -x, -y
    return np.array([[x, y], [-y, x]])


def _squares(outline: MultiPolygon) -> Floats:
    """Where test squares begin, (n, 2), in metres along the axes of the slope."""
    low, high = np.array(outline.bounds).reshape(2, 2)
    columns, rows = (0, 0) if outline.is_empty else np.ceil((high - low) / SIDE_M).astype(int)
    if columns * rows > MOST_SQUARES:
        raise NoSquareError(
            f"The slope would hold more than {MOST_SQUARES} test squares of 10 by 10 feet, which "
            "no roof does. Check the scale and the outline."
        )
    room = outline.buffer(ROUNDING_M, join_style="mitre")
    shapely.prepare(room)
    lattice = np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), axis=2).reshape(-1, 2)
    best = np.zeros((0, 2))
    for shift in np.ndindex(SHIFTS, SHIFTS):
        begins = low + SIDE_M * (lattice + np.array(shift[::-1]) / SHIFTS)
        inside = begins[shapely.covers(room, shapely.box(*begins.T, *(begins + SIDE_M).T))]
        best = inside if len(inside) > len(best) else best
    if not len(best):
        raise NoSquareError(
            "The slope holds no test square of 10 by 10 feet. Count its hits over its area instead."
        )
    return best


def _counted(points: Floats, corners: Floats) -> list[int]:
    """Points (n, 2) in each of the squares that begin at the corners (m, 2)."""
    inside = [(points >= corner) & (points < corner + SIDE_M) for corner in corners]
    return [int(each.all(axis=1).sum()) for each in inside]
