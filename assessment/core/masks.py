"""Masks as grids of probability, and their place in the image.

A cell is a unit square of the grid; the grid covers its box edge to edge, so that cell (row,
column) has its middle at left + (column + 0.5) * box width / columns, and likewise downwards.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from assessment.core.detection import Box, Grid, Ring

LEVEL = 127.5
"""Half height. No cell value lies on it, so an outline at this level never touches itself."""

LONGEST_GRID = 1024
"""Cells on the longer side at most: as many as the copy of the photo that an engine is shown."""

FINEST_CELL = 0.25
"""Pixels per cell at least; a mouse or a model places no vertex more finely than that."""

HALF = 0.5 - 1e-9
"""A pixel of a line one pixel wide is half covered by its outline, which cuts its corners."""

SAMPLES = 4
"""Lines sampled per row of cells. Along a line the cover is exact, so only this way needs it."""

MOST_CROSSINGS = 1_000_000
"""Crossings of edges and sampled lines; a hostile ring gets coarser cells, not more work."""


class PlacedGrid(NamedTuple):
    """A grid and the box that it covers edge to edge."""

    grid: Grid
    box: Box


class Patch(NamedTuple):
    """Pixels of a photo: cells (rows, columns), the first of them at column `left`, row `top`."""

    left: int
    top: int
    cells: NDArray[np.bool_]


class _Edges(NamedTuple):
    """Directed edges in columns and sampled lines: two arrays (n, 2)."""

    starts: NDArray[np.float64]
    ends: NDArray[np.float64]


def filled(
    rings: Sequence[Ring], *, longest: int = LONGEST_GRID, within: Box | None = None
) -> PlacedGrid:
    """Fill rings by the even-odd rule; they may cross themselves and one another.

    Each cell holds the part of it that is covered, 0..255. The box is the bounds of the rings,
    cut to `within` if given. A shape too thin to cover half of any cell is raised to full
    height: it comes out too thick rather than gone. Rings without area give a grid of zeros.

    The fill is a scan of lines (Foley, van Dam, Feiner, Hughes: Computer Graphics, 3.5), its
    cost bounded by MOST_CROSSINGS whatever the rings are.

    >>> square = np.array([[10, 10], [14, 10], [14, 14], [10, 14]], dtype=float)
    >>> hole = np.array([[11, 11], [13, 11], [13, 13], [11, 13]], dtype=float)
    >>> grid, box = filled([square, hole])
    >>> box
    Box(left=10.0, top=10.0, right=14.0, bottom=14.0)
    >>> grid.shape, int((grid == 255).sum()) / grid.size
    ((16, 16), 0.75)
    >>> filled([]).grid
    array([[0]], dtype=uint8)
    """
    box = _bounds(rings, within)
    width, height = box.right - box.left, box.bottom - box.top
    if not (width > 0 and height > 0):
        return PlacedGrid(np.zeros((1, 1), np.uint8), box)
    cell = max(max(width, height) / longest, FINEST_CELL, SAMPLES * _rise(rings) / MOST_CROSSINGS)
    rows, columns = int(np.ceil(height / cell)), int(np.ceil(width / cell))
    scale = np.array([columns / width, rows * SAMPLES / height])
    edges = _edges(rings, np.array([box.left, box.top]), scale)
    return PlacedGrid(_probability(_coverage(edges, rows, columns)), box)


def covered(rings: Sequence[Ring], width: int, height: int) -> Patch:
    """The pixels of a photo of that size that rings cover by half or more, by the even-odd rule.

    The patch is no larger than the rings need; outside of the photo nothing is covered.

    >>> ring = np.array([[1.4, -2.0], [4.0, -2.0], [4.0, 1.0], [1.4, 1.0]])
    >>> left, top, cells = covered([ring], 9, 9)
    >>> left, top, cells.tolist()
    (1, 0, [[True, True, True]])
    >>> covered([], 9, 9).cells.size
    0
    """
    box = _bounds(rings, Box(0.0, 0.0, float(width), float(height)))
    left, top = math.floor(box.left), math.floor(box.top)
    rows, columns = math.ceil(box.bottom) - top, math.ceil(box.right) - left
    if rows <= 0 or columns <= 0:
        return Patch(0, 0, np.zeros((0, 0), np.bool_))
    edges = _edges(rings, np.array([left, top], np.float64), np.array([1.0, SAMPLES]))
    return Patch(left, top, _coverage(edges, rows, columns) > HALF)


def halved(shape: PlacedGrid) -> PlacedGrid:
    """The same mask in half as many rows and columns, each cell the mean of those it replaces.

    >>> halved(PlacedGrid(np.array([[0, 0], [0, 255]], np.uint8), Box(0, 0, 2, 2))).grid.tolist()
    [[64]]
    >>> halved(PlacedGrid(np.zeros((1, 1), np.uint8), Box(0, 0, 2, 2))).grid.tolist()
    [[0]]
    """
    rows, columns = shape.grid.shape
    size = ((columns + 1) // 2, (rows + 1) // 2)
    coarse = cv2.resize(shape.grid, size, interpolation=cv2.INTER_AREA)
    return PlacedGrid(coarse.astype(np.uint8, copy=False), shape.box)


def placed(
    cells: NDArray[np.float64], shapes: Sequence[PlacedGrid], counts: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Points (n, 2) as column, row in cell edges -> image pixels.

    Each grid's points run from 0 to its columns, 0 to its rows; `counts` says how many of them
    belong to each grid in turn.

    >>> wide = PlacedGrid(np.zeros((2, 4), np.uint8), Box(10, 20, 18, 30))
    >>> placed(np.array([[0.0, 0.0], [4.0, 2.0]]), [wide], np.array([2])).tolist()
    [[10.0, 20.0], [18.0, 30.0]]
    >>> placed(np.zeros((0, 2)), [wide], np.array([0])).shape
    (0, 2)
    """
    boxes = np.array([shape.box for shape in shapes], dtype=np.float64)
    sizes = np.array([shape.grid.shape[::-1] for shape in shapes])
    steps = (boxes[:, 2:] - boxes[:, :2]) / sizes
    points: NDArray[np.float64] = np.repeat(boxes[:, :2], counts, axis=0)
    points += cells * np.repeat(steps, counts, axis=0)
    return points


def _bounds(rings: Sequence[Ring], within: Box | None) -> Box:
    points = np.concatenate([np.zeros((0, 2)), *rings])
    if not len(points):
        return Box(0.0, 0.0, 0.0, 0.0)
    low, high = points.min(axis=0), points.max(axis=0)
    if within is not None:
        low, high = np.maximum(low, within[:2]), np.minimum(high, within[2:])
    return Box(float(low[0]), float(low[1]), float(high[0]), float(high[1]))


def _rise(rings: Sequence[Ring]) -> float:
    """Pixels that the rings climb and fall in all; each costs one crossing per sampled line."""
    return sum(float(np.abs(ring[:, 1] - np.roll(ring[:, 1], 1)).sum()) for ring in rings)


def _edges(
    rings: Sequence[Ring], origin: NDArray[np.float64], scale: NDArray[np.float64]
) -> _Edges:
    scaled = [(ring - origin) * scale for ring in rings]
    ends = [np.roll(ring, -1, axis=0) for ring in scaled]
    return _Edges(np.concatenate(scaled), np.concatenate(ends))


def _crossings(edges: _Edges, lines: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Line number and column of each crossing of an edge with the middle of a sampled line."""
    (x0, y0), (x1, y1) = edges.starts.T, edges.ends.T
    # Half open at the lower end: a vertex on a middle counts once, so crossings come in pairs.
    first = np.clip(np.ceil(np.minimum(y0, y1) - 0.5), 0, lines).astype(np.int64)
    last = np.clip(np.ceil(np.maximum(y0, y1) - 0.5), 0, lines).astype(np.int64)
    count = last - first
    edge = np.repeat(np.arange(len(count)), count)
    line = np.arange(len(edge)) + np.repeat(first + count - np.cumsum(count), count)
    along = (line + 0.5 - y0[edge]) / (y1 - y0)[edge]
    return line, x0[edge] + along * (x1 - x0)[edge]


def _coverage(edges: _Edges, rows: int, columns: int) -> NDArray[np.float64]:
    """The covered part of each cell, 0..1, shape (rows, columns)."""
    line, x = _crossings(edges, rows * SAMPLES)
    # One sort by line, then column; the stride leaves room so that no line runs into the next.
    stride = columns + 1.0
    line_sorted, x = np.divmod(np.sort(line * stride + np.clip(x, 0, columns)), stride)
    sign = np.where(np.arange(len(x)) % 2, -1.0, 1.0)
    column = np.floor(x).astype(np.int64)
    right = column + 1 - x
    # Where the shape begins it covers the rest of that cell and all of the cells after it;
    # where it ends, the same is taken away. A running sum turns both into cover.
    cells = columns + 2
    index = line_sorted.astype(np.int64) // SAMPLES * cells + column
    steps = np.bincount(index, weights=sign * right, minlength=rows * cells)
    steps += np.bincount(index + 1, weights=sign * (1 - right), minlength=rows * cells)
    return np.cumsum(steps.reshape(rows, cells), axis=1)[:, :columns] / SAMPLES


def _probability(coverage: NDArray[np.float64]) -> Grid:
    height = float(coverage.max())
    if 0 < height * 255 < LEVEL:
        coverage = coverage / height
    return np.rint(np.clip(coverage, 0, 1) * 255).astype(np.uint8)
