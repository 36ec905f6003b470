from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from assessment.core.plane import Plane, ScaleError
from assessment.core.rectangle import CLICKS_ACROSS, Rectangle, across, rectangle_plane
from assessment.core.scale import CLICK_SD_PX
from tests.core.scenes import WIDTH, Camera, Floats, looking_at

DOOR = np.array([[-0.5, -1.0], [0.5, -1.0], [0.5, 1.0], [-0.5, 1.0]])
NO_ERROR = 1e-9


def camera(tilt_degrees: float, distance: float = 4.0) -> Camera:
    tilt = np.radians(tilt_degrees)
    return looking_at(np.zeros(2), distance, tilt, bearing=0.7, turn=0.2, focal_px=0.8 * WIDTH)


def plane_of(corners: Floats, width_m: float = 1.0, height_m: float = 2.0, **given: Any) -> Plane:
    return rectangle_plane(Rectangle(corners, width_m, height_m), 4000, 3000, **given)


def interval_beside(side_px: float, away: float) -> tuple[float, float]:
    """The 95 % interval of an area some sides away from the middle of a clicked square."""
    corners = side_px * np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]]) + 1500
    plane = plane_of(corners, 1.0, 1.0)
    areas = plane.alternative_areas_per_pixel([[1500 + away * side_px, 1500]])[:, 0]
    low, high = np.percentile(areas * side_px**2, [2.5, 97.5])
    return float(low) - 1, float(high) - 1


@pytest.mark.parametrize("tilt", [0, 20, 45, 58])
def test_what_lies_beside_a_rectangle_is_measured_truly_at_any_angle(tilt):
    seen = camera(tilt)
    plane = plane_of(seen.photo(DOOR))
    beside = np.array([[0.7, -0.4], [1.2, -0.4], [1.2, 0.6], [0.7, 0.6]])
    assert plane.metres(seen.photo(beside)) == pytest.approx(
        beside + np.array([0.5, 1.0]), abs=1e-9
    )


@pytest.mark.parametrize("start", range(4))
def test_width_belongs_to_the_first_side_wherever_the_corners_begin(start):
    corners = np.roll(camera(30).photo(DOOR), -start, axis=0)
    plane = plane_of(corners, *((1.0, 2.0) if start % 2 == 0 else (2.0, 1.0)))
    assert plane.area_per_pixel([[2000, 1500]]) == pytest.approx(
        plane_of(camera(30).photo(DOOR)).area_per_pixel([[2000, 1500]])
    )
    assert plane.metres(corners)[1] == pytest.approx([1.0 + start % 2, 0.0])


def test_corners_may_go_round_the_other_way():
    corners = camera(30).photo(DOOR)[::-1]
    assert plane_of(corners).metres(corners)[2] == pytest.approx([1.0, 2.0])


def test_corners_in_no_order_are_put_in_order_and_the_sides_to_fit():
    corners = camera(10).photo(DOOR)
    areas = set()
    for order in itertools.permutations(range(4)):
        if abs(order[0] - order[2]) == 2:
            continue  # these go round
        plane = plane_of(corners[list(order)])
        assert "not given in order" in plane.warnings[0]
        areas.add(round(float(plane.area_per_pixel([[2000, 1500]])[0]), 15))
    assert len(areas) == 1


def test_interchanged_sides_are_told():
    corners = np.array([[1000, 1000], [1400, 1000], [1400, 1566], [1000, 1566]], float)
    (warning,) = plane_of(corners, 0.27, 0.22).warnings
    assert "interchanged" in warning
    with pytest.raises(ScaleError, match="interchanged"):
        plane_of(camera(0).photo(DOOR), 2.0, 1.0)


def test_a_rectangle_that_fits_its_sides_is_not_doubted():
    assert plane_of(camera(30).photo(DOOR)).warnings == ()


@pytest.mark.parametrize(
    "corners",
    [
        [[0, 0], [400, 0], [200, 100], [200, 400]],
        [[0, 0], [400, 0], [800, 0], [400, 400]],
        [[0, 0], [400, 0], [400, 0], [0, 400]],
        [[9, 9]] * 4,
    ],
)
def test_corners_that_make_no_rectangle_are_refused(corners):
    with pytest.raises(ScaleError, match=r"don't make a rectangle|pixels across"):
        plane_of(np.array(corners, float))


@pytest.mark.parametrize("corner", [(-1, 0), (4001, 5), (float("nan"), 0), (0, float("inf"))])
def test_a_corner_outside_the_photo_is_refused(corner):
    corners = np.array([corner, (900, 0), (900, 900), (0, 900)], float)
    with pytest.raises(ScaleError, match="outside the photo of 4000 by 3000 pixels"):
        plane_of(corners)


def test_three_corners_are_refused():
    with pytest.raises(ScaleError, match="four corners"):
        plane_of(DOOR[:3])


@pytest.mark.parametrize("size", [(0, 1), (1, -1), (float("nan"), 1), (1, 1e9)])
def test_sides_that_are_none_are_refused(size):
    with pytest.raises(ScaleError, match=r"between 0\.001 and 10000 metres"):
        plane_of(camera(0).photo(DOOR), *size)


def test_a_rectangle_seen_too_obliquely_is_refused():
    with pytest.raises(ScaleError, match="more than 60 degrees past square-on"):
        plane_of(camera(68).photo(DOOR))


def test_a_bank_card_at_five_metres_is_refused():
    card = np.array([[0, 0], [0.0856, 0], [0.0856, 0.054], [0, 0.054]])
    seen = looking_at(np.zeros(2), 5.0, 0.3, 0.7, 0.2, focal_px=3000.0)
    with pytest.raises(ScaleError, match=r"only 3\d pixels across, and 100 are needed"):
        plane_of(seen.photo(card), 0.0856, 0.054)


def test_errors_beside_a_rectangle_grow_with_the_square_of_its_smallness(monkeypatch):
    monkeypatch.setattr("assessment.core.rectangle.CLICKS_ACROSS", 0.0)
    low, high = interval_beside(32, 1)  # the bank card
    assert low < -0.45
    assert high > 1.3
    low, high = interval_beside(100, 1)  # the least that is taken
    assert (low, high) == pytest.approx((-0.21, 0.28), abs=0.02)
    narrow, wide = interval_beside(400, 1), interval_beside(200, 1)
    assert np.ptp(wide) == pytest.approx(2 * np.ptp(narrow), rel=0.15)
    assert interval_beside(32, 2)[1] > 5


def test_the_least_rectangle_is_taken_and_a_smaller_one_refused():
    side = CLICKS_ACROSS * CLICK_SD_PX
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * side + 100
    assert plane_of(square, 1, 1).warnings == ()
    with pytest.raises(ScaleError, match="pixels across"):
        plane_of(square * 0.98, 1, 1)


def test_surer_corners_bear_a_smaller_rectangle():
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * 60.0 + 100
    assert plane_of(square, 1, 1, corner_sd_px=0.3).warnings == ()


def test_a_sliver_is_as_wide_as_its_narrowest_place():
    assert across([[0, 0], [300, 0], [300, 20], [0, 30]]) == pytest.approx(20, rel=0.001)
    assert across([[0, 0], [0, 0], [300, 20], [0, 30]]) == 0.0
