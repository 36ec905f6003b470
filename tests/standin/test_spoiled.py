"""Replies that the stand-in spoils on purpose, to a client without an SDK."""

from __future__ import annotations

import gzip
import json
import socket
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import urlsplit

import pytest

from standin.server import Standin
from standin.steps import Act, Step
from standin.warps import WARPS, warped
from tests.standin.test_server import BODY, KEY, MODEL, answered, entries, post, said

BOX = {"box_2d": [100, 200, 300, 500], "label": "dent"}
DRAWN = BOX | {"mask": [[200, 100], [500, 100], [500, 300]]}
FENCED = f"```json\n{json.dumps([DRAWN])}\n```"


def raw(step: Step | Act) -> tuple[HTTPResponse, bytes]:
    """The reply as its bytes came."""
    with Standin([step]) as standin:
        connection = HTTPConnection(urlsplit(standin.url).netloc, timeout=10)
        try:
            path = f"/v1/models/{MODEL}:generateContent"
            connection.request("POST", path, json.dumps(BODY), KEY)
            response = connection.getresponse()
            return response, response.read()
        finally:
            connection.close()


def warp(act: Act) -> list[dict[str, object]]:
    text = warped(act, FENCED)
    assert text.startswith("```json\n[")
    return list(json.loads(text.removeprefix("```json").removesuffix("```")))


def test_a_body_may_be_reset_in_the_middle():
    with pytest.raises((OSError, HTTPException)):
        raw(Act.RESET_BODY)


def test_a_stalled_body_ends_with_the_block():
    with Standin([Act.STALL]) as standin:
        connection = HTTPConnection(urlsplit(standin.url).netloc, timeout=0.2)
        connection.request("POST", f"/v1/models/{MODEL}:generateContent", json.dumps(BODY), KEY)
        response = connection.getresponse()
        with pytest.raises(socket.timeout):
            response.read()
        connection.close()


def test_a_huge_body_is_as_long_as_is_asked_for():
    _, body = raw(Step(Act.HUGE, size=100_000))
    assert len(body) == 100_000


def test_a_bomb_is_small_until_it_is_unpacked():
    response, body = raw(Step(Act.BOMB, size=10 << 20))
    assert response.headers["Content-Encoding"] == "gzip"
    assert len(body) < 100_000
    assert len(gzip.decompress(body)) == 10 << 20


def test_a_packed_reply_is_the_reply():
    plain = json.loads(raw(Act.LOOK)[1])
    assert json.loads(gzip.decompress(raw(Act.PACKED)[1])) == plain


def test_a_reply_may_only_be_called_packed():
    response, body = raw(Act.BAD_PACKING)
    assert response.headers["Content-Encoding"] == "gzip"
    assert json.loads(body)


def test_a_reply_may_hold_bytes_that_are_no_text():
    with pytest.raises(UnicodeDecodeError):
        raw(Act.BAD_UTF8)[1].decode()


@pytest.mark.parametrize(("status", "sent"), [(None, 307), (302, 302)])
def test_a_redirect_says_where_to(status, sent):
    response, _ = raw(Step(Act.REDIRECT, text="http://127.0.0.1:9/x", status=status))
    assert (response.status, response.headers["Location"]) == (sent, "http://127.0.0.1:9/x")


def test_a_raw_reply_has_the_status_and_the_type_it_is_given():
    response, body = raw(Step(Act.RAW, text="<html>", status=502, type="text/html"))
    assert (response.status, response.headers["Content-Type"]) == (502, "text/html")
    assert body == b"<html>"


@pytest.mark.parametrize(
    ("act", "key"), [(Act.NO_USAGE, "usageMetadata"), (Act.NO_MODEL, "modelVersion")]
)
def test_a_reply_may_lack_what_stands_beside_the_answer(act, key):
    assert key in answered(Act.LOOK)[1]
    assert key not in answered(act)[1]


def test_a_reply_may_lack_its_candidates_or_their_content():
    assert answered(Act.NO_CANDIDATE)[1]["candidates"] == []
    (candidate,) = answered(Act.NO_CONTENT)[1]["candidates"]
    assert candidate == {"finishReason": "STOP", "index": 0}


def test_a_text_may_come_in_pieces_or_after_a_thought():
    whole = said(answered(Act.LOOK)[1])
    pieces = answered(Act.PIECES)[1]["candidates"][0]["content"]["parts"]
    thought, text = answered(Act.THOUGHTS)[1]["candidates"][0]["content"]["parts"]
    assert "".join(piece["text"] for piece in pieces) == whole
    assert (thought["thought"], text) == (True, {"text": whole})


def test_a_function_may_be_called_in_place_of_an_answer():
    (part,) = answered(Act.TOOL)[1]["candidates"][0]["content"]["parts"]
    assert part.keys() == {"functionCall"}


@pytest.mark.parametrize("act", [Act.SAFETY, Act.BLOCKED])
def test_what_is_withheld_may_be_so_for_any_reason(act):
    assert "A_REASON_TO_COME" in json.dumps(answered(Step(act, reason="A_REASON_TO_COME"))[1])


@pytest.mark.parametrize("act", [Act.ENDLESS_MASK, Act.ENDLESS_NUMBER])
def test_an_endless_answer_ends_at_the_limit_after_its_objects(act):
    _, reply = answered(act)
    assert reply["candidates"][0]["finishReason"] == "MAX_TOKENS"
    assert said(reply).startswith(said(answered(Act.LOOK)[1]).partition("]")[0])
    assert len(said(reply)) > 20_000


@pytest.mark.parametrize(
    ("act", "changed"),
    [
        (Act.INVERTED, [DRAWN | {"box_2d": [300, 500, 100, 200]}]),
        (Act.PIXELS, [DRAWN | {"box_2d": [400, 800, 1200, 2000]}]),
        (Act.TURNED, [DRAWN | {"mask": [[100, 200], [100, 500], [300, 500]]}]),
        (Act.BOXES, [BOX]),
        (Act.TWICE, [DRAWN, DRAWN]),
        (Act.RELABELLED, [DRAWN, DRAWN | {"label": "discolouration"}]),
    ],
)
def test_an_answer_is_misspelled_in_one_way(act, changed):
    assert warp(act) == changed


@pytest.mark.parametrize("act", sorted(WARPS))
@pytest.mark.parametrize("text", ["", "No list.", "[1]", '[{"label": "dent"}]', "[[{"])
def test_what_cannot_be_misspelled_stays_as_it_is_or_is_a_list_still(act, text):
    assert warped(act, text)[:1] == text[:1]


@pytest.mark.parametrize("text", ["", "No list.", "[]", "```json\n[]\n```"])
def test_an_answer_of_nothing_may_go_on_without_end(text):
    endless = warped(Act.ENDLESS_MASK, text)
    assert endless.startswith(text.partition("]")[0])
    assert len(endless) > 20_000


@pytest.mark.parametrize("act", [Act.PIECES, Act.THOUGHTS])
def test_an_empty_answer_may_come_in_pieces_or_after_a_thought(act):
    with Standin([act], answer="") as standin:
        assert post(standin)[0].status == 200


def test_every_misspelling_starts_from_what_is_in_the_picture():
    for act in WARPS.keys() - {Act.TURNED}:
        text = said(answered(act)[1]).removeprefix("```json").removesuffix("```")
        assert {entry["label"] for entry in json.loads(text)} >= {entries(MODEL)[0]["label"]}
