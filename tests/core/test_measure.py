from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon

from assessment.core.measure import Measured, area, share, total
from assessment.core.polygons import outline
from assessment.core.scale import (
    CLICK_SD_PX,
    LENGTH_SD,
    SQUARE_ON_DEGREES,
    ReferenceLine,
    Scale,
    from_line,
)
from tests.core.specimens import ANNULUS, CIRCLE, FRAME, masked

UNTIMED = settings(deadline=None)
CENTIMETRE = Scale(0.01, 0.02, "Scale by hand.")
EXACT = Scale(0.01, 0.0, "Scale by hand.")
SQUARE_METRE = MultiPolygon([shapely.box(0, 0, 100, 100)])
HAIRLINE = MultiPolygon([shapely.box(0, 0, 1000, 1)])


def test_an_area_is_square_pixels_times_the_scale_squared():
    (circle,) = outline([masked(CIRCLE.grid)], *FRAME)
    assert area(circle, CENTIMETRE, boundary_px=0).value == pytest.approx(
        CIRCLE.area_px / 10_000, rel=1e-4
    )


def test_the_scale_error_counts_twice_in_an_area():
    measured = area(SQUARE_METRE, CENTIMETRE, boundary_px=0)
    assert measured.high - measured.value == pytest.approx(1.96 * 0.04, rel=1e-4)
    assert measured.value - measured.low == pytest.approx(1.96 * 0.04, rel=1e-4)


def test_a_boundary_error_costs_the_length_of_the_boundary():
    measured = area(SQUARE_METRE, EXACT, boundary_px=1.0)
    assert measured.high - measured.value == pytest.approx(1.96 * 400 / 10_000, rel=1e-4)


def test_the_rim_of_a_hole_is_boundary_too():
    (annulus,) = outline([masked(ANNULUS.grid)], *FRAME)
    solid = MultiPolygon([shapely.Polygon(annulus.geoms[0].exterior)])
    holed, filled = (area(shape, EXACT, boundary_px=1.0) for shape in (annulus, solid))
    assert holed.high - holed.value > filled.high - filled.value


def test_an_interval_never_begins_below_zero():
    measured = area(HAIRLINE, CENTIMETRE, boundary_px=2.0)
    assert measured.low == 0.0
    assert measured.high > 3 * measured.value


def test_the_basis_tells_scale_and_boundary():
    basis = area(SQUARE_METRE, CENTIMETRE, boundary_px=1.5).basis
    assert basis == (
        "Scale by hand. The outline is assumed good to 1.5 pixels, 1 standard deviation."
    )


@pytest.mark.parametrize("boundary_px", [-1.0, math.nan, math.inf])
def test_a_boundary_error_that_is_none_is_refused(boundary_px):
    with pytest.raises(ValueError, match="length in pixels"):
        area(SQUARE_METRE, CENTIMETRE, boundary_px=boundary_px)


def test_a_share_is_the_covered_part_of_the_photo():
    assert share(SQUARE_METRE, 400, 100) == 0.25


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
    parts = [area(SQUARE_METRE, CENTIMETRE, boundary_px=1.0)] * 4
    single = parts[0].high - parts[0].value
    whole = total(parts)
    assert whole.high - whole.value == pytest.approx(4 * single)
    assert whole.high - whole.value > math.sqrt(4) * single


def test_a_total_tells_each_basis_once():
    part = Measured(1, 1, 1, "Line A.")
    assert total([part, part, Measured(1, 1, 1, "Line B.")]).basis == (
        "Sum of 3 areas, their intervals added end to end. Line A. Line B."
    )


def simulated(
    rng: np.random.Generator, degrees: float, line_px: float, side_px: float, boundary_px: float
) -> Measured:
    """A photo of a square of `side_px` centimetres: tilted, clicked, taped and traced.

    The surface turns by `degrees` about an axis at any angle to the line.
    """
    shorter, direction = math.cos(math.radians(degrees)), rng.uniform(0, math.pi)
    seen_px = line_px * math.hypot(math.cos(direction), shorter * math.sin(direction))
    start, end = rng.normal(np.array([[0, 0], [seen_px, 0]]), CLICK_SD_PX)
    length_m = line_px * 0.01 * (1 + rng.normal(0, LENGTH_SD))
    scale = from_line(ReferenceLine(tuple(start), tuple(end), length_m))
    side = side_px * math.sqrt(shorter)
    traced = shapely.box(0, 0, side, side).buffer(rng.normal(0, boundary_px), join_style="mitre")
    return area(MultiPolygon([traced]), scale, boundary_px=boundary_px)


def times_held(degrees: float, line_px: float, side_px: float, boundary_px: float) -> int:
    rng = np.random.default_rng(20261101)
    truth = (side_px * 0.01) ** 2
    draws = (simulated(rng, degrees, line_px, side_px, boundary_px) for _ in range(1000))
    return sum(each.low <= truth <= each.high for each in draws)


@pytest.mark.parametrize(
    ("line_px", "side_px", "boundary_px"), [(60, 200, 1.0), (120, 100, 2.0), (400, 50, 3.0)]
)
@pytest.mark.parametrize("degrees", [0.0, 10.0, SQUARE_ON_DEGREES])
def test_the_interval_holds_the_truth_about_95_times_in_100(degrees, line_px, side_px, boundary_px):
    assert 900 <= times_held(degrees, line_px, side_px, boundary_px) <= 990


def test_where_only_the_tilt_is_left_the_interval_still_holds_the_truth_at_the_limit():
    assert times_held(SQUARE_ON_DEGREES, 4000, 2000, 1.0) >= 950


def test_beyond_the_limit_of_tilt_the_interval_promises_nothing():
    assert times_held(2 * SQUARE_ON_DEGREES, 4000, 2000, 1.0) < 900
