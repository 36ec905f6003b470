"""What the client takes from the wire, and where it sends its key."""

from __future__ import annotations

import json
import logging
import traceback
import tracemalloc

import pytest

from assessment.engines.base import (
    EngineError,
    EngineMisconfiguredError,
    EngineUnavailableError,
    GarbledAnswerError,
)
from assessment.engines.gemini_failures import LONGEST_QUOTE, redacted
from assessment.engines.gemini_wire import MOST_BYTES
from standin.server import Standin
from standin.steps import Act, Step
from tests.engines.asking import KEY, REQUEST, ask, engine

PAGE = "<html>" + "x" * 1_000_000


def check_the_key_stays(status: int) -> None:
    with Standin([Act.LOOK]) as elsewhere:
        away = Step(Act.REDIRECT, text=f"{elsewhere.url}/v1/models/m:generateContent")
        with pytest.raises(EngineMisconfiguredError, match=str(status)):
            ask(Step(away.do, text=away.text, status=status))
    assert not elsewhere.requests


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_the_key_does_not_follow_a_redirect(status):
    check_the_key_stays(status)


def test_another_http_library_that_is_installed_is_not_taken(monkeypatch):
    monkeypatch.setattr("google.genai._api_client.has_aiohttp", True)
    check_the_key_stays(302)


@pytest.mark.parametrize("act", [Act.HUGE, Act.BOMB])
def test_a_reply_without_end_does_not_fill_the_memory(act):
    with Standin([Step(act, size=256 << 20)]) as standin:
        gemini = engine(standin)
        tracemalloc.start()
        try:
            with pytest.raises(GarbledAnswerError, match="longer than 4 MB"):
                gemini.ask(REQUEST)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak < 5 * MOST_BYTES


def test_an_answer_that_comes_packed_is_unpacked():
    assert ask(Act.PACKED).text == ask(Act.LOOK).text


def test_an_error_with_a_body_without_end_is_that_error():
    with pytest.raises(EngineUnavailableError, match=r"^Gemini is not available now \(502 "):
        ask(Step(Act.RAW, status=502, text=PAGE, type="text/html"))


def test_an_answer_as_long_as_is_taken_is_taken():
    text = "x" * (MOST_BYTES - 10_000)
    said = {"content": {"parts": [{"text": text}], "role": "model"}, "finishReason": "STOP"}
    reply = json.dumps({"candidates": [said]})
    assert ask(Step(Act.RAW, status=200, text=reply, type="application/json")).text == text


@pytest.mark.parametrize(
    "quoted",
    [
        "bad key k+e/y",
        "see https://example.com/v1?key=k%2Be%2Fy&alt=json",
        "got key=AIzaSyA1234567890abcdefghijklmnopqrstuv",
        "got /?key=another-one",
        "header Authorization: Bearer ya29.a0Af_bcd-e",
        "header authorization: bearer opaque",
    ],
)
def test_nothing_like_a_key_is_repeated(quoted):
    told = redacted(quoted, "k+e/y")
    assert "[key]" in told
    for secret in ("k+e/y", "k%2Be%2Fy", "AIza", "another-one", "ya29", "opaque"):
        assert secret not in told


def test_what_is_repeated_is_one_line_of_bounded_length():
    told = redacted("a\n b\t" * 1000, "")
    assert told.startswith("a b a b")
    assert len(told) <= LONGEST_QUOTE


@pytest.mark.parametrize(
    "step",
    [
        Step(Act.REJECT, text=f"No such key: {KEY}."),
        Step(Act.REJECT, status=503, text=f"No such key: {KEY}."),
        Step(Act.RAW, text=f"<html>{KEY}</html>"),
        Step(Act.RAW, text=f'{{"candidates": "{KEY}"}}'),
        Step(Act.REDIRECT, text=f"http://127.0.0.1:9/?key={KEY}"),
        Act.RESET,
    ],
)
def test_neither_an_error_nor_its_trace_nor_a_log_quotes_the_key(step, caplog):
    for name in ("", "httpx2", "httpcore2", "google_genai"):
        caplog.set_level(logging.INFO, logger=name)
    with pytest.raises(EngineError) as caught:
        ask(step)
    assert KEY not in "".join(traceback.format_exception(caught.value))
    assert KEY not in caplog.text
