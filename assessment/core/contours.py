"""Grids of probability -> rings between their cells, at half height, holes with their shells.

Marching squares by following borders: OpenCV walks the inside cells along each border and says
which border is a hole in which shell (Suzuki and Abe, 1985); every step from an inside cell to an
outside neighbour then crosses LEVEL at one point, by linear interpolation. Each such pair of
cells is met just once, and the crossing is never on a cell's middle, so that no ring touches
another or itself: the outlines are valid as they are made.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from assessment.core.detection import Grid
from assessment.core.masks import LEVEL

STEPS_X = np.array([1, 1, 0, -1, -1, -1, 0, 1])
STEPS_Y = np.array([0, 1, 1, 1, 0, -1, -1, -1])
"""To the eight neighbours of a cell: clockwise on the screen, the straight ones even."""

DIRECTIONS = len(STEPS_X)
NOWHERE = DIRECTIONS
"""The direction in which a border goes on that is one cell long."""

SIDES = 4
NONE = -1

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Contours(NamedTuple):
    """Outlines as offsets: where each begins, down to the points.

    Points (n, 2); where each ring begins in the points, each polygon in the rings and each grid
    in the polygons, with the total at the end. Rings are closed, and a polygon's first is its
    shell.
    """

    points: Floats
    rings: Ints
    polygons: Ints
    grids: Ints

    def vertices(self) -> Ints:
        """How many points each grid has, (grids,)."""
        return np.diff(self.rings[self.polygons[self.grids]])


def contours(grids: Sequence[Grid]) -> Contours:
    """The outlines of grids (rows, columns), each in its own cell edges: x right, y down.

    What reaches the edge of a grid closes there. Inside cells that meet at a corner belong
    together. A grid with nothing above LEVEL has no rings. All are laid out on one canvas, as
    high as all and as wide as the widest, so the caller should see that they aren't too many.

    >>> speck = np.array([[255]], np.uint8)
    >>> contours([speck]).points.tolist()
    [[0.5, 0.0], [0.0, 0.5], [0.5, 1.0], [1.0, 0.5], [0.5, 0.0]]
    >>> holed = np.full((3, 3), 255, np.uint8)
    >>> holed[1, 1] = 0
    >>> found = contours([np.zeros((2, 2), np.uint8), holed, speck])
    >>> found.rings.tolist(), found.polygons.tolist(), found.grids.tolist()
    ([0, 13, 18, 23], [0, 2, 3], [0, 0, 1, 2])
    >>> contours([]).points.shape
    (0, 2)
    """
    canvas, tops = _stacked(grids)
    inside = cv2.threshold(canvas, LEVEL, 1, cv2.THRESH_BINARY)[1]
    borders, nesting = cv2.findContours(inside, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    if not borders:
        start = np.zeros(1, np.int64)
        return Contours(np.zeros((0, 2)), start, start, np.zeros_like(tops))
    places = np.searchsorted(tops, [border[0, 0, 1] for border in borders], side="right") - 1
    order, polygons = _nested(nesting[0, :, 3].astype(np.int64), places)
    points, rings = _rings(canvas, [borders[index] for index in order])
    # A grid's frame is one cell wide, and a cell's middle half a cell from its edge.
    points -= 0.5
    points[:, 1] -= np.repeat(tops[places[order]], np.diff(rings))
    shells = places[order[polygons[:-1]]]
    return Contours(points, rings, polygons, np.searchsorted(shells, np.arange(len(tops))))


def _stacked(grids: Sequence[Grid]) -> tuple[Grid, Ints]:
    """The grids one below another, each in a frame of zeros, and where they begin and all end."""
    tops = np.cumsum([0, *(len(grid) + 2 for grid in grids)])
    canvas = np.zeros(
        (max(tops[-1], 1), max((grid.shape[1] for grid in grids), default=0) + 2), np.uint8
    )
    for grid, top in zip(grids, tops[:-1], strict=True):
        rows, columns = grid.shape
        canvas[top + 1 : top + 1 + rows, 1 : 1 + columns] = grid
    return canvas, tops


def _nested(parents: Ints, places: Ints) -> tuple[Ints, Ints]:
    """The borders by grid, each shell before its holes, and where in that order the shells are."""
    is_hole = parents >= 0
    shells = np.where(is_hole, parents, np.arange(len(parents)))
    order = np.lexsort((is_hole, shells, places))
    return order, np.append(np.flatnonzero(~is_hole[order]), len(order))


def _rings(canvas: Grid, borders: Sequence[NDArray[np.int32]]) -> tuple[Floats, Ints]:
    """Closed rings along borders, each (n, 1, 2) of inside cells, and where each begins."""
    ends = np.cumsum([len(border) for border in borders])
    x, y = np.concatenate(borders)[:, 0].T.astype(np.int64)
    cells = y * canvas.shape[1] + x
    leaving = _directions(_onward(cells, ends) - cells, canvas.shape[1])
    swept = _SWEPT[_before(leaving, ends), leaving].ravel()
    sides = np.flatnonzero(swept != NONE)
    place, side = sides // SIDES, swept[sides]
    share = _shares(canvas, cells[place], side)
    points = np.column_stack([x[place] + STEPS_X[side] * share, y[place] + STEPS_Y[side] * share])
    return _closed(points, np.searchsorted(place, ends))


def _onward(cells: Ints, ends: Ints) -> Ints:
    """What follows each cell on its border."""
    following = np.empty_like(cells)
    following[:-1] = cells[1:]
    following[ends - 1] = cells[_starts(ends)]
    return following


def _before(directions: Ints, ends: Ints) -> Ints:
    """What comes before each direction on its border."""
    leading = np.empty_like(directions)
    leading[1:] = directions[:-1]
    leading[_starts(ends)] = directions[ends - 1]
    return leading


def _starts(ends: Ints) -> Ints:
    return np.append(0, ends[:-1])


def _offsets(width: int) -> Ints:
    """How far apart a cell and its neighbours are, counted along the rows."""
    offsets: Ints = STEPS_Y * width + STEPS_X
    return offsets


def _directions(offsets: Ints, width: int) -> Ints:
    table = np.full(2 * width + 3, NOWHERE)
    table[_offsets(width)] = np.arange(DIRECTIONS)
    directions: Ints = table[offsets]
    return directions


def _shares(canvas: Grid, cells: Ints, sides: Ints) -> Floats:
    """How far from the middle of a cell to that of its neighbour the level is crossed, 0..1."""
    values = canvas.ravel()
    inside = values[cells].astype(np.float64)
    outside = values[cells + _offsets(canvas.shape[1])[sides]]
    shares: Floats = (inside - LEVEL) / (inside - outside)
    return shares


def _closed(points: Floats, ends: Ints) -> tuple[Floats, Ints]:
    """Rings that end where they begin, from open ones that end in `ends`."""
    order = np.insert(np.arange(len(points)), ends, _starts(ends))
    return points[order], np.append(0, ends + np.arange(1, len(ends) + 1))


def _sweeps() -> Ints:
    """The outside neighbours, up to four, met where a border arrives and leaves in two directions.

    The border has the outside on its right. Who looks back there, and from back turns to the way
    onward counterclockwise on the screen, sees only outside cells in between.
    """
    swept = np.full((DIRECTIONS + 1, DIRECTIONS + 1, SIDES), NONE)
    for arriving in range(DIRECTIONS):
        for leaving in range(DIRECTIONS):
            back = arriving + DIRECTIONS // 2
            between = (back - leaving - 1) % DIRECTIONS
            seen = [(back - turn) % DIRECTIONS for turn in range(1, between + 1)]
            straight = [direction for direction in seen if direction % 2 == 0]
            swept[arriving, leaving, : len(straight)] = straight
    swept[NOWHERE, NOWHERE] = [6, 4, 2, 0]
    return swept


_SWEPT = _sweeps()
