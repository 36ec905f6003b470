"""Where the pixels of a photo lie on a flat surface, in metres, and how well that is known.

A plane is what every way of scaling a photo comes to: a matrix, and equally likely alternatives
to it by the errors of what it was got from. Whatever is measured is measured on each of them.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

DRAWS = 2000
"""Alternatives of a plane. Independent ones would give the ends of a 95 % interval to 3 % of its
half width (1 standard deviation); spread evenly, as here, they do better."""

SEED = 20_261_201
"""Any fixed number: the same inputs give the same digits, always."""

HORIZON = 1e-9
"""The homogeneous weight of a point is kept above this share of the heaviest: what an alternative
puts beyond the horizon comes out enormous there, and so too uncertain to print, never as NaN."""


class ScaleError(ValueError):
    """What can't bear a scale; the message is a sentence for the person who gave it."""


def generator(purpose: str) -> np.random.Generator:
    """Random numbers that are always the same for one purpose, and independent between purposes.

    >>> generator("clicks").random() == generator("clicks").random()
    True
    >>> generator("clicks").random() == generator("boundary").random()
    False
    """
    return np.random.default_rng([SEED, zlib.crc32(purpose.encode())])


@lru_cache(maxsize=64)
def normals(purpose: str, *shape: int) -> Floats:
    """Standard normal numbers, (DRAWS, *shape), the same for the same purpose; not to be changed.

    Each column holds the middle of every DRAWS-th part of the distribution once, in an order of
    its own: Latin hypercube sampling (McKay, Beckman and Conover, Technometrics 21, 1979), which
    leaves no chance in how often an error is large.

    >>> normals("clicks", 2, 2).shape
    (2000, 2, 2)
    """
    inverse = NormalDist().inv_cdf
    quantiles = np.array([inverse(each) for each in _parts()]).reshape(DRAWS, *([1] * len(shape)))
    everywhere = np.broadcast_to(quantiles, (DRAWS, *shape))
    return _frozen(generator(purpose).permuted(everywhere, axis=0))


@lru_cache(maxsize=64)
def evenly(purpose: str) -> Floats:
    """Numbers that are anywhere from 0 to 1 alike, (DRAWS,); as `normals` otherwise.

    >>> float(evenly("tilt").min()) >= 0 and float(evenly("tilt").max()) < 1
    True
    """
    return _frozen(generator(purpose).permutation(_parts()))


@dataclass(frozen=True, slots=True, eq=False)
class Lens:
    """How far a lens may bend straight lines, for each draw of a plane.

    `centre` (2,) is the middle of the picture and `radius` half its longer side, in pixels;
    `strength` (DRAWS,) the shift at that radius as a share of it. A point r from the middle is
    straight at r (1 + strength (r / radius)^2), the first term of Brown, "Decentering distortion
    of lenses", 1966.
    """

    centre: Floats
    radius: float
    strength: Floats

    def straightened(self, points: Floats, draws: slice = slice(None)) -> Floats:
        """Points (n, 2), or a set of them for each draw (k, n, 2), made straight: (k, n, 2).

        >>> bent = Lens(np.array([50.0, 50.0]), 50.0, np.array([0.0, 0.02]))
        >>> bent.straightened(np.array([[100.0, 50.0]])).tolist()
        [[[100.0, 50.0]], [[101.0, 50.0]]]
        """
        away = points - self.centre
        stretch = 1 + self._bend(away, draws)
        straight = np.empty((2, *stretch.shape))  # x and y apart: sums over points run along them
        for axis in (0, 1):
            straight[axis] = self.centre[axis] + away[..., axis] * stretch
        return np.moveaxis(straight, 0, -1)

    def growth(self, points: Floats, draws: slice = slice(None)) -> Floats:
        """By how much each draw makes the area at each of the points (n, 2) larger: (k, n).

        >>> bent = Lens(np.array([50.0, 50.0]), 50.0, np.array([0.0, 0.02]))
        >>> bent.growth(np.array([[50.0, 50.0], [100.0, 50.0]])).round(4).tolist()
        [[1.0, 1.0], [1.0, 1.0812]]
        """
        bend = self._bend(points - self.centre, draws)
        return np.asarray((1 + bend) * (1 + 3 * bend))

    def _bend(self, away: Floats, draws: slice) -> Floats:
        squared = (away[..., 0] ** 2 + away[..., 1] ** 2) / self.radius**2
        return np.asarray(self.strength[draws, None] * squared)


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """Where each pixel of a photo lies on a flat surface, in metres, and how well that is known.

    `matrix` (3, 3) takes homogeneous pixels of the upright photo (x right, y down, the origin at
    the corner of the first pixel) to homogeneous metres on the surface; its third row is positive
    where the surface is seen. `draws` (DRAWS, 3, 3) are equally likely alternatives, by the errors
    of what the plane was got from, and `lens` is what they assume of the lens; `matrix` assumes a
    straight one. `basis` names how the plane was got, in sentences for the report; `warnings` are
    sentences for the person. `plan` tells that the photo looks straight down, so that a roof's
    pitch may be applied.
    """

    matrix: Floats
    draws: Floats
    basis: str
    warnings: tuple[str, ...] = ()
    lens: Lens | None = None
    plan: bool = False

    def metres(self, points: ArrayLike) -> Floats:
        """Points (n, 2) in pixels -> (n, 2) in metres. Raises ScaleError beyond the horizon.

        >>> from assessment.core.scale import gsd_plane
        >>> gsd_plane(0.5, 0.6).metres([[10, 10], [0, 20]]).tolist()
        [[5.0, 6.0], [0.0, 12.0]]
        >>> gsd_plane(0.5).metres([]).shape
        (0, 2)
        """
        return np.asarray(projected(self.matrix[None], self._seen(points))[0])

    def alternatives(self, points: ArrayLike, draws: slice = slice(None)) -> Floats:
        """Points (n, 2) in pixels -> (k, n, 2) in metres, by each of the k draws of the slice.

        All draws of n points take 32 kB times n; take many points by a slice of draws at a time.

        >>> from assessment.core.scale import gsd_plane
        >>> gsd_plane(0.5).alternatives([[10, 10]], slice(0, 3)).shape
        (3, 1, 2)
        """
        pixels = _points(points)
        straight = pixels if self.lens is None else self.lens.straightened(pixels, draws)
        return projected(self.draws[draws], straight)

    def area_per_pixel(self, points: ArrayLike) -> Floats:
        """Square metres of a pixel at each of the points (n, 2) in pixels: (n,), by `matrix`.

        The Jacobian determinant of a homography is det H / w^3, with w the homogeneous weight
        (Hartley and Zisserman, "Multiple View Geometry", 2nd edition, 2.4). Raises ScaleError
        beyond the horizon.

        >>> from assessment.core.scale import gsd_plane
        >>> gsd_plane(0.5, 0.6).area_per_pixel([[10, 10]]).round(9).tolist()
        [0.3]
        """
        return np.asarray(_growth(self.matrix[None], self._seen(points))[0])

    def alternative_areas_per_pixel(self, points: ArrayLike, draws: slice = slice(None)) -> Floats:
        """As `area_per_pixel`, by each of the k draws of the slice: (k, n).

        >>> from assessment.core.scale import gsd_plane
        >>> gsd_plane(0.5, 0.5).alternative_areas_per_pixel([[10, 10]], slice(0, 2)).tolist()
        [[0.25], [0.25]]
        """
        pixels = _points(points)
        if self.lens is None:
            return _growth(self.draws[draws], pixels)
        straight = self.lens.straightened(pixels, draws)
        return _growth(self.draws[draws], straight) * self.lens.growth(pixels, draws)

    @property
    def affine(self) -> bool:
        """Whether every alternative scales every area by one number, |det| of its 2 x 2 part.

        >>> from assessment.core.scale import gsd_plane
        >>> gsd_plane(0.5).affine
        True
        """
        return self.lens is None and not self.draws[:, 2, :2].any()

    @property
    def uniform(self) -> float | None:
        """Metres per pixel where `matrix` gives the same all over, for a scale bar; or None.

        >>> from assessment.core.scale import gsd_plane
        >>> gsd_plane(0.5).uniform, gsd_plane(0.5, 0.6).uniform
        (0.5, None)
        """
        if self.matrix[2, :2].any():
            return None
        linear = self.matrix[:2, :2] / self.matrix[2, 2]
        large, small = np.linalg.svd(linear, compute_uv=False)
        return float(large) if np.isclose(large, small, rtol=1e-9) else None

    @property
    def covariance(self) -> Floats:
        """Of the nine entries of the matrix, by rows, scaled so that the last is 1: (9, 9).

        >>> from assessment.core.scale import gsd_plane
        >>> float(abs(gsd_plane(0.5).covariance).max())
        0.0
        """
        scaled = (self.draws / self.draws[:, 2:, 2:]).reshape(-1, 9)
        away = scaled - scaled.mean(axis=0)
        return np.asarray(away.T @ away / (len(scaled) - 1))

    def _seen(self, points: ArrayLike) -> Floats:
        pixels = _points(points)
        if not (pixels @ self.matrix[2, :2] + self.matrix[2, 2] > 0).all():
            raise ScaleError(
                "A part of the outline lies beyond the horizon of the surface it is measured on. "
                "Nothing was measured; check the outline, or scale the photo another way."
            )
        return pixels


def _points(points: ArrayLike) -> Floats:
    return np.asarray(points, np.float64).reshape(-1, 2)


def _weights(matrices: Floats, points: Floats) -> Floats:
    """The homogeneous weight of points (n, 2) or (k, n, 2) by matrices (k, 3, 3): (k, n)."""
    across, down, shift = np.moveaxis(matrices[:, 2, :, None], 1, 0)
    weights = across * points[..., 0] + down * points[..., 1] + shift
    if not weights.size:
        return np.asarray(weights)
    return np.asarray(np.maximum(weights, HORIZON * abs(weights).max(axis=1, keepdims=True)))


def projected(matrices: Floats, points: Floats) -> Floats:
    """Points (n, 2), or a set of them for each matrix (k, n, 2), by matrices (k, 3, 3): (k, n, 2).

    >>> projected(np.diag([2.0, 2.0, 1.0])[None], np.array([[3.0, 4.0]])).tolist()
    [[[6.0, 8.0]]]
    """
    weights = _weights(matrices, points)
    x, y = points[..., 0], points[..., 1]
    metres = np.empty((2, *weights.shape))
    for axis in (0, 1):
        across, down, shift = np.moveaxis(matrices[:, axis, :, None], 1, 0)
        metres[axis] = (across * x + down * y + shift) / weights
    return np.moveaxis(metres, 0, -1)


def _growth(matrices: Floats, points: Floats) -> Floats:
    weights = _weights(matrices, points)
    return np.asarray(_determinants(matrices)[:, None] / (weights * weights * weights))


def _determinants(matrices: Floats) -> Floats:
    """Their absolute values, (k,); NumPy's own takes five times as long for matrices so small."""
    a, b, c, d, e, f, g, h, i = np.moveaxis(matrices.reshape(-1, 9), 1, 0)
    return np.asarray(abs(a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)))


def _parts() -> Floats:
    """The middles of DRAWS equal parts between 0 and 1."""
    return np.asarray((np.arange(DRAWS) + 0.5) / DRAWS)


def _frozen(numbers: Floats) -> Floats:
    numbers.flags.writeable = False
    return numbers
