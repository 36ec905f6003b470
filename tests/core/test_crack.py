from __future__ import annotations

import math
import time

import numpy as np
import pytest
import shapely
from shapely import MultiPolygon, affinity

from assessment.core.crack import crack, length_and_width
from assessment.core.measure import Measured
from assessment.core.scale import ReferenceLine, gsd_plane, line_plane
from tests.core.scenes import HEIGHT, WIDTH, Floats
from tests.core.test_coverage import by_line, field
from tests.core.test_skeleton import around, ring, wave

MILLIMETRE = gsd_plane(0.001)
LINE = line_plane(ReferenceLine((1000, 1200), (2000, 1300), 2.0), WIDTH, HEIGHT)


def bar(length: float, width: float, angle: float = 0.0) -> MultiPolygon:
    straight = shapely.box(1000, 1000, 1000 + length, 1000 + width)
    return MultiPolygon([affinity.rotate(straight, angle)])


def spread(measured: Measured) -> float:
    return (measured.high - measured.low) / 2 / measured.value


@pytest.mark.parametrize("width", [1, 2, 3, 10])
@pytest.mark.parametrize("angle", [0, 20, 45, 110])
def test_a_straight_crack_has_its_length_and_both_widths(width, angle):
    told = length_and_width(bar(400, width, angle), MILLIMETRE, boundary_px=0)
    assert told.length.value == pytest.approx(0.4, rel=0.01)
    assert told.mean_width.value == pytest.approx(width / 1000, rel=0.01)
    assert told.widest.value == pytest.approx(width / 1000, rel=0.02)


def test_a_wedge_is_as_wide_as_its_end_and_half_as_wide_on_average():
    wedge = MultiPolygon([shapely.Polygon([(0, 15), (1000, 0), (1000, 30)])])
    told = length_and_width(wedge, MILLIMETRE, boundary_px=0)
    assert told.mean_width.value == pytest.approx(0.015, rel=0.02)
    assert told.widest.value == pytest.approx(0.030, rel=0.05)


def test_pixels_that_are_not_square_stretch_length_and_width_apart():
    flat = gsd_plane(0.002, 0.001)
    lying, standing = (length_and_width(bar(400, 8, turn), flat, boundary_px=0) for turn in (0, 90))
    assert lying.length.value == pytest.approx(0.8, rel=0.01)
    assert lying.widest.value == pytest.approx(0.008, rel=0.02)
    assert standing.length.value == pytest.approx(0.4, rel=0.01)
    assert standing.widest.value == pytest.approx(0.016, rel=0.02)


def test_the_longest_way_goes_through_the_fork_to_the_farther_ends():
    fork = (400, 150)
    shape, _ = around([(100, 150), fork], [fork, (900, 150)], [fork, (420, 50)], width=4)
    told = length_and_width(shape, MILLIMETRE, boundary_px=0)
    assert told.longest.value == pytest.approx(0.8, rel=0.01)
    assert told.length.value == pytest.approx(0.8 + math.hypot(20, 100) / 1000, rel=0.01)


def test_a_ring_is_gone_around_once():
    told = length_and_width(ring(100, 3), MILLIMETRE, boundary_px=0)
    assert told.length.value == pytest.approx(0.2 * math.pi, rel=0.01)
    assert told.longest.value == told.length.value


def test_a_boundary_adds_to_the_ends_and_to_the_width():
    told = length_and_width(bar(400, 20), MILLIMETRE, boundary_px=2)
    assert told.widest.high - told.widest.value == pytest.approx(2 * 1.96 * 0.002, rel=0.02)
    ends, lines = 2 * 1.96 * 0.002, 1.96 * 0.005 * 0.4
    assert told.length.high - told.length.value == pytest.approx(math.hypot(ends, lines), rel=0.1)
    assert spread(told.mean_width) > spread(told.length)


def test_a_ring_has_no_ends_that_a_boundary_could_move():
    sharp, blurred = (
        length_and_width(ring(100, 6), MILLIMETRE, boundary_px=px).length for px in (0, 2)
    )
    assert sharp == Measured(blurred.value, blurred.low, blurred.high, sharp.basis)


def test_widths_never_fall_below_zero():
    told = length_and_width(bar(400, 2), MILLIMETRE, boundary_px=5)
    assert told.mean_width.low == told.widest.low == 0.0


def test_the_same_crack_gives_the_same_digits():
    shape, _ = wave(4)
    first, second = (length_and_width(shape, LINE, boundary_px=2) for _ in range(2))
    assert first == second


def crack_on(rng: np.random.Generator, span: float) -> tuple[Floats, float, float]:
    """The outline of a winding crack on a surface, its length and its width, in metres."""
    x = np.linspace(-span / 2, span / 2, 150)
    y = rng.uniform(0.02, 0.1) * span * np.sin(x / span * rng.uniform(5, 15))
    turn = rng.uniform(0, math.pi)
    axes = np.array([[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]])
    middle = shapely.LineString(np.column_stack([x, y]) @ axes)
    width = span / 75
    outline = shapely.get_coordinates(middle.buffer(width / 2, cap_style="flat"))
    return outline[:-1], middle.length, width


def test_intervals_of_length_and_width_hold_the_truth_about_as_often_as_they_say():
    rng = np.random.default_rng(5)
    held = np.zeros(3)
    for _ in range(60):
        plane, camera, damage = by_line(rng)
        outline, length, width = crack_on(rng, 0.3 * field(camera))
        outline += damage.mean(axis=0)
        while not camera.sees(outline):
            outline -= damage.mean(axis=0) / 5
        seen = shapely.Polygon(camera.photo(outline)).buffer(2 * rng.standard_normal())
        told = length_and_width(MultiPolygon([seen]), plane, boundary_px=2)
        truths = ((told.length, length), (told.mean_width, width), (told.widest, width))
        held += [each.low <= truth <= each.high for each, truth in truths]
    assert (held >= 53).all(), held


@pytest.mark.parametrize("times", [8, 9, 12, 50])
def test_a_shape_is_like_a_crack_from_ten_times_as_long_as_wide(times):
    found = crack(bar(20 * times, 20, 30), MILLIMETRE, boundary_px=0)
    assert (found is not None) == (times > 10)


def test_many_hits_together_are_no_crack():
    hits = [shapely.Point(40 * x, 40 * y).buffer(8) for x in range(8) for y in range(8)]
    assert crack(MultiPolygon(hits), MILLIMETRE, boundary_px=0) is None


def test_a_patch_with_a_ragged_edge_is_no_crack():
    angles = np.linspace(0, 2 * math.pi, 400, endpoint=False)
    radii = 300 + 60 * (np.arange(400) % 2)
    patch = shapely.Polygon(500 + (radii * np.array([np.cos(angles), np.sin(angles)])).T)
    assert patch.length**2 / 4 > 10 * patch.area
    assert crack(MultiPolygon([patch]), MILLIMETRE, boundary_px=0) is None


def test_what_has_no_middle_line_has_no_length():
    dot = MultiPolygon([shapely.box(10, 10, 11, 11)])
    told = length_and_width(dot, MILLIMETRE, boundary_px=0)
    assert told.length.value <= 0.0015


def test_a_winding_crack_takes_less_than_half_a_second():
    shape, _ = wave(2)

    def seconds() -> float:
        begun = time.process_time()
        crack(shape, LINE, boundary_px=2)
        return time.process_time() - begun

    assert min(seconds() for _ in range(3)) < 0.5
