"""How long a pixel is: a line of known length on the photo, and how far that can be trusted."""

from __future__ import annotations

import math
from dataclasses import dataclass

CLICK_SD_PX = 2.0
"""How well a person clicks an end of the line; 1 standard deviation, each way."""

LENGTH_SD = 0.005
"""How well the length of the reference is known, relative; 1 standard deviation."""

SQUARE_ON_DEGREES = 20.0
"""How far from square-on the camera may have looked for the basis to hold."""

TILT_SD = -math.log(math.cos(math.radians(SQUARE_ON_DEGREES))) / 2 / math.sqrt(3)
"""A surface tilted by t is seen shorter by cos t in one direction. By the line's direction, an
area then comes out between cos t and 1 / cos t of the truth, so a length scale that gives that
area is off by up to the root of that. Between these limits nothing is known: a rectangular
distribution, whose standard deviation is half its width over the root of 3 (ISO/IEC Guide
98-3, 4.3.7)."""

SHORTEST_LINE_PX = 40.0
"""Below this the clicks alone put an area off by more than a quarter."""

SHORTEST_M, LONGEST_M = 0.001, 10_000.0
"""From a crack gauge to a street seen from the air: what lies outside is a slip of the unit."""


class ScaleError(ValueError):
    """A line that can't bear a scale; the message is a sentence for the person who drew it."""


@dataclass(frozen=True, slots=True)
class ReferenceLine:
    """A line of known length: its ends as x, y in pixels of the upright photo, metres."""

    start: tuple[float, float]
    end: tuple[float, float]
    length_m: float


@dataclass(frozen=True, slots=True)
class Scale:
    """Metres per pixel and their relative standard deviation; the basis says how it was got."""

    metres_per_pixel: float
    relative_sd: float
    basis: str


def from_line(line: ReferenceLine) -> Scale:
    """The scale that a reference line gives to everything in its plane.

    s = L / l; (ss / s)^2 = (sl / l)^2 + (sL / L)^2 + tilt^2, by first-order propagation (ISO/IEC
    Guide 98-3, 5.1.2), with l in pixels between two clicks, each good to CLICK_SD_PX, and L in
    metres, good to LENGTH_SD. Raises ScaleError where the line is too short to click or the
    length isn't one.

    >>> scale = from_line(ReferenceLine((100, 100), (500, 400), 2.5))
    >>> scale.metres_per_pixel, round(scale.relative_sd, 4)
    (0.005, 0.0195)
    >>> from_line(ReferenceLine((5, 5), (5, 5), 2.5))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    assessment.core.scale.ScaleError: The reference line is shorter than 40 pixels ...
    """
    pixels = math.dist(line.start, line.end)
    _check(pixels, line.length_m)
    clicks = math.sqrt(2) * CLICK_SD_PX / pixels
    return Scale(
        metres_per_pixel=line.length_m / pixels,
        relative_sd=math.hypot(clicks, LENGTH_SD, TILT_SD),
        basis=(
            f"Scale from a reference line of {line.length_m:g} m over {pixels:.0f} pixels, "
            "assuming the camera looked square-on at the surface, within "
            f"{SQUARE_ON_DEGREES:g} degrees."
        ),
    )


def within(line: ReferenceLine, width: int, height: int) -> None:
    """Raise ScaleError unless both ends lie in a photo of that size (pixels), edges included.

    >>> within(ReferenceLine((0, 0), (400, 300), 2.5), 400, 300)
    >>> within(ReferenceLine((0, 0), (401, 300), 2.5), 400, 300)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    assessment.core.scale.ScaleError: An end of the reference line lies outside the photo ...
    """
    if not all(0 <= x <= width and 0 <= y <= height for x, y in (line.start, line.end)):
        raise ScaleError(
            f"An end of the reference line lies outside the photo of {width} by {height} pixels. "
            "Nothing was changed; draw the line within the photo."
        )


def _check(pixels: float, length_m: float) -> None:
    if not math.isfinite(pixels):
        raise ScaleError("The ends of the reference line are not in the photo. Draw it again.")
    if pixels < SHORTEST_LINE_PX:
        raise ScaleError(
            f"The reference line is shorter than {SHORTEST_LINE_PX:g} pixels and would give no "
            "dependable scale. Choose something longer, or a closer photo."
        )
    if not SHORTEST_M <= length_m <= LONGEST_M:
        raise ScaleError(
            f"The reference length must lie between {SHORTEST_M:g} and {LONGEST_M:g} metres. "
            "Check the number and its unit."
        )
