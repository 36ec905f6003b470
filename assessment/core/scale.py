"""How long a pixel is, and how far that can be trusted: by a line, a stated distance, a pitch."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from assessment.core.camera import focal_lengths, lens, onto_surface, tilted
from assessment.core.plane import DRAWS, Floats, Plane, evenly, normals, projected
from assessment.core.plane import ScaleError as ScaleError  # callers know it from here

CLICK_SD_PX = 2.0
"""How well a person clicks an end of the line; 1 standard deviation, each way."""

LENGTH_SD = 0.005
"""How well the length of the reference is known, relative; 1 standard deviation."""

SQUARE_ON_DEGREES = 20.0
"""How far from square-on the camera may have looked for the basis to hold."""

SHORTEST_LINE_PX = 40.0
"""Below this the clicks alone put an area off by more than a quarter."""

SHORTEST_M, LONGEST_M = 0.001, 10_000.0
"""From a crack gauge to a street seen from the air: what lies outside is a slip of the unit."""

SHORT_LINE_PX = 120.0
"""Below this the clicks alone leave an area open by more than 9 % (95 %): a line worth a word."""

PITCH_TWELFTHS = 1.0
"""How far a roof's pitch may be off, in twelfths, either way: as it is read from a gauge or told by
a person. Any error in between is taken to be as likely as any other."""

STEEPEST = 24 / 12
"""Rise over run of the steepest roof; what is steeper is a wall, or a slip."""

PITCHED = (
    "With a pitch the photo is taken to look straight down, and a line on it to lie level. Leave "
    "the pitch out where the camera faced the slope itself."
)

COARSEST_M = 100.0
"""Metres per pixel of the coarsest picture taken: a satellite's."""


@dataclass(frozen=True, slots=True)
class ReferenceLine:
    """A line of known length: its ends as x, y in pixels of the upright photo, metres."""

    start: tuple[float, float]
    end: tuple[float, float]
    length_m: float


def line_plane(
    line: ReferenceLine, width: int, height: int, *, focal_px: float | None = None
) -> Plane:
    """The plane that a reference line gives to everything on its surface.

    `matrix` has the line's metres per pixel everywhere, as if the camera had looked square-on. The
    draws let it look past square-on by any angle up to SQUARE_ON_DEGREES, in any direction, all
    alike, through a lens of `focal_px` pixels (where None, of any common length) that may bend
    lines; they move both clicks by CLICK_SD_PX and the length by LENGTH_SD. So the interval grows
    with the distance from the line, as the error does. `width` and `height` are of the upright
    photo, pixels. Raises ScaleError where the line can't bear a scale or leaves the photo.

    >>> plane = line_plane(ReferenceLine((100, 100), (500, 400), 2.5), 1200, 900)
    >>> plane.uniform, plane.warnings
    (0.005, ())
    >>> line_plane(ReferenceLine((5, 5), (5, 5), 2.5), 1200, 900)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    assessment.core.plane.ScaleError: The reference line is shorter than 40 pixels ...
    """
    check_line(line, width, height)
    pixels = math.dist(line.start, line.end)
    metres_per_pixel = line.length_m / pixels
    bent = lens(width, height)
    focal = focal_lengths(width, height) if focal_px is None else np.full(DRAWS, focal_px)
    away = math.radians(SQUARE_ON_DEGREES) * evenly("line tilt")
    views = tilted(away, 2 * math.pi * evenly("line direction"))
    surfaces = onto_surface(views, focal, bent.centre)
    ends = np.array([line.start, line.end]) + CLICK_SD_PX * normals("line clicks", 2, 2)
    first, second = projected(surfaces, bent.straightened(ends)).swapaxes(0, 1)
    lengths = line.length_m * (1 + LENGTH_SD * normals("line length"))
    surfaces[:, :2] *= (lengths / np.hypot(*(second - first).T))[:, None, None]
    return Plane(
        matrix=np.diag([metres_per_pixel, metres_per_pixel, 1.0]),
        draws=surfaces,
        basis=f"Scale from a reference line of {line.length_m:g} m over {pixels:.0f} pixels, "
        "assuming the camera looked square-on at the surface, within "
        f"{SQUARE_ON_DEGREES:g} degrees.",
        warnings=_line_warnings(line),
        lens=bent,
        plan=True,
    )


def gsd_plane(across_m: float, down_m: float | None = None) -> Plane:
    """The plane of a map-like picture: metres per pixel, across and down where they differ.

    It is taken as exact: what a survey states is as good as the survey, and its errors aren't
    known here. Raises ScaleError for a distance that no picture has.

    >>> plane = gsd_plane(0.5336, 0.6659)
    >>> plane.metres([[100, 100]]).round(2).tolist(), plane.affine
    ([[53.36, 66.59]], True)
    >>> gsd_plane(0.0)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    assessment.core.plane.ScaleError: A ground sample distance must lie between ...
    """
    down_m = across_m if down_m is None else down_m
    if not all(0 < each <= COARSEST_M for each in (across_m, down_m)):
        raise ScaleError(
            f"A ground sample distance must lie between 0 and {COARSEST_M:g} metres per pixel. "
            "Check the number and its unit."
        )
    matrix = np.diag([across_m, down_m, 1.0])
    size = f"{across_m:g}" if across_m == down_m else f"{across_m:g} by {down_m:g}"
    return Plane(
        matrix=matrix,
        draws=np.broadcast_to(matrix, (DRAWS, 3, 3)),
        basis=f"Scale from the stated ground sample distance of {size} m per pixel, taken as "
        "exact.",
        plan=True,
    )


def sloped(plane: Plane, rise: float, run: float) -> Plane:
    """A roof slope of pitch rise / run, seen on a plane that looks straight down.

    A slope has the area of its plan times k = sqrt(1 + (rise / run)^2). Lengths on it are between
    1 and k of their plan, by where they run; which way the slope falls isn't known, so each draw
    takes a direction of its own, and `matrix` stretches every length by sqrt(k). The pitch is
    taken as good to PITCH_TWELFTHS. Raises ScaleError for a pitch that no roof has, and for a
    plane that doesn't look straight down.

    >>> steep = sloped(gsd_plane(0.5), 12, 12)
    >>> steep.area_per_pixel([[0, 0]]).round(6).tolist()  # 0.5^2 * sqrt(2)
    [0.353553]
    >>> sloped(gsd_plane(0.5), 0, 12).area_per_pixel([[0, 0]]).tolist()
    [0.25]
    """
    if not plane.plan:
        raise ScaleError(
            "A roof's pitch can only be applied to a photo that looks straight down. "
            "Leave the pitch out; this scale measures on the surface itself."
        )
    if not (0 <= rise < math.inf and 0 < run < math.inf and rise / run <= STEEPEST):
        raise ScaleError(
            f"A roof's pitch must lie between 0 and {12 * STEEPEST:g} in 12. "
            "Check the rise and the run."
        )
    pitch = rise / run
    errors = PITCH_TWELFTHS / 12 * (2 * evenly("pitch") - 1)
    level = math.sqrt(math.hypot(1, pitch))
    return replace(
        plane,
        matrix=np.diag([level, level, 1.0]) @ plane.matrix,
        draws=_stretches(np.hypot(1, pitch + errors)) @ plane.draws,
        warnings=(*plane.warnings, PITCHED),
        basis=f"{plane.basis} Sloped surface of pitch {rise:g} in {run:g}, taken as good to "
        f"{PITCH_TWELFTHS:g} in 12.",
    )


def check_line(line: ReferenceLine, width: int, height: int) -> None:
    """Raise ScaleError unless a line can bear a scale in a photo of that size (pixels).

    Its ends may lie on the very edges.

    >>> check_line(ReferenceLine((0, 0), (400, 300), 2.5), 400, 300)
    >>> check_line(ReferenceLine((0, 0), (401, 300), 2.5), 400, 300)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    assessment.core.plane.ScaleError: An end of the reference line lies outside the photo ...
    """
    check_length(line)
    if not all(0 <= x <= width and 0 <= y <= height for x, y in (line.start, line.end)):
        raise ScaleError(
            f"An end of the reference line lies outside the photo of {width} by {height} pixels. "
            "Nothing was changed; draw the line within the photo."
        )


def check_length(line: ReferenceLine) -> None:
    """Raise ScaleError unless a line is long enough, in pixels and metres, whatever the photo.

    >>> check_length(ReferenceLine((5, 5), (5, 5), 2.5))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    assessment.core.plane.ScaleError: The reference line is shorter than 40 pixels ...
    """
    pixels = math.dist(line.start, line.end)
    if not math.isfinite(pixels):
        raise ScaleError("The ends of the reference line are not in the photo. Draw it again.")
    if pixels < SHORTEST_LINE_PX:
        raise ScaleError(
            f"The reference line is shorter than {SHORTEST_LINE_PX:g} pixels and would give no "
            "dependable scale. Choose something longer, or a closer photo."
        )
    if not SHORTEST_M <= line.length_m <= LONGEST_M:
        raise ScaleError(
            f"The reference length must lie between {SHORTEST_M:g} and {LONGEST_M:g} metres. "
            "Check the number and its unit."
        )


def _line_warnings(line: ReferenceLine) -> tuple[str, ...]:
    if math.dist(line.start, line.end) >= SHORT_LINE_PX:
        return ()
    return (
        f"The reference line is shorter than {SHORT_LINE_PX:g} pixels, so its two clicks alone "
        "leave an area open by a tenth or more. A longer line gives a narrower interval.",
    )


def _stretches(factors: Floats) -> Floats:
    """Matrices (k, 3, 3) that stretch by the factors (k,) in directions that are all alike."""
    direction = math.pi * evenly("slope direction")
    axis = np.stack([np.cos(direction), np.sin(direction), np.zeros(len(direction))], axis=1)
    along = axis[:, :, None] * axis[:, None, :]
    return np.asarray(np.eye(3) + (factors - 1)[:, None, None] * along)
