"""Replies with the status 200 that hold no answer, or hold it otherwise than is usual."""

from __future__ import annotations

import json

from standin.steps import Act, Step
from tests.pipeline.faults.answers import STAIN
from tests.pipeline.faults.row import answered, lasting, passing, unreadable

SHAPELESS = (
    "Gemini's reply doesn't have the form of an answer, and nothing of it was kept. Try again, or "
    "look at the photo."
)
NO_ANSWER = (
    "Gemini's reply holds no answer, and nothing of it was kept. Try again, or look at the photo."
)
STOPPED = "Gemini stopped without an answer (STOP). No text came; a person must look."

ABSURD = {
    "candidates": [{"content": {"parts": [{"text": json.dumps([STAIN])}]}, "finishReason": "STOP"}],
    "usageMetadata": {"promptTokenCount": 10**15, "candidatesTokenCount": -1},
}


def _raw(text: str) -> Step:
    return Step(Act.RAW, text=text)


REPLIES = (
    passing("An empty body", _raw(""), "The connection to Gemini broke off (ReadError)."),
    lasting("An empty object", _raw("{}"), told=NO_ANSWER),
    lasting("A list in place of an object", _raw("[]"), told=NO_ANSWER),
    lasting("Candidates that are no list", _raw('{"candidates": 5}'), told=SHAPELESS),
    lasting("Brackets nested without end", _raw("[" * 100_000), told=SHAPELESS),
    lasting("No candidate", Act.NO_CANDIDATE, told=NO_ANSWER),
    unreadable("A candidate without content", Act.NO_CONTENT, told=STOPPED),
    unreadable("The call of a function in place of a text", Act.TOOL, told=STOPPED),
    answered("The text in two parts", Act.PIECES),
    answered("A thought before the text", Act.THOUGHTS),
    answered("Packed, though nobody asked", Act.PACKED),
    answered("Bytes that are no UTF-8", Act.BAD_UTF8),
    answered("No usage", Act.NO_USAGE),
    answered("Usage that no model can have", _raw(json.dumps(ABSURD))),
    answered("No model named", Act.NO_MODEL),
    answered("A model with a name without end", Step(model_served="gemini-2.5-" + "x" * 10_000)),
)
