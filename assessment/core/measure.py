"""Outline and scale -> area, each with a 95 % interval and its basis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from shapely import MultiPolygon

from assessment.core.scale import Scale

SDS_95 = 1.959964
"""Standard deviations on each side of the median that hold 95 % of a normal distribution."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A median with its 95 % interval, and how it was got."""

    value: float
    low: float
    high: float
    basis: str


def pixels(outline: MultiPolygon) -> float:
    """The area of an outline in square pixels, its holes left out.

    >>> import shapely
    >>> pixels(MultiPolygon([shapely.box(0, 0, 4, 4) - shapely.box(1, 1, 3, 3)]))
    12.0
    >>> pixels(MultiPolygon())
    0.0
    """
    return float(outline.area)


def share(outline: MultiPolygon, width: int, height: int) -> float:
    """The part of a photo of that size (pixels) that an outline inside it covers, 0 to 1.

    Rounding may take the area of a full frame over the photo's; a share never gets above 1.

    >>> import shapely
    >>> share(MultiPolygon([shapely.box(0, 0, 4, 4) - shapely.box(1, 1, 3, 3)]), 10, 10)
    0.12
    >>> share(MultiPolygon(), 10, 10)
    0.0
    """
    return min(1.0, pixels(outline) / (width * height))


def area(outline: MultiPolygon, scale: Scale, *, boundary_px: float) -> Measured:
    """The area in square metres, with the interval that scale and boundary leave open.

    A = p s^2, p in square pixels, s in metres per pixel. (sA / A)^2 = (2 ss / s)^2 +
    (b P / p)^2 by first-order propagation (ISO/IEC Guide 98-3, 5.1.2): area goes with the
    square of the scale, and a boundary of P pixels (holes included) that moves out or in by b
    as a whole gains or loses b P (the first term of Steiner's formula for parallel bodies).
    `boundary_px` is b as 1 standard deviation. Taking the boundary to move as a whole is the
    careful choice: moved piece by piece, errors would cancel. The interval never begins below
    zero. Raises ValueError where `boundary_px` is negative or not finite.

    >>> import shapely
    >>> scale = Scale(0.01, 0.02, "Scale by hand.")
    >>> ring = shapely.box(0, 0, 100, 100) - shapely.box(20, 20, 40, 40)
    >>> holed = area(MultiPolygon([ring]), scale, boundary_px=1.0)
    >>> round(holed.value, 3), round(holed.low, 3), round(holed.high, 3)
    (0.96, 0.84, 1.08)
    >>> nothing = area(MultiPolygon(), scale, boundary_px=1.0)
    >>> nothing.value, nothing.low, nothing.high
    (0.0, 0.0, 0.0)
    """
    if not 0 <= boundary_px < math.inf:
        raise ValueError("The error of a boundary must be a length in pixels, zero or more.")
    square = scale.metres_per_pixel**2
    value = pixels(outline) * square
    boundary = boundary_px * float(outline.length) * square
    reach = SDS_95 * math.hypot(2 * scale.relative_sd * value, boundary)
    return Measured(
        value=value,
        low=max(0.0, value - reach),
        high=value + reach,
        basis=f"{scale.basis} The outline is assumed good to {boundary_px:.1f} pixels, "
        "1 standard deviation.",
    )


def total(measures: Sequence[Measured]) -> Measured:
    """The sum of areas measured on different photos; nothing measured sums to zero.

    Medians add, and the ends of the intervals add end to end, as if all errors went the same
    way. They partly do (one tape, one model, one habit of clicking), and where they don't, the
    true interval is narrower: errors of any correlation spread no wider than the sum of their
    spreads.

    >>> parts = [Measured(1.0, 0.5, 1.5, "Line A."), Measured(2.0, 1.0, 4.0, "Line B.")]
    >>> total(parts)  # doctest: +ELLIPSIS
    Measured(value=3.0, low=1.5, high=5.5, basis='Sum of 2 areas, ... Line A. Line B.')
    >>> total([]).value
    0.0
    """
    sentences = dict.fromkeys(each.basis for each in measures)
    summary = f"Sum of {len(measures)} areas, their intervals added end to end."
    return Measured(
        value=math.fsum(each.value for each in measures),
        low=math.fsum(each.low for each in measures),
        high=math.fsum(each.high for each in measures),
        basis=" ".join([summary, *sentences]),
    )
