"""The forms in which answers come, and what is read of each."""

from __future__ import annotations

import json
from functools import reduce

import numpy as np
import pytest
import shapely
from shapely import Polygon

from assessment.core.detection import Detection, Grid
from assessment.core.vocabulary import AnswerForm
from assessment.engines.answer import read_answer
from assessment.engines.base import GarbledAnswerError, Reading
from tests.engines.answers import (
    BOXED,
    DIAMOND,
    DRAWN,
    FENCED,
    HEIGHT,
    MASK,
    MASKED,
    THREE,
    TOKENS,
    WIDTH,
    data_uri,
    disc,
    png,
)


def read(answer: object) -> Reading:
    text = answer if isinstance(answer, str) else json.dumps(answer)
    return read_answer(text, WIDTH, HEIGHT)


def only(answer: object) -> Detection:
    (detection,) = read(answer).detections
    return detection


def grid(detection: Detection) -> Grid:
    assert isinstance(detection.mask, np.ndarray)
    return detection.mask


def rings(detection: Detection) -> list[list[list[float]]]:
    assert isinstance(detection.mask, tuple)
    return [ring.tolist() for ring in detection.mask]


DIAMOND_IN_PIXELS = [[800.0, 100.0], [1200.0, 300.0], [800.0, 500.0], [400.0, 300.0]]


def test_a_box_is_read_y_first_and_comes_in_pixels():
    assert only([BOXED]).box == (400.0, 100.0, 1200.0, 500.0)


def test_a_bare_box_is_approximate_and_has_no_mask():
    found = only([BOXED])
    assert (found.form, found.approximate, found.mask) == (AnswerForm.BOX, True, None)


def test_a_mask_keeps_its_own_raster_and_values():
    found = only([MASKED])
    assert found.form is AnswerForm.MASK
    assert np.array_equal(grid(found), disc())


def test_a_mask_that_was_read_is_not_approximate():
    assert not only([MASKED]).approximate


def test_probabilities_in_a_mask_are_kept():
    ramp = np.arange(256, dtype=np.uint8).reshape(16, 16)
    assert np.array_equal(grid(only([MASKED | {"mask": data_uri(png(ramp))}])), ramp)


def test_line_breaks_inside_the_base64_do_no_harm():
    broken = "\n".join(MASK[i : i + 30] for i in range(0, len(MASK), 30))
    text = json.dumps([MASKED]).replace(MASK, broken)
    assert np.array_equal(grid(only(text)), disc())


def test_base64_without_its_padding_is_read():
    assert np.array_equal(grid(only([MASKED | {"mask": MASK.rstrip("=")}])), disc())


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
    shapes = [Polygon(ring) for ring in rings(detection)]
    return shapely.area(reduce(shapely.symmetric_difference, shapes)) / (WIDTH * HEIGHT / 1e6)


SQUARE = {"box_2d": [100, 100, 500, 500], "label": "stain"}


def test_a_hole_in_the_notch_of_its_outline_is_not_taken_for_area():
    notched = [[100, 100], [500, 100], [500, 200], [200, 200], [200, 500], [100, 500]]
    reading = read([SQUARE | {"mask": notched, "holes": [square(300, 300, 100)]}])
    assert len(rings(reading.detections[0])) == 1
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


def test_quoted_mask_tokens_cost_the_mask_and_keep_the_box():
    reading = read([MASKED | {"mask": TOKENS}])
    assert reading.detections[0].mask is None
    assert reading.detections[0].approximate
    assert "mask tokens" in reading.lost[0]


@pytest.mark.parametrize("tail", ['"', ""], ids=["closing quote only", "no quotes"])
def test_unquoted_mask_tokens_do_not_spoil_the_next_object(tail):
    text = json.dumps([MASKED, BOXED]).replace(f'"{MASK}"', TOKENS + tail)
    assert [found.label for found in read(text).detections] == ["hole in the roof", "tarpaulin"]


@pytest.mark.parametrize("quote", ['"', ""], ids=["quoted", "unquoted"])
def test_a_real_mask_after_the_tokens_is_used(quote):
    text = json.dumps([MASKED]).replace(f'"{MASK}"', f"{quote}{TOKENS}{MASK}{quote}")
    reading = read(text)
    assert np.array_equal(grid(reading.detections[0]), disc())
    assert reading.lost == ()


@pytest.mark.parametrize(
    "mask",
    ["gimme_mask_for_this", "", data_uri(b"no image"), MASK[:80], data_uri(png(disc() * 0)), {}],
    ids=["placeholder", "empty", "no PNG", "half a PNG", "blank", "an object"],
)
def test_an_unreadable_mask_leaves_the_box_and_a_sentence(mask):
    reading = read([MASKED | {"mask": mask}])
    assert reading.detections[0].mask is None
    assert reading.detections[0].approximate
    assert reading.lost[0].startswith("Object 1 (hole in the roof): its mask ")


@pytest.mark.parametrize("item", [DRAWN, {"label": "no box"}], ids=["in a box", "without a box"])
def test_a_mask_that_cannot_be_placed_does_not_hide_the_polygon_beside_it(item):
    reading = read([item | {"mask": TOKENS, "polygon": DIAMOND}])
    assert rings(reading.detections[0]) == [DIAMOND_IN_PIXELS]
    assert "mask tokens" in reading.lost[0]
    assert "another outline was kept" in reading.lost[0]


def test_a_mask_without_a_box_does_not_hide_the_polygon_beside_it():
    reading = read([{"mask": MASK, "polygon": DIAMOND}])
    assert rings(reading.detections[0]) == [DIAMOND_IN_PIXELS]
    assert "without a readable box to place it in" in reading.lost[0]


def test_a_point_becomes_a_small_approximate_box_around_it():
    reading = read([{"point": [500, 250], "label": "dent"}])
    assert reading.detections[0].box == (450.0, 475.0, 550.0, 525.0)
    assert "single point" in reading.lost[0]


@pytest.mark.parametrize(
    "text",
    [
        FENCED,
        THREE,
        f"```\n{THREE}\n```",
        f'{{"masks": {THREE}}}',
        f'{{"segmentation_masks": {THREE}}}',
        f'{{"items": {THREE}}}',
        f'{{"results": {THREE}}}',
        f'{{"detections": {THREE}}}',
        f'{{"boxes": {THREE}}}',
        THREE[1:-1],
        f"I see [3] things.\n{THREE}",
    ],
)
def test_no_wrapping_changes_what_is_read(text):
    reading = read(text)
    assert [found.form for found in reading.detections] == ["mask", "box", "polygon"]
    assert reading.lost == ()


@pytest.mark.parametrize(
    "answer",
    [
        {"masks": [MASKED], "more_masks": [BOXED]},
        {"masks": [MASKED], "more_masks": [[BOXED]]},
        {"masks": [MASKED], "another": BOXED},
        [MASKED | {"items": [BOXED]}],
        [{"masks": [MASKED | {"detections": [BOXED]}]}],
    ],
    ids=["beside a known name", "in lists", "alone", "in an object", "in an object in a wrapper"],
)
def test_objects_are_read_wherever_they_stand(answer):
    reading = read(answer)
    assert [found.label for found in reading.detections] == ["hole in the roof", "tarpaulin"]
    assert reading.lost == ()


@pytest.mark.parametrize("bare", [[500, 500, 600, 600], "a hole", 5, None])
def test_what_stands_beside_an_object_and_is_none_is_left_out_with_a_sentence(bare):
    reading = read([BOXED, bare])
    assert len(reading.detections) == 1
    assert reading.lost == ("Object 2: it is not an object and was left out.",)


def test_what_else_a_wrapper_tells_is_no_object():
    reading = read({"masks": [BOXED], "size": [2000, 1000], "note": "one", "by": {"name": "A"}})
    assert len(reading.detections) == 1
    assert reading.lost == ()


def test_one_object_alone_is_an_answer():
    assert only(MASKED).form is AnswerForm.MASK


def test_an_inverted_box_is_put_right():
    assert only([{"box_2d": [500, 600, 100, 200]}]).box == only([BOXED]).box


def test_a_box_without_area_is_left_out_with_a_sentence():
    reading = read([BOXED, {"box_2d": [100, 100, 100, 500], "label": "line"}])
    assert len(reading.detections) == 1
    assert reading.lost == ("Object 2 (line): its box has no area; it was left out.",)


def test_a_box_in_pixels_is_not_taken_for_thousandths():
    with pytest.raises(GarbledAnswerError, match="outside the picture"):
        read([{"box_2d": [900, 1200, 1400, 1900]}])


def test_a_box_that_leaves_the_picture_is_cut_to_it_and_marked():
    reading = read([{"box_2d": [-100, 0, 500, 1000]}])
    assert reading.detections[0].box == (0.0, 0.0, 2000.0, 500.0)
    assert "uncertain" in reading.lost[0]


def test_a_mask_that_leaves_the_picture_is_cropped_with_its_box():
    sent = np.full((10, 10), 255, np.uint8)
    sent[0] = 0
    found = only([{"box_2d": [-100, 0, 900, 1000], "mask": data_uri(png(sent))}])
    assert grid(found).shape == (9, 10)
    assert grid(found).min() == 255


def test_exact_repeats_are_left_out():
    assert len(read([MASKED] * 9 + [BOXED]).detections) == 2


def test_the_same_region_under_two_labels_stays_two_detections():
    assert len(read([MASKED, MASKED | {"label": "damage"}]).detections) == 2


def test_a_label_loses_its_control_characters():
    assert only([BOXED | {"label": "ro\u202eof\x00\n tile"}]).label == "ro of tile"


def test_a_damaged_object_costs_only_itself():
    reading = read('[{"box_2d": [1, 2, oops, 4]}, ' + THREE[1:])
    assert len(reading.detections) == 3
    assert "damaged" in reading.lost[0]


def test_a_key_given_twice_makes_an_object_unreadable():
    reading = read('[{"box_2d": [1, 2, 3, 4], "box_2d": [5, 6, 7, 8]}, ' + THREE[1:])
    assert len(reading.detections) == 3


def test_the_box_that_stands_in_for_a_point_says_so():
    (pointed,) = read('[{"point": [500, 500], "label": "dent"}]').detections
    (boxed,) = read('[{"box_2d": [100, 100, 200, 200], "label": "dent"}]').detections
    assert pointed.from_point
    assert not boxed.from_point
