"""What a photo file says about itself: when, where, with what, and which way up.

All of it is a claim of the file, easily wrong and easily forged: shown to people with its source,
never taken as fact. Reading never fails; what can't be read is absent.
"""

from __future__ import annotations

import re
import struct
import warnings
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from math import isfinite
from typing import Any

from pi_heif import HeifImageFile
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

MAX_TEXT = 120  # characters of a make or model; real ones stay below 40
MAX_EXIF_BYTES = 1_000_000  # the standard allows 64 kB; a value may blow up fiftyfold when read

# What readers were seen to raise on hostile files, beyond their documented errors. MemoryError is
# among them since a header may ask for more than any photo needs.
READER_ERRORS = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)

_STARTS: Mapping[str, re.Pattern[bytes]] = {
    "image/jpeg": re.compile(rb"\xff\xd8\xff"),
    "image/png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "image/webp": re.compile(rb"RIFF....WEBP", re.DOTALL),
    "image/tiff": re.compile(rb"(II\*\0|MM\0\*)(?!....CR)", re.DOTALL),
    "image/heic": re.compile(
        rb"....ftyp(hei[cxms]|hev[cxms]|m[is]f1(?!.{0,60}?avi[fs]))", re.DOTALL
    ),
}

_READERS: Mapping[str, type[ImageFile]] = {
    "image/jpeg": JpegImageFile,
    "image/png": PngImageFile,
    "image/webp": WebPImageFile,
    "image/tiff": TiffImageFile,
    "image/heic": HeifImageFile,
}

# The clocks of a photo, best first: date, offset from UTC, and what the pair means.
_CLOCKS = (
    (Base.DateTimeOriginal, Base.OffsetTimeOriginal, "when the picture was taken"),
    (Base.DateTimeDigitized, Base.OffsetTimeDigitized, "when the picture was stored digitally"),
    (Base.DateTime, Base.OffsetTime, "when the file was last changed"),
)
NO_CLOCK = "the file carries no readable date"


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the file claims. `taken` is the local time of the camera's clock, without a zone;
    `offset` its distance from UTC if stated; `clock` words on where the time comes from.

    `position` is latitude and longitude in degrees (WGS 84), north and east positive.
    """

    taken: datetime | None
    offset: timedelta | None
    clock: str
    make: str
    model: str
    orientation: int
    position: tuple[float, float] | None


def read_metadata(data: bytes) -> Metadata:
    """Read what an accepted photo says about itself; whatever is unreadable is absent."""
    with quiet_readers():
        try:
            media_type = media_type_of(data)
            picture = open_as(media_type, data)
        except READER_ERRORS:
            return _from_tags({}, {}, {}, 1)
        main = tags_of(picture, None)
        exif = tags_of(picture, IFD.Exif)
        gps = tags_of(picture, IFD.GPSInfo)
        return _from_tags(main, exif, gps, stated_orientation(media_type, picture))


def media_type_of(data: bytes) -> str:
    """The media type by content; raises LookupError for anything that isn't taken as a photo."""
    for media_type, start in _STARTS.items():
        if start.match(data):
            return media_type
    raise LookupError


def open_as(media_type: str, data: bytes) -> ImageFile:
    """Open without decoding. The reader is called directly: `Image.open` has limits of its own.

    Raises any of READER_ERRORS.
    """
    return _READERS[media_type](BytesIO(data))


@contextmanager
def quiet_readers() -> Iterator[None]:
    """Keep Pillow's warnings about odd metadata and big pictures to itself; our limits decide.

    The filter names Pillow alone: threads that cross here can at worst leave Pillow quiet.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"PIL\.")
        yield


def stated_orientation(media_type: str, picture: ImageFile) -> int:
    """The EXIF orientation 1..8 of a picture not yet decoded; 1 where it is absent or nonsense."""
    stated = tags_of(picture, None).get(Base.Orientation)
    if media_type == "image/heic":  # its reader resets the tag and remembers what it was
        stated = picture.info.get("original_orientation")
    return stated if isinstance(stated, int) and 1 <= stated <= 8 else 1


def tags_of(picture: ImageFile, directory: IFD | None) -> Mapping[int, Any]:
    if len(picture.info.get("exif") or b"") > MAX_EXIF_BYTES:
        return {}
    try:
        # The base method: the one for PNG decodes the whole picture in search of a late tag.
        exif = Image.Image.getexif(picture)
        return dict(exif if directory is None else exif.get_ifd(directory))
    except READER_ERRORS:
        return {}


def _from_tags(
    main: Mapping[int, Any], exif: Mapping[int, Any], gps: Mapping[int, Any], orientation: int
) -> Metadata:
    taken, offset, clock = _clock({**main, **exif})
    return Metadata(
        taken=taken,
        offset=offset,
        clock=clock,
        make=printable(main.get(Base.Make)),
        model=printable(main.get(Base.Model)),
        orientation=orientation,
        position=_position(gps),
    )


def _clock(tags: Mapping[int, Any]) -> tuple[datetime | None, timedelta | None, str]:
    for date_tag, offset_tag, meaning in _CLOCKS:
        if taken := _date(printable(tags.get(date_tag))):
            offset = _offset(printable(tags.get(offset_tag)))
            zone = "with its offset from UTC" if offset is not None else "without a time zone"
            return taken, offset, f"camera clock {meaning}, {zone}"
    return None, None, NO_CLOCK


def _date(text: str) -> datetime | None:
    """EXIF writes 2016:05:01 12:33:44, and blanks or zeros where the clock was never set."""
    parts = re.fullmatch(r"(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d:\d\d:\d\d)", text, re.ASCII)
    if parts is None:
        return None
    try:
        return datetime.fromisoformat("{}-{}-{} {}".format(*parts.groups()))
    except ValueError:
        return None


def _offset(text: str) -> timedelta | None:
    parts = re.fullmatch(r"([+-])([01]\d):([0-5]\d)", text, re.ASCII)
    if text == "Z" or parts is None:
        return timedelta(0) if text == "Z" else None
    size = timedelta(hours=int(parts[2]), minutes=int(parts[3]))
    return -size if parts[1] == "-" else size


def printable(value: object) -> str:
    """A bounded line of printable text; anything else in the tag counts as absent."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return ""
    line = value[: 4 * MAX_TEXT].partition("\0")[0]
    return "".join(c for c in line if c.isprintable()).strip()[:MAX_TEXT]


def _position(gps: Mapping[int, Any]) -> tuple[float, float] | None:
    latitude = _angle(gps.get(GPS.GPSLatitude), gps.get(GPS.GPSLatitudeRef), "NS", 90)
    longitude = _angle(gps.get(GPS.GPSLongitude), gps.get(GPS.GPSLongitudeRef), "EW", 180)
    if latitude is None or longitude is None:
        return None
    # Devices without a fix write zeros; nobody insures a house in the Gulf of Guinea.
    return None if latitude == longitude == 0 else (latitude, longitude)


def _angle(value: object, reference: object, letters: str, limit: float) -> float | None:
    """Degrees, minutes and seconds as one signed number of degrees, or None."""
    letter = printable(reference)[:1].upper()
    if not isinstance(value, tuple) or len(value) != 3 or letter not in set(letters):
        return None
    try:
        degrees, minutes, seconds = (float(part) for part in value)
    except READER_ERRORS:
        return None
    angle = degrees + minutes / 60 + seconds / 3600
    if not isfinite(angle) or not 0 <= angle <= limit:
        return None
    return -angle if letter == letters[1] else angle
