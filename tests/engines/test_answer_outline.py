"""Outlines written as numbers: rings, holes and smaller boxes, and what they enclose."""

from __future__ import annotations

import json

import pytest
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from assessment.core.detection import Detection
from assessment.core.vocabulary import AnswerForm
from assessment.engines.base import GarbledAnswerError
from tests.engines.answers import (
    BOXED,
    DIAMOND,
    DIAMOND_IN_PIXELS,
    DRAWN,
    HEIGHT,
    WIDTH,
    grid,
    only,
    read,
    rings,
)


@pytest.mark.parametrize(
    "mask",
    [
        DIAMOND,
        [[y, x] for x, y in DIAMOND],
        [number for point in DIAMOND for number in point],
        json.dumps(DIAMOND),
        " ".join(f"{x},{y}" for x, y in DIAMOND),
        "M 400 100 L 600 300 L 400 500 L 200 300 Z",
        [[400, 100, 600, 300], [400, 500, 200, 300]],
        [DIAMOND[:2], DIAMOND[2:]],
        [DIAMOND],
        [{"x": x, "y": y} for x, y in DIAMOND],
        [*DIAMOND, DIAMOND[0]],
    ],
    ids=[
        "x, y",
        "y, x",
        "flat",
        "JSON in a string",
        "numbers in a string",
        "a path",
        "chunks of numbers",
        "chunks of points",
        "a list of rings",
        "named coordinates",
        "closed",
    ],
)
def test_every_spelling_of_a_polygon_is_the_same_polygon(mask):
    found = only([DRAWN | {"mask": mask}])
    corners = {tuple(corner) for corner in rings(found)[0]}
    assert corners == {tuple(corner) for corner in DIAMOND_IN_PIXELS}


def test_a_polygon_that_agrees_with_its_box_is_sure():
    found = only([DRAWN])
    assert (found.form, found.approximate) == (AnswerForm.POLYGON, False)


def test_a_polygon_without_a_box_is_read_x_first_and_marked():
    reading = read([{"mask": DIAMOND}])
    assert rings(reading.detections[0]) == [DIAMOND_IN_PIXELS]
    assert reading.detections[0].approximate
    assert "order of its coordinates" in reading.lost[0]


def test_a_polygon_far_from_its_box_is_marked():
    reading = read([DRAWN | {"box_2d": [800, 800, 900, 900]}])
    assert reading.detections[0].approximate
    assert "disagree" in reading.lost[0]


def test_several_rings_stay_apart():
    left, right = [[210, 110], [300, 110], [300, 490]], [[500, 110], [590, 110], [590, 490]]
    assert len(rings(only([DRAWN | {"mask": [left, right]}]))) == 2


@pytest.mark.parametrize(
    "stray", [[[0, 0], [10, 10]], [[300, 300], [310, 310], [320, 320]]], ids=["short", "flat"]
)
def test_a_ring_that_encloses_nothing_is_left_out_of_the_others(stray):
    reading = read([DRAWN | {"mask": [DIAMOND, stray]}])
    assert rings(reading.detections[0]) == [DIAMOND_IN_PIXELS]
    assert "encloses an area" in reading.lost[0]


def test_a_hole_is_a_further_ring():
    hole = [[380, 280], [420, 280], [420, 320], [380, 320]]
    assert rings(only([DRAWN | {"holes": [hole]}]))[1][0] == [760.0, 280.0]


def test_a_hole_is_turned_like_its_outline():
    hole = [[300, 400], [310, 400], [310, 420]]
    turned = [[y, x] for x, y in DIAMOND]
    assert rings(only([DRAWN | {"mask": turned, "holes": [hole]}]))[1][0] == [800.0, 300.0]


def test_a_hole_outside_its_outline_is_not_taken_for_area():
    reading = read([DRAWN | {"holes": [[[800, 800], [900, 800], [900, 900]]]}])
    assert len(rings(reading.detections[0])) == 1
    assert "holes" in reading.lost[0]


def square(left: int, top: int, side: int) -> list[list[int]]:
    right, bottom = left + side, top + side
    return [[left, top], [right, top], [right, bottom], [left, bottom]]


def filled_area(detection: Detection) -> float:
    """In thousandths of the picture's sides; for rings that don't cross one another."""
    filled: BaseGeometry = Polygon()
    for ring in rings(detection):
        filled = filled ^ Polygon(ring)
    return filled.area / (WIDTH * HEIGHT / 1e6)


SQUARE = {"box_2d": [100, 100, 500, 500], "label": "stain"}


def test_a_hole_in_the_notch_of_its_outline_is_not_taken_for_area():
    notched = [[100, 100], [500, 100], [500, 200], [200, 200], [200, 500], [100, 500]]
    reading = read([SQUARE | {"mask": notched, "holes": [square(300, 300, 100)]}])
    assert len(rings(reading.detections[0])) == 1
    assert "holes" in reading.lost[0]


def test_a_hole_that_would_leave_nothing_is_not_taken():
    whole = square(100, 100, 400)
    reading = read([SQUARE | {"mask": [whole], "holes": [whole[::-1]]}])
    assert filled_area(reading.detections[0]) == pytest.approx(160_000)
    assert "holes" in reading.lost[0]


def test_a_hole_within_a_hole_is_not_taken_for_area():
    mask = [square(100, 100, 400), square(200, 200, 200)]
    reading = read([SQUARE | {"mask": mask, "holes": [square(250, 250, 50)]}])
    assert filled_area(reading.detections[0]) == pytest.approx(120_000)
    assert "holes" in reading.lost[0]


@pytest.mark.parametrize(
    ("mask", "holes", "area"),
    [
        ([square(100, 100, 400)] * 2, [], 160_000),
        ([square(100, 100, 400), square(100, 100, 400)[::-1]], [], 160_000),
        ([square(100, 100, 400)], [square(200, 200, 100)] * 2, 150_000),
        ([square(100, 100, 400)], [square(200, 200, 100), square(250, 200, 100)], 145_000),
        ([square(100, 100, 300), square(200, 200, 300)], [], 140_000),
        ([square(100, 100, 300), square(200, 200, 300), square(250, 250, 50)], [], 137_500),
        ([square(100, 100, 400), square(200, 200, 100)], [], 150_000),
        ([square(100, 100, 200), square(300, 300, 200)], [], 80_000),
    ],
    ids=[
        "one twice",
        "one twice, backwards",
        "a hole twice",
        "holes that overlap",
        "two that overlap",
        "two that overlap, and a hole",
        "a hole",
        "two that touch",
    ],
)
def test_what_several_rings_show_counts_once(mask, holes, area):
    reading = read([SQUARE | {"mask": mask, "holes": holes}])
    assert filled_area(reading.detections[0]) == pytest.approx(area)
    assert reading.lost == ()


def test_rings_too_tangled_to_be_joined_are_marked():
    crossed = [[100, 100], [500, 500], [500, 200], [100, 500]]
    reading = read([SQUARE | {"mask": [crossed, square(300, 300, 200)]}])
    assert len(rings(reading.detections[0])) == 2
    assert "cross one another" in reading.lost[0]


def test_smaller_boxes_are_joined_to_one_mask():
    pieces = [[100, 200, 300, 600], [200, 200, 500, 400]]
    found = only([BOXED | {"mask": pieces}])
    assert grid(found).mean() / 255 == pytest.approx(0.75, abs=0.01)
    assert found.approximate


def test_smaller_boxes_written_x_first_are_put_in_their_box():
    reading = read([{"box_2d": [50, 250, 100, 450], "polygon": [[250, 50, 450, 100]]}])
    assert grid(reading.detections[0]).min() == 255
    assert reading.lost == ()


@pytest.mark.parametrize(
    "pieces",
    [[[700, 700, 800, 800]], [[110, 210, 150, 250]], [[60, 160, 95, 195], [505, 605, 540, 640]]],
    ids=["elsewhere", "too small", "all round it"],
)
def test_boxes_that_do_not_make_up_the_box_leave_it_and_a_sentence(pieces):
    reading = read([BOXED | {"mask": pieces}])
    assert reading.detections[0].box == (400.0, 100.0, 1200.0, 500.0)
    assert reading.detections[0].mask is None
    assert "only its box was kept" in reading.lost[0]


@pytest.mark.parametrize(("beyond", "lost"), [(1, 0), (40, 1)], ids=["a rounding", "more"])
def test_smaller_boxes_that_leave_their_box_are_cut_to_it(beyond, lost):
    reading = read([BOXED | {"mask": [[100, 200, 500 + beyond, 600]]}])
    assert grid(reading.detections[0]).min() == 255
    assert len(reading.lost) == lost
    assert all("reach out of its box" in sentence for sentence in reading.lost)


def test_a_ring_in_chunks_far_from_its_box_is_no_list_of_smaller_boxes():
    chunks = [[0, 0, 100, 300], [300, 200, 400, 250]]
    reading = read([{"box_2d": [600, 600, 900, 900], "mask": chunks}])
    assert reading.detections[0].form is AnswerForm.POLYGON
    assert "disagree" in reading.lost[0]


def test_coordinates_from_0_to_1_do_not_shrink_the_damage_to_nothing():
    small = {"box_2d": [0.1, 0.1, 0.5, 0.5], "label": "stain"}
    with pytest.raises(GarbledAnswerError, match="between 0 and 1"):
        read([small])
    reading = read([SQUARE, small])
    assert len(reading.detections) == 1
    assert "between 0 and 1" in reading.lost[0]
