"""Outlines, and how they are painted into a picture."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from assessment.core.masks import covered
from samples import paint

Points = tuple[tuple[float, float], ...]
"""Corners x, y in pixels from the upper left corner of the picture; not closed."""

Window = tuple[slice, slice]
"""Rows and columns of a picture."""

INK: paint.Colour = (24, 24, 24)


@dataclass(frozen=True, slots=True)
class Polygon:
    """An outline and the holes in it."""

    outline: Points
    holes: tuple[Points, ...] = ()


def rectangle(left: float, top: float, right: float, bottom: float) -> Points:
    """The corners of an upright rectangle."""
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def disc(x: float, y: float, radius: float, corners: int = 60) -> Points:
    """A circle as a polygon."""
    turns = np.arange(corners) * 2 * np.pi / corners
    return _points(np.column_stack([x + radius * np.cos(turns), y + radius * np.sin(turns)]))


def blot(rng: np.random.Generator, x: float, y: float, across: float, down: float) -> Points:
    """A blot with an uneven rim, `across` and `down` from its middle."""
    turns = np.arange(48) * 2 * np.pi / 48
    size = np.ones(len(turns))
    for n in range(2, 7):
        size += rng.normal(0, 0.12 / n) * np.cos(n * turns + rng.uniform(0, 6.3))
    rim = np.column_stack([across * np.cos(turns), down * np.sin(turns)]) * size[:, None]
    return _points(rim + np.array((x, y)))


def fill(cells: NDArray[np.bool_], polygon: Polygon) -> None:
    """Mark the pixels that lie within the outline and in none of its holes."""
    rings = [np.array(ring, np.float64) for ring in (polygon.outline, *polygon.holes)]
    left, top, inside = covered(rings, cells.shape[1], cells.shape[0])
    rows, columns = inside.shape
    cells[top : top + rows, left : left + columns] |= inside


def share(points: Points, soft: float = 0.8) -> paint.Tone:
    """How much of each pixel of a picture the outline covers, its rim softened, 0..1."""
    window, part = _part(points, soft)
    whole = np.zeros((paint.HEIGHT, paint.WIDTH), np.float32)
    whole[window] = part
    return whole


def lay(picture: paint.Picture, points: Points, colour: paint.Colour) -> None:
    """Paint an outline's inside in one colour."""
    window, part = _part(points, 0.8)
    picture[window] += (np.array(colour, np.float32) - picture[window]) * part[..., None]


def dim(picture: paint.Picture, points: Points, factor: float, soft: float = 6.0) -> None:
    """Darken (or lighten) an outline's inside, with a soft rim: a shadow, a stain, a sheen."""
    window, part = _part(points, soft)
    picture[window] *= 1 + (factor - 1) * part[..., None]


def write(picture: paint.Picture, text: str, left: int, foot: int, size: float) -> None:
    """Write in black, upright letters; `size` is the height of a capital in px."""
    ink = np.zeros((paint.HEIGHT, paint.WIDTH), np.uint8)
    font, weight = cv2.FONT_HERSHEY_DUPLEX, max(1, round(size / 9))
    scale = cv2.getFontScaleFromHeight(font, round(size), weight)
    cv2.putText(ink, text, (left, foot), font, scale, 255, weight, cv2.LINE_AA)
    draw(picture, ink, INK)


def draw(picture: paint.Picture, lines: NDArray[np.uint8], colour: paint.Colour) -> None:
    """Paint lines that were drawn on a page of their own, 0 to 255."""
    strength = np.asarray(lines / 255, np.float32)
    picture[:] = paint.blend(picture, paint.plain(colour), strength)


def _part(points: Points, soft: float) -> tuple[Window, paint.Tone]:
    """Where an outline lies with its softened rim, and how much of each pixel there it covers."""
    corners, rim = np.array(points), 4 * soft
    left, top = np.maximum(np.floor(corners.min(axis=0) - rim), 0).astype(int)
    right, foot = np.ceil(corners.max(axis=0) + rim).astype(int)
    window = np.s_[top : min(foot, paint.HEIGHT), left : min(right, paint.WIDTH)]
    cells = np.zeros((paint.HEIGHT, paint.WIDTH), np.bool_)
    fill(cells, Polygon(points))
    inside = cells[window].astype(np.float32)
    return window, np.asarray(cv2.GaussianBlur(inside, (0, 0), soft), np.float32)


def _points(corners: NDArray[np.float64]) -> Points:
    return tuple((round(float(x), 1), round(float(y), 1)) for x, y in corners)
