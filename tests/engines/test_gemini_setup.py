"""Keys, addresses and Vertex AI: how the engine is set up."""

from __future__ import annotations

from collections.abc import Callable

import google.auth
import pytest
from google.auth.exceptions import RefreshError
from google.oauth2.credentials import Credentials

from assessment.engines.base import (
    EngineError,
    EngineMisconfiguredError,
)
from assessment.engines.gemini import GeminiEngine
from assessment.engines.prompt import WordsByModel
from assessment.engines.registry import build
from standin.server import Standin
from standin.steps import Act, Step
from tests.engines.asking import (
    KEY,
    REQUEST,
    ask,
)


def test_without_a_key_or_a_project_there_is_no_engine():
    with pytest.raises(EngineMisconfiguredError, match="neither an API key nor"):
        GeminiEngine(model="gemini-2.5-flash", api_key="  ")


@pytest.mark.parametrize("key", ["two words", "line\nbreak", "clé"])
def test_a_key_that_can_not_be_one_is_refused_without_being_shown(key):
    with pytest.raises(EngineMisconfiguredError) as caught:
        GeminiEngine(model="gemini-2.5-flash", api_key=key)
    assert key not in str(caught.value)


def test_an_address_that_is_none_is_a_matter_of_configuration():
    gemini = GeminiEngine(model="gemini-2.5-flash", api_key=KEY, base_url="ftp://somewhere")
    with pytest.raises(EngineMisconfiguredError, match="not a web address"):
        gemini.ask(REQUEST)


def test_the_key_is_in_no_representation():
    assert KEY not in repr(GeminiEngine(model="gemini-2.5-flash", api_key=KEY))


def test_a_server_that_quotes_the_key_does_not_get_it_into_the_message():
    with pytest.raises(EngineError) as caught:
        ask(Step(Act.REJECT, status=400, text=f"API key {KEY} is not valid."))
    assert KEY not in str(caught.value)
    assert caught.value.__cause__ is None
    assert "is not valid" in caught.value.message


def test_the_registry_builds_the_engine_by_name():
    assert build("gemini", {"model": "gemini-3.8-flash", "api_key": KEY}).model


def test_each_family_has_its_own_words():
    gemini = GeminiEngine(model="gemini-3.8-flash", second_model="gemini-2.5-flash", api_key=KEY)
    assert isinstance(gemini, WordsByModel)
    assert gemini.prompt_version_of("gemini-3.8-flash") == gemini.prompt_version
    assert gemini.prompt_version_of("gemini-2.5-flash") != gemini.prompt_version


@pytest.fixture
def vertex(monkeypatch: pytest.MonkeyPatch) -> Callable[[Standin], GeminiEngine]:
    """An engine on Vertex AI with a token of its own, no sign-in service involved."""
    credentials = Credentials(token="a-token")
    monkeypatch.setattr(google.auth, "default", lambda **_: (credentials, "hail-project"))

    def make(standin: Standin) -> GeminiEngine:
        return GeminiEngine(
            model="gemini-2.5-flash",
            project="hail-project",
            location="us-central1",
            base_url=standin.url,
        )

    return make


def test_vertex_is_called_by_project_and_location_with_a_token(vertex):
    with Standin([Step(Act.SAY, text="[]")]) as standin:
        assert vertex(standin).ask(REQUEST).text == "[]"
        (received,) = standin.requests
    assert "/projects/hail-project/locations/us-central1/" in received.path
    assert received.headers["authorization"] == "Bearer a-token"
    assert "x-goog-api-key" not in received.headers


def test_missing_credentials_are_a_matter_of_configuration(vertex, monkeypatch):
    def refuse(**_):
        raise RefreshError("no credentials")

    monkeypatch.setattr(google.auth, "default", refuse)
    with Standin() as standin, pytest.raises(EngineMisconfiguredError, match="credentials"):
        vertex(standin).ask(REQUEST)
