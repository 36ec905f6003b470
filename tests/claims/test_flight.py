"""What drones write about their flight, and what is made of nonsense."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.ExifTags import IFD, Base

from claims.evidence.flight import XMP_TAG, Flight, read_flight

Tags = Mapping[Any, Any]
NO_TAGS: Tags = {}

DJI = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description
   drone-dji:AbsoluteAltitude="+198.61" drone-dji:RelativeAltitude="+40.10"
   drone-dji:GimbalRollDegree="+0.00" drone-dji:GimbalYawDegree="+42.00"
   drone-dji:GimbalPitchDegree="-89.90" drone-dji:FlightYawDegree="+39.70"
   drone-dji:CalibratedFocalLength="3666.666504"
   drone-dji:LRFStatus="Normal" drone-dji:LRFTargetDistance="54.103"/></rdf:RDF></x:xmpmeta>"""
ELEMENTS = """<rdf:Description>
   <drone-dji:RelativeAltitude>-3.5</drone-dji:RelativeAltitude>
   <drone-dji:GimbalPitchDegree> -60.0 </drone-dji:GimbalPitchDegree></rdf:Description>"""
SENSEFLY = """<rdf:Description xmlns:Camera="http://pix4d.com/camera/1.0/"
   Camera:Yaw="91.5" Camera:Pitch="4.5" Camera:Roll="-2" Camera:AboveGroundAltitude="118.2"
   Camera:PerspectiveFocalLength="10.6"/>"""


def photo(xmp: str, image_format: str = "JPEG", exif: Tags = NO_TAGS, model: str = "") -> bytes:
    tags = Image.Exif()
    tags[Base.Make], tags[Base.Model] = "DJI", model
    if image_format == "TIFF":
        tags[XMP_TAG] = xmp.encode()
    if exif:
        tags.get_ifd(IFD.Exif).update(exif)
        tags[IFD.Exif] = tags.get_ifd(IFD.Exif)
    buffer = BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, image_format, exif=tags, xmp=xmp.encode())
    return buffer.getvalue()


def dji(**changes: str) -> Flight:
    xmp = DJI
    for name, value in changes.items():
        start = xmp.index(f"{name}=") + len(name) + 2
        xmp = xmp[:start] + value + xmp[xmp.index('"', start) :]
    return read_flight(photo(xmp))


@pytest.mark.parametrize("image_format", ["JPEG", "TIFF", "WEBP"])
def test_the_flight_of_a_dji_is_read_from_every_format(image_format):
    flight = read_flight(photo(DJI, image_format, model="FC6310"))
    assert (flight.make, flight.model) == ("DJI", "FC6310")
    assert (flight.relative_altitude_m, flight.above_ground_m) == (40.1, None)
    assert (flight.pitch, flight.roll, flight.camera_yaw) == (-89.9, 0.0, 42.0)
    assert (flight.flight_yaw, flight.steadied) == (39.7, True)
    assert (flight.focal_px, flight.laser_m) == (3666.666504, 54.103)


def test_heights_above_sea_level_are_not_read():
    assert 198.61 not in [getattr(read_flight(photo(DJI)), name) for name in Flight.__slots__]


def test_values_written_as_elements_are_read():
    flight = read_flight(photo(ELEMENTS))
    assert (flight.relative_altitude_m, flight.pitch) == (-3.5, -60.0)


def test_a_sensefly_counts_its_pitch_from_straight_down():
    flight = read_flight(photo(SENSEFLY))
    assert (flight.pitch, flight.roll, flight.camera_yaw) == (-85.5, -2.0, 91.5)
    assert (flight.above_ground_m, flight.focal_mm) == (118.2, 10.6)
    assert not flight.steadied


@pytest.mark.parametrize(
    "written", ["", "NaN", "inf", "1e400", "40,1", "forty", "9" * 40, "--4", "<b>", "4\n0"]
)
def test_a_height_that_is_no_number_is_absent(written):
    assert dji(RelativeAltitude=written).relative_altitude_m is None


@pytest.mark.parametrize(
    "changes", [{"LRFStatus": "TooFar"}, {"LRFTargetDistance": "0.000"}, {"LRFTargetDistance": "x"}]
)
def test_a_laser_that_met_nothing_is_absent(changes):
    assert dji(**changes).laser_m is None


def test_the_lens_and_the_size_are_read_from_exif():
    flight = read_flight(
        photo(
            "",
            exif={
                Base.FocalLength: 8.8,
                Base.DigitalZoomRatio: 2.0,
                Base.ExifImageWidth: 5472,
                Base.ExifImageHeight: 3648,
                Base.FocalPlaneXResolution: 4200.0,
                Base.FocalPlaneResolutionUnit: 3,
            },
        )
    )
    assert flight.focal_mm == pytest.approx(8.8)
    assert flight.digital_zoom == 2.0
    assert (flight.stated_width, flight.stated_height) == (5472, 3648)
    assert flight.pixel_mm == pytest.approx(10 / 4200)


@pytest.mark.parametrize("unit", [0, 1, 9])
def test_a_resolution_without_a_unit_of_length_tells_nothing(unit):
    exif = {Base.FocalPlaneXResolution: 4200.0, Base.FocalPlaneResolutionUnit: unit}
    assert read_flight(photo("", exif=exif)).pixel_mm is None


def test_an_ordinary_photo_tells_of_no_flight():
    buffer = BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, "JPEG")
    flight = read_flight(buffer.getvalue())
    assert (flight.relative_altitude_m, flight.pitch, flight.focal_mm) == (None, None, None)


@given(st.binary(max_size=300))
def test_reading_never_fails(data):
    for each in (data, photo(DJI)[: len(data) + 20] + data):
        assert isinstance(read_flight(each), Flight)


@given(st.text(max_size=200))
def test_no_text_in_the_place_of_flight_data_makes_reading_fail(text):
    assert isinstance(read_flight(photo(DJI.replace("+40.10", text))), Flight)


@pytest.mark.parametrize("xmp", [DJI, ELEMENTS, SENSEFLY])
def test_what_only_a_drone_tells_makes_a_flight(xmp):
    assert read_flight(photo(xmp)).is_flown


def test_a_lens_alone_makes_no_flight():
    exif = {Base.FocalLength: 4.2, Base.ExifImageWidth: 4000, Base.ExifImageHeight: 3000}
    assert not read_flight(photo("", exif=exif)).is_flown
