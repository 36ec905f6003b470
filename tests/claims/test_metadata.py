"""What a photo says about itself, read without ever failing."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from PIL.TiffImagePlugin import IFDRational

from claims.evidence.metadata import MAX_TEXT, NO_CLOCK, read_metadata

Angle = tuple[float | IFDRational, ...]
Tags = Mapping[Any, Any]
NO_TAGS: Tags = {}
TAKEN = "2026:05:14 17:42:08"


def photo(
    image_format: str = "JPEG", *, main: Tags = NO_TAGS, exif: Tags = NO_TAGS, gps: Tags = NO_TAGS
) -> bytes:
    tags = Image.Exif()
    tags.update(main)
    for directory, values in ((IFD.Exif, exif), (IFD.GPSInfo, gps)):
        if values:
            tags.get_ifd(directory).update(values)
            tags[directory] = tags.get_ifd(directory)
    buffer = BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, image_format, exif=tags)
    return buffer.getvalue()


def located(latitude: Angle, longitude: Angle, north: str = "N", east: str = "E") -> bytes:
    return photo(
        gps={
            GPS.GPSLatitude: latitude,
            GPS.GPSLatitudeRef: north,
            GPS.GPSLongitude: longitude,
            GPS.GPSLongitudeRef: east,
        }
    )


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_time_camera_and_orientation_are_read_from_every_format(image_format: str) -> None:
    main = {Base.Make: "Apple", Base.Model: "iPhone 13 Pro", Base.Orientation: 6}
    read = read_metadata(photo(image_format, main=main, exif={Base.DateTimeOriginal: TAKEN}))
    assert (read.make, read.model, read.orientation) == ("Apple", "iPhone 13 Pro", 6)
    assert read.taken == datetime.fromisoformat("2026-05-14 17:42:08")


def test_a_time_without_a_zone_says_so() -> None:
    read = read_metadata(photo(exif={Base.DateTimeOriginal: TAKEN}))
    assert read.offset is None
    assert read.clock == "camera clock when the picture was taken, without a time zone"


@pytest.mark.parametrize(
    ("stated", "hours"), [("+03:00", 3), ("-05:30", -5.5), ("Z", 0), ("+99:00", None), ("?", None)]
)
def test_the_offset_from_utc_is_read_if_it_makes_sense(stated: str, hours: float | None) -> None:
    exif = {Base.DateTimeOriginal: TAKEN, Base.OffsetTimeOriginal: stated}
    offset = read_metadata(photo(exif=exif)).offset
    assert offset == (None if hours is None else timedelta(hours=hours))


def test_the_time_of_the_last_change_is_named_as_such() -> None:
    read = read_metadata(photo(main={Base.DateTime: TAKEN}))
    assert read.taken is not None
    assert "when the file was last changed" in read.clock


@pytest.mark.parametrize(
    "date", ["0000:00:00 00:00:00", "    :  :     :  :  ", "2026:13:40 25:61:61", "yesterday", ""]
)
def test_a_clock_that_was_never_set_gives_no_time(date: str) -> None:
    read = read_metadata(photo(exif={Base.DateTimeOriginal: date}))
    assert (read.taken, read.clock) == (None, NO_CLOCK)


def test_a_broken_first_clock_gives_way_to_the_next() -> None:
    exif = {Base.DateTimeOriginal: "?", Base.DateTimeDigitized: TAKEN}
    assert "stored digitally" in read_metadata(photo(exif=exif)).clock


def test_texts_are_bounded_lines_of_printable_characters() -> None:
    read = read_metadata(photo(main={Base.Make: "A\x1b[31m\n" + "x" * 9_000, Base.Model: " B \0C"}))
    assert read.make == ("A[31m" + "x" * MAX_TEXT)[:MAX_TEXT]
    assert read.model == "B"


def test_a_position_is_signed_degrees() -> None:
    position = read_metadata(located((33.0, 51.0, 31.68), (118.0, 21.0, 0.0), "S", "W")).position
    assert position == pytest.approx((-33.8588, -118.35))


NO_NUMBER = IFDRational(0, 0)


@pytest.mark.parametrize(
    "no_position",
    [
        located((NO_NUMBER,) * 3, (NO_NUMBER,) * 3),
        located((0.0,) * 3, (0.0,) * 3),
        located((91.0, 0.0, 0.0), (8.0, 0.0, 0.0)),
        located((47.0, 0.0, 0.0), (8.0, 0.0, 0.0), north="", east=""),
        located((47.0, 0.0), (8.0, 0.0, 0.0)),
        photo(gps={GPS.GPSLatitude: (47.0, 0.0, 0.0), GPS.GPSLatitudeRef: "N"}),
        photo(gps={GPS.GPSVersionID: b"\2\3\0\0"}),
    ],
    ids=["no numbers", "zeros", "off the globe", "no letters", "two parts", "half", "empty"],
)
def test_a_position_that_cannot_be_is_none(no_position: bytes) -> None:
    assert read_metadata(no_position).position is None


def test_an_endless_value_is_not_unpacked() -> None:
    body = b"\1\0\0\0\3\0\0\0" * 200_000
    tag = struct.pack("<HHLL", Base.Orientation, 5, 200_000, 26)
    exif = b"II*\0\x08\0\0\0\x01\0" + tag + bytes(4) + body
    buffer = BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, "PNG", exif=exif)
    assert read_metadata(buffer.getvalue()).orientation == 1


@pytest.mark.parametrize(
    "nothing", [b"", b"\xff\xd8\xff", b"not a photo", b"II*\0\xff\xff\xff\xff"]
)
def test_a_file_that_cannot_be_read_says_nothing(nothing: bytes) -> None:
    read = read_metadata(nothing)
    assert (read.taken, read.make, read.position, read.orientation) == (None, "", None, 1)


@given(st.binary(max_size=300))
def test_any_exif_block_is_read_without_an_error(noise: bytes) -> None:
    plain = photo()
    block = b"Exif\0\0II*\0\x08\0\0\0" + noise
    segment = b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block
    assert 1 <= read_metadata(plain[:2] + segment + plain[2:]).orientation <= 8


@given(st.data())
def test_corrupted_exif_is_read_without_an_error(data: st.DataObject) -> None:
    whole = bytearray(
        photo(
            main={Base.Make: "Apple", Base.Orientation: 6},
            exif={Base.DateTimeOriginal: TAKEN},
            gps={GPS.GPSLatitude: (47.0, 1.0, 2.0), GPS.GPSLatitudeRef: "N"},
        )
    )
    places = st.integers(0, min(400, len(whole) - 1))
    for place, byte in data.draw(st.lists(st.tuples(places, st.integers(0, 255)), max_size=12)):
        whole[place] = byte
    assert 1 <= read_metadata(bytes(whole)).orientation <= 8
