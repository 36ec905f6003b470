"""What the stand-in takes and what it rejects, as the real service does."""

from __future__ import annotations

import json
from datetime import date
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest

from standin.asked import MOST_INLINE, Rules
from standin.models import Ending
from standin.server import Standin
from tests.standin.test_server import BODY, KEY, post, said

OLD, OLD_PRO, NEW = "gemini-2.5-flash", "gemini-2.5-pro", "gemini-3.8-flash"
THE_END = date(2026, 12, 1)
RINGS = {"type": "array", "items": {"type": "array", "items": {"type": "integer"}}}


def asked(
    model: str = NEW,
    config: dict[str, Any] | None = None,
    *,
    rules: Rules | None = None,
    content: Any = None,
    headers: dict[str, str] = KEY,
) -> tuple[int, Any]:
    body = BODY if content is None else content
    if config is not None:
        body = body | {"generationConfig": config}
    with Standin(rules=rules or Rules()) as standin:
        path = f"/v1beta/models/{model}:generateContent"
        response, reply = post(standin, body, path=path, headers=headers)
    return response.status, reply


def got(path: str, rules: Rules | None = None) -> tuple[int, Any]:
    with Standin(rules=rules or Rules()) as standin:
        connection = HTTPConnection(urlsplit(standin.url).netloc, timeout=10)
        connection.request("GET", path, headers=KEY)
        response = connection.getresponse()
        reply = json.loads(response.read())
        connection.close()
        assert not standin.requests
    return response.status, reply


def thinking(**told: Any) -> dict[str, Any]:
    return {"thinkingConfig": told}


def with_schema(schema: Any, name: str = "responseJsonSchema") -> dict[str, Any]:
    return {"responseMimeType": "application/json", name: schema}


def picture_of(kind: str) -> dict[str, Any]:
    inline = BODY["contents"][0]["parts"][0]["inlineData"] | {"mimeType": kind}
    return {"contents": [{"parts": [{"inlineData": inline}, {"text": "holes"}]}]}


@pytest.mark.parametrize(
    ("model", "config", "sentence"),
    [
        (NEW, thinking(thinkingBudget=0, thinkingLevel="LOW"), "only one of thinking budget"),
        (OLD, thinking(thinkingLevel="LOW"), "Thinking level is not supported for this model."),
        (NEW, thinking(thinkingLevel="DEEP"), "Thinking level DEEP is not supported"),
        (
            "gemini-3-pro-preview",
            thinking(thinking_level="MEDIUM"),
            "level MEDIUM is not supported",
        ),
        (OLD_PRO, thinking(thinkingBudget=0), "Budget 0 is invalid. This model only works in"),
        (OLD_PRO, thinking(thinkingBudget=64), "thinking budget 64 is invalid"),
        (OLD, thinking(thinkingBudget=True), "thinking budget True is invalid"),
        (NEW, {"thinkingConfig": [1]}, "'generation_config.thinking_config': not an object"),
        (NEW, thinking(depth=3), "Unknown name \"depth\" at 'generation_config.thinking_config'"),
        (NEW, {"tempo": 3}, "Unknown name \"tempo\" at 'generation_config': Cannot find field."),
        (NEW, {"temperature": 2.5}, "temperature must be in the range"),
        (NEW, {"temperature": "warm"}, "temperature must be in the range"),
        (NEW, {"maxOutputTokens": 0}, "max_output_tokens must be positive"),
        (NEW, {"maxOutputTokens": True}, "max_output_tokens must be positive"),
        (NEW, {"maxOutputTokens": 100_000}, "max_output_tokens must be positive"),
        (NEW, {"candidateCount": 2}, "only one candidate"),
        (NEW, {"responseMimeType": "image/png"}, "allowed mimetypes are"),
        (NEW, {"responseSchema": {"type": "STRING"}}, "requires response_mime_type"),
        (NEW, with_schema({"type": "array"}), "items: missing field"),
        (NEW, with_schema({"type": "list"}), 'unknown type "list"'),
        (NEW, with_schema("a list"), "not a schema"),
        (NEW, with_schema({"type": "object", "required": 5}), "required: not a list"),
        (NEW, with_schema({"type": "object", "required": [["a"]]}), "required[0]: property is"),
        (
            NEW,
            with_schema({"type": "OBJECT", "required": ["box"]}, "responseSchema"),
            "required[0]: property is not defined",
        ),
        (NEW, with_schema(RINGS) | {"responseSchema": RINGS}, "Only one of response_schema"),
    ],
)
def test_a_setting_that_the_model_does_not_take_is_rejected(model, config, sentence):
    status, reply = asked(model, config)
    assert (status, reply["error"]["status"]) == (400, "INVALID_ARGUMENT")
    assert sentence in reply["error"]["message"]


@pytest.mark.parametrize(
    ("model", "config"),
    [
        (OLD, thinking(thinkingBudget=0)),
        (OLD, thinking(thinking_budget=-1)),
        (OLD_PRO, thinking(thinkingBudget=128)),
        (NEW, thinking(thinkingLevel="MINIMAL")),
        (NEW, thinking(thinkingBudget=512)),
        (NEW, with_schema(RINGS)),
        (NEW, {"temperature": 0.5, "max_output_tokens": 8192, "topP": 0.9}),
    ],
)
def test_a_setting_that_the_model_takes_is_taken(model, config):
    assert asked(model, config)[0] == 200


def test_an_unknown_name_in_the_body_is_told_with_its_field():
    status, reply = asked(content=BODY | {"prompt": "x"})
    (detail,) = reply["error"]["details"]
    assert status == 400
    assert detail["fieldViolations"][0]["description"].endswith('"prompt": Cannot find field.')


@pytest.mark.parametrize("kind", ["image/gif", "application/pdf", ""])
def test_a_kind_of_file_that_is_not_taken_is_rejected(kind):
    status, reply = asked(content=picture_of(kind))
    assert (status, reply["error"]["message"]) == (400, f"Unsupported MIME type: {kind}")


def test_more_than_20_mib_inline_is_rejected():
    content = BODY | {"labels": {"filler": "x" * MOST_INLINE}}
    status, reply = asked(content=content)
    assert status == 400
    assert "payload size exceeds the limit: 20971520 bytes" in reply["error"]["message"]


def test_an_unknown_model_is_not_found():
    status, reply = asked("gemini-9-flash")
    assert (status, reply["error"]["status"]) == (404, "NOT_FOUND")
    assert reply["error"]["message"].startswith(
        "models/gemini-9-flash is not found for API version v1beta, or is not supported for"
    )


def test_a_model_that_was_added_is_there():
    assert asked("gemini-9-flash", rules=Rules(models=("gemini-9-flash",)))[0] == 200


def test_without_a_key_the_call_is_forbidden():
    status, reply = asked(headers={})
    assert (status, reply["error"]["status"]) == (403, "PERMISSION_DENIED")


@pytest.mark.parametrize(("rules", "key"), [(Rules(), "invalid"), (Rules(key="right"), "wrong")])
def test_a_key_that_is_not_valid_is_a_bad_request(rules, key):
    status, reply = asked(rules=rules, headers={"x-goog-api-key": key})
    assert status == 400
    assert reply["error"]["details"][0]["reason"] == "API_KEY_INVALID"


@pytest.mark.parametrize(
    ("today", "status", "served"),
    [(date(2026, 11, 30), 200, OLD), (THE_END, 200, "gemini-3.5-flash-lite")],
)
def test_from_its_end_on_another_model_serves_in_silence(today, status, served):
    found, reply = asked(OLD, rules=Rules(ending=Ending.REROUTE, today=today))
    assert (found, reply["modelVersion"]) == (status, served)


def test_the_model_that_serves_answers_in_its_own_form():
    _, reply = asked(OLD, rules=Rules(ending=Ending.REROUTE, today=THE_END))
    assert "data:image/png" not in said(reply)


def test_from_its_end_on_a_model_can_be_gone():
    status, reply = asked(OLD, rules=Rules(ending=Ending.GONE, today=THE_END))
    assert status == 404
    assert "models/gemini-2.5-flash is no longer available" in reply["error"]["message"]


def test_with_json_mode_on_masks_are_placeholders():
    _, reply = asked(OLD, {"responseMimeType": "application/json"})
    (entry,) = json.loads(said(reply))
    assert entry["mask"] == "gimme_mask_for_this"


def test_an_answer_ends_where_its_tokens_are_used_up():
    config = thinking(thinkingLevel="LOW") | {"maxOutputTokens": 100}
    _, reply = asked(NEW, config)
    assert reply["candidates"][0]["finishReason"] == "MAX_TOKENS"
    assert len(said(reply)) == 4 * 4
    usage = reply["usageMetadata"]
    assert (usage["thoughtsTokenCount"], usage["candidatesTokenCount"]) == (96, 4)


def test_thoughts_alone_can_use_all_tokens_up():
    _, reply = asked(NEW, {"maxOutputTokens": 50})
    assert reply["candidates"][0]["finishReason"] == "MAX_TOKENS"
    assert "parts" not in reply["candidates"][0]["content"]
    assert reply["usageMetadata"]["thoughtsTokenCount"] == 50


def test_a_model_that_does_not_think_bills_no_thoughts():
    _, reply = asked(OLD, thinking(thinkingBudget=0))
    assert "thoughtsTokenCount" not in reply["usageMetadata"]


def test_models_are_listed_but_those_that_are_over():
    names = {each["name"] for each in got("/v1beta/models")[1]["models"]}
    left = got("/v1beta/models?pageSize=50", Rules(ending=Ending.GONE, today=THE_END))[1]["models"]
    assert names - {each["name"] for each in left} == {f"models/{OLD}", f"models/{OLD_PRO}"}


def test_one_model_is_described():
    status, model = got(f"/v1beta/models/{NEW}")
    assert (status, model["name"]) == (200, f"models/{NEW}")
    assert "generateContent" in model["supportedGenerationMethods"]
    assert got("/v1beta/models/none")[0] == 404
    assert got("/elsewhere")[0] == 404


def test_tokens_are_counted_without_a_call():
    with Standin() as standin:
        _, reply = post(standin, BODY, path=f"/v1beta/models/{NEW}:countTokens")
        assert not standin.requests
    assert reply["totalTokens"] > 258
