from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from shapely import MultiPolygon, affinity

from assessment.core.hail import SIDE_M, NoSquareError, hail
from assessment.core.measure import polygons
from assessment.core.plane import projected
from assessment.core.rectangle import Rectangle, rectangle_plane
from assessment.core.scale import gsd_plane, sloped
from tests.core.scenes import Floats

CENTIMETRE = gsd_plane(0.01)
SIDE_PX = SIDE_M * 100


def slope(squares_wide: float, squares_high: float, angle: float = 0.0) -> MultiPolygon:
    """A slope that wide and high in test squares, and a little more."""
    box = shapely.box(0, 0, SIDE_PX * squares_wide + 2, SIDE_PX * squares_high + 2)
    return MultiPolygon([affinity.translate(affinity.rotate(box, angle, origin=(0, 0)), 1500, 900)])


def scattered(outline: MultiPolygon, count: int) -> Floats:
    left, top, right, bottom = outline.bounds
    points = np.random.default_rng(4).uniform((left, top), (right, bottom), (4 * count, 2))
    return points[shapely.contains_xy(outline, *points.T)][:count]


@pytest.mark.parametrize("angle", [0, 17, 45, 90, 160])
def test_squares_stand_along_the_eave_whichever_way_it_runs(angle):
    found = hail([], slope(4, 2, angle), CENTIMETRE, boundary_px=0)
    assert len(found.squares) == 8
    for square in found.squares:
        assert slope(4, 2, angle).buffer(0.01).covers(shapely.Polygon(square.corners))
        sides = np.hypot(*(np.roll(square.corners, -1, axis=0) - square.corners).T)
        assert sides == pytest.approx(SIDE_PX)


def test_squares_do_not_overlap():
    found = hail([], slope(5, 3, 30), CENTIMETRE, boundary_px=0)
    whole = shapely.union_all([shapely.Polygon(each.corners) for each in found.squares])
    assert whole.area == pytest.approx(15 * SIDE_PX**2)


def test_every_hit_counts_in_the_one_square_it_lies_in():
    outline = slope(4, 2, 20)
    hits = scattered(outline, 300)
    found = hail(hits, outline, CENTIMETRE, boundary_px=0)
    for square in found.squares:
        inside = shapely.contains_xy(shapely.Polygon(square.corners), *hits.T)
        assert square.hits == inside.sum()
    assert found.hits == 300
    assert found.mean == sum(each.hits for each in found.squares) / 8
    assert found.most == max(each.hits for each in found.squares)


def test_hits_beside_the_slope_or_in_its_holes_are_not_on_it():
    roof = slope(4, 2).geoms[0]
    chimney = affinity.translate(shapely.box(0, 0, 60, 60), 1900, 1100)
    hits = [[1930, 1130], [1600, 1000], [10, 10]]
    found = hail(hits, polygons(roof - chimney), CENTIMETRE, boundary_px=0)
    assert found.hits == 1


def test_squares_keep_clear_of_a_chimney():
    roof = slope(4, 2).geoms[0]
    chimney = affinity.translate(shapely.box(0, 0, 60, 60), 1600, 1000)
    found = hail([], polygons(roof - chimney), CENTIMETRE, boundary_px=0)
    assert len(found.squares) == 7


def test_a_gable_holds_only_whole_squares():
    gable = shapely.Polygon([(0, 0), (6 * SIDE_PX, 0), (3 * SIDE_PX, 3 * SIDE_PX)])
    found = hail([], MultiPolygon([gable]), CENTIMETRE, boundary_px=0)
    assert found.squares
    assert all(gable.buffer(0.01).covers(shapely.Polygon(each.corners)) for each in found.squares)


def test_hits_per_square_over_the_whole_slope_carry_the_outlines_error():
    outline = slope(4, 2)
    hits = scattered(outline, 80)
    found = hail(hits, outline, CENTIMETRE, boundary_px=5)
    assert found.per_square.value == pytest.approx(10, rel=0.02)
    assert found.per_square.low < 10 < found.per_square.high
    none = hail([], outline, CENTIMETRE, boundary_px=5)
    assert (none.per_square.low, none.per_square.high, none.mean, none.most) == (0.0, 0.0, 0.0, 0)


def test_squares_on_a_slope_seen_at_an_angle_are_square_on_the_slope():
    door = np.array([[1000, 800], [1900, 950], [1800, 2300], [950, 2100]], float)
    plane = rectangle_plane(Rectangle(door, 4.0, 6.0), 4000, 3000)
    back: Floats = np.asarray(np.linalg.inv(plane.matrix), np.float64)
    eave = np.array([[0.0, 0.0], [6.5, 0.0], [6.5, 6.5], [0.0, 6.5]])
    outline = MultiPolygon([shapely.Polygon(projected(back[None], eave)[0])])
    found = hail([], outline, plane, boundary_px=1)
    assert len(found.squares) == 4
    for square in found.squares:
        around = plane.metres(square.corners)
        sides = np.hypot(*(np.roll(around, -1, axis=0) - around).T)
        assert sides == pytest.approx(SIDE_M)


def test_a_pitch_makes_more_room_for_squares():
    level = hail([], slope(4, 4), CENTIMETRE, boundary_px=0)
    steep = hail([], slope(4, 4), sloped(CENTIMETRE, 12, 12), boundary_px=0)
    assert len(steep.squares) == len(level.squares)
    assert steep.per_square.value == level.per_square.value == 0
    one = scattered(slope(4, 4), 1)
    density = [hail(one, slope(4, 4), plane, boundary_px=0).per_square.value
               for plane in (CENTIMETRE, sloped(CENTIMETRE, 12, 12))]  # fmt: skip
    assert density[0] / density[1] == pytest.approx(math.sqrt(2), rel=0.01)


def test_a_slope_too_small_for_a_square_is_refused_with_what_to_do():
    with pytest.raises(NoSquareError, match=r"no test square .* over its area"):
        hail([], slope(0.9, 5), CENTIMETRE, boundary_px=0)


def test_a_slope_larger_than_any_roof_is_a_slip_of_the_scale():
    with pytest.raises(NoSquareError, match="Check the scale"):
        hail([], slope(4, 2), gsd_plane(50.0), boundary_px=0)
