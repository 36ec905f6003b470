from __future__ import annotations

import math

import pytest

from assessment.core.scale import (
    CLICK_SD_PX,
    LENGTH_SD,
    SHORTEST_LINE_PX,
    SQUARE_ON_DEGREES,
    TILT_SD,
    ReferenceLine,
    ScaleError,
    from_line,
    within,
)


def line(pixels: float, length_m: float = 1.0) -> ReferenceLine:
    return ReferenceLine((10.0, 20.0), (10.0 + pixels, 20.0), length_m)


def test_a_scale_is_length_over_pixels():
    assert from_line(line(400, 2.0)).metres_per_pixel == pytest.approx(0.005)


def test_a_scale_does_not_depend_on_the_direction_of_the_line():
    there, back = ReferenceLine((0, 0), (300, 400), 2), ReferenceLine((300, 400), (0, 0), 2)
    assert from_line(there) == from_line(back)


def test_a_long_line_leaves_the_tape_and_the_tilt():
    assert from_line(line(1e6)).relative_sd == pytest.approx(math.hypot(LENGTH_SD, TILT_SD))


def test_a_short_line_is_as_unsure_as_its_two_clicks():
    expected = math.hypot(CLICK_SD_PX * math.sqrt(2) / 50, LENGTH_SD, TILT_SD)
    assert from_line(line(50)).relative_sd == pytest.approx(expected)


def test_the_tilt_allowance_covers_the_area_seen_at_the_limit():
    foreshortened = 1 - math.cos(math.radians(SQUARE_ON_DEGREES))
    assert foreshortened < 1.96 * 2 * TILT_SD


def test_the_basis_tells_the_line_and_the_assumption():
    basis = from_line(line(400, 2.0)).basis
    assert "2 m over 400 pixels" in basis
    assert "square-on" in basis
    assert "within 20 degrees" in basis


def test_a_line_shorter_than_clicks_allow_is_refused():
    assert from_line(line(SHORTEST_LINE_PX)).relative_sd > 0
    with pytest.raises(ScaleError, match="shorter than 40 pixels"):
        from_line(line(SHORTEST_LINE_PX - 0.01))


@pytest.mark.parametrize("length_m", [0.0, -1.0, math.nan, math.inf, 1e-9, 1e300])
def test_a_length_that_is_none_is_refused(length_m):
    with pytest.raises(ScaleError, match=r"between 0\.001 and 10000 metres"):
        from_line(line(400, length_m))


@pytest.mark.parametrize("coordinate", [math.nan, math.inf, -math.inf])
def test_ends_outside_any_photo_are_refused(coordinate):
    with pytest.raises(ScaleError, match="not in the photo"):
        from_line(ReferenceLine((coordinate, 0.0), (100.0, 0.0), 1.0))


@pytest.mark.parametrize("end", [(401.0, 100.0), (-1.0, 100.0), (100.0, 301.0), (math.nan, 5.0)])
def test_a_line_that_leaves_the_photo_is_refused(end):
    for drawn in (ReferenceLine((10, 10), end, 1.0), ReferenceLine(end, (10, 10), 1.0)):
        with pytest.raises(ScaleError, match="outside the photo of 400 by 300 pixels"):
            within(drawn, 400, 300)


def test_a_line_may_reach_the_edges_of_the_photo():
    within(ReferenceLine((0, 0), (400, 300), 1.0), 400, 300)
