from __future__ import annotations

import numpy as np
import pytest

from assessment.core.camera import lens, looking_down, onto_surface, tilted
from assessment.core.plane import DRAWS, Lens, Plane, ScaleError, normals
from assessment.core.scale import (
    SHORT_LINE_PX,
    SQUARE_ON_DEGREES,
    ReferenceLine,
    gsd_plane,
    line_plane,
    sloped,
)

SQUARE = np.array([[1000, 1000], [1400, 1000], [1400, 1400], [1000, 1400]], float)
LINE = ReferenceLine((1000.0, 1200.0), (2000.0, 1200.0), 2.0)


def spread(plane: Plane, point: tuple[float, float]) -> float:
    """Half the 95 % interval of a pixel's area, as a share of its median."""
    low, middle, high = np.percentile(
        plane.alternative_areas_per_pixel([point])[:, 0], [2.5, 50, 97.5]
    )
    return float((high - low) / 2 / middle)


def far_over(depression: float) -> Plane:
    """A plane seen at an angle, from 10 m above it."""
    matrix = onto_surface(looking_down([np.radians(depression)], [0.0]), 1000.0, (500.0, 500.0))
    matrix[:, :2] *= 10
    return Plane(matrix[0], np.broadcast_to(matrix, (DRAWS, 3, 3)), "")


def test_the_same_line_gives_the_same_digits():
    first, second = line_plane(LINE, 4000, 3000), line_plane(LINE, 4000, 3000)
    assert np.array_equal(first.draws, second.draws)


def test_random_numbers_cannot_be_changed_by_who_uses_them():
    with pytest.raises(ValueError, match="read-only"):
        normals("corners", 4, 2)[0] = 0


def test_errors_are_spread_as_their_distribution_without_chance():
    numbers = normals("some purpose", 3)
    assert np.percentile(numbers, [2.5, 50, 97.5], axis=0) == pytest.approx(
        np.array([[-1.96] * 3, [0.0] * 3, [1.96] * 3]), abs=0.005
    )
    assert abs(np.corrcoef(numbers.T) - np.eye(3)).max() < 0.1


def test_boundary_errors_are_independent_of_the_errors_of_the_scale():
    boundary = normals("boundary")
    clicks = normals("line clicks", 2, 2).reshape(DRAWS, 4)
    assert abs(np.corrcoef(boundary, clicks.T)[0, 1:]).max() < 0.1


def test_every_alternative_of_a_line_has_the_length_of_the_line():
    plane = line_plane(LINE, 4000, 3000)
    ends = plane.alternatives([LINE.start, LINE.end])
    lengths = np.hypot(*(ends[:, 1] - ends[:, 0]).T)
    assert np.median(lengths) == pytest.approx(2.0, rel=0.002)
    assert np.std(lengths) == pytest.approx(2.0 * np.hypot(0.005, 2 * 2**0.5 / 1000), rel=0.1)


def test_a_line_is_surer_beside_itself_than_far_away():
    plane = line_plane(LINE, 4000, 3000)
    near, far = spread(plane, (1500, 1200)), spread(plane, (3500, 2500))
    assert near < 0.15
    assert far > 2 * near


def test_a_line_knows_less_of_the_direction_across_it():
    plane = line_plane(LINE, 4000, 3000)
    across = plane.alternatives([(1500, 700), (1500, 1700)])
    lengths = np.hypot(*(across[:, 1] - across[:, 0]).T)
    limit = 1 / np.cos(np.radians(SQUARE_ON_DEGREES))
    assert np.percentile(lengths, 97.5) > 2.0 * (1 + 0.5 * (limit - 1))


def test_a_short_line_is_warned_of():
    short = ReferenceLine((1000, 1000), (1000 + SHORT_LINE_PX - 1, 1000), 0.2)
    (warning,) = line_plane(short, 4000, 3000).warnings
    assert "shorter than 120 pixels" in warning


def test_a_known_focal_length_narrows_a_plane():
    known = line_plane(LINE, 4000, 3000, focal_px=4000.0)
    assert spread(known, (3500, 2500)) < spread(line_plane(LINE, 4000, 3000), (3500, 2500))


def test_a_line_outside_the_photo_makes_no_plane():
    with pytest.raises(ScaleError, match="outside the photo"):
        line_plane(LINE, 1500, 1500)


def test_a_ground_sample_distance_is_exact():
    plane = gsd_plane(0.6)
    assert plane.affine
    assert np.ptp(plane.alternative_areas_per_pixel(SQUARE)) == 0
    assert abs(plane.covariance).max() < 1e-24


def test_pixels_that_are_not_square_are_measured_as_they_are():
    metres = gsd_plane(0.5336, 0.6659).metres(SQUARE)
    assert np.ptp(metres, axis=0) == pytest.approx([400 * 0.5336, 400 * 0.6659])


@pytest.mark.parametrize("distance", [0.0, -0.6, float("nan"), float("inf"), 101.0])
def test_a_distance_that_no_picture_has_is_refused(distance):
    with pytest.raises(ScaleError, match="ground sample distance"):
        gsd_plane(0.6, distance)


@pytest.mark.parametrize(("rise", "factor"), [(0, 1.0), (6, 1.118), (12, 1.4142)])
def test_a_slope_is_larger_than_its_plan_by_its_pitch(rise, factor):
    plan, slope = gsd_plane(0.1), sloped(gsd_plane(0.1), rise, 12)
    larger = slope.area_per_pixel(SQUARE[:1]) / plan.area_per_pixel(SQUARE[:1])
    assert larger[0] == pytest.approx(factor, rel=1e-4)


@pytest.mark.parametrize(("rise", "expected"), [(4, 0.025), (12, 0.042)])
def test_an_error_of_the_pitch_weighs_as_much_as_is_published(rise, expected):
    plane = sloped(gsd_plane(0.1), rise, 12)
    assert spread(plane, (0, 0)) == pytest.approx(0.95 * expected, rel=0.1)


def test_lengths_on_a_slope_lie_between_those_of_the_plan_and_of_the_fall():
    plane = sloped(gsd_plane(0.1), 12, 12)
    ends = plane.alternatives([(0, 0), (100, 0)])
    lengths = np.hypot(*(ends[:, 1] - ends[:, 0]).T)
    assert lengths.min() == pytest.approx(10.0, rel=0.01)
    assert lengths.max() == pytest.approx(10.0 * np.hypot(1, 13 / 12), rel=0.01)


@pytest.mark.parametrize("pitch", [(-1, 12), (6, 0), (6, -12), (25, 12), (float("nan"), 12)])
def test_a_pitch_that_no_roof_has_is_refused(pitch):
    with pytest.raises(ScaleError, match="pitch must lie between 0 and 24 in 12"):
        sloped(gsd_plane(0.1), *pitch)


def test_a_pitch_is_refused_on_a_photo_that_does_not_look_straight_down():
    with pytest.raises(ScaleError, match="looks straight down"):
        sloped(far_over(45), 6, 12)


def test_what_lies_beyond_the_horizon_is_refused():
    plane = far_over(20)
    assert plane.metres([[500, 500]])[0] == pytest.approx([0, -10 / np.tan(np.radians(20))])
    with pytest.raises(ScaleError, match="beyond the horizon"):
        plane.metres([[500, 500], [500, 100]])


def test_an_alternative_beyond_the_horizon_is_enormous_and_never_nan():
    metres = far_over(20).alternatives([[500, 500], [500, 100]])
    assert np.isfinite(metres).all()
    assert abs(metres).max() > 1e6


def test_the_area_of_a_pixel_is_the_area_of_its_square():
    plane = far_over(50)
    tiny = np.array([[700, 600], [700.1, 600], [700.1, 600.1], [700, 600.1]])
    x, y = plane.metres(tiny).T
    shoelace = abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2
    assert plane.area_per_pixel([[700.05, 600.05]])[0] == pytest.approx(shoelace / 0.01, rel=1e-6)


def test_a_bent_lens_enlarges_the_edges_as_its_points_move():
    bent = Lens(np.array([500.0, 500.0]), 500.0, np.full(DRAWS, 0.02))
    plane = Plane(np.eye(3), np.broadcast_to(np.eye(3), (DRAWS, 3, 3)), "", lens=bent)
    tiny = np.array([[900, 600], [900.1, 600], [900.1, 600.1], [900, 600.1]])
    x, y = plane.alternatives(tiny, slice(0, 1))[0].T
    shoelace = abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2
    stated = plane.alternative_areas_per_pixel([[900.05, 600.05]], slice(0, 1))[0, 0]
    assert stated == pytest.approx(shoelace / 0.01, rel=1e-6)
    assert plane.alternatives([[1000, 500]])[0, 0] == pytest.approx([1010, 500])


def test_a_slice_of_the_draws_is_that_part_of_all():
    plane = line_plane(LINE, 4000, 3000)
    part = slice(700, 710)
    assert np.array_equal(plane.alternatives(SQUARE)[part], plane.alternatives(SQUARE, part))
    assert np.array_equal(
        plane.alternative_areas_per_pixel(SQUARE)[part],
        plane.alternative_areas_per_pixel(SQUARE, part),
    )


def test_nothing_has_no_metres():
    plane = line_plane(LINE, 4000, 3000)
    assert plane.alternatives([]).shape == (DRAWS, 0, 2)
    assert plane.area_per_pixel([]).shape == (0,)


def test_the_covariance_of_a_line_is_symmetric_and_leaves_the_last_entry_fixed():
    covariance = line_plane(LINE, 4000, 3000).covariance
    assert covariance.shape == (9, 9)
    assert np.allclose(covariance, covariance.T)
    assert not covariance[8].any()


def test_a_tilted_camera_is_turned_and_not_stretched():
    views = tilted(np.radians([0, 10, 20]), [0.3, 1.0, 2.0])
    assert np.allclose(views @ views.transpose(0, 2, 1), np.eye(3))
    assert np.degrees(np.arccos(views[:, 2, 2])) == pytest.approx([0, 10, 20])


def test_lenses_bend_either_way_by_what_is_documented():
    bends = lens(4000, 3000).strength
    assert np.std(bends) == pytest.approx(0.015, rel=0.05)
    assert abs(np.mean(bends)) < 0.001
