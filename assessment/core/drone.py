"""A plane from what a drone's photo says of its flight: height, gimbal, lens and sensor."""

from __future__ import annotations

import math
from typing import NamedTuple, Protocol

import numpy as np

from assessment.core.camera import lens, looking_down, onto_surface
from assessment.core.plane import Floats, Plane, ScaleError, normals
from assessment.core.sensors import SENSORS

ALTITUDE_SD_M = 0.5
"""How well a drone knows its height over the take-off point in calm air; 1 standard deviation. In
wind it may be off by 2 m or more."""

TARGET_SD_M = 0.3
"""How well a person knows how far a roof lies above the take-off point; 1 standard deviation."""

LASER_SD_M, LASER_SD = 0.2, 0.0015
"""Error of a range finder, fixed and as a share of the distance (DJI Zenmuse H20 series)."""

FOCAL_SD = 0.01
"""How well the focal length in pixels is known, relative; 1 standard deviation. Published sensor
widths of one model differ by as much (FC330: 6.17 and 6.25 mm), and lenses by a little."""

STEADIED_SD_DEGREES, FIXED_SD_DEGREES = 0.5, 3.0
"""How well the camera's angles are known: held by a gimbal, or fixed to the aircraft."""

AERIAL_LENS_SD = 0.005
"""As LENS_SD of phones; drones straighten their pictures by the lens's own profile."""

SHALLOWEST_DEGREES = 35.0
"""Nearer the horizon an error of the angle grows too large: area goes with 1 / sin^3 of it."""

PLAN_DEGREES = 80.0
"""From here on a photo counts as looking straight down."""

MOST_ROLL_DEGREES = 3.0
"""A camera that is fixed to the aircraft is tipped with it; what that does to the ground is only
known to lie within FIXED_SD_DEGREES."""

HIGHEST_M = 10_000.0
"""Above any drone; beyond, the number is none."""

ROOF_M = 5.0
"""How high a roof of one storey lies, for a person to picture what its height does."""

NARROWEST_PX, WIDEST_PX = 0.3, 40.0
"""Bounds of a focal length over the photo's longer side; what lies outside is no focal length."""


class FlightFacts(Protocol):
    """What a photo says of its flight, each None where it doesn't; as claims.evidence.flight."""

    @property
    def model(self) -> str: ...
    @property
    def relative_altitude_m(self) -> float | None: ...
    @property
    def above_ground_m(self) -> float | None: ...
    @property
    def laser_m(self) -> float | None: ...
    @property
    def pitch(self) -> float | None: ...
    @property
    def roll(self) -> float | None: ...
    @property
    def steadied(self) -> bool: ...
    @property
    def focal_mm(self) -> float | None: ...
    @property
    def focal_px(self) -> float | None: ...
    @property
    def pixel_mm(self) -> float | None: ...
    @property
    def digital_zoom(self) -> float | None: ...
    @property
    def stated_width(self) -> int | None: ...
    @property
    def stated_height(self) -> int | None: ...


class _Height(NamedTuple):
    """The camera's height over the target: nominal, for each draw (DRAWS,), and how it was got."""

    metres: float
    draws: Floats
    basis: str


def drone_plane(
    flight: FlightFacts, width: int, height: int, *, above_target_m: float | None = None
) -> Plane:
    """The level plane at the height of what is measured, below a drone's camera.

    X = h R K^-1 x: the ray of a pixel, cut with the plane. `width` and `height` are of the upright
    photo, pixels; `above_target_m` is how far what is measured lies above the take-off point, to be
    taken off the relative altitude: an eave at 5 m, seen from 30 m, looks 44 % larger without. A
    laser range finder's distance is used instead of heights where there is one. Draws move the
    height, the angles and the focal length by the errors named above. Raises ScaleError where the
    photo doesn't say what is needed, was cut or resized, or looks too near the horizon.

    >>> from types import SimpleNamespace
    >>> facts = SimpleNamespace(
    ...     model="FC300S", relative_altitude_m=40.1, above_ground_m=None, laser_m=None,
    ...     pitch=-90.0, roll=0.0, steadied=True, focal_mm=3.61, focal_px=None, pixel_mm=None,
    ...     digital_zoom=None, stated_width=4000, stated_height=2250)
    >>> plane = drone_plane(facts, 4000, 2250)
    >>> round(float(plane.area_per_pixel([[2000, 1125]])[0]) ** 0.5, 5)
    0.01713
    >>> facts.relative_altitude_m = None
    >>> drone_plane(facts, 4000, 2250)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    assessment.core.plane.ScaleError: The photo doesn't say how high above the ground ...
    """
    _check_size(flight, width, height)
    _check_roll(flight)
    depression = _depression(flight)
    focal = _focal_px(flight, width, height)
    spread = math.radians(STEADIED_SD_DEGREES if flight.steadied else FIXED_SD_DEGREES)
    down = math.radians(depression) + spread * normals("drone pitch")
    turn = math.radians(flight.roll or 0.0)
    above = _height(flight, down, depression, above_target_m)
    bent = lens(width, height, sd=AERIAL_LENS_SD)
    focals = focal * (1 + FOCAL_SD * normals("drone focal length"))
    rolls = turn + spread * normals("drone roll")
    draws = onto_surface(looking_down(down, rolls), focals, bent.centre)
    draws[:, :2] *= above.draws[:, None, None]
    view = looking_down([math.radians(depression)], [turn])
    return Plane(
        matrix=np.diag([above.metres, above.metres, 1.0])
        @ onto_surface(view, focal, bent.centre)[0],
        draws=draws,
        basis=f"{above.basis} The camera looked {depression:.1f} degrees below the horizon, with a "
        f"focal length of {focal:.0f} pixels; what is measured is taken to be level.",
        warnings=_warnings(flight, above_target_m, above.metres),
        lens=bent,
        plan=depression >= PLAN_DEGREES,
    )


def _check_roll(flight: FlightFacts) -> None:
    if not flight.steadied and abs(flight.roll or 0.0) > MOST_ROLL_DEGREES:
        raise ScaleError(
            f"The aircraft was rolled by {flight.roll:.0f} degrees when it took the photo, and the "
            "camera with it. Use a photo from level flight, or another scale."
        )


def _check_size(flight: FlightFacts, width: int, height: int) -> None:
    stated = (flight.stated_width, flight.stated_height)
    if None in stated:
        raise ScaleError(
            "The photo doesn't say in what size it was taken, so it may have been cut or resized. "
            "Use the file as the drone wrote it, or another scale."
        )
    if sorted(each or 0 for each in stated) != sorted((width, height)):
        raise ScaleError(
            f"The photo was taken in {stated[0]} by {stated[1]} pixels and now has {width} by "
            f"{height}: it was cut or resized. Use the file as the drone wrote it, or another "
            "scale."
        )
    if flight.digital_zoom is not None and flight.digital_zoom > 1:
        raise ScaleError(
            "The photo was taken with digital zoom, so its pixels are not those of the sensor. "
            "Use a photo without digital zoom, or another scale."
        )


def _depression(flight: FlightFacts) -> float:
    if flight.pitch is None:
        raise ScaleError(
            "The photo doesn't say where the camera pointed. Use the file as the drone wrote it, "
            "or another scale."
        )
    depression = -flight.pitch if flight.pitch >= -90 else 180 + flight.pitch
    if depression < SHALLOWEST_DEGREES:
        raise ScaleError(
            f"The camera looked {max(depression, 0.0):.0f} degrees below the horizon, and at least "
            f"{SHALLOWEST_DEGREES:g} are needed: so near the horizon the errors grow too large. "
            "Use a photo that looks down more steeply."
        )
    return depression


def _focal_px(flight: FlightFacts, width: int, height: int) -> float:
    focal = flight.focal_px
    if focal is None:
        pitch = _sensor_pitch_mm(flight, width, height) or flight.pixel_mm
        if pitch is None or flight.focal_mm is None:
            raise ScaleError(
                f"The camera {flight.model or 'of this photo'} is not known well enough: its "
                "sensor's width or its focal length is missing. Use another scale."
            )
        focal = flight.focal_mm / pitch
    if not NARROWEST_PX <= focal / max(width, height) <= WIDEST_PX:
        raise ScaleError(
            "The focal length that the photo states can't be right. Use another scale."
        )
    return focal


def _sensor_pitch_mm(flight: FlightFacts, width: int, height: int) -> float | None:
    """The pitch of the photo's pixels, where it has its sensor's full width or height, or twice."""
    sensor = SENSORS.get(flight.model.upper())
    if sensor is None:
        return None
    longer, shorter = max(width, height), min(width, height)
    for times in (1, 2):  # sensors of four pixels to a colour cell give photos of twice the size
        if longer == times * sensor.across or shorter == times * sensor.down:
            return sensor.width_mm / sensor.across / times
    return None


def _height(
    flight: FlightFacts, down: Floats, depression: float, above_target_m: float | None
) -> _Height:
    if flight.laser_m is not None:
        spread = LASER_SD_M + LASER_SD * flight.laser_m
        return _positive(
            flight.laser_m * math.sin(math.radians(depression)),
            (flight.laser_m + spread * normals("laser")) * np.sin(down),
            f"Scale from the drone's laser range finder, {flight.laser_m:.1f} m to the middle of "
            "the photo.",
        )
    stated = flight.above_ground_m if flight.relative_altitude_m is None else None
    altitude = flight.relative_altitude_m if stated is None else stated
    if altitude is None:
        raise ScaleError(
            "The photo doesn't say how high above the ground it was taken; its height above sea "
            "level doesn't serve. Use another scale."
        )
    target = above_target_m or 0.0
    draws = altitude - target + ALTITUDE_SD_M * normals("altitude")
    if above_target_m is not None:
        draws = draws + TARGET_SD_M * normals("target height")
    over = "the take-off point" if stated is None else "the ground"
    return _positive(
        altitude - target,
        np.asarray(draws),
        f"Scale from the drone's height of {altitude:.1f} m over {over}, taken as good to "
        f"{ALTITUDE_SD_M:g} m, and what is measured {target:g} m above it.",
    )


def _positive(metres: float, draws: Floats, basis: str) -> _Height:
    if metres > HIGHEST_M:
        raise ScaleError(
            f"The photo says that it was taken from {metres:.4g} m, where no drone flies. "
            "Use the file as the drone wrote it, or another scale."
        )
    if not metres > 6 * ALTITUDE_SD_M:
        raise ScaleError(
            f"By its heights the camera was {metres:.1f} m above what is measured, too close for "
            "the drone's own errors. Check how far that lies above the take-off point."
        )
    return _Height(metres, draws, basis)


def _overstated(height_m: float) -> float:
    """By how many per cent an area ROOF_M nearer than that is measured too large."""
    return 100 * ((height_m / (height_m - ROOF_M)) ** 2 - 1)


def _warnings(
    flight: FlightFacts, above_target_m: float | None, height_m: float
) -> tuple[str, ...]:
    if flight.laser_m is not None:
        return (
            "The range finder tells the distance to the middle of the photo. What lies higher or "
            "lower than that point is measured too large or too small.",
        )
    if above_target_m is None:
        above = f"A roof {ROOF_M:g} m above it is measured {_overstated(height_m):.0f} % too large"
        return (
            "What is measured is taken to lie at the height of the take-off point. "
            f"{above if height_m > 2 * ROOF_M else 'A roof above it is measured far too large'}: "
            "tell how far it lies above, or scale the photo by a line of known length on it.",
        )
    return ()
