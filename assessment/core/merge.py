"""Several outlines on one photo as one: damage seen twice counts once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, STRtree

SAME_IOU = 0.75
"""From here on two outlines are taken to show the same thing. People who outline the same damage
agree to about 0.8 (intersection over union); two neighbours of equal size that share a third of
each other come to 0.2. Where one stands for both, the area is off by a third at most, which the
interval of an engine's outline covers."""

SEEN_AGAIN_IOU = 0.5
"""From here on outlines of two answers are taken to show the same thing: as the field counts a find
as one (PASCAL VOC). Answers scatter more than the outlines that one answer tells of."""

OutlineArray = NDArray[np.object_]
"""Valid shapely MultiPolygons in image pixels, shape (n,)."""

Windows = NDArray[np.float64]
"""Upright rectangles in image pixels: left, top, right, bottom; shape (n, 4)."""


class _Pairs(NamedTuple):
    """Two arrays (n,) of places in an OutlineArray."""

    first: NDArray[np.intp]
    second: NDArray[np.intp]


def union(outlines: Sequence[MultiPolygon] | OutlineArray) -> MultiPolygon:
    """The area that any of the outlines covers. The outlines must be valid.

    >>> ring = shapely.box(0, 0, 4, 4) - shapely.box(1, 1, 3, 3)
    >>> same = [MultiPolygon([ring]), MultiPolygon([ring])]
    >>> union(same).area, len(union(same).geoms[0].interiors)
    (12.0, 1)
    >>> union([]).is_empty
    True
    """
    # As union_all, but what lies apart is not held against each other: ten times as fast.
    joined = shapely.disjoint_subset_union_all(np.asarray(outlines, dtype=np.object_))
    return MultiPolygon(list(shapely.get_parts(joined)))


def same_things(
    outlines: OutlineArray, shown: Windows | None = None, *, iou: float = SAME_IOU
) -> list[list[int]]:
    """Which outlines show the same thing: groups of places, each place in exactly one group.

    `shown` (n, 4) holds the part of the photo that each outline's engine was shown, such as a
    tile; None stands for the whole photo. Two outlines are the same where they agree to `iou`
    (intersection over union) within what both were shown, so that a thing cut by the seam of two
    overlapping tiles is one thing. Sameness is handed on: what agrees with a member belongs to the
    group. Groups and their places come in the order of the outlines; an empty outline is alone.

    Time grows with the pairs that touch (a tree finds them), not with all pairs.

    >>> square, shifted = shapely.box(0, 0, 10, 10), shapely.box(1, 0, 11, 10)
    >>> holed = square - shapely.box(1, 1, 9, 9)
    >>> same_things(np.array([square, holed, shifted, MultiPolygon()]))
    [[0, 2], [1], [3]]
    >>> tiles = np.array([[0.0, 0.0, 60.0, 100.0], [40.0, 0.0, 100.0, 100.0]])
    >>> wall = np.array([shapely.box(10, 50, 60, 52), shapely.box(40, 50, 90, 52)])
    >>> same_things(wall), same_things(wall, tiles)
    ([[0], [1]], [[0, 1]])
    >>> same_things(np.array([], dtype=object))
    []
    """
    pairs, _ = _agreeing(outlines, shown, iou)
    return _groups(len(outlines), pairs)


def recognised(
    known: OutlineArray,
    seen: OutlineArray,
    *,
    may_be: Callable[[int, int], bool] = lambda thing, place: True,
) -> list[int]:
    """Which thing each of the outlines `seen` shows, in the order of `seen`.

    That is the place of the outline in `known` that it agrees with best, to SAME_IOU at least; else
    len(known) plus the place of one in `seen` that began a thing, which may be its own. Sameness is
    not handed on: whatever stands for a thing is compared with each look at it, so that outlines
    that drift can't vanish into the first. `may_be(thing, place)`, both counted through known and
    seen, rules out what can't be the same for other reasons.

    >>> square, shifted, holed = (shapely.box(0, 0, 10, 10), shapely.box(1, 0, 11, 10),
    ...                           shapely.box(0, 0, 10, 10) - shapely.box(1, 1, 9, 9))
    >>> recognised(np.array([holed, square]), np.array([shifted, shapely.box(50, 0, 60, 10)]))
    [1, 3]
    >>> recognised(np.array([], dtype=object), np.array([square, holed, shifted]))
    [0, 1, 0]
    >>> recognised(np.array([square]), np.array([shifted]), may_be=lambda thing, place: False)
    [1]
    >>> recognised(np.array([square]), np.array([], dtype=object))
    []
    """
    pairs, agreements = _agreeing(np.concatenate([known, seen]), None, SAME_IOU)
    alike: dict[int, list[tuple[float, int]]] = {}
    for first, second, agreement in zip(*pairs, agreements, strict=True):
        alike.setdefault(int(second), []).append((-float(agreement), int(first)))
    shown = list(range(len(known) + len(seen)))
    for place in range(len(known), len(shown)):
        # The best first, and of equals the earlier; only what stands for itself is a thing.
        things = (thing for _, thing in sorted(alike.get(place, ())))
        shown[place] = next(
            (thing for thing in things if shown[thing] == thing and may_be(thing, place)), place
        )
    return shown[len(known) :]


def matched(
    outlines: OutlineArray,
    sources: NDArray[np.intp],
    shown: Windows | None = None,
    *,
    iou: float = SEEN_AGAIN_IOU,
) -> list[list[int]]:
    """Which outlines of several answers show the same thing, as groups in the outlines' order.

    `sources` (n,) names the answer that each outline is of, and `shown` is as in same_things. The
    pair that agrees best comes together first, and so on down to `iou`; no two outlines of one
    answer ever do, for that told them apart.

    >>> wall, higher = shapely.box(0, 0, 10, 10), shapely.box(0, 2, 10, 12)
    >>> matched(np.array([wall, higher, wall]), np.array([1, 2, 2]))
    [[0, 2], [1]]
    >>> matched(np.array([wall, wall]), np.array([1, 1]))
    [[0], [1]]
    >>> matched(np.array([], dtype=object), np.array([], dtype=int))
    []
    """
    pairs, agreements = _agreeing(outlines, shown, iou)
    group = list(range(len(outlines)))
    members = [[place] for place in group]
    for pair in np.argsort(-agreements, kind="stable").tolist():
        early, late = sorted((group[pairs.first[pair]], group[pairs.second[pair]]))
        together = members[early] + members[late]
        if early == late or len({int(sources[place]) for place in together}) < len(together):
            continue
        for place in members[late]:
            group[place] = early
        members[early], members[late] = sorted(together), []
    return [places for places in members if places]


def one_outline(outlines: OutlineArray, shown: Windows | None = None) -> MultiPolygon:
    """The outline of one thing from those that show it, the first being the one to trust most.

    Seen through one window (`shown` as above) the first outline is the thing: a union would grow
    with every look. Each further window adds what it alone shows.

    >>> tiles = np.array([[0.0, 0.0, 60.0, 100.0], [40.0, 0.0, 100.0, 100.0]])
    >>> wall = np.array([shapely.box(10, 50, 60, 52), shapely.box(40, 51, 90, 53)])
    >>> one_outline(wall).area, one_outline(wall, tiles).area
    (100.0, 160.0)
    >>> one_outline(np.array([MultiPolygon()])).is_empty
    True
    """
    thing = outlines[0]
    if shown is not None:
        windows = np.asarray(shapely.box(*shown.T))
        seen = windows[0]
        for outline, window in zip(outlines[1:], windows[1:], strict=True):
            thing = shapely.union(thing, shapely.difference(outline, seen))
            seen = shapely.union(seen, window)
    parts = shapely.get_parts(shapely.get_parts(thing))
    return MultiPolygon(list(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]))


def _agreeing(
    outlines: OutlineArray, shown: Windows | None, iou: float
) -> tuple[_Pairs, NDArray[np.float64]]:
    """The pairs that agree to `iou` at least, the earlier first, and their agreement."""
    pairs = _touching(outlines)
    first, second = outlines[pairs.first], outlines[pairs.second]
    if shown is not None:
        _cut_to_common(first, second, shown[pairs.first], shown[pairs.second])
    same = np.flatnonzero(_can_agree(first, second, iou))
    agreement = _agreement(first[same], second[same])
    same, agreement = same[agreement >= iou], agreement[agreement >= iou]
    return _Pairs(pairs.first[same], pairs.second[same]), agreement


def _touching(outlines: OutlineArray) -> _Pairs:
    first, second = STRtree(outlines).query(outlines)
    once = first < second
    return _Pairs(first[once], second[once])


def _cut_to_common(
    first: OutlineArray, second: OutlineArray, ours: Windows, theirs: Windows
) -> None:
    """Cut each pair, in place, to what both were shown; where that was the same, nothing is cut."""
    across = np.flatnonzero((ours != theirs).any(axis=1))
    low = np.maximum(ours[across, :2], theirs[across, :2])
    high = np.maximum(np.minimum(ours[across, 2:], theirs[across, 2:]), low)
    both = shapely.box(*low.T, *high.T)
    first[across] = shapely.intersection(first[across], both)
    second[across] = shapely.intersection(second[across], both)


def _can_agree(first: OutlineArray, second: OutlineArray, iou: float) -> NDArray[np.bool_]:
    """Whether the boxes around the outlines allow an agreement of `iou`: cheap, and rules out most.

    What is common lies in both boxes, and what either covers is no less than the larger.
    """
    ours, theirs = shapely.bounds(first).T, shapely.bounds(second).T
    wide = np.minimum(ours[2], theirs[2]) - np.maximum(ours[0], theirs[0])
    high = np.minimum(ours[3], theirs[3]) - np.maximum(ours[1], theirs[1])
    areas, others = shapely.area(first), shapely.area(second)
    common = np.minimum(np.minimum(areas, others), wide * high)
    possible: NDArray[np.bool_] = (common > 0) & (common >= iou * np.maximum(areas, others))
    return possible


def _agreement(first: OutlineArray, second: OutlineArray) -> NDArray[np.float64]:
    """Intersection over union of each pair; neither is empty."""
    common = shapely.area(shapely.intersection(first, second))
    agreement: NDArray[np.float64] = common / (shapely.area(first) + shapely.area(second) - common)
    return agreement


def _groups(count: int, pairs: _Pairs) -> list[list[int]]:
    """Connected components; each place points at an earlier one of its group, or at itself."""
    root = list(range(count))

    def first_of(place: int) -> int:
        while root[place] != place:
            root[place] = root[root[place]]
            place = root[place]
        return place

    for one, other in zip(pairs.first.tolist(), pairs.second.tolist(), strict=True):
        early, late = sorted((first_of(one), first_of(other)))
        root[late] = early
    groups: dict[int, list[int]] = {}
    for place in range(count):
        groups.setdefault(first_of(place), []).append(place)
    return list(groups.values())
