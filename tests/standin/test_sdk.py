"""The stand-in as Google's own SDK sees it, beside generateContent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from google import genai
from google.genai import errors, types

from standin.server import Standin


@pytest.fixture
def client() -> Iterator[genai.Client]:
    with Standin() as standin:
        options = types.HttpOptions(base_url=standin.url)
        yield genai.Client(enterprise=False, api_key="k", http_options=options)


def test_models_are_listed(client):
    models = {model.name: model for model in client.models.list()}
    assert models["models/gemini-3.8-flash"].output_token_limit == 65_536


def test_a_model_is_told_of(client):
    model = client.models.get(model="gemini-3.8-flash")
    assert "generateContent" in (model.supported_actions or [])
    with pytest.raises(errors.ClientError, match="is not found for API version"):
        client.models.get(model="gemini-9-flash")


def test_tokens_are_counted(client):
    picture = types.Part.from_bytes(data=b"any", mime_type="image/png")
    counted = client.models.count_tokens(model="gemini-3.8-flash", contents=[picture, "dents"])
    assert counted.total_tokens == 258 + 1


def test_a_text_alone_can_be_counted(client):
    counted = client.models.count_tokens(model="gemini-3.8-flash", contents="two dents")
    assert counted.total_tokens == 2
