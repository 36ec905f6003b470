"""Answers that are empty, cut, endless or meant to do harm."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.core.detection import Detection
from assessment.engines.answer import LONGEST_TEXT, MOST_OBJECTS, read_answer
from assessment.engines.base import GarbledAnswerError, Reading
from tests.engines.answers import (
    BOX,
    BOXED,
    DRAWN,
    FENCED,
    HEIGHT,
    MASKED,
    THREE,
    WIDTH,
    bomb,
    data_uri,
    read,
)


@pytest.mark.parametrize(
    "text", ["[]", " [ ]\n", "```json\n[]\n```", '{"masks": []}', '```\n{"items": []}\n```']
)
def test_an_explicit_empty_list_is_an_answer_without_detections(text):
    assert read(text) == Reading(())


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "There is no damage.",
        "null",
        "{}",
        "[{}]",
        "[[]]",
        "[null]",
        '"[]"',
        "[",
        '{"masks": [',
        '{"error": []}',
        '{"masks": [], "note": "I could not open the picture"}',
        "I can't look at this picture. []",
        "[] []",
        '[{"label": "hole"}]',
        "```json\n```",
        "[...]",
    ],
)
def test_nothing_else_passes_for_nothing_found(text):
    with pytest.raises(GarbledAnswerError):
        read(text)


def test_a_garbled_answer_says_why_and_what_to_do():
    with pytest.raises(GarbledAnswerError, match=r"it is empty.*raw text was kept.*a person must"):
        read("")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 5000])
def test_a_number_that_is_none_makes_a_box_unreadable(number):
    with pytest.raises(GarbledAnswerError, match="neither a readable box"):
        read(f'[{{"box_2d": [0, 0, 100, {number}]}}]')


def test_a_number_that_never_ends_costs_only_its_object():
    reading = read(json.dumps([BOXED])[:-1] + ', {"box_2d": [0.' + "0" * 100_000)
    assert len(reading.detections) == 1
    assert reading.lost


def test_an_endless_mask_costs_only_its_object():
    endless = '{"box_2d": [1, 2, 3, 4], "mask": "data:image/png;base64,' + "+Pj4" * 100_000
    reading = read(json.dumps([MASKED])[:-1] + ", " + endless)
    assert len(reading.detections) == 1
    assert "breaks off" in reading.lost[0]


def test_a_picture_bomb_is_refused_by_its_header():
    reading = read([MASKED | {"mask": data_uri(bomb(60_000, 60_000))}])
    assert reading.detections[0].mask is None
    assert "60000 by 60000" in reading.lost[0]


def test_a_mask_of_megabytes_is_not_decoded():
    reading = read([MASKED | {"mask": "data:image/png;base64," + "A" * 1_500_000}])
    assert "far larger" in reading.lost[0]


def test_an_outline_with_too_many_corners_leaves_its_box():
    zigzag = [[200 + i % 400, 100 + 13 * i % 400] for i in range(401)]
    reading = read([DRAWN | {"mask": zigzag}])
    assert reading.detections[0].mask is None
    assert reading.detections[0].approximate


@pytest.mark.parametrize("mask", ["[" * 30, "[" + "1 " * 210_000], ids=["deep", "long"])
def test_a_mask_whose_text_is_no_outline_costs_only_itself(mask):
    reading = read([DRAWN | {"mask": mask}, BOXED])
    assert [found.mask for found in reading.detections] == [None, None]
    assert "Object 1" in reading.lost[0]


@pytest.mark.parametrize("teeth", [30, 90], ids=["crossings", "vertices"])
def test_combs_that_cross_are_not_joined(teeth):
    upright = _comb(teeth)
    reading = read([DRAWN | {"mask": [upright, [[y, x] for x, y in upright]]}])
    assert isinstance(reading.detections[0].mask, tuple)
    assert len(reading.detections[0].mask) == 2
    assert "cross one another" in " ".join(reading.lost)


def _comb(teeth: int) -> list[list[int]]:
    tops = [[10 * i + rise, 5 if rise in (0, 9) else 990] for i in range(teeth) for rise in RISES]
    return [[0, 0], *tops, [10 * teeth, 0]]


RISES = (0, 3, 6, 9)


def test_an_answer_that_is_too_long_is_refused():
    with pytest.raises(GarbledAnswerError, match="characters long"):
        read(" " * (LONGEST_TEXT + 1))


def test_an_answer_with_too_many_values_is_refused():
    with pytest.raises(GarbledAnswerError, match="values"):
        read("[" + "0," * 300_000)


def test_an_answer_that_is_nested_too_deep_is_refused():
    with pytest.raises(GarbledAnswerError, match="nested"):
        read("[" * 100_000)


def test_a_list_that_is_too_long_is_cut_and_says_so():
    boxes = [{"box_2d": [0, 0, 10 + i // 900, 10 + i % 900]} for i in range(MOST_OBJECTS + 5)]
    reading = read(boxes)
    assert len(reading.detections) == MOST_OBJECTS
    assert "Of 205 objects" in reading.lost[-1]


@given(st.text())
def test_any_text_is_read_or_garbled(text):
    _read_or_garbled(text)


PIECES = ["[", "]", "{", "}", ",", ":", '"', "\\", "box_2d", '"mask"', '"box_2d":', "<seg_1>", "5"]
PIECES += ["NaN", "-", "1e999", "data:image/png;base64,", "[[1,2],[3,4],[5,9]]", "```", "\n", " "]


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_any_rubble_of_an_answer_is_read_or_garbled(text):
    _read_or_garbled(text)


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=20,
)
entries = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(("box_2d", "mask", "holes", "point", "label"), values)
    | {"polygon": st.lists(st.lists(st.floats(-9, 1e9), min_size=2, max_size=2), max_size=9)},
)


@given(st.lists(entries | st.just(MASKED) | st.just(DRAWN) | st.just(BOXED), max_size=5))
def test_any_json_is_read_or_garbled(answer):
    _read_or_garbled(json.dumps(answer))


@given(
    st.lists(
        st.lists(st.floats(allow_nan=False, width=32), min_size=2, max_size=2),
        min_size=3,
        max_size=12,
    )
)
def test_no_outline_leaves_the_picture(ring):
    for found in _read_or_garbled(json.dumps([{"box_2d": BOX, "mask": ring}])) or ():
        assert 0 <= found.box.left < found.box.right <= WIDTH
        assert 0 <= found.box.top < found.box.bottom <= HEIGHT


@given(st.integers(0, len(FENCED)))
def test_a_cut_answer_keeps_a_prefix_and_says_that_it_was_cut(length):
    whole = [_spelled(found) for found in read(FENCED).detections]
    try:
        reading = read(FENCED[:length])
    except GarbledAnswerError:
        return
    kept = [_spelled(found) for found in reading.detections]
    assert kept == whole[: len(kept)]
    assert kept == whole or reading.lost


def test_wherever_an_answer_is_cut_it_never_reads_as_nothing_found():
    for length in range(len(THREE)):
        assert _read_or_garbled(THREE[:length]) != ()


def _read_or_garbled(text: str) -> tuple[Detection, ...] | None:
    try:
        reading = read_answer(text, WIDTH, HEIGHT)
    except GarbledAnswerError:
        return None
    for found in reading.detections:
        assert all(0 <= edge <= max(WIDTH, HEIGHT) for edge in found.box)
    return reading.detections


def _spelled(found: Detection) -> str:
    return f"{found.label} {found.box} {found.mask}"
