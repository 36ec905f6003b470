"""Scenes with known truth: a pinhole camera with a bent lens over a flat surface.

Nothing of the scenes is taken from the code under test but the sizes of the errors that it
documents.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from assessment.core import measure
from assessment.core.plane import Plane

Floats = NDArray[np.float64]

WIDTH, HEIGHT = 4000, 3000


@dataclass(frozen=True)
class Camera:
    """Where a camera stands over the surface z = 0, how it is turned, and what its lens does.

    Rows of `axes` (3, 3) are the picture's right, down and the way ahead, in the world; the world
    is seen from above: x right, y down, z away from the viewer, so that the camera's z is negative.
    `bend` is how far the lens shifts the middle of the shorter edge outwards, as a share.
    """

    position: Floats
    axes: Floats
    focal_px: float
    bend: float = 0.0
    width: int = WIDTH
    height: int = HEIGHT

    def photo(self, surface: Floats) -> Floats:
        """Points (n, 2) on the surface, metres -> (n, 2) pixels."""
        world = np.column_stack([surface, np.zeros(len(surface))]) - self.position
        right, down, ahead = self.axes @ world.T
        if (ahead <= 0).any():
            return np.full((len(surface), 2), math.nan)
        ideal = self.focal_px * np.column_stack([right / ahead, down / ahead])
        reach = np.hypot(*ideal.T) / (max(self.width, self.height) / 2)
        centre = np.array([self.width, self.height]) / 2
        return np.asarray(centre + ideal * (1 + self.bend * reach**2)[:, None])

    def sees(self, surface: Floats) -> bool:
        seen = self.photo(surface)
        return bool(((seen >= 0) & (seen <= [self.width, self.height])).all())


def looking_at(
    target: Floats, distance: float, tilt: float, bearing: float, turn: float, **lens: Any
) -> Camera:
    """A camera at a distance from a point of the surface, past square-on by a tilt (radians)."""
    away = np.array(
        [math.sin(tilt) * math.cos(bearing), math.sin(tilt) * math.sin(bearing), -math.cos(tilt)]
    )
    ahead = -away
    helper = np.array([math.cos(turn), math.sin(turn), 0.0])
    right = helper - (helper @ ahead) * ahead
    right /= np.linalg.norm(right)
    down = np.cross(ahead, right)
    position = np.append(target, 0.0) + distance * away
    return Camera(position, np.array([right, down, ahead]), **lens)


def blob(rng: np.random.Generator, middle: Floats, radius: float) -> Floats:
    """An irregular damage (8, 2) around a point, metres."""
    angles = np.sort(rng.uniform(0, 2 * math.pi, 8))
    radii = radius * rng.uniform(0.6, 1.0, 8)
    return np.asarray(middle + (radii * np.array([np.cos(angles), np.sin(angles)])).T)


def area(ring: Floats) -> float:
    """The area inside a ring (n, 2), by the shoelace formula."""
    x, y = ring.T
    return float(abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2)


def grown(ring: Floats, pixels: float) -> Floats:
    """A ring (n, 2) with every edge moved outwards by some pixels."""
    following = np.roll(ring, -1, axis=0)
    turning = np.sign(np.sum(ring[:, 0] * following[:, 1] - following[:, 0] * ring[:, 1]))
    edges = following - ring
    normals = turning * np.column_stack([edges[:, 1], -edges[:, 0]])
    normals /= np.hypot(*edges.T)[:, None]
    before = np.roll(normals, 1, axis=0)
    return np.asarray(
        ring + pixels * (normals + before) / (1 + (normals * before).sum(axis=1))[:, None]
    )


def interval(plane: Plane, ring: Floats, boundary_px: float) -> tuple[float, float]:
    """The 95 % interval of the area in a ring (n, 2) of pixels, in square metres."""
    outline = shapely.MultiPolygon([shapely.Polygon(ring)])
    measured = measure.area(outline, plane, boundary_px=boundary_px)
    return measured.low, measured.high
