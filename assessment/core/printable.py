"""Whether an area is sure enough to be printed, and what to say where it isn't."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from shapely import MultiPolygon

from assessment.core.measure import Measured, area
from assessment.core.plane import Plane, ScaleError
from assessment.core.units import three_digits

MOST_OPEN = 1.0
"""Half an interval's width over its median, at most. Beyond, the truth may be more than twice the
figure, which then says nothing that the upper end doesn't say better. A tighter limit would keep
nearly every area back: the errors that are assumed of engines' outlines (`boundary.OUTLINE_SD`)
leave a mask open by a quarter to a whole, and a person's outline of a small damage by a half; the
interval beside each figure says so. Bare boxes and the areas of hairlines stay out."""


class TooUncertainError(ValueError):
    """A measure whose interval is too wide to print; the message is a sentence that names it."""


@dataclass(frozen=True, slots=True)
class Size:
    """An area as far as it is known; both are empty where the photo has no scale.

    `measured` is None, too, where nothing bounds the area. `refusal` says in a sentence why no
    figure is to be printed, and is empty where `measured` may be.
    """

    measured: Measured | None = None
    refusal: str = ""

    @property
    def has_scale(self) -> bool:
        """Whether there was a scale to measure by."""
        return bool(self.measured or self.refusal)

    @property
    def is_boundless(self) -> bool:
        """Whether nothing bounds the area, though there is a scale."""
        return self.has_scale and self.measured is None

    @property
    def printed(self) -> Measured | None:
        """The figure, where it may be printed."""
        return None if self.refusal else self.measured


def size(outline: MultiPolygon, plane: Plane | None, *, boundary_px: float) -> Size:
    """The size of an outline on a plane, or why it can't be told; raises as `measure.area`.

    >>> import shapely
    >>> from assessment.core.scale import gsd_plane
    >>> square = MultiPolygon([shapely.box(0, 0, 100, 100)])
    >>> size(square, gsd_plane(0.01), boundary_px=1.0).refusal
    ''
    >>> size(square, gsd_plane(0.01), boundary_px=30.0).refusal[:45]
    'Too uncertain to print: between 0 and 3.35 m2'
    >>> size(square, None, boundary_px=1.0)
    Size(measured=None, refusal='')
    """
    if plane is None:
        return Size()
    try:
        told = area(outline, plane, boundary_px=boundary_px)
    except ScaleError as error:
        return Size(refusal=str(error))
    try:
        printable(told, "m2", sharp=partial(area, outline, plane, boundary_px=0.0))
    except TooUncertainError as error:
        return Size(told if math.isfinite(told.high) else None, str(error))
    return Size(told)


def printable(measured: Measured, unit: str, *, sharp: Callable[[], Measured]) -> Measured:
    """The measure itself. Raises TooUncertainError where its interval is too wide to print.

    `sharp` measures the same as if the boundary were exact, and is asked only then: it tells
    whether outline or scale leaves the measure open, and so what would help.

    >>> wide = Measured(2.0, 0.5, 6.0, "Scale by hand.")
    >>> printable(wide, "m2", sharp=lambda: Measured(2.0, 1.9, 2.1, "Scale by hand."))
    ... # doctest: +ELLIPSIS
    Traceback (most recent call last):
    assessment.core.printable.TooUncertainError: Too uncertain to print: between 0.5 and ...
    >>> nothing = Measured(0.0, 0.0, 0.0, "Scale by hand.")
    >>> printable(nothing, "m2", sharp=lambda: nothing).value
    0.0
    """
    if not is_too_wide(measured):
        return measured
    span = f"between {three_digits(measured.low)} and {three_digits(measured.high)} {unit}"
    if not math.isfinite(measured.high):
        span = "parts of it may lie beyond the horizon of the surface"
    scale_leads = not _width(sharp()) < _width(measured) / 2
    remedy = (
        "Use a larger reference nearer to it, or a photo taken more squarely."
        if scale_leads
        else "Outline it more closely, or use a closer photo."
    )
    raise TooUncertainError(
        f"Too uncertain to print: {span}, and {100 * MOST_OPEN:g} % either way is the most. "
        f"The {'scale' if scale_leads else 'outline'} leaves most of that open. {remedy}"
    )


def is_too_wide(measured: Measured) -> bool:
    """Whether an interval is wider than MOST_OPEN of its median, either way.

    >>> is_too_wide(Measured(1.0, 0.6, 2.5, "")), is_too_wide(Measured(1.0, 0.3, 2.5, ""))
    (False, True)
    >>> is_too_wide(Measured(0.0, 0.0, 0.0, "")), is_too_wide(Measured(1.0, 1.0, math.inf, ""))
    (False, True)
    """
    return not _width(measured) <= 2 * MOST_OPEN * measured.value or math.isinf(measured.high)


def _width(measured: Measured) -> float:
    return measured.high - measured.low
