from __future__ import annotations

import math

import pytest

from assessment.core.plane import Plane
from assessment.core.scale import (
    SHORTEST_LINE_PX,
    ReferenceLine,
    ScaleError,
    check_length,
    check_line,
    line_plane,
)


def line(pixels: float, length_m: float = 1.0) -> ReferenceLine:
    return ReferenceLine((10.0, 20.0), (10.0 + pixels, 20.0), length_m)


def plane(line: ReferenceLine) -> Plane:
    return line_plane(line, 4000, 3000)


def test_a_scale_is_length_over_pixels():
    assert plane(line(400, 2.0)).uniform == pytest.approx(0.005)


def test_a_scale_does_not_depend_on_the_direction_of_the_line():
    there, back = ReferenceLine((0, 0), (300, 400), 2), ReferenceLine((300, 400), (0, 0), 2)
    assert plane(there).uniform == plane(back).uniform
    assert plane(there).basis == plane(back).basis


def test_the_basis_tells_the_line_and_the_assumption():
    basis = plane(line(400, 2.0)).basis
    assert "2 m over 400 pixels" in basis
    assert "square-on" in basis
    assert "within 20 degrees" in basis


def test_a_line_shorter_than_clicks_allow_is_refused():
    check_length(line(SHORTEST_LINE_PX))
    with pytest.raises(ScaleError, match="shorter than 40 pixels"):
        check_length(line(SHORTEST_LINE_PX - 0.01))


@pytest.mark.parametrize("length_m", [0.0, -1.0, math.nan, math.inf, 1e-9, 1e300])
def test_a_length_that_is_none_is_refused(length_m):
    with pytest.raises(ScaleError, match=r"between 0\.001 and 10000 metres"):
        check_length(line(400, length_m))


@pytest.mark.parametrize("coordinate", [math.nan, math.inf, -math.inf])
def test_ends_outside_any_photo_are_refused(coordinate):
    with pytest.raises(ScaleError, match="not in the photo"):
        check_length(ReferenceLine((coordinate, 0.0), (100.0, 0.0), 1.0))


@pytest.mark.parametrize("end", [(401.0, 100.0), (-1.0, 100.0), (100.0, 301.0)])
def test_a_line_that_leaves_the_photo_is_refused(end):
    for drawn in (ReferenceLine((10, 10), end, 1.0), ReferenceLine(end, (10, 10), 1.0)):
        with pytest.raises(ScaleError, match="outside the photo of 400 by 300 pixels"):
            check_line(drawn, 400, 300)


def test_a_line_may_reach_the_edges_of_the_photo():
    check_line(ReferenceLine((0, 0), (400, 300), 1.0), 400, 300)
