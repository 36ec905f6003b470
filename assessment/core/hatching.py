"""Hatch lines clipped to a shape with holes, and which hatch means which damage.

The clipper is the scan-line algorithm with the even-odd rule (Foley, van Dam, "Computer Graphics:
Principles and Practice", polygon filling): turn the shape until the lines are level, collect where
each line crosses an edge, and keep every second gap between the crossings.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assessment.core.vocabulary import DamageType

Point = tuple[float, float]
Points = Sequence[Point]
Run = tuple[Point, Point]

STEP = 26.0
"""Distance of the lines in canvas units: two millimetres on paper, still apart in a grey print."""


@dataclass(frozen=True, slots=True)
class Hatch:
    """Lines at one or two angles in degrees, clockwise on the screen since y points down."""

    name: str
    angles: tuple[float, ...]
    step: float = STEP


HATCHES: Mapping[DamageType, Hatch] = {
    DamageType.HAIL_IMPACT: Hatch("falling lines", (45.0,)),
    DamageType.MISSING_COVERING: Hatch("rising lines", (-45.0,)),
    DamageType.CRACK: Hatch("crossed lines", (45.0, -45.0)),
    DamageType.STAIN: Hatch("level lines", (0.0,)),
    DamageType.DENT: Hatch("upright lines", (90.0,)),
    DamageType.DEBRIS: Hatch("square grid", (0.0, 90.0)),
    DamageType.TARPAULIN: Hatch("wide level lines", (0.0,), 2 * STEP),
    DamageType.BROKEN_GLASS: Hatch("steep falling lines", (70.0,)),
    DamageType.BURN: Hatch("steep rising lines", (-70.0,)),
    DamageType.OTHER: Hatch("wide upright lines", (90.0,), 2 * STEP),
    DamageType.NO_DAMAGE: Hatch("very wide level lines", (0.0,), 4 * STEP),
}


def hatch(rings: Sequence[Points], damage_type: DamageType) -> list[Run]:
    """The hatch of a damage type within rings that fill by the even-odd rule.

    >>> square = [(0.0, 0.0), (200.0, 0.0), (200.0, 200.0), (0.0, 200.0)]
    >>> len(hatch([square], DamageType.CRACK)) > 0, hatch([], DamageType.CRACK)
    (True, [])
    """
    pattern = HATCHES[damage_type]
    return [run for angle in pattern.angles for run in runs(rings, pattern.step, angle)]


def runs(rings: Sequence[Points], step: float = STEP, angle: float = 0.0) -> list[Run]:
    """Parallel lines `step` apart at `angle` degrees, each from edge to edge of the shape.

    >>> runs([[(0, 0), (10, 0), (10, 10), (0, 10)]], step=4)
    [((0.0, 2.0), (10.0, 2.0)), ((0.0, 6.0), (10.0, 6.0))]
    """
    turn = math.radians(angle)
    cosine, sine = math.cos(turn), math.sin(turn)
    crossings: dict[int, list[float]] = defaultdict(list)
    for ring in rings:
        for line, x in _crossings([_turned(p, cosine, -sine) for p in ring], step):
            crossings[line].append(x)
    return [
        (_turned((start, y), cosine, sine), _turned((end, y), cosine, sine))
        for y, start, end in _gaps(crossings, step)
    ]


def _turned(point: Point, cosine: float, sine: float) -> Point:
    x, y = point
    return x * cosine - y * sine, x * sine + y * cosine


def _crossings(ring: Points, step: float) -> Iterator[tuple[int, float]]:
    """Line number and x of every crossing; lines lie at half steps, off the usual corners."""
    for (x0, y0), (x1, y1) in pairwise([*ring, ring[0]]):
        # An edge owns its upper end only, so that a corner on a line counts once.
        first, last = math.ceil(min(y0, y1) / step - 0.5), math.ceil(max(y0, y1) / step - 0.5)
        for line in range(first, last):
            y = (line + 0.5) * step
            yield line, x0 + (y - y0) * (x1 - x0) / (y1 - y0)


def _gaps(
    crossings: Mapping[int, Sequence[float]], step: float
) -> Iterator[tuple[float, float, float]]:
    for line in sorted(crossings):
        xs = sorted(crossings[line])
        for start, end in zip(xs[::2], xs[1::2], strict=True):
            yield (line + 0.5) * step, start, end
