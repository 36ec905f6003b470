from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import shapely
from shapely import MultiPolygon

from assessment.core.measure import Measured, area, summed_up
from assessment.core.plane import DRAWS, Plane, normals
from assessment.core.printable import (
    MOST_OPEN,
    Size,
    TooUncertainError,
    is_too_wide,
    printable,
    size,
)
from assessment.core.scale import gsd_plane

CENTIMETRE = gsd_plane(0.01)


def box(left: float, top: float, right: float, bottom: float) -> MultiPolygon:
    return MultiPolygon([shapely.box(left, top, right, bottom)])


def over_horizon(*, draws: int) -> Plane:
    """A plane of which one draw in `draws` puts the right of the photo beyond the horizon."""
    matrices = np.broadcast_to(np.eye(3), (DRAWS, 3, 3)).copy()
    matrices[::draws, 2, 0] = -1 / 1500
    return Plane(matrices[0] if draws == 1 else np.eye(3), matrices, "Scale by hand.")


def unsure() -> Plane:
    """A plane whose metres per pixel nobody knows to a half."""
    factors = np.exp(0.5 * normals("unsure"))
    draws = np.broadcast_to(np.eye(3), (DRAWS, 3, 3)).copy()
    draws[:, :2] *= factors[:, None, None]
    return Plane(np.eye(3), draws, "Scale by hand.")


def test_where_draws_put_a_part_over_the_horizon_there_is_no_upper_end_and_no_print():
    plane, outline = over_horizon(draws=10), box(1000, 1000, 1800, 1600)
    measured = area(outline, plane, boundary_px=1)
    assert np.isinf(measured.high)
    with pytest.raises(TooUncertainError, match=r"horizon.*The scale leaves most"):
        printable(measured, "m2", sharp=lambda: area(outline, plane, boundary_px=0))


def test_an_interval_up_to_the_limit_is_printed_and_a_wider_one_is_not():
    at_limit = Measured(2.0, 2.0 - 2.0 * MOST_OPEN + 0.5, 2.0 + 2.0 * MOST_OPEN - 0.001, "")
    wider = replace(at_limit, high=at_limit.high + 0.75)
    assert printable(at_limit, "m2", sharp=lambda: at_limit) is at_limit
    with pytest.raises(TooUncertainError, match=r"between 0\.5 and 4\.75 m2, and 100 %"):
        printable(wider, "m2", sharp=lambda: wider)


def test_a_refusal_names_what_would_help():
    crooked = box(0, 0, 20, 20)
    assert "The outline leaves most" in size(crooked, CENTIMETRE, boundary_px=12).refusal
    refusal = size(crooked, unsure(), boundary_px=0.1).refusal
    assert "The scale leaves most" in refusal
    assert "larger reference" in refusal


def test_a_size_that_is_sure_enough_is_printed():
    told = size(box(0, 0, 100, 100), CENTIMETRE, boundary_px=1)
    assert told.printed == told.measured == area(box(0, 0, 100, 100), CENTIMETRE, boundary_px=1)
    assert (told.refusal, told.has_scale) == ("", True)


def test_a_size_that_is_not_printed_keeps_its_upper_end():
    told = size(box(0, 0, 20, 20), CENTIMETRE, boundary_px=12)
    assert told.printed is None
    assert told.measured is not None
    assert told.measured.high > 2 * told.measured.value
    assert told.refusal.startswith("Too uncertain to print: between 0 and 0.228 m2, and 100 %")


def test_without_a_scale_there_is_no_size_and_nothing_is_refused():
    assert size(box(0, 0, 20, 20), None, boundary_px=1) == Size()
    assert not Size().has_scale


@pytest.mark.parametrize("draws", [1, 10])
def test_what_lies_over_the_horizon_has_no_size_but_a_reason(draws):
    told = size(box(1000, 1000, 1800, 1600), over_horizon(draws=draws), boundary_px=1)
    assert (told.measured, told.has_scale) == (None, True)
    assert "horizon" in told.refusal


def test_an_error_that_is_no_length_is_refused_as_when_measuring():
    with pytest.raises(ValueError, match="must be a length"):
        size(box(0, 0, 1, 1), CENTIMETRE, boundary_px=math.nan)


@pytest.mark.parametrize("beyond", [60, 1200, 1900])
def test_an_area_that_nothing_bounds_is_never_printed(beyond):
    """However many of the alternatives put a part of it beyond the horizon."""
    drawn = np.concatenate([np.linspace(1, 2, DRAWS - beyond), np.full(beyond, np.inf)])
    assert is_too_wide(summed_up(drawn, gsd_plane(0.5), 1.0))
