"""Which replies are answers: by every reason that the SDK knows."""

from __future__ import annotations

import pytest
from google.genai.types import BlockedReason, FinishReason

from assessment.engines.base import (
    MOST_TOKENS,
    EngineMisconfiguredError,
    EngineRefusedError,
    GarbledAnswerError,
)
from assessment.engines.gemini_outcome import BARRED, BLOCKED, DECLINED, FINISHED, UNSAID
from standin.steps import Act, Step
from tests.engines.asking import ask
from tests.pipeline.faults import FAULTS

SOMETHING = '[{"box_2d": [100, 100, 300, 300], "label": "stain"}]'
STOPPED = {reason.value for reason in FinishReason} - FINISHED - DECLINED.keys() - {BARRED}


def test_every_reason_that_the_sdk_knows_is_in_the_table_of_faults():
    names = {fault.name for fault in FAULTS}
    blocked = {f"Blocked: {reason.value}" for reason in BlockedReason}
    ended = {name.rpartition(": ")[2] for name in names - blocked}
    assert blocked <= names
    assert {reason.value for reason in FinishReason} - ended == {"STOP"}


@pytest.mark.parametrize("reason", sorted(FINISHED))
def test_after_these_reasons_the_text_is_an_answer(reason):
    assert ask(Step(Act.SAY, text=SOMETHING, finish=reason)).text == SOMETHING


def test_nothing_is_found_only_where_the_model_says_that_it_has_finished():
    assert ask(Step(Act.SAY, text="[]", finish="STOP")).text == "[]"
    with pytest.raises(GarbledAnswerError, match="whole answer") as raised:
        ask(Step(Act.SAY, text="[]", finish=UNSAID))
    assert raised.value.answer is not None
    assert raised.value.answer.text == "[]"


@pytest.mark.parametrize("reason", ["MAX_TOKENS", "CONTINUATION"])
def test_what_was_cut_says_so(reason):
    assert ask(Step(Act.SAY, text="[{", finish=reason)).cut


@pytest.mark.parametrize("reason", sorted(DECLINED))
def test_a_reason_to_decline_is_told_even_where_a_text_came(reason):
    with pytest.raises(EngineRefusedError, match=f"{DECLINED[reason]} .{reason}") as caught:
        ask(Step(Act.SAY, text="[]", finish=reason))
    assert caught.value.answer is not None
    assert caught.value.answer.usage.input_tokens


@pytest.mark.parametrize("reason", sorted(STOPPED))
def test_a_text_that_was_not_finished_is_kept_and_not_read(reason):
    with pytest.raises(GarbledAnswerError, match=reason) as caught:
        ask(Step(Act.SAY, text="[]", finish=reason))
    assert caught.value.answer is not None
    assert caught.value.answer.text == "[]"


@pytest.mark.parametrize("reason", [each.value for each in BlockedReason])
def test_a_blocked_prompt_is_a_refusal_with_its_reason(reason):
    with pytest.raises(EngineRefusedError, match=reason) as caught:
        ask(Step(Act.BLOCKED, reason=reason))
    assert BLOCKED.get(reason, "doesn't say why") in caught.value.message
    assert caught.value.answer is not None
    assert caught.value.answer.usage.output_tokens == 0


@pytest.mark.filterwarnings("ignore:.* is not a valid (FinishReason|BlockedReason)")
@pytest.mark.parametrize("reason", ["later_reason", "Bearer k%2By <b>", "X" * 5000])
def test_a_reason_to_come_is_said_only_if_it_is_a_word(reason):
    said = "LATER_REASON" if reason == "later_reason" else "UNKNOWN"
    with pytest.raises(GarbledAnswerError, match=f"\\({said}\\)"):
        ask(Step(Act.SAY, text="[]", finish=reason))
    with pytest.raises(EngineRefusedError, match=f"\\({said}\\)"):
        ask(Step(Act.BLOCKED, reason=reason))


def test_a_barred_account_is_a_matter_of_configuration():
    with pytest.raises(EngineMisconfiguredError, match="account"):
        ask(Step(Act.SAY, reason=BARRED, finish=BARRED))


def test_thoughts_and_what_is_no_text_are_left_out():
    assert ask(Act.THOUGHTS).text == ask(Act.PIECES).text == ask(Act.LOOK).text


@pytest.mark.parametrize("count", [-1, MOST_TOKENS + 1])
def test_a_count_that_no_model_can_have_is_unknown(count):
    parts = '{"content": {"parts": [{"text": "[]"}]}, "finishReason": "STOP"}'
    usage = f'{{"promptTokenCount": {count}, "candidatesTokenCount": 7}}'
    body = f'{{"candidates": [{parts}], "usageMetadata": {usage}}}'
    told = ask(Step(Act.RAW, text=body)).usage
    assert (told.input_tokens, told.output_tokens) == (None, 7)
