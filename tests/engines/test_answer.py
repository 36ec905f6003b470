"""The forms in which answers come, and what is read of each."""

from __future__ import annotations

import json

import numpy as np
import pytest

from assessment.core.vocabulary import AnswerForm
from assessment.engines.base import GarbledAnswerError
from tests.engines.answers import (
    BOXED,
    DIAMOND,
    DIAMOND_IN_PIXELS,
    DRAWN,
    FENCED,
    MASK,
    MASKED,
    THREE,
    TOKENS,
    data_uri,
    disc,
    grid,
    only,
    png,
    read,
    rings,
)


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
    ("point", "box"),
    [([5, 5], (0.0, 0.0, 60.0, 30.0)), ([1000, 500], (950.0, 975.0, 1050.0, 1000.0))],
)
def test_the_box_around_a_point_near_the_edge_is_cut_to_the_picture(point, box):
    reading = read([{"point": point, "label": "dent"}])
    assert reading.detections[0].box == box
    assert len(reading.lost) == 1


def test_a_point_outside_the_picture_is_left_out_with_a_sentence():
    reading = read([BOXED, {"point": [1001, 500], "label": "dent"}])
    assert reading.lost == (
        "Object 2 (dent): its point lies outside the picture; it was left out.",
    )


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
