from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon

from assessment.core.boundary import (
    APPROXIMATE,
    KEPT_PX,
    OUTLINE_SD,
    UNIFORM_SD,
    boundary_sd,
    edited_sd,
    kept_share,
)
from assessment.core.detection import Box, Detection
from assessment.core.polygons import outline
from assessment.core.vocabulary import AnswerForm
from tests.core.specimens import SQUARE, masked, ringed

SIZE = (1000, 1000)
STEP = UNIFORM_SD
"""What rounding to thousandths leaves open in a photo of SIZE, px."""
SIDE = 100.0
"""The side of SQUARE, px."""
BOXED = Detection("damage", Box(100, 100, 200, 200), None, AnswerForm.BOX, approximate=True)


def sd_of(detection: Detection) -> float:
    (shape,) = outline([detection], *SIZE)
    return boundary_sd(detection, shape, *SIZE)


def test_a_polygon_is_off_by_its_own_error_and_by_rounding():
    expected = math.hypot(OUTLINE_SD[AnswerForm.POLYGON] * SIDE, STEP)
    assert sd_of(ringed(SQUARE)) == pytest.approx(expected)


def test_an_outline_is_never_as_good_as_its_rounding_alone():
    assert sd_of(ringed(SQUARE)) > 3 * STEP


def test_a_mask_is_off_by_its_cells_too():
    grid = np.full((10, 10), 255, np.uint8)
    detection = masked(grid, Box(100, 100, 200, 200))
    expected = math.hypot(OUTLINE_SD[AnswerForm.MASK] * SIDE, STEP, 10 * UNIFORM_SD)
    assert sd_of(detection) == pytest.approx(expected, rel=0.01)


def test_a_bare_box_is_off_by_a_quarter_of_its_size():
    assert sd_of(BOXED) == pytest.approx(SIDE / 4, rel=0.01)


@pytest.mark.parametrize(
    "firm", [ringed(SQUARE), masked(np.full((100, 100), 255, np.uint8))], ids=["rings", "grid"]
)
def test_an_approximate_outline_is_off_by_more(firm):
    rough = replace(firm, approximate=True)
    assert sd_of(rough) > 0.9 * APPROXIMATE * sd_of(firm)


def test_a_larger_outline_is_off_by_more():
    assert sd_of(ringed(4 * SQUARE)) > 3 * sd_of(ringed(SQUARE))


def test_the_poorer_the_form_the_rougher_the_outline():
    errors = [OUTLINE_SD[form] for form in AnswerForm]
    assert errors == sorted(errors)


def test_a_mask_with_nothing_in_it_is_off_by_rounding_alone():
    blank = masked(np.zeros((10, 10), np.uint8), Box(0, 0, 10, 10))
    assert sd_of(blank) == pytest.approx(math.hypot(STEP, UNIFORM_SD))


# What a person edited


def area_of(*corners: tuple[float, float]) -> MultiPolygon:
    return MultiPolygon([shapely.Polygon(corners)])


def box(left: float, top: float, right: float, bottom: float) -> MultiPolygon:
    return MultiPolygon([shapely.box(left, top, right, bottom)])


FIRST = box(0, 0, 1000, 1000)


def test_one_corner_that_is_pulled_out_leaves_two_edges_of_four_as_they_were():
    pulled = area_of((0, 0), (1000, 0), (2000, 2000), (0, 1000))
    moved = 2 * math.hypot(1000, 2000)
    assert kept_share(pulled, FIRST) == pytest.approx(2000 / (2000 + moved), abs=0.003)


def test_an_opening_that_is_cut_is_the_persons_own():
    opening = [(400, 400), (600, 400), (600, 600), (400, 600)]
    edge = [(0, 0), (1000, 0), (1000, 1000), (0, 1000)]
    holed = MultiPolygon([shapely.Polygon(edge, [opening])])
    assert kept_share(holed, FIRST) == pytest.approx(4000 / 4800, abs=0.001)


def test_a_part_that_is_left_out_leaves_the_other_as_good_as_it_was():
    both = MultiPolygon([*FIRST.geoms, shapely.box(2000, 0, 2100, 100)])
    assert kept_share(FIRST, both) == 1


def test_what_lies_within_the_old_outline_but_not_on_it_is_not_kept():
    assert kept_share(box(10, 10, 990, 990), FIRST) == 0


@given(st.floats(-KEPT_PX / 2, KEPT_PX / 2), st.floats(-KEPT_PX / 2, KEPT_PX / 2))
@settings(deadline=None)
def test_an_outline_that_was_only_thinned_is_the_engines_still(dx, dy):
    corners = shapely.get_coordinates(FIRST) + np.array([dx, dy])
    assert kept_share(area_of(*corners.tolist()), FIRST) == 1


@given(st.floats(0, 900), st.floats(0, 900), st.floats(1, 2000), st.floats(1, 2000))
@settings(deadline=None)
def test_the_share_that_was_kept_is_the_length_along_the_old_outline(left, top, width, height):
    edited = box(left, top, left + width, top + height)
    along = edited.boundary.intersection(FIRST.boundary.buffer(KEPT_PX)).length
    assert kept_share(edited, FIRST) == pytest.approx(along / edited.boundary.length, abs=0.01)


SDS = st.floats(0, 1000)


@given(st.floats(0, 1), SDS, SDS)
def test_an_edited_outline_is_never_better_than_both_who_drew_it(kept, engine, drawn):
    sd = edited_sd(kept, engine_sd=engine, drawn_sd=drawn)
    best, worst = sorted((engine, drawn))
    assert best - 1e-9 <= sd <= worst + 1e-9
    assert sd >= drawn or engine < drawn


@given(st.floats(0, 1), st.floats(0, 1), SDS, SDS)
def test_the_less_of_a_rough_outline_is_kept_the_better_it_is(one, other, extra, drawn):
    less, more = sorted((one, other))
    engine = drawn + extra
    better, worse = (edited_sd(kept, engine_sd=engine, drawn_sd=drawn) for kept in (less, more))
    assert better <= worse
