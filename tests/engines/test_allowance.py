"""The most that a question can be billed as."""

from __future__ import annotations

import pytest

from assessment.core.detection import Box
from assessment.core.vocabulary import AnswerForm
from assessment.engines.allowance import LONGEST_ANSWER, most_tokens
from assessment.engines.base import Request
from assessment.engines.families import UNKNOWN, family_of
from assessment.engines.gemini import GeminiEngine
from assessment.engines.local import LocalEngine

FLASH = family_of("gemini-2.5-flash")


def asked(text: str = "cracks", width: int = 4000, height: int = 3000, **more) -> Request:
    return Request(b"", width, height, text, **more)


def most_in(request: Request) -> int:
    return most_tokens(FLASH, AnswerForm.MASK, request).input_tokens or 0


@pytest.mark.parametrize(
    ("size", "tiles"), [((960, 540), 6), ((1024, 1024), 4), ((1000, 100), 30), ((100, 1000), 30)]
)
def test_a_picture_counts_with_all_its_tiles(size, tiles):
    assert most_in(asked(width=size[0], height=size[1])) >= 1.25 * tiles * 258


def test_longer_words_and_more_that_is_known_can_cost_more():
    plain = most_in(asked())
    box = Box(0, 0, 10, 10)

    assert most_in(asked("cracks " * 50)) > plain + 300
    assert most_in(asked(known=(box,) * 20)) > plain


def test_signs_of_other_scripts_count_by_their_bytes():
    assert most_in(asked("ひび割れ")) - most_in(asked("abcd")) >= 1.25 * 8


def test_an_answer_ends_where_its_family_is_told_to_end():
    assert most_tokens(FLASH, AnswerForm.MASK, asked()).output_tokens == FLASH.most_tokens


def test_an_answer_of_an_unknown_family_ends_where_all_models_do():
    assert most_tokens(UNKNOWN, AnswerForm.BOX, asked()).output_tokens == LONGEST_ANSWER


def test_every_model_that_may_be_asked_is_bound():
    engine = GeminiEngine(model="gemini-2.5-flash", fallbacks=["gemini-3.8-flash"], api_key="k")

    assert set(engine.billed_at_most(asked())) == {"gemini-2.5-flash", "gemini-3.8-flash"}
    assert set(engine.billed_at_most(asked(model="gemini-2.5-pro"))) == {
        "gemini-2.5-pro",
        "gemini-3.8-flash",
    }


def test_the_local_engine_bills_nothing():
    assert LocalEngine().billed_at_most(asked()) == {}
