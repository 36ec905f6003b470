from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Polygon

from assessment.core.hatching import HATCHES, hatch, runs
from assessment.core.vocabulary import DamageType

SQUARE = [(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)]
HOLE = [(30.0, 30.0), (70.0, 30.0), (70.0, 70.0), (30.0, 70.0)]
ROUNDING = 1e-6


@st.composite
def stars(draw):
    """A star-shaped ring around the origin, between 50 and 200 away from it."""
    radii = draw(st.lists(st.floats(50, 200), min_size=3, max_size=24))
    turn = 2 * math.pi / len(radii)
    return [(r * math.cos(n * turn), r * math.sin(n * turn)) for n, r in enumerate(radii)]


def shrunk(ring: list[tuple[float, float]]) -> list[tuple[float, float]]:
    return [(0.4 * x, 0.4 * y) for x, y in ring]


@settings(deadline=None)
@given(stars(), st.floats(-180, 180), st.floats(3, 60))
def test_every_line_lies_within_the_shape_and_in_no_hole(ring, angle, step):
    shape = Polygon(ring, [shrunk(ring)]).buffer(ROUNDING)
    for run in runs([ring, shrunk(ring)], step, angle):
        assert shape.covers(LineString(run))


@settings(deadline=None)
@given(stars(), st.floats(-180, 180))
def test_lines_at_a_distance_add_up_to_the_area(ring, angle):
    step = 1.0
    shape = Polygon(ring, [shrunk(ring)])
    covered = step * sum(math.dist(*run) for run in runs([ring, shrunk(ring)], step, angle))
    assert covered == pytest.approx(shape.area, abs=step * shape.length)


def test_a_hole_is_not_hatched():
    crossing = [run for run in runs([SQUARE, HOLE], 10) if run[0][1] == 45.0]
    assert crossing == [((0.0, 45.0), (30.0, 45.0)), ((70.0, 45.0), (100.0, 45.0))]


def test_a_line_through_corners_is_counted_once():
    diamond = [(0.0, 0.0), (10.0, 5.0), (0.0, 10.0), (-10.0, 5.0)]
    assert runs([diamond], 10) == [((-10.0, 5.0), (10.0, 5.0))]


def test_parts_apart_are_hatched_apart():
    far = [(x + 300, y) for x, y in SQUARE]
    assert len(runs([SQUARE, far], 20)) == 2 * len(runs([SQUARE], 20))


def test_a_ring_without_height_has_no_lines():
    assert runs([[(0.0, 5.0), (10.0, 5.0), (20.0, 5.0)]], 10) == []


@pytest.mark.parametrize(
    ("kind", "downhill"), [(DamageType.HAIL_IMPACT, True), (DamageType.MISSING_COVERING, False)]
)
def test_falling_lines_fall_and_rising_lines_rise_on_the_screen(kind, downhill):
    for (x0, y0), (x1, y1) in hatch([SQUARE], kind):
        assert ((y1 - y0) * (x1 - x0) > 0) == downhill


def test_every_damage_type_has_a_hatch_of_its_own():
    assert set(HATCHES) == set(DamageType)
    looks = {(pattern.angles, pattern.step) for pattern in HATCHES.values()}
    assert len(looks) == len({pattern.name for pattern in HATCHES.values()}) == len(DamageType)
