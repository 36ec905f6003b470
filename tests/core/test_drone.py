from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from assessment.core.drone import FlightFacts, drone_plane
from assessment.core.plane import Plane, ScaleError
from claims.evidence.flight import Flight

PHANTOM = Flight(
    make="DJI",
    model="FC6310",
    relative_altitude_m=30.0,
    above_ground_m=None,
    laser_m=None,
    pitch=-90.0,
    roll=0.0,
    camera_yaw=10.0,
    flight_yaw=12.0,
    steadied=True,
    focal_mm=8.8,
    focal_px=None,
    pixel_mm=None,
    digital_zoom=None,
    stated_width=5472,
    stated_height=3648,
)
FOCAL_PX = 8.8 / (13.2 / 5472)


def plane(flight: FlightFacts = PHANTOM, **given: float) -> Plane:
    return drone_plane(flight, 5472, 3648, **given)


def changed(**facts: Any) -> Flight:
    return replace(PHANTOM, **facts)


def metres_per_pixel(of: Plane) -> float:
    return float(of.area_per_pixel([[2736, 1824]])[0] ** 0.5)


def spread(of: Plane) -> float:
    """Half the 95 % interval of a length in the middle of the photo, as a share."""
    lengths = of.alternative_areas_per_pixel([[2736, 1824]])[:, 0] ** 0.5
    low, middle, high = np.percentile(lengths, [2.5, 50, 97.5])
    return float((high - low) / 2 / middle)


def test_straight_down_a_pixel_is_height_over_focal_length():
    assert metres_per_pixel(plane()) == pytest.approx(30 / FOCAL_PX)


def test_a_roof_is_nearer_than_the_ground():
    assert metres_per_pixel(plane(above_target_m=5.0)) == pytest.approx(25 / FOCAL_PX)
    too_large = metres_per_pixel(plane()) / metres_per_pixel(plane(above_target_m=5.0))
    assert too_large**2 == pytest.approx(1.44)


def test_a_target_of_unknown_height_is_warned_of_and_a_told_one_is_not():
    (warning,) = plane().warnings
    assert "height of the take-off point" in warning
    assert plane(above_target_m=0.0).warnings == ()


def test_height_and_focal_length_make_the_interval():
    expected = 1.96 * np.hypot(0.5 / 30, 0.01)
    assert spread(plane()) == pytest.approx(expected, rel=0.05)
    with_roof = 1.96 * np.sqrt((0.5 / 25) ** 2 + (0.3 / 25) ** 2 + 0.01**2)
    assert spread(plane(above_target_m=5.0)) == pytest.approx(with_roof, rel=0.05)


def test_an_angle_stretches_the_ground_ahead():
    oblique = plane(changed(pitch=-45.0))
    distance = 30 / np.sin(np.radians(45))
    expected = (distance / FOCAL_PX) ** 2 / np.sin(np.radians(45))
    assert oblique.area_per_pixel([[2736, 1824]])[0] == pytest.approx(expected)
    above, below = oblique.area_per_pixel([[2736, 500], [2736, 3000]])
    assert above > below
    assert spread(oblique) > spread(plane())


def test_the_ground_below_a_tilted_camera_is_where_its_rays_meet_it():
    oblique = plane(changed(pitch=-60.0))
    x, y = oblique.metres([[2736, 1824]])[0]
    assert (x, y) == pytest.approx((0, -30 / np.tan(np.radians(60))))
    aside = oblique.metres([[2736 + FOCAL_PX, 1824]])[0]
    assert aside[0] == pytest.approx(30 / np.sin(np.radians(60)))


def test_a_camera_rolled_to_its_side_still_sees_the_same_areas():
    upright, rolled = plane(), plane(changed(roll=90.0))
    assert metres_per_pixel(upright) == pytest.approx(metres_per_pixel(rolled))


def test_a_camera_that_looks_past_straight_down_looks_back():
    assert metres_per_pixel(plane(changed(pitch=-95.0))) == pytest.approx(
        metres_per_pixel(plane(changed(pitch=-85.0)))
    )


def test_a_laser_counts_before_heights():
    measured = plane(changed(laser_m=20.0), above_target_m=3.0)
    assert metres_per_pixel(measured) == pytest.approx(20 / FOCAL_PX)
    assert spread(measured) == pytest.approx(1.96 * np.hypot(0.23 / 20, 0.01), rel=0.05)
    assert "range finder" in measured.basis


def test_a_height_above_ground_serves_where_no_other_is_stated():
    flight = changed(relative_altitude_m=None, above_ground_m=120.0, steadied=False)
    assert metres_per_pixel(plane(flight)) == pytest.approx(120 / FOCAL_PX)


def test_a_camera_without_gimbal_is_less_sure_of_its_angle():
    steady, loose = changed(pitch=-60.0), changed(pitch=-60.0, steadied=False)
    assert spread(plane(loose)) > 2 * spread(plane(steady))


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"relative_altitude_m": None}, "how high above the ground"),
        ({"relative_altitude_m": 1.0}, "too close"),
        ({"relative_altitude_m": 5e8}, "where no drone flies"),
        ({"steadied": False, "roll": 10.0}, "rolled by 10 degrees"),
        ({"pitch": None}, "where the camera pointed"),
        ({"pitch": -34.0}, "34 degrees below the horizon, and at least 35"),
        ({"pitch": 20.0}, "0 degrees below the horizon"),
        ({"stated_width": 4000}, "taken in 4000 by 3648 pixels and now has 5472 by 3648"),
        ({"stated_width": None}, "in what size it was taken"),
        ({"digital_zoom": 2.0}, "digital zoom"),
        ({"focal_mm": None}, "not known well enough"),
        ({"model": "Unheard of"}, "camera Unheard of is not known well enough"),
        ({"model": ""}, "camera of this photo is not known"),
        ({"focal_px": 3.6}, "focal length that the photo states can't be right"),
    ],
)
def test_a_photo_that_cannot_bear_a_scale_is_refused_with_the_reason(facts, reason):
    with pytest.raises(ScaleError, match=reason):
        plane(changed(**facts))


def test_a_roof_as_high_as_the_drone_is_refused():
    with pytest.raises(ScaleError, match=r"0\.0 m above what is measured"):
        plane(above_target_m=30.0)


def test_a_photo_turned_upright_keeps_its_size():
    turned = drone_plane(PHANTOM, 3648, 5472)
    assert turned.area_per_pixel([[1824, 2736]])[0] ** 0.5 == pytest.approx(30 / FOCAL_PX)


@pytest.mark.parametrize("size", [(5472, 3078), (4864, 3648)])
def test_a_format_that_uses_part_of_the_sensor_keeps_its_pixels(size):
    flight = changed(stated_width=size[0], stated_height=size[1])
    part = drone_plane(flight, *size)
    middle = [[size[0] / 2, size[1] / 2]]
    assert part.area_per_pixel(middle)[0] ** 0.5 == pytest.approx(30 / FOCAL_PX)


def test_a_size_that_is_not_the_sensors_is_refused():
    with pytest.raises(ScaleError, match="not known well enough"):
        drone_plane(changed(stated_width=3840, stated_height=2160), 3840, 2160)


def test_photos_of_twice_the_size_have_pixels_of_half_the_pitch():
    flight = changed(model="FC3170", focal_mm=4.5, stated_width=8000, stated_height=6000)
    fine = drone_plane(flight, 8000, 6000)
    expected = 30 / (4.5 / (6.4 / 8000))
    assert fine.area_per_pixel([[4000, 3000]])[0] ** 0.5 == pytest.approx(expected)


def test_the_makers_focal_length_in_pixels_counts_first():
    assert metres_per_pixel(plane(changed(focal_px=3666.67))) == pytest.approx(30 / 3666.67)


def test_an_unknown_camera_that_states_its_pixels_is_taken():
    flight = changed(model="Unheard of", pixel_mm=0.0024)
    assert metres_per_pixel(plane(flight)) == pytest.approx(30 / (8.8 / 0.0024))


def test_only_a_photo_that_looks_down_may_take_a_roof_pitch():
    assert plane(changed(pitch=-88.0)).plan
    assert not plane(changed(pitch=-70.0)).plan
