"""What an outline and its boundary come to on every alternative of a plane, fast and in bounds.

The area of a pixel differs over a plane, but smoothly: a polynomial through a few places tells it
everywhere. Its integral over an outline is exact by Green's theorem, whatever the number of
corners, so that two thousand alternatives cost no more than a few dozen places each.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from numpy.polynomial import chebyshev
from numpy.polynomial.legendre import leggauss
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from assessment.core.plane import DRAWS, Floats, Lens, Plane

CLOSE = 1e-3
"""How far the polynomial of an alternative may be off, relative. Tests hold it against the shoelace
formula: it keeps below half of this even for an outline as large as the photo."""

LENS_PLACES = (3, 4)
"""Places across and down that follow what a lens bends, by the square of the distance from the
middle of the photo: for what reaches over a third of it, and for more."""

DEEPEST = 10.0
"""How many times deeper the far end of what is measured may lie than its near end. Alternatives
beyond, and those with the horizon in between, have no area that can be told: it is infinite."""


NUMBERS_AT_ONCE = 16_000
"""Places by draws that are worked on at a time: as many as stay in a processor's cache, which
halves the time."""

EDGES_AT_ONCE = 10_000
"""So many are worked on at a time: some 20 MB."""


LINES = (shapely.GeometryType.LINESTRING, shapely.GeometryType.LINEARRING)


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """Straight edges in pixels: `starts` (n, 2) and `ends` (n, 2)."""

    starts: Floats
    ends: Floats


def edges(geometry: BaseGeometry) -> Edges:
    """The edges of a line or of lines, in their direction; a boundary's as its rings run.

    >>> edges(shapely.LineString([(0, 0), (4, 0), (4, 3)])).ends.tolist()
    [[4.0, 0.0], [4.0, 3.0]]
    >>> edges(MultiPolygon().boundary).starts.shape
    (0, 2)
    """
    parts = shapely.get_parts(geometry)
    lines = parts[np.isin(shapely.get_type_id(parts), LINES)]
    points, line = shapely.get_coordinates(lines, return_index=True)
    joined = line[1:] == line[:-1]
    return Edges(points[:-1][joined], points[1:][joined])


class Survey:
    """The area of a pixel on every alternative of a plane, all over a box in pixels.

    `bounds` is left, top, right, bottom of all that will be measured, in pixels of the upright
    photo.
    """

    def __init__(self, plane: Plane, bounds: tuple[float, float, float, float]) -> None:
        low, high = np.array(bounds[:2]), np.array(bounds[2:])
        self._middle, self._half = (low + high) / 2, np.maximum(high - low, 1e-9) / 2
        corners = np.array([bounds[:2], bounds[2:], bounds[0::3], bounds[2:0:-1]])
        depth = _depth(plane, corners)
        self._untold = depth > DEEPEST
        for_lens = _places_for_lens(plane.lens, float(self._half.max()))
        self._count = max(for_lens, _places_for_depth(depth))
        self._rule = _rule(self._count)
        across, down = np.meshgrid(self._rule.knots, self._rule.knots, indexing="ij")
        places = self._middle + self._half * np.column_stack([across.ravel(), down.ravel()])
        step = NUMBERS_AT_ONCE // len(places)
        self._per_pixel = np.empty((DRAWS, len(places)))
        for first in range(0, DRAWS, step):
            part = slice(first, first + step)
            self._per_pixel[part] = plane.alternative_areas_per_pixel(places, part)

    def inside(self, outline: MultiPolygon) -> Floats:
        """The area of an outline in square metres, its holes left out, by each draw: (DRAWS,).

        >>> from assessment.core.scale import gsd_plane
        >>> ring = shapely.box(0, 0, 4, 4) - shapely.box(1, 1, 3, 3)
        >>> Survey(gsd_plane(0.5), ring.bounds).inside(MultiPolygon([ring]))[:2].tolist()
        [3.0, 3.0]
        """
        # Exteriors one way and holes the other, so that holes count against.
        turned = shapely.orient_polygons(outline)
        return self._summed(self._moments(edges(turned.boundary)) * float(self._half.prod()))

    def strip(self, boundary: BaseGeometry) -> Floats:
        """The area of a strip one pixel wide along lines, in square metres by each draw: (DRAWS,).

        Each edge counts with its length times the area of a pixel at its middle.

        >>> from assessment.core.scale import gsd_plane
        >>> square = shapely.box(0, 0, 4, 4)
        >>> Survey(gsd_plane(0.5), square.bounds).strip(square.boundary)[:2].tolist()
        [4.0, 4.0]
        """
        sides = edges(boundary)
        lengths = np.hypot(*(sides.ends - sides.starts).T)
        x, y = self._boxed((sides.starts + sides.ends) / 2).T
        return self._summed((self._basis(x) * lengths[:, None]).T @ self._basis(y))

    def _moments(self, sides: Edges) -> Floats:
        """Integrals of T_i(x) T_j(y) over what the edges enclose: (count, count).

        Green's theorem makes each a sum over the edges of an integral along them, and
        Gauss-Legendre quadrature with as many points as there are polynomials is exact for it.
        """
        moments = np.zeros((self._count, self._count))
        for first in range(0, len(sides.starts), EDGES_AT_ONCE):
            part = slice(first, first + EDGES_AT_ONCE)
            starts, ends = self._boxed(sides.starts[part]), self._boxed(sides.ends[part])
            along = starts[:, None] + self._rule.along[:, None] * (ends - starts)[:, None]
            rises = (ends - starts)[:, 1:] * self._rule.weights
            x, y = along.reshape(-1, 2).T
            columns = chebyshev.chebvander(x, self._count) @ self._rule.antiderivatives
            moments += (columns * rises.reshape(-1, 1)).T @ self._basis(y)
        return moments

    def _summed(self, moments: Floats) -> Floats:
        """Sums over the places, by each draw, for moments of the polynomials: (DRAWS,)."""
        weights = self._rule.interpolation @ moments @ self._rule.interpolation.T
        told = self._per_pixel @ weights.ravel()
        return np.where(self._untold & (moments[0, 0] > 0), np.inf, told)

    def _boxed(self, points: Floats) -> Floats:
        """Points in pixels -> the same in a box from -1 to 1."""
        return np.asarray((points - self._middle) / self._half)

    def _basis(self, places: Floats) -> Floats:
        return np.asarray(chebyshev.chebvander(places, self._count - 1))


@dataclass(frozen=True, slots=True, eq=False)
class _Rule:
    """Chebyshev's places in -1 to 1, and what integrals over polynomials through them take.

    `interpolation` (count, count) turns moments of the polynomials into weights of the places,
    `antiderivatives` (count + 1, count) polynomials into their integrals; `along` and `weights`
    (count,) are where on an edge, 0 to 1, and with what weight a polynomial is summed.
    """

    knots: Floats
    interpolation: Floats
    antiderivatives: Floats
    along: Floats
    weights: Floats


@lru_cache
def _rule(count: int) -> _Rule:
    knots = chebyshev.chebpts1(count)
    interpolation = chebyshev.chebvander(knots, count - 1) * 2 / count
    interpolation[:, 0] /= 2
    along, weights = leggauss(count)
    antiderivatives = np.asarray(chebyshev.chebint(np.eye(count)), np.float64)
    return _Rule(knots, interpolation, antiderivatives, (along + 1) / 2, weights / 2)


def _depth(plane: Plane, corners: Floats) -> Floats:
    """How many times farther the farthest corner is than the nearest, by each draw: (DRAWS,)."""
    weights = corners @ plane.draws[:, 2, :2].T + plane.draws[:, 2, 2]
    nearest = weights.min(axis=0)
    return np.where(nearest > 0, weights.max(axis=0) / np.maximum(nearest, 1e-300), np.inf)


def _places_for_lens(lens: Lens | None, half: float) -> int:
    """Places across and down for a box whose longer half side is so many pixels."""
    return 1 if lens is None else LENS_PLACES[half > lens.radius / 3]


def _places_for_depth(depth: Floats) -> int:
    """Places across and down for a polynomial through 1 / w^3 that is off by CLOSE at most.

    Where the homogeneous weight w grows by a factor q over the box, the nearest pole makes the
    error of Chebyshev interpolation fall by (sqrt q + 1) / (sqrt q - 1) with each place (Trefethen,
    "Approximation Theory and Approximation Practice", theorem 8.2). One is enough where w is the
    same all over.
    """
    if depth.max() == 1:
        return 1
    root = math.sqrt(depth[depth <= DEEPEST].max(initial=1 + 1e-9))
    return 1 + math.ceil(-math.log(CLOSE) / math.log((root + 1) / (root - 1)))
