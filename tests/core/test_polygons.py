from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from shapely import MultiPolygon

from assessment.core import polygons
from assessment.core.detection import Box, Detection
from assessment.core.masks import LEVEL
from assessment.core.polygons import outline, simplified
from assessment.core.vocabulary import AnswerForm
from tests.core.specimens import (
    ANNULUS,
    BOW_TIE,
    BOW_TIE_AREA,
    CIRCLE,
    CRACK,
    ELLIPSE,
    FRAME,
    INNER_SQUARE,
    INNERMOST_SQUARE,
    PENTAGRAM,
    PENTAGRAM_TIPS_AREA,
    SQUARE,
    THIN_BAND,
    THIN_BAND_AREA,
    masked,
    ringed,
)

UNTIMED = settings(deadline=None)
GREY = arrays.arrays(np.uint8, st.tuples(st.integers(1, 12), st.integers(1, 12)))
SHARP = arrays.arrays(
    np.uint8, st.tuples(st.integers(1, 12), st.integers(1, 12)), elements=st.sampled_from([0, 255])
)
SIDES = st.tuples(st.floats(-50, 1000), st.floats(0.5, 500))


@st.composite
def boxes(draw):
    (left, width), (top, height) = draw(SIDES), draw(SIDES)
    return Box(left, top, left + width, top + height)


def only(detection: Detection) -> MultiPolygon:
    (shape,) = outline([detection], *FRAME)
    assert isinstance(shape, MultiPolygon)
    return shape


@pytest.mark.parametrize(
    ("specimen", "tolerance"),
    [(CIRCLE, 1e-4), (ANNULUS, 1e-4), (ELLIPSE, 1e-4), (CRACK, 3e-3)],
    ids=["circle", "annulus", "ellipse", "crack"],
)
def test_a_soft_mask_measures_what_it_shows(specimen, tolerance):
    assert only(masked(specimen.grid)).area == pytest.approx(specimen.area_px, rel=tolerance)


@pytest.mark.parametrize("side", [1, 2, 7, 100])
def test_a_square_of_cells_measures_its_cells_less_rounded_corners(side):
    grid = np.zeros((side + 4, side + 4), np.uint8)
    grid[2:-2, 2:-2] = 255
    box = Box(0, 0, side + 4, side + 4)
    assert only(masked(grid, box)).area == pytest.approx(side * side - 0.5, abs=1e-9)


def test_a_mask_that_fills_its_box_closes_on_the_box():
    shape = only(masked(np.full((5, 8), 255, np.uint8), Box(10.5, 20.25, 200.125, 300.0)))
    assert shape.bounds == (10.5, 20.25, 200.125, 300.0)


def test_a_hole_stays_a_hole():
    (ring,) = only(masked(ANNULUS.grid)).geoms
    assert len(ring.interiors) == 1


def test_two_parts_stay_two_parts():
    grid = np.zeros((5, 9), np.uint8)
    grid[1:4, 1:4] = grid[1:4, 5:8] = 255
    assert len(only(masked(grid)).geoms) == 2


def test_an_island_in_a_hole_is_a_part_of_its_own():
    grid = np.full((7, 7), 255, np.uint8)
    grid[1:6, 1:6] = 0
    grid[3, 3] = 255
    ring, island = sorted(only(masked(grid)).geoms, key=lambda part: -part.area)
    assert (len(ring.interiors), len(island.interiors)) == (1, 0)


def test_each_detection_keeps_its_place():
    blank = np.zeros((256, 256), np.uint8)
    detections = [masked(blank), ringed(SQUARE), masked(CIRCLE.grid), masked(blank), ringed()]
    areas = shapely.area(outline(detections, *FRAME))
    assert areas[[0, 1, 3, 4]].tolist() == [0, 10_000, 0, 0]
    assert areas[2] == pytest.approx(CIRCLE.area_px, rel=1e-4)


def test_a_blank_mask_is_an_empty_multipolygon():
    shape = only(masked(np.full((4, 4), 127, np.uint8)))
    assert isinstance(shape, MultiPolygon)
    assert shape.is_empty


def test_a_detection_without_mask_is_outlined_by_its_box():
    bare = Detection("gutter", Box(5, 6, 15, 26), None, AnswerForm.BOX, approximate=True)
    assert only(bare).equals(shapely.box(5, 6, 15, 26))


@pytest.mark.parametrize("box", [Box(5, 5, 5, 50), Box(5, 5, 50, 5.001)])
@pytest.mark.parametrize("grid", [None, np.full((4, 4), 255, np.uint8)], ids=["box", "mask"])
def test_a_box_without_sides_shows_nothing(box, grid):
    assert only(Detection("x", box, grid, AnswerForm.MASK)).is_empty


@pytest.mark.parametrize("coordinate", [math.nan, math.inf, -math.inf, 1e308])
def test_coordinates_that_no_photo_has_are_refused(coordinate):
    with pytest.raises(ValueError, match="no photo can have"):
        only(masked(CIRCLE.grid, Box(0, 0, coordinate, 10)))
    with pytest.raises(ValueError, match="no photo can have"):
        only(ringed(np.array([[0, 0], [9, 0], [9, coordinate]])))


def test_what_lies_beyond_the_photo_is_cut_off():
    shape = only(masked(np.full((9, 9), 255, np.uint8), Box(-100, 900, 200, 1200)))
    assert shape.bounds == (0, 900, 200, 1024)


def test_what_lies_wholly_beyond_the_photo_is_empty():
    assert only(ringed(SQUARE + 5000)).is_empty


@UNTIMED
@given(st.lists(st.tuples(GREY, boxes()), max_size=4))
def test_outlines_are_always_valid_and_inside_the_photo(pairs):
    shapes = outline([masked(grid, box) for grid, box in pairs], 700, 500)
    assert shapely.is_valid(shapes).all()
    assert all(isinstance(shape, MultiPolygon) for shape in shapes)
    assert shapely.is_empty(shapely.difference(shapes, shapely.box(0, 0, 700, 500))).all()


@UNTIMED
@given(GREY)
def test_an_outline_holds_the_middles_of_exactly_the_cells_above_the_level(grid):
    rows, columns = grid.shape
    (shape,) = outline([masked(grid, Box(0, 0, columns, rows))], columns, rows)
    y, x = np.mgrid[0:rows, 0:columns] + 0.5
    np.testing.assert_array_equal(shapely.contains_xy(shape, x, y), grid > LEVEL)


@UNTIMED
@given(SHARP)
def test_an_outline_of_a_sharp_mask_has_about_the_area_of_its_cells(grid):
    rows, columns = grid.shape
    (shape,) = outline([masked(grid, Box(0, 0, columns, rows))], columns, rows)
    framed = np.pad(grid > LEVEL, 1).astype(int)
    corners = framed[1:, 1:] + framed[:-1, 1:] + framed[1:, :-1] + framed[:-1, :-1]
    # Where four cells meet and differ, linear interpolation takes or gives a quarter at most.
    slack = np.count_nonzero((corners > 0) & (corners < 4)) / 4
    assert abs(shape.area - (grid > LEVEL).sum()) <= slack + 1e-9


@pytest.mark.parametrize(
    ("rings", "area"),
    [
        ([SQUARE, INNER_SQUARE], 6_400),
        ([SQUARE, INNER_SQUARE, INNERMOST_SQUARE], 6_800),
        ([BOW_TIE], BOW_TIE_AREA),
        ([PENTAGRAM], PENTAGRAM_TIPS_AREA),
        ([SQUARE, SQUARE], 0),
        ([THIN_BAND], THIN_BAND_AREA),
    ],
    ids=["hole", "island", "bow tie", "pentagram", "twice", "thin band"],
)
def test_drawn_rings_fill_exactly(rings, area):
    assert only(ringed(*rings)).area == pytest.approx(area)


def test_a_simple_ring_is_taken_as_it_is():
    assert (
        only(ringed(SQUARE))
        .normalize()
        .equals_exact(MultiPolygon([shapely.Polygon(SQUARE)]).normalize(), 0)
    )


@UNTIMED
@given(
    arrays.arrays(
        np.float64, st.tuples(st.integers(0, 30), st.just(2)), elements=st.floats(-20, 120)
    )
)
def test_any_ring_gives_a_valid_outline_inside_the_photo(ring):
    (shape,) = outline([ringed(ring)], 100, 100)
    assert shape.is_valid
    assert (shape - shapely.box(0, 0, 100, 100)).is_empty


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([151, 3000]))
def test_thousands_of_crossing_vertices_still_give_a_valid_outline(seed, vertices):
    ring = np.random.default_rng(seed).random((vertices, 2)) * 1000
    shape = only(ringed(ring))
    assert shape.is_valid
    assert 300_000 < shape.area < 600_000


def test_noise_is_coarsened_until_its_outline_can_be_read_back(monkeypatch):
    monkeypatch.setattr(polygons, "MOST_VERTICES", 5_000)
    noise = np.random.default_rng(3).integers(0, 256, (128, 128)).astype(np.uint8)
    shape = only(masked(noise))
    assert 0 < shapely.get_num_coordinates(shape) <= 5_000
    assert shape.area == pytest.approx(1024**2 / 2, rel=0.1)


def test_simplifying_saves_vertices_and_stays_near():
    shape = only(masked(CIRCLE.grid))
    (fewer,) = simplified(np.array([shape]), 0.5)
    assert shapely.get_num_coordinates(fewer) < shapely.get_num_coordinates(shape) / 3
    assert shapely.hausdorff_distance(fewer, shape) <= 0.5 + 1e-9


def test_simplifying_never_makes_a_small_finding_vanish():
    speck = only(masked(np.full((1, 1), 255, np.uint8), Box(10, 10, 11, 11)))
    (fewer,) = simplified(np.array([speck]), 5.0)
    assert fewer.area > 0


def test_simplified_outlines_stay_in_their_order_whatever_is_empty():
    shape = only(masked(CIRCLE.grid))
    outlines = np.array([MultiPolygon(), shape, MultiPolygon(), shape])

    fewer = simplified(outlines, 0.5)

    assert shapely.is_empty(fewer).tolist() == [True, False, True, False]
    assert {each.geom_type for each in fewer} == {"MultiPolygon"}
