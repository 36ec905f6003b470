from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.engines.base import GarbledAnswerError
from assessment.engines.salvage import MOST_DEPTH, MOST_VALUES, salvage

UNTIMED = settings(deadline=None)
VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=20,
)

IMPROPER = "[x] "
"""Ahead of a text, it makes the reader take all that follows word by word."""


def read(text: str) -> str:
    """What is read, or why not; as text, so that not-a-number equals itself."""
    try:
        found = salvage(text)
    except GarbledAnswerError as error:
        return str(error)
    return repr((found.values, found.whole, found.around))


def read_by_word(text: str) -> str:
    try:
        found = salvage(IMPROPER + text)
    except GarbledAnswerError as error:
        return str(error)
    first, *rest = found.values
    assert first == []
    return repr((tuple(rest), True, found.around[1:]))


@UNTIMED
@given(st.lists(VALUES, max_size=5) | st.dictionaries(st.text(max_size=3), VALUES))
def test_proper_json_reads_the_same_at_once_and_word_by_word(value):
    text = json.dumps(value)
    assert read(text) == read_by_word(text)


@pytest.mark.parametrize(
    "text",
    [
        "[1] and {} too",
        '["line\nbreak", "\\ud800"]',
        f"[{'9' * 60}, 1e999, -0.0, NaN, -Infinity]",
        "[" * MOST_DEPTH + "]" * MOST_DEPTH,
        "[" * (MOST_DEPTH + 1) + "]" * (MOST_DEPTH + 1),
    ],
)
def test_what_is_hard_to_read_reads_the_same_either_way(text):
    assert read(text) == read_by_word(text)


def test_a_name_that_stands_twice_makes_its_object_torn():
    found = salvage('[{"a": 1, "a": 2}, {"a": 3}]')
    assert not found.whole
    assert found.values == ([{"a": 2.0}, {"a": 3.0}],)


@pytest.mark.parametrize("ahead", ["", IMPROPER])
def test_a_text_of_too_many_values_is_garbled(ahead):
    room = MOST_VALUES - 1 - bool(ahead)
    assert salvage(ahead + json.dumps([0] * room)).values
    with pytest.raises(GarbledAnswerError, match="more than"):
        salvage(ahead + json.dumps([0] * (room + 1)))


@pytest.mark.parametrize("part", ["[x] ", "[1] ", "{} {", '["', '{"a": 1, "a": 1} ', "[[[[]]]] ,"])
def test_time_grows_no_faster_than_the_text(part):
    def taken(length: int) -> float:
        text = (part * length)[: 4 * length]
        start = time.process_time()
        read(text)
        return time.process_time() - start

    assert min(taken(40_000) for _ in range(3)) < 40 * min(taken(4_000) for _ in range(3)) + 0.05


@pytest.mark.parametrize("number", ["30E", "1.5e+", "3.", "-", "4-"])
def test_what_only_begins_like_a_number_is_none(number):
    assert salvage(f"[{number}, 4]").values == ([4.0],)
