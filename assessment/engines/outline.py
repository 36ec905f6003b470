"""Outlines written as numbers: rings in their many spellings, and lists of smaller boxes.

Everything here is in thousandths of the picture's sides, 0..1000, as models write it. Rings leave
as vertices (n, 2) in the order x, y.
"""

from __future__ import annotations

import math
import re
from itertools import chain
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from assessment.core.detection import Grid, Ring
from assessment.engines.base import GarbledAnswerError
from assessment.engines.salvage import Value, salvage

FULL = 1000.0
"""Coordinates run from 0 to this along each side."""

MOST_VERTICES = 400
"""Models draw 60 to 150 vertices; a longer ring is a loop, and slow to repair downstream."""

MOST_RINGS = 64

LEAST_AGREEMENT = 0.5
"""IoU of an outline's bounds with its box; below it one of the two is wrong."""

PIECES = 256
"""Raster on which smaller boxes are joined, the same as that of a mask image."""

INSIDE = 255

NUMBER = re.compile(r"-?[\d.]++")
# Absolute moves only: one subpath, no relative commands.
ONLY_NUMBERS = re.compile(r"\s*+M?[\s\d.,;()\[\]L-]*+Z?\s*+")

Pairs = NDArray[np.float64]


class Frame(NamedTuple):
    """A box in thousandths."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def turned(self) -> Frame:
        """The frame of the same shapes with their coordinates in the other order."""
        return Frame(self.top, self.left, self.bottom, self.right)

    @property
    def area(self) -> float:
        return max(0.0, self.right - self.left) * max(0.0, self.bottom - self.top)

    def clipped(self, other: Frame) -> Frame:
        """The part that lies in the other; its area is 0 where they don't meet."""
        return Frame(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        )

    def agreement(self, other: Frame) -> float:
        """Intersection over union, 0..1."""
        shared = self.clipped(other).area
        union = self.area + other.area - shared
        return shared / union if union > 0 else 0.0


PICTURE = Frame(0.0, 0.0, FULL, FULL)


def numbers(value: Value) -> list[float] | None:
    """The value as finite numbers, or None if it is anything else."""
    if not isinstance(value, list) or not set(map(type, value)) <= {float}:
        return None
    found = cast("list[float]", value)
    return found if all(map(math.isfinite, found)) else None


def read_frame(value: Value) -> Frame | None:
    """A box written y first, [ymin, xmin, ymax, xmax]; corners in the wrong order are put right."""
    found = numbers(value)
    if found is None or len(found) != 4:
        return None
    top, left, bottom, right = found
    return Frame(min(left, right), min(top, bottom), max(left, right), max(top, bottom))


def read_pieces(value: Value, frame: Frame) -> list[Frame]:
    """Smaller boxes that make up the box, or nothing if the value doesn't spell such a list.

    The box tells whether they are written y first or x first; boxes that make up another one aren't
    pieces of this one. A ring in chunks of four numbers looks alike, but mostly some chunk of it
    runs backwards; one in which none does can't be told from smaller boxes, and is taken for them.
    """
    if not isinstance(value, list) or not 0 < len(value) <= MOST_RINGS:
        return []
    if not all(isinstance(each, list) and len(each) == 4 for each in value):
        return []
    fours = [four for four in map(numbers, value) if four is not None]
    if len(fours) != len(value):
        return []
    if not all(top < bottom and left < right for top, left, bottom, right in fours):
        return []
    pieces = [Frame(left, top, right, bottom) for top, left, bottom, right in fours]
    if is_turned(_around(pieces), frame):
        pieces = [piece.turned for piece in pieces]
    return pieces if _around(pieces).agreement(frame) >= LEAST_AGREEMENT else []


def join_pieces(pieces: list[Frame], frame: Frame) -> Grid:
    """The union of the boxes as a grid over the frame, edge to edge."""
    grid = np.zeros((PIECES, PIECES), np.uint8)
    wide, high = frame.right - frame.left, frame.bottom - frame.top
    for piece in pieces:
        part = piece.clipped(frame)
        if part.area > 0:
            rows = _cells(part.top - frame.top, part.bottom - frame.top, high)
            columns = _cells(part.left - frame.left, part.right - frame.left, wide)
            grid[rows, columns] = INSIDE
    return grid


def read_rings(value: Value) -> list[Pairs]:
    """Every ring that the value spells, in its own coordinate order, maybe none.

    Read are lists of pairs, of points with x and y, of numbers in a row, chunks of these, several
    rings in a list, and each of these written as text. Rings that enclose nothing are among them;
    `with_area` takes them out.
    """
    if isinstance(value, str):
        return _rings_of_text(value)
    if not isinstance(value, list) or not value:
        return []
    pairs = _pairs(value)
    if pairs is not None:
        rings: list[Pairs | None] = [pairs]
    else:
        rings = [_vertices(item) for item in value] if _is_deep(value) else [_vertices(value)]
    whole = [ring for ring in rings if ring is not None]
    if len(whole) != len(rings) or len(whole) > MOST_RINGS:
        return []
    # Chunks of one ring are all too short to be rings of their own.
    if all(len(ring) < 3 for ring in whole):
        whole = [np.concatenate(whole)]
    if any(len(ring) > MOST_VERTICES for ring in whole):
        return []
    return whole


def with_area(rings: list[Pairs]) -> list[Pairs]:
    """Without repeated vertices, and without rings that enclose nothing."""
    kept = [ring[_moves(ring)] for ring in rings]
    return [ring for ring in kept if len(ring) >= 3 and _area(ring) > 0]


def swapped(rings: list[Pairs]) -> list[Pairs]:
    """The same rings with their coordinates in the other order."""
    return [ring[:, ::-1] for ring in rings]


def is_turned(around: Frame, frame: Frame) -> bool:
    """Whether the bounds of an outline agree better with the box in the other order.

    Where both fit alike, the documented order holds: x, y for rings, y, x for boxes.
    """
    return around.turned.agreement(frame) > around.agreement(frame)


def clip_rings(rings: list[Ring]) -> list[Ring]:
    """The rings with every vertex moved into the picture; those without area are left out."""
    return with_area([np.clip(ring, 0.0, FULL) for ring in rings])


def bounds(rings: list[Ring]) -> Frame:
    """The box around the rings, at least one of them."""
    x, y = np.concatenate(rings).T
    return Frame(float(x.min()), float(y.min()), float(x.max()), float(y.max()))


def _rings_of_text(text: str) -> list[Pairs]:
    if not ONLY_NUMBERS.fullmatch(text):
        return []
    if text.lstrip().startswith("["):
        return _rings_of_list(text)
    try:
        return read_rings([float(number) for number in NUMBER.findall(text)])
    except ValueError:
        return []


def _rings_of_list(text: str) -> list[Pairs]:
    try:
        found = salvage(text)
    except GarbledAnswerError:
        # What one outline holds too much of is no reason to lose the rest of the answer.
        return []
    return read_rings(found.values[0]) if found.whole and len(found.values) == 1 else []


def _pairs(value: list[Value]) -> Pairs | None:
    """The vertices of a plain list of pairs; the usual spelling, so it is read all at once."""
    if set(map(type, value)) != {list}:
        return None
    rows = cast("list[list[Value]]", value)
    flat = numbers(list(chain.from_iterable(rows))) if set(map(len, rows)) == {2} else None
    return None if flat is None else np.array(flat).reshape(-1, 2)


def _is_deep(value: list[Value]) -> bool:
    """Whether the items are rings or chunks, rather than points or numbers."""
    return all(isinstance(item, list) and _is_chunk(item) for item in value)


def _is_chunk(item: list[Value]) -> bool:
    flat = numbers(item)
    return len(flat) > 2 if flat is not None else all(isinstance(part, list) for part in item)


def _vertices(value: Value) -> Pairs | None:
    if not isinstance(value, list):
        return None
    flat = numbers(value)
    if flat is not None:
        return np.array(flat).reshape(-1, 2) if flat and len(flat) % 2 == 0 else None
    points = [_point(item) for item in value]
    pairs = [point for point in points if point is not None]
    return np.array(pairs) if pairs and len(pairs) == len(points) else None


def _point(item: Value) -> list[float] | None:
    if isinstance(item, dict):
        item = [item.get("x"), item.get("y")]
    pair = numbers(item)
    return pair if pair is not None and len(pair) == 2 else None


def _moves(ring: Pairs) -> NDArray[np.bool_]:
    """Whether each vertex differs from the one before it."""
    before = np.concatenate([ring[-1:], ring[:-1]])
    x, y = (ring != before).T
    moves: NDArray[np.bool_] = x | y
    return moves


def _area(ring: Pairs) -> float:
    """Shoelace formula; the sign is dropped. Seen from the first vertex, its own terms vanish."""
    x, y = (ring - ring[0]).T
    return abs(float(x[:-1] @ y[1:] - y[:-1] @ x[1:])) / 2


def _around(frames: list[Frame]) -> Frame:
    left, top, right, bottom = zip(*frames, strict=True)
    return Frame(min(left), min(top), max(right), max(bottom))


def _cells(start: float, end: float, side: float) -> slice:
    """The cells of the raster that a stretch touches."""
    return slice(math.floor(start / side * PIECES), math.ceil(end / side * PIECES))
