"""How the engine asks when it is asked much, and when a model doesn't answer."""

from __future__ import annotations

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from assessment.engines.base import (
    EngineBusyError,
    EngineRefusedError,
    EngineUnavailableError,
)
from assessment.engines.board import Change, ProcessBoard, Result
from assessment.engines.breaker import MOST_FAILURES, ModelAwayError
from assessment.engines.gemini import GeminiEngine
from standin.asked import Rules
from standin.server import Standin
from standin.steps import Act, Step
from tests.engines.asking import KEY, REQUEST

NOTHING = Step(Act.SAY, text="[]")
TWO = Rules(models=("a", "b"))
STORM = [Step(Act.OVERLOADED)] * MOST_FAILURES


def engine(standin: Standin, *models: str, **more: object) -> GeminiEngine:
    model, *fallbacks = models or ("gemini-3.8-flash",)
    return GeminiEngine(
        model=model,
        fallbacks=fallbacks,
        api_key=KEY,
        base_url=standin.url,
        **more,  # type: ignore[arg-type]
    )


def fail(gemini: GeminiEngine, times: int = MOST_FAILURES) -> None:
    for _ in range(times):
        with pytest.raises(EngineUnavailableError):
            gemini.ask(REQUEST)


def test_sixty_four_threads_ask_at_once_and_each_has_its_answer():
    with Standin([Step(Act.SAY, text="[]", wait=0.2)]) as standin:
        gemini = engine(standin)
        with ThreadPoolExecutor(64) as pool:
            answers = list(pool.map(lambda _: gemini.ask(REQUEST).text, range(64)))
        gemini.close()
    assert answers == ["[]"] * 64
    assert len(standin.requests) == 64


def test_an_engine_that_was_closed_answers_again():
    with Standin([NOTHING]) as standin:
        gemini = engine(standin)
        gemini.ask(REQUEST)
        gemini.close()
        assert gemini.ask(REQUEST).text == "[]"
        gemini.close()


def test_no_more_is_sent_in_a_minute_than_is_allowed_and_the_rest_is_told_when():
    with Standin([NOTHING]) as standin:
        gemini = engine(standin, requests_per_minute=3)
        for _ in range(3):
            gemini.ask(REQUEST)
        waits = []
        for _ in range(2):
            with pytest.raises(EngineBusyError, match="allowed in a minute") as caught:
                gemini.ask(REQUEST)
            waits.append(caught.value.retry_after)
    assert len(standin.requests) == 3
    assert all(wait is not None and 30 < wait <= 62 for wait in waits)


def test_tokens_are_counted_as_the_server_counted_them():
    with Standin([NOTHING]) as standin:
        # Two questions as they are estimated are above this, and as the stand-in counts them below.
        gemini = engine(standin, tokens_per_minute=2000)
        gemini.ask(REQUEST)
        gemini.ask(REQUEST)
        with pytest.raises(EngineBusyError):
            gemini.ask(REQUEST)


def test_two_engines_with_the_same_key_share_one_limit(tmp_path):
    with Standin([NOTHING]) as standin:
        first, second = (
            engine(standin, requests_per_minute=1, board=str(tmp_path)) for _ in range(2)
        )
        first.ask(REQUEST)
        with pytest.raises(EngineBusyError):
            second.ask(REQUEST)


def test_a_model_in_a_storm_is_left_alone():
    with Standin([*STORM, NOTHING]) as standin:
        gemini = engine(standin)
        fail(gemini)
        with pytest.raises(ModelAwayError, match=r"gemini-3\.8-flash does not answer") as caught:
            gemini.ask(REQUEST)
    assert caught.value.retry_after
    assert len(standin.requests) == MOST_FAILURES


def test_while_a_model_is_left_alone_its_fallback_is_asked():
    with Standin([*STORM, NOTHING]) as standin:
        gemini = engine(standin, "gemini-3.8-flash", "gemini-3.5-flash-lite")
        fail(gemini)
        assert gemini.ask(REQUEST).model_requested == "gemini-3.5-flash-lite"


def test_when_every_model_is_left_alone_the_first_to_be_asked_again_is_waited_for():
    late = [Step(Act.OVERLOADED, retry_after=100)] * MOST_FAILURES
    with Standin([*late, *STORM], rules=TWO) as standin:
        gemini = engine(standin, "a", "b")
        fail(gemini, 2 * MOST_FAILURES)
        with pytest.raises(ModelAwayError, match="b does not answer") as caught:
            gemini.ask(REQUEST)
    assert caught.value.retry_after is not None
    assert caught.value.retry_after < 10


def test_that_the_fallback_is_gone_is_no_end_while_the_model_is_only_left_alone():
    with Standin([*STORM, Act.GONE], rules=TWO) as standin:
        gemini = engine(standin, "a", "b")
        fail(gemini)
        with pytest.raises(ModelAwayError, match="a does not answer"):
            gemini.ask(REQUEST)


@pytest.mark.parametrize("act", [Act.SAFETY, Act.CUT_EMPTY, Step(Act.REJECT, status=400)])
def test_a_model_that_answers_whatever_it_says_is_not_left_alone(act):
    with Standin([*STORM[1:], act, *STORM[1:], NOTHING]) as standin:
        gemini = engine(standin)
        for _ in range(2 * MOST_FAILURES - 1):
            with pytest.raises(Exception, match="Gemini"):
                gemini.ask(REQUEST)
        assert gemini.ask(REQUEST).text == "[]"


def test_the_key_is_neither_in_a_log_nor_in_what_workers_tell_each_other(tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    with Standin([Act.OVERLOADED]) as standin:
        gemini = engine(standin, requests_per_minute=9, board=str(tmp_path))
        fail(gemini)
        with pytest.raises(ModelAwayError) as caught:
            gemini.ask(REQUEST)
        gemini.close()
    written = [str(path) + path.read_bytes().decode("latin-1") for path in tmp_path.iterdir()]
    assert written
    assert KEY not in "".join([*written, caplog.text, str(caught.value), repr(gemini)])


def test_a_picture_that_can_not_be_decoded_takes_nobody_s_turn():
    with Standin([NOTHING]) as standin:
        gemini = engine(standin, requests_per_minute=1)
        with pytest.raises(EngineRefusedError, match="can't be decoded"):
            gemini.ask(replace(REQUEST, image=b"no picture"))
        assert gemini.ask(REQUEST).text == "[]"


def test_waiting_for_leave_to_ask_is_no_time_out(monkeypatch):
    change = ProcessBoard.change

    def slow(board: ProcessBoard, name: str, made: Change[Result]) -> Result:
        time.sleep(0.5)
        return change(board, name, made)

    with Standin([Step(Act.SAY, text="[]", wait=0.4)]) as standin:
        gemini = engine(standin, requests_per_minute=9, deadline=1.0)
        monkeypatch.setattr(ProcessBoard, "change", slow)
        assert gemini.ask(REQUEST).text == "[]"


def test_an_answer_that_was_paid_for_comes_whatever_becomes_of_the_notes(monkeypatch):
    change, names = ProcessBoard.change, []

    def lost(board: ProcessBoard, name: str, made: Change[Result]) -> Result:
        names.append(name)
        if len(names) > 2:
            raise MemoryError
        return change(board, name, made)

    monkeypatch.setattr(ProcessBoard, "change", lost)
    with Standin([NOTHING]) as standin:
        assert engine(standin, requests_per_minute=9).ask(REQUEST).text == "[]"
    assert [name.partition(":")[0] for name in names] == ["breaker", "pace", "pace", "breaker"]


def test_notes_that_a_power_cut_has_zeroed_stop_nobody(tmp_path):
    with Standin([NOTHING]) as standin:
        engine(standin, requests_per_minute=9, board=str(tmp_path)).ask(REQUEST)
        gemini = engine(standin, requests_per_minute=9, board=str(tmp_path))
        for path in tmp_path.iterdir():
            path.write_bytes(bytes(37))
        assert gemini.ask(REQUEST).text == "[]"
