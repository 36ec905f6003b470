from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon

from assessment.core.measure import (
    Measured,
    area,
    areas,
    polygons,
    share,
    share_of,
    total,
)
from assessment.core.plane import DRAWS, Plane, ScaleError
from assessment.core.polygons import outline
from assessment.core.scale import ReferenceLine, gsd_plane, line_plane
from tests.core.scenes import HEIGHT, WIDTH
from tests.core.specimens import CIRCLE, FRAME, masked

UNTIMED = settings(deadline=None)
LINE = line_plane(ReferenceLine((1000, 1200), (2000, 1300), 2.0), WIDTH, HEIGHT)
CENTIMETRE = gsd_plane(0.01)
SQUARE = MultiPolygon([shapely.box(0, 0, 100, 100)])


def box(left: float, top: float, right: float, bottom: float) -> MultiPolygon:
    return MultiPolygon([shapely.box(left, top, right, bottom)])


def half_width(measured: Measured) -> float:
    return (measured.high - measured.low) / 2 / measured.value


def test_an_area_is_square_pixels_times_the_scale_squared():
    (circle,) = outline([masked(CIRCLE.grid)], *FRAME)
    assert area(circle, CENTIMETRE, boundary_px=0).value == pytest.approx(
        CIRCLE.area_px / 10_000, rel=1e-4
    )


def test_the_basis_tells_scale_and_boundary():
    assert area(SQUARE, CENTIMETRE, boundary_px=1.5).basis == (
        f"{CENTIMETRE.basis} The outline is assumed good to 1.5 pixels, 1 standard deviation."
    )


def test_a_known_distance_and_an_exact_outline_leave_nothing_open():
    measured = area(box(0, 0, 300, 200), gsd_plane(0.5336, 0.6659), boundary_px=0)
    assert measured.low == measured.high == measured.value
    assert measured.value == pytest.approx(300 * 200 * 0.5336 * 0.6659, rel=1e-12)


def test_half_of_all_draws_lie_on_each_side_of_the_value():
    drawn = areas(box(1000, 1000, 1400, 1400), LINE, boundary_px=3)
    measured = area(box(1000, 1000, 1400, 1400), LINE, boundary_px=3)
    assert (drawn < measured.value).sum() == DRAWS / 2
    assert ((measured.low < drawn) & (drawn < measured.high)).mean() == 0.95


def test_a_boundary_counts_with_its_length_rims_of_holes_included():
    solid = box(0, 0, 100, 100)
    holed = polygons(shapely.box(0, 0, 100, 100) - shapely.box(30, 30, 70, 70))
    for shape, rim in ((solid, 400), (holed, 560)):
        measured = area(shape, CENTIMETRE, boundary_px=1)
        assert measured.high - measured.value == pytest.approx(1.96 * rim / 1e4, rel=5e-3)


def test_an_area_never_falls_below_zero():
    measured = area(box(0, 0, 1000, 1), CENTIMETRE, boundary_px=5)
    assert measured.low == 0.0
    assert measured.high > 5 * measured.value


def test_the_same_inputs_give_the_same_digits():
    outline = shapely.Point(2000, 1500).buffer(300)
    first, second = (
        area(
            MultiPolygon([outline]),
            line_plane(ReferenceLine((1000, 1200), (2000, 1300), 2.0), WIDTH, HEIGHT),
            boundary_px=2,
        )
        for _ in range(2)
    )
    assert first == second


def test_corners_in_a_straight_side_change_nothing():
    outline = box(1000, 1000, 1800, 1600)
    finer = MultiPolygon([shapely.segmentize(outline.geoms[0], 1.0)])
    coarse, fine = (area(each, LINE, boundary_px=0) for each in (outline, finer))
    assert fine.value == pytest.approx(coarse.value, rel=1e-9)


def test_an_outline_farther_from_the_reference_is_less_certain():
    near = area(box(1300, 1000, 1700, 1400), LINE, boundary_px=0)
    far = area(box(3500, 2500, 3900, 2900), LINE, boundary_px=0)
    assert half_width(far) > 1.2 * half_width(near)


def test_an_outline_over_the_horizon_is_refused():
    tilted = np.eye(3)
    tilted[2, 0] = -1 / 1500
    plane = Plane(tilted, np.broadcast_to(tilted, (DRAWS, 3, 3)), "")
    with pytest.raises(ScaleError, match="horizon"):
        area(box(1000, 1000, 1800, 1600), plane, boundary_px=0)


@pytest.mark.parametrize("boundary_px", [-1.0, float("nan"), float("inf")])
def test_an_error_that_is_no_length_is_refused(boundary_px):
    with pytest.raises(ValueError, match="must be a length"):
        area(box(0, 0, 1, 1), CENTIMETRE, boundary_px=boundary_px)


def test_a_share_is_surer_than_either_area():
    slope, damage = box(500, 500, 3500, 2500), box(1500, 1000, 2500, 2000)
    told = share_of(damage, slope, LINE, boundary_px=0, element_px=0)
    assert told.value == pytest.approx(1 / 6, rel=0.05)
    assert half_width(told) < half_width(area(damage, LINE, boundary_px=0)) / 2


def test_a_share_counts_only_what_lies_on_the_element():
    half_beside = box(-50, 0, 50, 100)
    told = share_of(half_beside, box(0, 0, 100, 100), CENTIMETRE, boundary_px=0, element_px=0)
    assert told.value == pytest.approx(0.5)


def test_what_covers_an_element_wholly_is_all_of_it_whatever_its_edge():
    told = share_of(
        box(-50, -50, 150, 150), box(0, 0, 100, 100), CENTIMETRE, boundary_px=3, element_px=5
    )
    assert (told.low, told.value, told.high) == (1.0, 1.0, 1.0)


def test_the_edge_of_the_element_makes_a_share_less_certain():
    parts = box(25, 25, 75, 75), box(0, 0, 100, 100)
    sharp = share_of(*parts, CENTIMETRE, boundary_px=0, element_px=0)
    blurred = share_of(*parts, CENTIMETRE, boundary_px=0, element_px=3)
    assert sharp.low == sharp.high == 0.25
    assert blurred.low < 0.25 < blurred.high


def test_a_share_of_nothing_is_refused():
    with pytest.raises(ValueError, match="no area"):
        share_of(box(0, 0, 1, 1), MultiPolygon(), CENTIMETRE, boundary_px=0, element_px=0)


def test_a_share_is_the_covered_part_of_the_photo():
    assert share(SQUARE, 400, 100) == 0.25


def test_a_share_is_never_above_one():
    width, height = 1883, 1558
    corners = [(0, 0), (width, 0), (width, height), (0, height)]
    between = [
        (0.49 * width, 0),
        (width, 0.89 * height),
        (0.93 * width, height),
        (0, 0.36 * height),
    ]
    ring = [point for pair in zip(corners, between, strict=True) for point in pair]
    full = MultiPolygon([shapely.Polygon(ring)])
    assert full.area > width * height
    assert share(full, width, height) == 1.0


POSITIVE = st.floats(0, 1e6)


@UNTIMED
@given(st.lists(st.tuples(POSITIVE, POSITIVE, POSITIVE).map(sorted), max_size=5))
def test_the_ends_of_a_total_are_the_totals_of_the_ends(triples):
    whole = total([Measured(value, low, high, "x") for low, value, high in triples])
    sums = [math.fsum(column) for column in zip(*triples, strict=True)] or [0, 0, 0]
    assert [whole.low, whole.value, whole.high] == sums


def test_a_total_is_no_surer_than_uncorrelated_errors_would_make_it():
    parts = [area(SQUARE, CENTIMETRE, boundary_px=1.0)] * 4
    single = parts[0].high - parts[0].value
    whole = total(parts)
    assert whole.high - whole.value == pytest.approx(4 * single)
    assert whole.high - whole.value > math.sqrt(4) * single


def test_a_total_tells_each_basis_once():
    part = Measured(1, 1, 1, "Line A.")
    assert total([part, part, Measured(1, 1, 1, "Line B.")]).basis == (
        "Sum of 3 areas, their intervals added end to end. Line A. Line B."
    )
