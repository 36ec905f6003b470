"""Recorded answers, damaged in every way: read in part and said so, or garbled, never empty."""

from __future__ import annotations

import string
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from assessment.core.detection import Box
from assessment.engines import region
from assessment.engines.answer import WRAPPERS, read_answer
from assessment.engines.base import GarbledAnswerError, Reading
from assessment.engines.cutout import read_cutout

pytestmark = pytest.mark.shared

ANSWERS = {
    "cookbook_cupcakes_flash25_0520_masks15": 15,
    "boxes_cookbook_cupcakes_flash25": 15,
    "boxes_cookbook_cupcakes_gemini35flash": 13,
    "boxes_cookbook_spill_flash25": 6,
    "polygon_forum146559_gemini35": 1,
}
CHANGES = 2000
SIZE = (620, 620)


@pytest.fixture(params=ANSWERS)
def recorded(request: pytest.FixtureRequest, shared_data: Path) -> str:
    return (shared_data / "gemini" / f"{request.param}.json").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def _each_mask_is_decoded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Most damage leaves most masks as they were, and decoding them is nearly all of the time."""
    monkeypatch.setattr(region, "read_cutout", lru_cache(read_cutout))


def read(text: str) -> Reading | None:
    """The reading; None for an answer that was found to be garbled."""
    try:
        return read_answer(text, *SIZE)
    except GarbledAnswerError:
        return None


def kept_or_said(reading: Reading | None, whole: int) -> bool:
    """Whether something was read and whatever is missing was told, or the answer was refused."""
    if reading is None:
        return True
    found = len(reading.detections)
    return found > 0 and (found >= whole or bool(reading.lost))


def test_an_answer_cut_at_any_byte_says_that_it_was_cut(recorded):
    whole = len(read_answer(recorded, *SIZE).detections)
    end = len(recorded.rstrip().removesuffix("```").rstrip())
    for length in range(end):
        reading = read(recorded[:length])
        assert kept_or_said(reading, whole), length
        assert reading is None or reading.lost or length == end, length


def changed(text: str) -> Iterator[tuple[int, str]]:
    chance = np.random.default_rng(20261201)
    places = chance.integers(len(text), size=CHANGES).tolist()
    signs = chance.choice(list(string.printable), size=CHANGES).tolist()
    for place, sign in zip(places, signs, strict=True):
        yield place, text[:place] + sign + text[place + 1 :]


def test_an_answer_with_any_byte_changed_is_never_nothing_found(recorded):
    whole = len(read_answer(recorded, *SIZE).detections)
    for place, text in changed(recorded):
        assert kept_or_said(read(text), whole), (place, text[max(0, place - 20) : place + 20])


def wrapped(text: str) -> Iterator[str]:
    bare = text[
        min(place for place in map(text.find, "[{") if place >= 0) : max(map(text.rfind, "]}")) + 1
    ]
    bare = bare if bare.startswith("[") else f"[{bare}]"
    yield from (
        bare,
        f"```json\n{bare}\n```",
        f"```\n{bare}\n```",
        f"Here they are:\n{bare}\nDone.",
    )
    yield from (f'{{"{key}": {bare}}}' for key in sorted(WRAPPERS))
    yield from (f'Of course:\n```json\n{{"{key}": {bare}}}\n```' for key in sorted(WRAPPERS))
    yield f"\ufeff{bare}"
    yield f"[{bare}]"


def test_an_answer_in_any_wrapper_reads_the_same(recorded):
    plain = read_answer(recorded, *SIZE)
    for text in wrapped(recorded):
        reading = read_answer(text, *SIZE)
        assert named_boxes(reading) == named_boxes(plain)
        assert reading.lost == plain.lost


def named_boxes(reading: Reading) -> list[tuple[str, Box]]:
    return [(detection.label, detection.box) for detection in reading.detections]
