"""What a prompt asks for: a known question in it, and the boxes that it says are known already."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import NamedTuple

from standin.truth import in_words

Box = tuple[float, float, float, float]
"""Top, left, bottom, right in thousandths, as models write it."""

DECODER = json.JSONDecoder()


class Found(NamedTuple):
    """A question as it is known, and the boxes of what need not be told again."""

    words: str
    known: tuple[Box, ...]


def question_in(prompt: str, known: Collection[str]) -> Found | None:
    """The question that a prompt puts: quoted as a JSON string, or else standing in it in words.

    >>> question_in('Outline "The Door". Leave out: [[0, 0, 9, 9]].', ["door", "the door"])
    Found(words='the door', known=((0, 0, 9, 9),))
    >>> question_in("Give the segmentation masks for the door. Output", ["door", "the door"])
    Found(words='the door', known=())
    >>> question_in('Outline "the roof of the door".', ["the door"]) is None
    True
    """
    quoted = list(_values(prompt, '"'))
    for text, end in quoted:
        if in_words(str(text)) in known:
            return Found(in_words(str(text)), _boxes(prompt[end:]))
    if quoted and any(" " in str(text) for text, _ in quoted):
        return None
    words = in_words(prompt)
    said = [question for question in known if question in words]
    return Found(max(said, key=len), ()) if said else None


def _boxes(text: str) -> tuple[Box, ...]:
    """The first list of boxes in a text."""
    for value, _ in _values(text, "[["):
        if isinstance(value, list) and all(_is_box(each) for each in value):
            return tuple(tuple(each) for each in value)
    return ()


def _is_box(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 4
        and all(isinstance(n, int | float) for n in value)
    )


def _values(text: str, opening: str) -> Iterator[tuple[object, int]]:
    """The JSON values in a text that begin so, one after the other, and where each ends."""
    at = text.find(opening)
    while at >= 0:
        try:
            value, end = DECODER.raw_decode(text, at)
            yield value, end
        except ValueError:
            end = at + 1
        at = text.find(opening, end)
