"""How the rings of one outline lie to one another, so that the even-odd rule fills what is meant.

A ring inside of another is a hole. What is given twice would fill nothing, and where two rings
overlap it would leave out what both of them show.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from assessment.core.detection import Ring
from assessment.engines.outline import MOST_VERTICES

MOST_JOINED = 300
"""Vertices of rings that are joined: two rings of as many as models draw. Their crossings grow with
the square, and so many are still worked through in a few hundredths of a second."""


def distinct(rings: list[Ring]) -> list[Ring]:
    """The rings without repeats, wherever a repeat begins and whichever way it runs."""
    if len(rings) < 2:
        return rings
    return list(dict(zip(_spelled(rings), rings, strict=True)).values())


def join_overlapping(rings: list[Ring]) -> list[Ring] | None:
    """The rings with those joined that overlap; None if they are too tangled to tell how.

    A ring within another stays as it is.
    """
    if len(rings) < 2:
        return rings
    shapes = _shapes(rings)
    if not _meet(shapes):
        return rings
    if sum(map(len, rings)) > MOST_JOINED or not shapely.is_valid(shapes).all():
        return None
    inside = _within_another(shapes)
    whole = shapely.union_all(shapes[~inside])
    if shapely.get_num_coordinates(whole) > MOST_VERTICES:
        return None
    rims = shapely.get_rings(shapely.get_parts(whole))
    joined = [shapely.get_coordinates(rim)[:-1] for rim in rims]
    return joined + [ring for ring, within in zip(rings, inside, strict=True) if within]


def holes_within(holes: list[Ring], rims: list[Ring]) -> list[Ring]:
    """Those of the holes whose corners all lie in what the rims fill, or on its edge.

    A hole that is the same as a rim would leave nothing of it, and isn't taken.
    """
    shapes = _shapes(rims)
    shapely.prepare(shapes)
    taken = set(_spelled(rims))
    return [
        hole
        for hole, spelled in zip(holes, _spelled(holes), strict=True)
        if spelled not in taken and _rims_around(hole, shapes) % 2 == 1
    ]


def _spelled(rings: list[Ring]) -> list[bytes]:
    """The same bytes for the same ring, wherever it begins and whichever way it runs."""
    spelled: list[bytes] = shapely.to_wkb(shapely.normalize(_shapes(rings))).tolist()
    return spelled


def _rims_around(hole: Ring, rims: NDArray[np.object_]) -> int:
    x, y = hole.T
    return sum(bool(shapely.intersects_xy(rim, x, y).all()) for rim in rims)


def _shapes(rings: list[Ring]) -> NDArray[np.object_]:
    return np.array([shapely.Polygon(ring) for ring in rings], dtype=np.object_)


def _meet(shapes: NDArray[np.object_]) -> bool:
    """Whether the lines of any two of the rings touch or cross."""
    lines = shapely.get_exterior_ring(shapes)
    shapely.prepare(lines)
    return any(shapely.intersects(line, lines[:i]).any() for i, line in enumerate(lines))


def _within_another(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    one, other = shapely.STRtree(shapes).query(shapes, predicate="covered_by")
    within = np.zeros(len(shapes), np.bool_)
    within[one[one != other]] = True
    return within
