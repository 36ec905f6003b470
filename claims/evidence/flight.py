"""What a drone's photo says about its flight: height, where the camera pointed, and its lens.

As with all metadata it is a claim of the file: reading never fails, and what can't be read is
absent. Heights above sea level are not read at all: they are barometric, drift by the day, and
say nothing of the height above what is seen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from PIL.ExifTags import IFD, Base
from PIL.ImageFile import ImageFile

from claims.evidence.metadata import (
    READER_ERRORS,
    media_type_of,
    open_as,
    printable,
    quiet_readers,
    tags_of,
)

MAX_XMP_BYTES = 1_000_000
XMP_TAG = 700  # where TIFF keeps it

_NUMBER = re.compile(r"[+-]?\d{1,9}(\.\d{0,12})?\Z", re.ASCII)
_MM_OF_UNIT = {2: 25.4, 3: 10.0, 4: 1.0}  # EXIF FocalPlaneResolutionUnit: inch, cm, mm

_DJI = "drone-dji"
_PIX4D = "Camera"
"""The prefix of senseFly, Parrot and Pix4D, in one namespace or the other
(http://ns.sensefly.com/Camera/1.0/, http://pix4d.com/camera/1.0/)."""


@dataclass(frozen=True, slots=True)
class Flight:
    """What the file says, each None where it doesn't; lengths in metres, angles in degrees.

    `relative_altitude_m` is the height over the take-off point, `above_ground_m` the height over
    ground that some makers state instead, `laser_m` the distance along the camera's axis by a laser
    range finder. `pitch` is of the camera, 0 level and -90 straight down, `roll` its turn to the
    right, `camera_yaw` and `flight_yaw` clockwise from north. `steadied` tells that a gimbal held
    the camera; otherwise the angles are the aircraft's. `focal_mm` is the lens's own length and
    `focal_px` the maker's in pixels of the photo as taken, `pixel_mm` the pitch of its pixels,
    `digital_zoom` the enlargement of a cut-out. `stated_width` and `stated_height` are the size in
    pixels that the photo was taken in.
    """

    make: str
    model: str
    relative_altitude_m: float | None
    above_ground_m: float | None
    laser_m: float | None
    pitch: float | None
    roll: float | None
    camera_yaw: float | None
    flight_yaw: float | None
    steadied: bool
    focal_mm: float | None
    focal_px: float | None
    pixel_mm: float | None
    digital_zoom: float | None
    stated_width: int | None
    stated_height: int | None

    @property
    def is_flown(self) -> bool:
        """Whether the file says anything that only a drone's photo does."""
        told = (self.relative_altitude_m, self.above_ground_m, self.laser_m, self.pitch)
        return any(each is not None for each in told)


def read_flight(data: bytes) -> Flight:
    """Read what an accepted photo says about the flight it was taken on."""
    with quiet_readers():
        try:
            picture = open_as(media_type_of(data), data)
        except READER_ERRORS:
            return _from_tags({}, {}, "")
        return _from_tags(tags_of(picture, None), tags_of(picture, IFD.Exif), _xmp(picture))


def _from_tags(main: Mapping[int, Any], exif: Mapping[int, Any], xmp: str) -> Flight:
    steadied = _stated(xmp, _DJI, "GimbalPitchDegree") is not None
    pitch, roll, yaw = _angles(xmp, steadied=steadied)
    return Flight(
        make=printable(main.get(Base.Make)),
        model=printable(main.get(Base.Model)),
        relative_altitude_m=_stated(xmp, _DJI, "RelativeAltitude"),
        above_ground_m=_stated(xmp, _PIX4D, "AboveGroundAltitude"),
        laser_m=_laser(xmp),
        pitch=pitch,
        roll=roll,
        camera_yaw=yaw,
        flight_yaw=_stated(xmp, _DJI, "FlightYawDegree"),
        steadied=steadied,
        focal_mm=_positive(exif.get(Base.FocalLength))
        or _positive(_stated(xmp, _PIX4D, "PerspectiveFocalLength")),
        focal_px=_positive(_stated(xmp, _DJI, "CalibratedFocalLength")),
        pixel_mm=_pixel_mm(exif),
        digital_zoom=_positive(exif.get(Base.DigitalZoomRatio)),
        stated_width=_whole(exif.get(Base.ExifImageWidth)),
        stated_height=_whole(exif.get(Base.ExifImageHeight)),
    )


def _angles(xmp: str, *, steadied: bool) -> tuple[float | None, float | None, float | None]:
    """Pitch, roll and yaw, in DJI's sense of pitch."""
    if steadied:
        pitch, roll, yaw = (
            _stated(xmp, _DJI, f"Gimbal{each}Degree") for each in ("Pitch", "Roll", "Yaw")
        )
        return pitch, roll, yaw
    pitch, roll, yaw = (_stated(xmp, _PIX4D, each) for each in ("Pitch", "Roll", "Yaw"))
    # senseFly and Pix4D count from straight down.
    return None if pitch is None else pitch - 90, roll, yaw


def _laser(xmp: str) -> float | None:
    """The range finder's distance; it writes zero, or a status, where it met nothing."""
    status = _written(xmp, _DJI, "LRFStatus")
    return _positive(_stated(xmp, _DJI, "LRFTargetDistance")) if status in ("", "Normal") else None


def _pixel_mm(exif: Mapping[int, Any]) -> float | None:
    resolution = _positive(exif.get(Base.FocalPlaneXResolution))
    unit = _MM_OF_UNIT.get(exif.get(Base.FocalPlaneResolutionUnit, 0))
    return unit / resolution if resolution and unit else None


def _xmp(picture: ImageFile) -> str:
    written = picture.info.get("xmp")
    if written is None:
        written = getattr(picture, "tag_v2", {}).get(XMP_TAG)
    if not isinstance(written, bytes) or len(written) > MAX_XMP_BYTES:
        return ""
    return written.decode("utf-8", "replace")


def _stated(xmp: str, prefix: str, name: str) -> float | None:
    written = _written(xmp, prefix, name)
    return float(written) if _NUMBER.match(written) else None


def _written(xmp: str, prefix: str, name: str) -> str:
    """A value as attribute or as element; the prefixes are fixed in practice, so no XML parser
    with its bombs is needed."""
    found = re.search(rf'[\s<]{prefix}:{name}(?:\s*=\s*["\']|>)([^"\'<]{{0,60}})["\'<]', xmp)
    return found[1].strip() if found else ""


def _positive(value: object) -> float | None:
    try:
        number = float(value)  # type: ignore[arg-type]
    except READER_ERRORS:
        return None
    return number if isfinite(number) and number > 0 else None


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and value > 0 else None
