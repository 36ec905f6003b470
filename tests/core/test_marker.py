from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from assessment.core.marker import CORNER_SD_PX, DICTIONARIES, Marker, find, marker_plane
from assessment.core.plane import ScaleError
from tests.core.scenes import Camera, Floats, area, blob, interval, looking_at

FINER = 4
"""Scenes are drawn so many times finer than the photo and averaged, as a sensor does."""

CELL = 24


@dataclass(frozen=True)
class Printed:
    """A marker on the surface: its dictionary, number, side in metres and its corners there."""

    dictionary: str
    number: int
    side_m: float
    corners: Floats

    @property
    def pattern(self) -> NDArray[np.uint8]:
        markers = cv2.aruco.getPredefinedDictionary(DICTIONARIES[self.dictionary])
        side = (markers.markerSize + 2) * CELL
        return np.asarray(cv2.aruco.generateImageMarker(markers, self.number, side), np.uint8)


def printed(dictionary: str, number: int = 7, side_m: float = 0.15, at=(0.0, 0.0)) -> Printed:
    turn = np.array([[0.95, 0.31], [-0.31, 0.95]]) / np.hypot(0.95, 0.31)
    square = side_m * (np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) - 0.5) @ turn
    return Printed(dictionary, number, side_m, square + at)


def photo(camera: Camera, *markers: Printed, noise: float = 4.0, blur: float = 0.9):
    """Grey walls with markers on them, as a camera with noise and blur sees them."""
    rng = np.random.default_rng(3)
    coarse = rng.standard_normal((camera.height // 16 + 1, camera.width // 16 + 1), np.float32)
    shade = cv2.resize(coarse, (camera.width, camera.height))
    picture = np.asarray(150 + 25 * shade, np.float64)
    for each in markers:
        _paste(picture, each.pattern, camera.photo(each.corners))
    blurred = np.asarray(cv2.GaussianBlur(picture, (0, 0), blur))
    picture = blurred + noise * rng.standard_normal(blurred.shape, np.float32)
    return np.clip(picture, 0, 255).astype(np.uint8)


def _paste(picture: Floats, pattern: NDArray[np.uint8], corners: Floats) -> None:
    """Draw a pattern with its white margin between corners, in place."""
    framed = cv2.copyMakeBorder(pattern, CELL, CELL, CELL, CELL, cv2.BORDER_CONSTANT, value=255)
    side = len(pattern)
    inner = CELL + np.array([[0, 0], [side, 0], [side, side], [0, side]], float)
    reach = int(0.4 * np.ptp(corners, axis=0).max()) + 8
    low = np.floor(corners.min(axis=0)).astype(int) - reach
    width, height = np.ceil(corners.max(axis=0)).astype(int) + reach - low
    onto = cv2.getPerspectiveTransform(
        (inner - 0.5).astype(np.float32), ((corners - low) * FINER - 0.5).astype(np.float32)
    )
    size = (int(width) * FINER, int(height) * FINER)
    ink = cv2.warpPerspective(framed.astype(np.float32), onto, size, borderValue=-1)
    small = cv2.resize(ink, (int(width), int(height)), interpolation=cv2.INTER_AREA)
    drawn = (ink >= 0).astype(np.float32)
    covered = cv2.resize(drawn, (int(width), int(height)), interpolation=cv2.INTER_AREA)
    place = picture[low[1] : low[1] + height, low[0] : low[0] + width]
    place[covered == 1] = 30 + 180 / 255 * small[covered == 1]


def over_wall(
    tilt: float = 0.4, distance: float = 3.0, width: int = 2000, height: int = 1500
) -> Camera:
    return looking_at(
        np.zeros(2), distance, tilt, 0.6, 0.1, focal_px=0.8 * width, width=width, height=height
    )


def off(found: Marker, camera: Camera, marker: Printed) -> Floats:
    return found.corners - camera.photo(marker.corners)


@cache
def ordinary() -> tuple[Camera, Printed, NDArray[np.uint8]]:
    camera, marker = over_wall(), printed("APRILTAG_36h11")
    return camera, marker, photo(camera, marker)


@pytest.mark.parametrize(
    "dictionary", ["DICT_4X4_50", "DICT_5X5_100", "DICT_6X6_250", "APRILTAG_16h5", "APRILTAG_36h11"]
)
def test_a_marker_is_found_with_its_number_and_its_corners_in_order(dictionary):
    camera, marker = over_wall(), printed(dictionary)
    (found,) = find(photo(camera, marker), dictionary)
    assert found.number == 7
    assert abs(off(found, camera, marker)).max() < 3 * CORNER_SD_PX


@pytest.mark.parametrize(("side_m", "blur"), [(0.08, 0.8), (0.15, 1.2), (0.5, 1.5)])
def test_corners_are_found_as_well_as_is_documented(side_m, blur):
    errors = []
    for tilt in (0.0, 0.4, 0.7):
        camera, marker = over_wall(tilt), printed("DICT_4X4_50", side_m=side_m)
        (found,) = find(photo(camera, marker, blur=blur), "DICT_4X4_50")
        errors.append(off(found, camera, marker))
    assert np.sqrt(np.mean(np.square(errors))) < 1.1 * CORNER_SD_PX


def test_a_small_marker_is_found_in_a_large_photo():
    camera = over_wall(tilt=0.2, distance=10.0, width=5664, height=4248)
    marker = printed("APRILTAG_36h11", side_m=0.134, at=(3.1, -1.2))
    side = np.linalg.norm(np.diff(camera.photo(marker.corners)[:2], axis=0))
    assert side == pytest.approx(65, abs=3)
    (found,) = find(photo(camera, marker), "APRILTAG_36h11")
    assert abs(off(found, camera, marker)).max() < 3 * CORNER_SD_PX


def test_a_marker_on_the_seam_of_two_tiles_is_found_once():
    camera = over_wall(tilt=0.0, width=2600, height=500)
    for across in (0.14, 0.5):
        marker = printed("DICT_4X4_50", at=(across, 0.0))
        assert len(find(photo(camera, marker), "DICT_4X4_50")) == 1


def test_an_area_beside_a_marker_is_measured_within_its_interval():
    camera, marker, picture = ordinary()
    plane = marker_plane(picture, marker.dictionary, marker.side_m)
    damage = blob(np.random.default_rng(1), np.array([0.35, 0.1]), 0.15)
    low, high = interval(plane, camera.photo(damage), 0.0)
    assert low < area(damage) < high
    assert (high - low) / 2 < 0.15 * area(damage)
    assert plane.basis.startswith("Scale from marker 7 of APRILTAG_36h11, 0.15 by 0.15 m.")
    assert "good to 0.3 pixels" in plane.basis


def test_a_colour_photo_is_searched_as_well():
    camera, marker, picture = ordinary()
    (found,) = find(np.repeat(picture[..., None], 3, axis=2), marker.dictionary)
    assert abs(off(found, camera, marker)).max() < 3 * CORNER_SD_PX


def test_a_marker_of_another_dictionary_is_not_found():
    _, _, picture = ordinary()
    with pytest.raises(ScaleError, match="No marker of DICT_5X5_50 was found"):
        marker_plane(picture, "DICT_5X5_50", 0.15)


def test_several_markers_are_refused_until_one_is_named():
    camera = over_wall()
    left, right = (printed("DICT_4X4_50", n, at=(x, 0.0)) for n, x in ((3, -0.5), (12, 0.5)))
    picture = photo(camera, left, right)
    with pytest.raises(ScaleError, match=r"Several markers of DICT_4X4_50 .* \(3, 12\)"):
        marker_plane(picture, "DICT_4X4_50", 0.15)
    plane = marker_plane(picture, "DICT_4X4_50", 0.15, number=12)
    assert plane.metres(camera.photo(right.corners))[2] == pytest.approx([0.15, 0.15], abs=0.002)
    with pytest.raises(ScaleError, match="No marker of DICT_4X4_50, number 5, was found"):
        marker_plane(picture, "DICT_4X4_50", 0.15, number=5)


def test_two_markers_of_one_number_are_two():
    camera = over_wall()
    twins = [printed("DICT_4X4_50", 3, at=(x, 0.0)) for x in (-0.5, 0.5)]
    with pytest.raises(ScaleError, match=r"Several .* \(3, 3\)"):
        marker_plane(photo(camera, *twins), "DICT_4X4_50", 0.15, number=3)


def test_a_dictionary_that_is_not_known_is_refused_with_those_that_are():
    with pytest.raises(ScaleError, match=r"No markers are called QR\. .*APRILTAG_36h11"):
        find(np.zeros((50, 50), np.uint8), "QR")


@pytest.mark.parametrize("size", [(1, 1), (5, 4000), (30, 30)])
def test_a_photo_too_small_for_a_marker_holds_none(size):
    assert find(np.zeros(size, np.uint8), "DICT_4X4_50") == ()
