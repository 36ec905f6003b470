"""What is asked when a model is gone."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image

from assessment.core.vocabulary import AnswerForm
from assessment.engines.base import (
    EngineMisconfiguredError,
    EngineRefusedError,
    EngineUnavailableError,
    Request,
)
from assessment.engines.gemini import GeminiEngine
from config.settings import GEMINI
from standin.asked import read_asked
from standin.server import Received, Standin
from standin.steps import Act, Step
from tests.engines.asking import KEY, REQUEST

GONE_IN_WORDS = Step(Act.REJECT, status=400, text="The model m is no longer available.")


def engine(standin: Standin, *models: str) -> GeminiEngine:
    model, *fallbacks = models
    return GeminiEngine(model=model, fallbacks=fallbacks, api_key=KEY, base_url=standin.url)


def asked_of(standin: Standin) -> list[str]:
    found = [re.search(r"models/([^:]+):", received.path) for received in standin.requests]
    return [match[1] for match in found if match]


def size_of(received: Received) -> tuple[int, int]:
    asked = read_asked(received.path, received.headers, received.body)
    with Image.open(io.BytesIO(asked.image)) as picture:
        return picture.size


@pytest.mark.parametrize("gone", [Act.GONE, Step(Act.REJECT, status=404), GONE_IN_WORDS])
def test_when_a_model_is_gone_the_next_is_asked_in_its_own_way(gone):
    with Standin([gone, Act.LOOK]) as standin:
        answer = engine(standin, "gemini-2.5-flash", "gemini-3.8-flash").ask(REQUEST)
    assert asked_of(standin) == ["gemini-2.5-flash", "gemini-3.8-flash"]
    assert (answer.model_requested, answer.model_served) == ("gemini-3.8-flash",) * 2
    assert answer.form is AnswerForm.POLYGON
    assert "responseJsonSchema" in standin.requests[1].body["generationConfig"]


def test_when_every_model_is_gone_that_is_a_matter_of_configuration():
    with Standin([Act.GONE]) as standin, pytest.raises(EngineMisconfiguredError, match="404"):
        engine(standin, "a", "b", "c").ask(REQUEST)
    assert asked_of(standin) == ["a", "b", "c"]


def test_a_model_that_is_its_own_fallback_is_asked_once():
    with Standin([Act.GONE]) as standin, pytest.raises(EngineMisconfiguredError):
        engine(standin, "a", "a").ask(REQUEST)
    assert asked_of(standin) == ["a"]


@pytest.mark.parametrize(
    ("step", "error"),
    [
        (Act.OVERLOADED, EngineUnavailableError),
        (Act.QUOTA, EngineUnavailableError),
        (Step(Act.REJECT, status=403), EngineMisconfiguredError),
        (Act.SAFETY, EngineRefusedError),
    ],
)
def test_a_model_that_is_there_has_no_fallback(step, error):
    with Standin([step]) as standin, pytest.raises(error):
        engine(standin, "gemini-3.8-flash", "gemini-3.5-flash-lite").ask(REQUEST)
    assert asked_of(standin) == ["gemini-3.8-flash"]


def test_the_default_and_its_fallbacks_outlive_the_models_that_end_in_2026():
    named = [GEMINI["model"], *GEMINI["fallbacks"]]
    assert named == ["gemini-3.8-flash", "gemini-3.5-flash-lite", "gemini-2.5-flash-lite"]


def test_a_picture_is_sent_no_larger_than_the_model_makes_use_of():
    large = io.BytesIO()
    Image.new("RGB", (2000, 500), "grey").save(large, "JPEG")
    with Standin() as standin:
        engine(standin, "gemini-3.8-flash").ask(Request(large.getvalue(), 2000, 500, "hail"))
        engine(standin, "gemini-3.8-flash").ask(REQUEST)
    assert [size_of(received) for received in standin.requests] == [(1024, 256), (400, 300)]


def test_bytes_that_are_no_picture_are_not_sent():
    with Standin() as standin, pytest.raises(EngineRefusedError, match="decoded"):
        engine(standin, "gemini-3.8-flash").ask(Request(b"no picture", 10, 10, "hail"))
    assert not standin.requests
