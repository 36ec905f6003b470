"""The stand-in over plain HTTP, without any SDK."""

from __future__ import annotations

import base64
import io
import json
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image, ImageDraw

from standin.server import Standin
from standin.steps import Act, Step

MODEL = "gemini-2.5-flash"
KEY = {"x-goog-api-key": "any"}


def picture(*, even: bool = False) -> str:
    image = Image.new("RGB", (200, 100), "white")
    if not even:
        ImageDraw.Draw(image).rectangle((20, 10, 59, 49), fill="black")
    file = io.BytesIO()
    image.save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def body(data: str) -> dict[str, Any]:
    inline = {"mimeType": "image/png", "data": data}
    return {"contents": [{"role": "user", "parts": [{"inlineData": inline}, {"text": "holes"}]}]}


BODY = body(picture())


def post(
    standin: Standin,
    content: Any = BODY,
    *,
    path: str = f"/v1/models/{MODEL}:generateContent",
    headers: dict[str, str] = KEY,
) -> tuple[HTTPResponse, Any]:
    connection = HTTPConnection(urlsplit(standin.url).netloc, timeout=10)
    try:
        connection.request("POST", path, json.dumps(content), headers)
        response = connection.getresponse()
        return response, json.loads(response.read())
    finally:
        connection.close()


def said(reply: Any) -> str:
    return str(reply["candidates"][0]["content"]["parts"][0]["text"])


def answered(step: Step | Act, content: Any = BODY, **options: Any) -> tuple[HTTPResponse, Any]:
    with Standin([step]) as standin:
        return post(standin, content, **options)


def entries(model: str, content: Any = BODY) -> list[dict[str, Any]]:
    _, reply = answered(Act.LOOK, content, path=f"/v1/models/{model}:generateContent")
    text = said(reply).removeprefix("```json").removesuffix("```")
    return list(json.loads(text))


def test_a_box_encloses_what_stands_out_y_first():
    (entry,) = entries("gemini-robotics-er-2-preview")
    assert entry["box_2d"] == pytest.approx([100, 100, 500, 300], abs=15)
    assert entry.keys() == {"box_2d", "label"}


def test_the_2_5_family_answers_with_masks_cropped_to_their_boxes():
    (entry,) = entries(MODEL)
    data = base64.b64decode(entry["mask"].removeprefix("data:image/png;base64,"))
    with Image.open(io.BytesIO(data)) as mask:
        assert (mask.size, mask.mode) == ((256, 256), "L")
        assert mask.getpixel((128, 128)) == 255


def test_later_families_answer_with_polygons_x_first():
    (entry,) = entries("gemini-3.8-flash")
    xs, ys = zip(*entry["mask"], strict=True)
    assert (min(xs), max(xs)) == pytest.approx((100, 300), abs=15)
    assert (min(ys), max(ys)) == pytest.approx((100, 500), abs=15)


@pytest.mark.parametrize("model", [MODEL, "gemini-3.8-flash", "gemini-robotics-er-2-preview"])
def test_an_even_picture_shows_nothing(model):
    assert entries(model, body(picture(even=True))) == []


def test_a_recorded_answer_is_played_to_every_request():
    with Standin(answer="recorded") as standin:
        assert [said(post(standin)[1]), said(post(standin)[1])] == ["recorded", "recorded"]


def test_the_reply_names_the_model_and_the_tokens():
    _, reply = answered(Act.LOOK)
    assert reply["modelVersion"] == MODEL
    usage = reply["usageMetadata"]
    said_and_thought = usage["candidatesTokenCount"] + usage["thoughtsTokenCount"]
    assert usage["totalTokenCount"] == usage["promptTokenCount"] + said_and_thought


def test_another_model_can_serve():
    _, reply = answered(Step(model_served="gemini-3.5-flash-lite"))
    assert reply["modelVersion"] == "gemini-3.5-flash-lite"


def test_what_was_received_is_kept_in_order():
    with Standin() as standin:
        post(standin)
        post(standin, path=f"/v1beta/models/{MODEL}:generateContent")
        first, second = standin.requests
    assert (first.body, first.headers["x-goog-api-key"]) == (BODY, "any")
    assert second.path.startswith("/v1beta/")


def test_steps_are_taken_in_turn_and_the_last_repeats():
    with Standin([Act.OVERLOADED, Act.LOOK]) as standin:
        assert [post(standin)[0].status for _ in range(3)] == [503, 200, 200]


def test_a_quota_error_names_its_delay_twice():
    response, reply = answered(Step(Act.QUOTA, retry_after=9))
    assert (response.status, response.headers["Retry-After"]) == (429, "9")
    assert reply["error"]["details"][0]["retryDelay"] == "9s"


def test_a_model_that_is_gone_is_not_found_and_named():
    response, reply = answered(Act.GONE)
    assert response.status == 404
    assert f"models/{MODEL} is no longer available" in reply["error"]["message"]


@pytest.mark.parametrize(
    ("act", "mask"),
    [(Act.LEAKED, "<start_of_mask><seg_115>"), (Act.PLACEHOLDER, "gimme_mask_for_this")],
)
def test_masks_that_are_none_come_with_their_boxes(act, mask):
    text = said(answered(act)[1]).removeprefix("```json").removesuffix("```")
    (entry,) = json.loads(text)
    assert entry["mask"].startswith(mask)
    assert entry["box_2d"] == pytest.approx([100, 100, 500, 300], abs=15)


@pytest.mark.parametrize(
    ("question", "keys"),
    [
        ("Outline holes, each as a closed polygon", {"box_2d", "mask", "label"}),
        ("Detect holes", {"box_2d", "label"}),
    ],
)
def test_a_mask_model_answers_in_the_form_it_is_asked_for(question, keys):
    content = body(picture())
    content["contents"][0]["parts"][1]["text"] = question
    content["generationConfig"] = {"responseMimeType": "application/json"}
    (entry,) = json.loads(said(answered(Act.LOOK, content)[1]))
    assert entry.keys() == keys
    assert not isinstance(entry.get("mask"), str)


def test_a_safety_block_has_a_candidate_without_content():
    _, reply = answered(Act.SAFETY)
    assert reply["candidates"][0]["finishReason"] == "SAFETY"
    assert "content" not in reply["candidates"][0]


def test_a_blocked_prompt_has_no_candidates():
    _, reply = answered(Act.BLOCKED)
    assert reply["promptFeedback"]["blockReason"] == "PROHIBITED_CONTENT"
    assert "candidates" not in reply


def test_a_cut_answer_is_half_of_the_text():
    with Standin([Act.CUT], answer="0123456789") as standin:
        _, reply = post(standin)
    assert said(reply) == "01234"
    assert reply["candidates"][0]["finishReason"] == "MAX_TOKENS"


@pytest.mark.parametrize("act", [Act.RESET, Act.CUT_BODY])
def test_a_broken_connection_is_broken(act):
    with pytest.raises((OSError, HTTPException)):
        answered(act)


def test_torn_json_is_torn():
    with pytest.raises(json.JSONDecodeError):
        answered(Act.TORN_JSON)


def test_vertex_paths_are_served():
    path = f"/v1beta1/projects/p/locations/l/publishers/google/models/{MODEL}:generateContent"
    response, _ = answered(Act.LOOK, path=path, headers={"Authorization": "Bearer t"})
    assert response.status == 200


@pytest.mark.parametrize(
    ("content", "options", "status"),
    [
        (BODY, {"headers": {}}, 403),
        (BODY, {"path": "/v1/models"}, 404),
        ([], {}, 400),
        ({"contents": []}, {}, 400),
        ({"contents": [{"parts": 5}]}, {}, 400),
        ({"contents": [{"parts": [5]}]}, {}, 400),
        ({"contents": [{"parts": [{"text": "no picture"}]}]}, {}, 400),
        (body("*"), {}, 400),
        (body(base64.b64encode(b"no picture").decode()), {}, 400),
        (
            BODY
            | {"generationConfig": {"thinkingConfig": {"thinkingBudget": 0, "thinking_level": 1}}},
            {},
            400,
        ),
    ],
    ids=[
        "no key",
        "other path",
        "no object",
        "no contents",
        "no list of parts",
        "no parts",
        "no picture",
        "no base64",
        "broken picture",
        "two kinds of thinking",
    ],
)
def test_a_wrong_request_is_rejected_as_the_real_service_does(content, options, status):
    response, reply = answered(Act.LOOK, content, **options)
    assert response.status == reply["error"]["code"] == status


def test_a_body_that_is_nested_without_end_is_rejected():
    with Standin() as standin:
        connection = HTTPConnection(urlsplit(standin.url).netloc, timeout=10)
        path = f"/v1/models/{MODEL}:generateContent"
        connection.request("POST", path, "[" * 100_000, KEY)
        assert connection.getresponse().status == 400
        connection.close()


def test_no_more_requests_are_kept_than_are_wanted():
    with Standin([Act.LOOK, Act.QUOTA], kept=1) as standin:
        for status in (200, 429, 429):
            assert post(standin)[0].status == status
        assert len(standin.requests) == 1


def test_leaving_the_block_ends_a_drip():
    with Standin([Step(Act.DRIP, pause=60)]) as standin:
        connection = HTTPConnection(urlsplit(standin.url).netloc, timeout=10)
        path = f"/v1/models/{MODEL}:generateContent"
        connection.request("POST", path, json.dumps(BODY), KEY)
        response = connection.getresponse()
        assert response.read(1) == b"{"
    with pytest.raises(HTTPException):
        response.read()
    connection.close()
