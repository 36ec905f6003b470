"""The middle lines of a long, thin shape: thinned on a bounded grid, traced, and made smooth."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import cv2
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon

from assessment.core.plane import Floats
from assessment.core.thinning import thinned

CELLS_ACROSS = 6.0
"""Cells across a shape of mean width: fine enough that its two sides are thinned to its middle."""

MOST_CELLS = 2_000_000
"""Cells of the grid at most; a shape finer than them is drawn one cell wide, and stays whole."""

THICKEST_CELLS = 16.0
"""Cells from the middle to the boundary at most: thinning takes so many rounds."""

SPUR = 2.0
"""A branch that ends less than so many half widths from its fork is the boundary's roughness or a
corner of its end, not a branch."""

SMOOTHING_CELLS = 3.0
"""Standard deviation of the bell curve that takes the steps out of a line of cells. Without it,
lines aslant come out up to 8 % too long."""

_SHIFT = 8  # binary places of the coordinates that OpenCV is given


@dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """A stretch of middle line between two ends or forks.

    `points` (n, 2) in pixels; `joints` numbers what it runs between, the same numbers for branches
    that meet, and `free` tells of each whether nothing else goes on from there. A ring comes back
    to its own joint.
    """

    points: Floats
    joints: tuple[int, int]
    free: tuple[bool, bool]


@dataclass(frozen=True, slots=True, eq=False)
class Skeleton:
    """Middle lines, and the side in pixels of the cells in which they were found."""

    branches: tuple[Branch, ...]
    cell: float

    @property
    def length(self) -> float:
        """Of all branches, in pixels."""
        return math.fsum(length(each.points) for each in self.branches)


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """A shape on a grid: cells (rows, columns), 1 inside; their side in pixels, and the corner."""

    cells: NDArray[np.uint8]
    side: float
    corner: Floats


_Neighbours = Mapping[int, list[int]]


def length(points: Floats) -> float:
    """Of a line through points (n, 2), in their unit.

    >>> length(np.array([[0.0, 0.0], [3.0, 4.0]])), length(np.zeros((0, 2)))
    (5.0, 0.0)
    """
    return float(np.hypot(*np.diff(points, axis=0).T).sum())


def skeleton(outline: MultiPolygon) -> Skeleton:
    """The middle lines of an outline, in pixels; none where it is empty, or as wide as long.

    Thinned by Guo and Hall ("Parallel thinning with two-subiteration algorithms", Communications
    of the ACM 32, 1989), cut of spurs, made smooth, and drawn on at free ends as far as the
    boundary is from them: thinning stops half a width short. Holes smaller than the shape is wide,
    squared, are taken for flaws of the outline and not gone around.

    >>> bar = skeleton(MultiPolygon([shapely.box(0, 0, 100, 4)]))
    >>> abs(bar.length - 100) < 1, bar.branches[0].free
    (True, (True, True))
    >>> ring = shapely.Point(50, 50).buffer(52) - shapely.Point(50, 50).buffer(48)
    >>> around = skeleton(MultiPolygon([ring]))
    >>> abs(around.length / (2 * math.pi * 50) - 1) < 0.01, around.branches[0].free
    (True, (False, False))
    >>> skeleton(MultiPolygon()).branches
    ()
    """
    if outline.is_empty:
        return Skeleton((), 1.0)
    drawn = _drawn(without_flaws(outline))
    depth = _depth(drawn.cells).ravel()
    neighbours = _without_spurs(_linked(thinned(drawn.cells)), depth)
    chains = _chains(neighbours)
    branches = tuple(_branch(each, neighbours, depth, drawn) for each in chains)
    return Skeleton(branches, drawn.side)


def mean_width(outline: MultiPolygon) -> float:
    """About how wide a long, thin shape is, in pixels: twice its area over its boundary.

    >>> round(mean_width(MultiPolygon([shapely.box(0, 0, 100, 2)])), 2)
    1.96
    >>> mean_width(MultiPolygon())
    0.0
    """
    return 2 * outline.area / outline.length if outline.length else 0.0


def without_flaws(outline: MultiPolygon) -> MultiPolygon:
    """The outline without holes that are smaller than it is wide, squared.

    >>> flawed = shapely.box(0, 0, 100, 4) - shapely.box(50, 1, 51, 2)
    >>> without_flaws(MultiPolygon([flawed])).area
    400.0
    """
    least = mean_width(outline) ** 2
    return MultiPolygon(
        [
            (
                each.exterior,
                [hole for hole in each.interiors if shapely.Polygon(hole).area >= least],
            )
            for each in outline.geoms
        ]
    )


def _drawn(outline: MultiPolygon) -> _Drawn:
    left, top, right, bottom = outline.bounds
    side = max(
        mean_width(outline) / CELLS_ACROSS,
        math.sqrt((right - left) * (bottom - top) / MOST_CELLS),
        max(right - left, bottom - top) / MOST_CELLS,
    )
    drawn = _drawn_in(outline, side)
    return _drawn_in(outline, side * max(1.0, float(_depth(drawn.cells).max()) / THICKEST_CELLS))


def _drawn_in(outline: MultiPolygon, side: float) -> _Drawn:
    """Drawn in cells of a side in pixels, two empty ones around; thin parts a cell wide."""
    left, top, right, bottom = outline.bounds
    corner = np.array([left, top]) - 2 * side
    columns, rows = (math.ceil(each / side) + 4 for each in (right - left, bottom - top))
    cells = np.zeros((rows, columns), np.uint8)
    # OpenCV counts from the middle of the first cell.
    rings = [
        np.rint((((shapely.get_coordinates(ring) - corner) / side) - 0.5) * 2**_SHIFT).astype(int)
        for ring in shapely.get_rings(shapely.get_parts(outline))
    ]
    cv2.fillPoly(cells, [ring.astype(np.int32) for ring in rings], (1,), shift=_SHIFT)
    return _Drawn(cells, side, corner)


def _depth(cells: NDArray[np.uint8]) -> Floats:
    """How far each cell inside is from the nearest outside, in cells."""
    return np.asarray(cv2.distanceTransform(cells, cv2.DIST_L2, cv2.DIST_MASK_PRECISE), np.float64)


def _linked(cells: NDArray[np.uint8]) -> dict[int, list[int]]:
    """The cells of a skeleton, by place in the grid laid flat, and those that each goes on to.

    Across a corner only where no cell beside both connects them already.
    """
    flat = cells.ravel().astype(bool)
    inside = np.flatnonzero(flat)
    down = cells.shape[1]
    links = [(inside[flat[inside + step]], step) for step in (1, down)]
    for step, beside in ((down + 1, (1, down)), (down - 1, (-1, down))):
        straight = flat[inside + beside[0]] | flat[inside + beside[1]]
        links.append((inside[flat[inside + step] & ~straight], step))
    neighbours: dict[int, list[int]] = {int(each): [] for each in inside}
    for starts, step in links:
        for start in starts.tolist():
            neighbours[start].append(start + step)
            neighbours[start + step].append(start)
    return neighbours


def _chains(neighbours: _Neighbours) -> Iterator[list[int]]:
    """The ways between ends and forks, each once; then what runs in rings without any."""
    joints = [each for each, beside in neighbours.items() if len(beside) != 2]
    walked: set[tuple[int, int]] = set()
    seen: set[int] = set(joints)
    for joint in joints:
        for first in neighbours[joint]:
            if (joint, first) not in walked:
                chain = _walk(joint, first, neighbours)
                walked |= {(joint, first), (chain[-1], chain[-2])}
                seen.update(chain)
                yield chain
    for start, beside in neighbours.items():
        if start not in seen:
            chain = _walk(start, beside[0], neighbours)
            seen.update(chain)
            yield chain


def _walk(start: int, following: int, neighbours: _Neighbours) -> list[int]:
    chain = [start, following]
    while len(neighbours[chain[-1]]) == 2 and chain[-1] != start:
        one, other = neighbours[chain[-1]]
        chain.append(other if one == chain[-2] else one)
    return chain


def _branch(chain: list[int], neighbours: _Neighbours, depth: Floats, drawn: _Drawn) -> Branch:
    rows, columns = np.divmod(np.asarray(chain), drawn.cells.shape[1])
    first, last = (len(neighbours[each]) == 1 for each in (chain[0], chain[-1]))
    ring = chain[0] == chain[-1] and len(neighbours[chain[0]]) == 2
    points = _smooth(np.column_stack([columns, rows]) + 0.5, ring=ring)
    # Depths count to the middle of the first cell outside, half a cell beyond the boundary.
    if first:
        points = np.concatenate([_beyond(points, depth[chain[0]] - 0.5)[None], points])
    if last:
        points = np.concatenate([points, _beyond(points[::-1], depth[chain[-1]] - 0.5)[None]])
    return Branch(drawn.corner + points * drawn.side, (chain[0], chain[-1]), (first, last))


def _without_spurs(neighbours: dict[int, list[int]], depth: Floats) -> dict[int, list[int]]:
    """The skeleton without its spurs, and without those that come to light when these are gone."""
    while True:
        chains = list(_chains(neighbours))
        spurs = [cells for each in chains if (cells := _spur(each, neighbours, depth))]
        if not spurs or len(spurs) == len(chains):
            return neighbours
        for cell in itertools.chain.from_iterable(spurs):
            for beside in neighbours.pop(cell):
                neighbours[beside].remove(cell)


def _spur(chain: list[int], neighbours: _Neighbours, depth: Floats) -> list[int]:
    """The cells of a spur up to its fork; none where the chain isn't one."""
    end, *_, fork = chain if len(neighbours[chain[0]]) == 1 else chain[::-1]
    if len(neighbours[end]) != 1 or len(neighbours[fork]) < 3:
        return []
    # A cell more, because depths are known to a cell.
    short = len(chain) - 1 + depth[end] <= SPUR * (depth[fork] + 1)
    return [each for each in chain if each != fork] if short else []


def _smooth(points: Floats, *, ring: bool) -> Floats:
    """Points (n, 2), a cell apart, without their steps; ends stay where they are."""
    reach = min(math.ceil(3 * SMOOTHING_CELLS), len(points) - 1)
    if reach < 1:
        return points
    bell = np.exp(-0.5 * (np.arange(-reach, reach + 1) / SMOOTHING_CELLS) ** 2)
    if ring:
        framed = np.concatenate([points[-1 - reach : -1], points, points[1 : 1 + reach]])
    else:
        before = 2 * points[0] - points[reach:0:-1]
        after = 2 * points[-1] - points[-2 : -2 - reach : -1]
        framed = np.concatenate([before, points, after])
    return np.column_stack(
        [np.convolve(axis, bell / bell.sum(), mode="valid") for axis in framed.T]
    )


def _beyond(points: Floats, away: float) -> Floats:
    """The point so far beyond the first of a line, the way that the line goes there."""
    end, back = points[0], points[min(len(points) - 1, math.ceil(2 * SMOOTHING_CELLS))]
    return np.asarray(end + away * (end - back) / max(math.dist(end, back), 1e-12))
