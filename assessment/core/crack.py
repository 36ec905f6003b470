"""How long and how wide a crack is: its middle lines and its area, on every draw of a plane."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely import MultiPolygon

from assessment.core.measure import Measured, areas, check_boundary, summed_up
from assessment.core.plane import DRAWS, Floats, Plane, normals
from assessment.core.skeleton import Branch, Skeleton, length, skeleton, without_flaws
from assessment.core.survey import edges

SLENDER = 10.0
"""How many times longer than wide a shape must be, part by part, to have a length like a crack's.
Damage that covers a surface is a few times longer than wide at most."""

SKELETON_SD = 0.005
"""How well middle lines tell a length, relative; 1 standard deviation. Tests of straight, bent,
branched and closed shapes of 1 to 20 pixels find it below 2 %, and mostly below 0.3 %."""

MOST_PLACES = 300
"""Places on all lines that are put on the draws of a plane, and four more to each branch: a ring
has a length from three on."""

POINTS_AT_ONCE = 200_000
"""Points by draws that are held in memory at a time: some 30 MB."""


@dataclass(frozen=True, slots=True)
class LengthWidth:
    """A crack in metres: all its branches together, the longest way through it, and its widths.

    `mean_width` is its area over its length, `widest` the widest circle that fits into it, across.
    """

    length: Measured
    longest: Measured
    mean_width: Measured
    widest: Measured


def crack(outline: MultiPolygon, plane: Plane, *, boundary_px: float) -> LengthWidth | None:
    """Length and width of a shape like a crack; None where it isn't SLENDER.

    A skeleton is no longer than half the boundary, which rules most shapes out at once.

    >>> from assessment.core.scale import gsd_plane
    >>> crack(MultiPolygon([shapely.box(0, 0, 50, 40)]), gsd_plane(0.01), boundary_px=0) is None
    True
    >>> crack(MultiPolygon(), gsd_plane(0.01), boundary_px=0) is None
    True
    """
    if not _slender(outline.length / 2, outline):
        return None
    lines = skeleton(outline)
    if not _slender(lines.length, outline):
        return None
    return _measured(outline, lines, plane, boundary_px)


def length_and_width(outline: MultiPolygon, plane: Plane, *, boundary_px: float) -> LengthWidth:
    """Length and width of any shape, in metres, with the intervals that plane and boundary leave.

    On each draw: the middle lines on that alternative of the plane, with their free ends moved out
    by b, and the area of `areas` over that length; the widest place grows by b on both sides. b is
    normal with `boundary_px` as 1 standard deviation. Lengths are moved by SKELETON_SD besides.
    Holes much smaller than the shape is wide are not gone around. All zero where there is no
    middle line: an empty outline, or one that is as wide as long. Raises as `measure.area`.

    >>> from assessment.core.scale import gsd_plane
    >>> bar = MultiPolygon([shapely.box(0, 0, 400, 4)])
    >>> told = length_and_width(bar, gsd_plane(0.001), boundary_px=0.1)
    >>> [round(each.value, 3) for each in (told.length, told.mean_width, told.widest)]
    [0.401, 0.004, 0.004]
    >>> slit = bar - shapely.box(100, 1, 300, 3)  # gone around on both sides
    >>> told = length_and_width(MultiPolygon([slit]), gsd_plane(0.001), boundary_px=0.1)
    >>> round(told.length.value, 2), round(told.longest.value, 2)
    (0.61, 0.4)
    >>> length_and_width(MultiPolygon(), gsd_plane(0.001), boundary_px=0.1).length.value
    0.0
    """
    return _measured(outline, skeleton(outline), plane, boundary_px)


def _slender(length_px: float, outline: MultiPolygon) -> bool:
    """Whether the parts, alike, are SLENDER times longer than wide: l^2 over area is the ratio."""
    return not outline.is_empty and length_px**2 >= SLENDER * len(outline.geoms) * outline.area


def _measured(
    outline: MultiPolygon, lines: Skeleton, plane: Plane, boundary_px: float
) -> LengthWidth:
    check_boundary(boundary_px)
    branches = lines.branches
    if not branches:
        nothing = summed_up(np.zeros(DRAWS), plane, boundary_px)
        return LengthWidth(nothing, nothing, nothing, nothing)
    moved = boundary_px * normals("boundary")
    each = _lengths(branches, plane)
    long_way = [branches.index(branch) for branch in longest_way(branches)]
    whole = _moved(each, branches, moved)
    longest = _moved(each[long_way], [branches[index] for index in long_way], moved)
    area = areas(outline, plane, boundary_px=boundary_px)
    widths = np.divide(area, whole, out=np.zeros(DRAWS), where=whole > 0)
    widest = _widest(outline, lines, plane, moved)
    told = (summed_up(drawn, plane, boundary_px) for drawn in (whole, longest, widths, widest))
    return LengthWidth(*told)


def longest_way(branches: Sequence[Branch]) -> list[Branch]:
    """The longest of all shortest ways between two places of middle lines, branch by branch.

    Found by going to the farthest place twice, which is exact where there are no rings. A ring
    alone is gone around once.

    >>> def line(length, *joints):
    ...     return Branch(np.array([[0, 0], [length, 0]], float), joints, (False, False))
    >>> fork = [line(3, 0, 1), line(4, 1, 2), line(1, 1, 3), line(2, 7, 8)]
    >>> [each.joints for each in longest_way(fork)]
    [(0, 1), (1, 2)]
    >>> longest_way([])
    []
    """
    ways = [[each] for each in branches if each.joints[0] == each.joints[1]]
    beside: dict[int, list[tuple[int, Branch]]] = defaultdict(list)
    for branch in branches:
        one, other = branch.joints
        beside[one].append((other, branch))
        beside[other].append((one, branch))
    unseen = set(beside)
    while unseen:
        reached = _farthest(min(unseen), beside)
        unseen -= set(reached)
        ways.append(_way(_farthest(list(reached)[-1], beside)))
    return max(ways, key=lambda way: sum(length(each.points) for each in way), default=[])


_Step = tuple[int, Branch] | None


def _farthest(start: int, beside: dict[int, list[tuple[int, Branch]]]) -> dict[int, _Step]:
    """The last step to each joint that can be reached, nearest first (Dijkstra)."""
    reached: dict[int, _Step] = {}
    queue: list[tuple[float, int, int, _Step]] = [(0.0, 0, start, None)]
    pushed = 0
    while queue:
        gone, _, joint, step = heapq.heappop(queue)
        if joint in reached:
            continue
        reached[joint] = step
        for other, branch in beside[joint]:
            pushed += 1  # breaks ties, so that branches are never compared
            heapq.heappush(queue, (gone + length(branch.points), pushed, other, (joint, branch)))
    return reached


def _way(reached: dict[int, _Step]) -> list[Branch]:
    way: list[Branch] = []
    step = reached[list(reached)[-1]]
    while step:
        joint, branch = step
        way.append(branch)
        step = reached[joint]
    return way


def _lengths(branches: Sequence[Branch], plane: Plane) -> Floats:
    """The length of each branch in metres, by each draw: (branches, DRAWS).

    A few places on each carry it; by how much they cut its bends short is the same on each draw.
    """
    total = sum(length(each.points) for each in branches)
    chosen = [_places(each.points, total) for each in branches]
    detours = [
        length(each.points) / max(length(few), 1e-12)
        for each, few in zip(branches, chosen, strict=True)
    ]
    places = np.concatenate(chosen)
    plane.metres(places)
    starts = np.cumsum([0, *(len(few) for few in chosen[:-1])])
    step = max(1, POINTS_AT_ONCE // len(places))
    parts = []
    for first in range(0, DRAWS, step):
        metres = plane.alternatives(places, slice(first, first + step))
        steps = np.hypot(*np.moveaxis(np.diff(metres, axis=1, append=metres[:, -1:]), 2, 0))
        steps[:, starts[1:] - 1] = 0.0  # from one branch to the next
        parts.append(np.add.reduceat(steps, starts, axis=1) * detours)
    return np.asarray(np.concatenate(parts).T)


def _places(points: Floats, total: float) -> Floats:
    share = length(points) / total if total else 0.0
    chosen = np.linspace(0, len(points) - 1, 4 + round(MOST_PLACES * share)).astype(int)
    return np.asarray(points[chosen])


def _moved(lengths: Floats, branches: Sequence[Branch], moved: Floats) -> Floats:
    """The sum of lengths (branches, DRAWS), free ends moved out by some pixels on each draw."""
    whole = lengths.sum(axis=0)
    pixels = sum(length(each.points) for each in branches)
    ends = sum(sum(each.free) for each in branches)
    errors = (1 + SKELETON_SD * normals("skeleton")) * (1 + ends * moved / max(pixels, 1e-12))
    return np.asarray(np.maximum(whole * errors, 0.0))


def _widest(outline: MultiPolygon, lines: Skeleton, plane: Plane, moved: Floats) -> Floats:
    """The width in metres where it is largest by the plane itself, by each draw: (DRAWS,)."""
    points = np.concatenate([each.points for each in lines.branches])
    across = np.concatenate([_across(each.points) for each in lines.branches])
    half = _half_widths(points, across, lines.cell, without_flaws(outline))
    sides = points - half[:, None] * across, points + half[:, None] * across
    near, far = (plane.metres(each) for each in sides)
    metres = np.hypot(*(far - near).T)
    place = int(metres.argmax())
    one, other = np.moveaxis(plane.alternatives([each[place] for each in sides]), 1, 0)
    grown = np.maximum(1 + moved / max(half[place], 1e-12), 0.0)
    return np.asarray(np.hypot(*(other - one).T) * grown)


def _across(points: Floats) -> Floats:
    """The direction across a line at each of its points (n, 2), of length 1."""
    along = np.gradient(points, axis=0)
    x, y = (along / np.maximum(np.hypot(*along.T), 1e-12)[:, None]).T
    return np.column_stack([-y, x])


def _half_widths(points: Floats, across: Floats, cell: float, outline: MultiPolygon) -> Floats:
    """Half the width at points (n, 2) that lie within a cell of the middle, in pixels: (n,).

    From the middle the distance to the boundary falls evenly to either side. How fast, tells the
    point and the side that it lies farther from; the top, the mean of the sides and that fall.
    """
    steps = (-cell * across, 0.0, cell * across)
    one, middle, other = (_depth(points + step, outline) for step in steps)
    fall = np.maximum(abs(middle - one), abs(middle - other))
    return np.asarray(np.maximum((one + other) / 2 + fall, 0.0))


def _depth(points: Floats, outline: MultiPolygon) -> Floats:
    """How far inside the boundary points (n, 2) are, in pixels; outside, negative: (n,)."""
    sides = edges(outline.boundary)
    lines: Any = shapely.linestrings(np.stack([sides.starts, sides.ends], axis=1))
    tree = shapely.STRtree(lines)
    (found, _), distances = tree.query_nearest(
        shapely.points(points), return_distance=True, all_matches=False
    )
    away = np.zeros(len(points))
    away[found] = distances
    shapely.prepare(outline)
    return np.asarray(np.where(shapely.contains_xy(outline, *points.T), away, -away))
