"""What becomes of each failure that the stand-in plays to the engine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from assessment.engines.base import (
    EngineMisconfiguredError,
    EngineRefusedError,
    EngineUnavailableError,
    GarbledAnswerError,
)
from assessment.engines.gemini import GeminiEngine
from standin.server import Standin
from standin.steps import Act, Step
from tests.engines.asking import (
    KEY,
    REQUEST,
    ask,
    engine,
)


@pytest.mark.parametrize("act", [Act.QUOTA, Act.OVERLOADED])
def test_an_overload_is_retryable_after_the_servers_delay(act):
    with pytest.raises(EngineUnavailableError) as caught:
        ask(Step(act, retry_after=34))
    assert caught.value.retry_after == 34.0


def test_an_overload_without_a_delay_leaves_it_open():
    with pytest.raises(EngineUnavailableError) as caught:
        ask(Step(Act.OVERLOADED))
    assert caught.value.retry_after is None


def test_the_longer_of_two_named_delays_holds():
    with pytest.raises(EngineUnavailableError) as caught:
        ask(Step(Act.QUOTA, retry_after=5, retry_header="60"))
    assert caught.value.retry_after == 60.0


def test_a_delay_may_be_a_date():
    soon = datetime.now(UTC) + timedelta(seconds=100)
    with pytest.raises(EngineUnavailableError) as caught:
        ask(Step(Act.QUOTA, retry_header=format_datetime(soon, usegmt=True)))
    assert caught.value.retry_after == pytest.approx(100, abs=20)


@pytest.mark.parametrize("header", ["soon", "nan", "inf", ""])
def test_a_delay_that_is_none_is_left_out(header):
    with pytest.raises(EngineUnavailableError) as caught:
        ask(Step(Act.QUOTA, retry_header=header))
    assert caught.value.retry_after is None


def test_the_sdk_does_not_retry_by_itself():
    with Standin([Act.OVERLOADED, Act.LOOK]) as standin:
        with pytest.raises(EngineUnavailableError):
            engine(standin).ask(REQUEST)
        assert len(standin.requests) == 1


@pytest.mark.parametrize("act", [Act.RESET, Act.CUT_BODY, Act.TORN_JSON])
def test_a_lost_connection_is_retryable(act):
    with pytest.raises(EngineUnavailableError):
        ask(act)


@pytest.mark.parametrize("status", [408, 500, 502, 504])
def test_a_status_that_passes_by_itself_is_retryable(status):
    with pytest.raises(EngineUnavailableError):
        ask(Step(Act.REJECT, status=status))


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_rejected_request_asks_for_another_configuration(status):
    with pytest.raises(EngineMisconfiguredError, match=str(status)):
        ask(Step(Act.REJECT, status=status))


def test_nobody_listening_is_retryable():
    with Standin() as standin:
        url = standin.url
    with pytest.raises(EngineUnavailableError, match="can't be reached"):
        GeminiEngine(model="gemini-2.5-flash", api_key=KEY, base_url=url).ask(REQUEST)


def test_a_server_that_drips_is_left_at_the_deadline():
    with pytest.raises(EngineUnavailableError, match=r"within 0\.5 seconds"):
        ask(Step(Act.DRIP, pause=0.05), deadline=0.5)


def test_the_deadline_holds_for_all_models_together():
    slow = Step(Act.GONE, wait=0.4)
    with Standin([slow]) as standin:
        gemini = GeminiEngine(
            model="a", fallbacks=["b", "c"], api_key=KEY, base_url=standin.url, deadline=0.6
        )
        with pytest.raises(EngineUnavailableError, match=r"within 0\.6 seconds"):
            gemini.ask(REQUEST)


def test_an_engine_answers_again_after_a_deadline():
    with Standin([Step(Act.DRIP, pause=0.05), Step(Act.SAY, text="[]")]) as standin:
        gemini = engine(standin, deadline=0.5)
        with pytest.raises(EngineUnavailableError):
            gemini.ask(REQUEST)
        assert gemini.ask(REQUEST).text == "[]"


@pytest.mark.parametrize(("act", "reason"), [(Act.SAFETY, "SAFETY"), (Act.BLOCKED, "PROHIBITED")])
def test_a_block_is_a_refusal_with_its_reason(act, reason):
    with pytest.raises(EngineRefusedError, match=reason):
        ask(act)


def test_an_empty_answer_at_the_token_limit_is_garbled_and_what_it_cost_is_told():
    with pytest.raises(GarbledAnswerError, match="MAX_TOKENS") as caught:
        ask(Act.CUT_EMPTY)
    assert caught.value.answer is not None
    assert caught.value.answer.usage.input_tokens
    assert caught.value.answer.cut


def test_an_empty_list_that_was_not_finished_is_no_answer():
    with pytest.raises(GarbledAnswerError, match="MALFORMED_RESPONSE"):
        ask(Step(Act.SAY, text="[]", finish="MALFORMED_RESPONSE"))


@pytest.mark.parametrize("body", ['{"candidates": 5}', '{"candidates": [{"content": "x"}]}', "{}"])
def test_a_reply_of_another_form_is_garbled_and_no_answer_that_was_paid_for(body):
    with pytest.raises(GarbledAnswerError) as caught:
        ask(Step(Act.RAW, text=body))
    assert caught.value.answer is None


def test_text_that_is_no_answer_is_garbled_when_read():
    with Standin([Act.GARBLED]) as standin:
        gemini = engine(standin)
        answer = gemini.ask(REQUEST)
    with pytest.raises(GarbledAnswerError):
        gemini.read(answer.text, 400, 300)
