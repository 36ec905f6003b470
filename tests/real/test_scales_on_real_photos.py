"""Scales on photos that somebody else took and measured."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageOps

from assessment.core.drone import drone_plane
from assessment.core.plane import ScaleError
from assessment.core.rectangle import Rectangle, rectangle_plane
from assessment.core.scale import ReferenceLine, gsd_plane, line_plane
from claims.evidence.flight import Flight, read_flight
from tests.core.scenes import Floats, interval

pytestmark = pytest.mark.shared

DRONES = ("DJI_0032.JPG", "DJI_0033.JPG")
MEASURED_GSD = 0.0169
SQUARE_M = 0.02


class Leaf(NamedTuple):
    """A photo of a red square of 2 x 2 cm beside a leaf: pixels per cm, the leaf in square cm."""

    name: str
    pixels_per_cm: float
    leaf_cm2: float


LEAVES = (Leaf("IMG_0708.jpg", 156.8, 3.60), Leaf("IMG_0709.jpg", 157.6, 2.14))


def opened(path: Path) -> NDArray[np.int64]:
    with Image.open(path) as picture:
        return np.asarray(ImageOps.exif_transpose(picture).convert("RGB")).astype(int)


def largest(mask: NDArray[Any]) -> NDArray[Any]:
    """The outline (n, 1, 2) of the largest thing in a mask, in pixels from the first's middle."""
    outlines, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return np.asarray(max(outlines, key=cv2.contourArea))


def square_in(picture: NDArray[np.int64]) -> Floats:
    red, green, blue = np.moveaxis(picture, 2, 0)
    outline = largest((red > green + 60) & (red > blue + 60))
    around = cv2.arcLength(outline, closed=True)
    corners = cv2.approxPolyDP(outline, 0.03 * around, closed=True)
    assert len(corners) == 4
    return np.asarray(corners.reshape(4, 2) + 0.5, np.float64)


def leaf_in(picture: NDArray[np.int64]) -> Floats:
    red, green, blue = np.moveaxis(picture, 2, 0)
    mask = ((green > red + 15) & (green > blue + 15)).astype(np.uint8)
    clean = np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((5, 5))))
    return np.asarray(largest(clean).reshape(-1, 2) + 0.5, np.float64)


@pytest.fixture(params=DRONES)
def flown(request, shared_data) -> Flight:
    return read_flight((shared_data / "drone" / request.param).read_bytes())


def test_a_real_drone_photo_tells_its_flight(flown):
    assert (flown.make, flown.model) == ("DJI", "FC300S")
    assert (flown.relative_altitude_m, flown.pitch) == (40.1, -89.9)
    assert flown.focal_mm == pytest.approx(3.61)
    assert (flown.stated_width, flown.stated_height) == (4000, 2250)


def test_the_measured_scale_of_a_real_drone_photo_lies_in_a_narrow_interval(flown):
    plane = drone_plane(flown, 4000, 2250)
    for place in ([2000, 1125], [800, 400], [3600, 2000]):
        lengths = plane.alternative_areas_per_pixel([place])[:, 0] ** 0.5
        low, high = np.percentile(lengths, [2.5, 97.5])
        assert low <= MEASURED_GSD <= high
        assert (high - low) / 2 < 0.06 * MEASURED_GSD


def test_a_real_drone_photo_made_smaller_is_refused(flown, shared_data):
    with Image.open(shared_data / "drone" / DRONES[0]) as picture:
        buffer = BytesIO()
        picture.resize((2000, 1125)).save(buffer, "JPEG", exif=picture.getexif())
    with pytest.raises(ScaleError, match="taken in 4000 by 2250 pixels and now has 2000 by 1125"):
        drone_plane(read_flight(buffer.getvalue()), 2000, 1125)


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.name)
def test_a_leaf_is_measured_by_a_line_within_its_truth(leaf, shared_data):
    picture = opened(shared_data / "area" / leaf.name)
    corners = square_in(picture)
    line = ReferenceLine(tuple(corners[0]), tuple(corners[1]), SQUARE_M)
    plane = line_plane(line, picture.shape[1], picture.shape[0])
    assert plane.uniform is not None
    assert 0.01 / plane.uniform == pytest.approx(leaf.pixels_per_cm, rel=0.03)
    low, high = interval(plane, leaf_in(picture)[::8], 1.0)
    assert low < leaf.leaf_cm2 * 1e-4 < high
    value = cv2.contourArea(leaf_in(picture).astype(np.float32)) * plane.uniform**2
    assert value == pytest.approx(leaf.leaf_cm2 * 1e-4, rel=0.1)


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.name)
def test_a_homography_from_a_small_square_is_unsure_enough_to_hold_the_truth(leaf, shared_data):
    picture = opened(shared_data / "area" / leaf.name)
    rectangle = Rectangle(square_in(picture), SQUARE_M, SQUARE_M)
    plane = rectangle_plane(rectangle, picture.shape[1], picture.shape[0])
    low, high = interval(plane, leaf_in(picture)[::8], 1.0)
    assert low < leaf.leaf_cm2 * 1e-4 < high


def test_a_real_aerial_photo_of_known_distance_is_measured_exactly(shared_data):
    picture = opened(shared_data / "area" / "joplin_pre_0.6m.tif")
    height, width = picture.shape[:2]
    frame = np.array([[0, 0], [width, 0], [width, height], [0, height]])
    low, high = interval(gsd_plane(0.6), frame, 0.0)
    assert low == high == pytest.approx(width * height * 0.36)
