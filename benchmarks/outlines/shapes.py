"""Shapes with a known area and outline, as the masks that a model would send of them.

Coordinates are cells of a mask, x right and y down, from its top-left corner.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from assessment.core.detection import Grid

CELLS = 256
"""Rows and columns of every recorded mask."""

SOFT_EDGE = 0.8
"""Cells over which a soft mask falls off on each side of the edge."""

CORNERS = 4000
"""Vertices of a true outline; on a circle of 100 cells they lie 0.00003 cells off."""

HOLES = 5
"""Holes along each side of the sheet."""

Plane = NDArray[np.float64]

_Y, _X = np.mgrid[0:CELLS, 0:CELLS] + 0.5


@dataclass(frozen=True)
class Shape:
    """Distances to the edge (CELLS, CELLS) in cells, negative inside, and what is true of it.

    `area` is in square cells and comes from a formula, never from the outline.
    """

    kind: str
    distance: Plane
    area: float
    outline: Polygon

    def soft(self) -> Grid:
        """A probability map whose edge is a ramp."""
        ramp = np.clip(0.5 - self.distance / (2 * SOFT_EDGE), 0, 1)
        return np.rint(255 * ramp).astype(np.uint8)

    def sharp(self) -> Grid:
        """Nothing or certainty, as recorded masks are."""
        return np.where(self.distance < 0, 255, 0).astype(np.uint8)


def circle(chance: np.random.Generator) -> Shape:
    """A disc of a radius of 60 to 110 cells."""
    middle, radius = _middle(chance), chance.uniform(60, 110)
    return Shape(
        "circle", _from(middle) - radius, np.pi * radius**2, Polygon(_turn(middle, radius, radius))
    )


def annulus(chance: np.random.Generator) -> Shape:
    """A ring 15 to 40 cells wide."""
    middle, inner = _middle(chance), chance.uniform(40, 70)
    outer = inner + chance.uniform(15, 40)
    distance = np.abs(_from(middle) - (inner + outer) / 2) - (outer - inner) / 2
    outline = Polygon(_turn(middle, outer, outer), [_turn(middle, inner, inner)])
    return Shape("annulus", distance, np.pi * (outer**2 - inner**2), outline)


def ellipse(chance: np.random.Generator) -> Shape:
    """A turned ellipse; the distance is to first order, and exact where it is zero."""
    middle, long, short = _middle(chance), chance.uniform(80, 110), chance.uniform(25, 60)
    angle = chance.uniform(0, np.pi)
    x, y = _X - middle[0], _Y - middle[1]
    along = x * np.cos(angle) + y * np.sin(angle)
    across = y * np.cos(angle) - x * np.sin(angle)
    root = np.hypot(along / long, across / short)
    distance = (root - 1) * root / np.hypot(along / long**2, across / short**2)
    outline = Polygon(_turn(middle, long, short, angle))
    return Shape("ellipse", distance, np.pi * long * short, outline)


def crack(chance: np.random.Generator) -> Shape:
    """An arc 2 to 4 cells wide with round ends."""
    middle, width = _middle(chance), chance.uniform(2, 4)
    radius, half, towards = (
        chance.uniform(120, 200),
        chance.uniform(0.4, 0.55),
        chance.uniform(0, 6),
    )
    centre = middle - radius * _unit(np.array(towards))
    turned = np.arctan2(_Y - centre[1], _X - centre[0]) - towards
    turned = (turned + np.pi) % (2 * np.pi) - np.pi
    nearest = centre + radius * _unit(towards + np.clip(turned, -half, half))
    distance = np.hypot(_X - nearest[..., 0], _Y - nearest[..., 1]) - width / 2
    spine = centre + radius * _unit(towards + np.linspace(-half, half, CORNERS))
    outline = shapely.LineString(spine).buffer(width / 2, quad_segs=64)
    return Shape("crack", distance, 2 * half * radius * width + np.pi * width**2 / 4, outline)


def sheet(chance: np.random.Generator) -> Shape:
    """A disc with 25 round holes."""
    middle, radius, hole = _middle(chance), 115.0, chance.uniform(6, 12)
    places = np.linspace(-66, 66, HOLES)
    holes = [middle + np.array([x, y]) for x in places for y in places]
    distance = np.maximum(_from(middle) - radius, np.max([hole - _from(h) for h in holes], axis=0))
    outline = Polygon(_turn(middle, radius, radius), [_turn(h, hole, hole) for h in holes])
    return Shape("25 holes", distance, np.pi * (radius**2 - len(holes) * hole**2), outline)


KINDS: tuple[Callable[[np.random.Generator], Shape], ...] = (circle, annulus, ellipse, crack, sheet)


def shapes(count: int, seed: int = 1) -> list[Shape]:
    """So many shapes, of each kind in turn, always the same ones."""
    chance = np.random.default_rng(seed)
    return [KINDS[index % len(KINDS)](chance) for index in range(count)]


def _middle(chance: np.random.Generator) -> Plane:
    return CELLS / 2 + chance.uniform(-5, 5, 2)


def _from(place: Plane) -> Plane:
    distance: Plane = np.hypot(_X - place[0], _Y - place[1])
    return distance


def _unit(angle: Plane) -> Plane:
    return np.stack([np.cos(angle), np.sin(angle)], axis=-1)


def _turn(middle: Plane, long: float, short: float, angle: float = 0.0) -> Plane:
    """The vertices of an ellipse, (CORNERS, 2)."""
    turn = np.arange(CORNERS) * 2 * np.pi / CORNERS
    along, across = long * np.cos(turn), short * np.sin(turn)
    x = along * np.cos(angle) - across * np.sin(angle)
    y = along * np.sin(angle) + across * np.cos(angle)
    corners: Plane = middle + np.column_stack([x, y])
    return corners
