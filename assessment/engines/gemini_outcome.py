"""What a reply of Gemini is: an answer to be read, a refusal, or an answer that is none.

A blocked prompt, a withheld answer and an empty one raise nothing in the SDK; only the reasons
beside the text tell them apart from an answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from google.genai import types

from assessment.core.vocabulary import AnswerForm
from assessment.engines.base import (
    Answer,
    EngineMisconfiguredError,
    EngineRefusedError,
    GarbledAnswerError,
    Usage,
    sound_count,
)

UNSAID = "FINISH_REASON_UNSPECIFIED"
CUT = frozenset({"MAX_TOKENS", "CONTINUATION"})
FINISHED = CUT | {"STOP", UNSAID}
"""Finish reasons after which the text is an answer, whole or cut."""

DECLINED: Mapping[str, str] = {
    "SAFETY": "its safety filter stopped the answer",
    "RECITATION": "the answer would have repeated a published text",
    "LANGUAGE": "it doesn't take the language of the question; ask in another",
    "BLOCKLIST": "the answer holds a word that is forbidden to it",
    "PROHIBITED_CONTENT": "it took the answer for forbidden content",
    "SPII": "the answer may hold a person's private data",
    "IMAGE_SAFETY": "its safety filter stopped a picture",
    "IMAGE_PROHIBITED_CONTENT": "it took a picture for forbidden content",
    "IMAGE_RECITATION": "a picture would have repeated a published one",
    "ESCALATION": "a rule of its vendor held the question back",
    "MODEL_ARMOR": "the filter of the Google Cloud project held the answer back",
}
"""Finish reasons by which the model declines, in words."""

BLOCKED: Mapping[str, str] = {
    "SAFETY": "its safety filter stopped the photo or the question",
    "OTHER": "it names no reason; the language of the question may be one",
    "BLOCKLIST": "the question holds a word that is forbidden to it",
    "PROHIBITED_CONTENT": "it took the photo or the question for forbidden content",
    "IMAGE_SAFETY": "its safety filter stopped the photo",
    "MODEL_ARMOR": "the filter of the Google Cloud project held the question back",
    "JAILBREAK": "it took the question for an attempt to mislead it; ask in other words",
}
"""Reasons for which a prompt isn't let through to the model, in words."""

NO_REASON = "it doesn't say why"

BARRED = "PUP_LIMITED_DISABLED"
"""The account broke the vendor's rules of use and may ask no more, or less."""

REASON = re.compile(r"[A-Z][A-Z0-9_]{1,59}")


def answer_of(
    response: types.GenerateContentResponse, *, model: str, form: AnswerForm | None
) -> Answer:
    """The answer in a reply of `model`, which was asked for that form, however much of it came.

    Raises EngineRefusedError, with what was paid for; GarbledAnswerError, with the same, where
    there is no text to read; EngineMisconfiguredError when the account is barred.
    """
    reason = _finish(response)
    answer = Answer(
        text=response.text or "",
        model_requested=model,
        model_served=response.model_version or "",
        usage=usage_of(response),
        form=form,
        cut=reason in CUT,
    )
    _check_let_through(response, answer)
    _check_finished(reason, answer)
    if not response.candidates:
        # It is none of the model's, and cost nothing.
        raise GarbledAnswerError(
            "Gemini's reply holds no answer, and nothing of it was kept. Try again, or look at the "
            "photo."
        )
    if not answer.text or reason not in FINISHED:
        came = "What came was kept" if answer.text else "No text came"
        raise GarbledAnswerError(
            f"Gemini stopped without an answer ({reason}). {came}; a person must look.", answer
        )
    if reason == UNSAID and "{" not in answer.text:
        # A list of things says for itself where it ends; that nothing is there must be said.
        raise GarbledAnswerError(
            "Gemini names nothing, and doesn't say that this is its whole answer. What came was "
            "kept; a person must look.",
            answer,
        )
    return answer


def _check_let_through(response: types.GenerateContentResponse, answer: Answer) -> None:
    said = response.prompt_feedback and response.prompt_feedback.block_reason
    if said:
        reason = _word(said.value)
        raise EngineRefusedError(
            "Gemini would not look at this photo with this question: "
            f"{BLOCKED.get(reason, NO_REASON)} ({reason}). A person must look.",
            # The model never saw it, so that it put nothing out.
            replace(answer, usage=replace(answer.usage, output_tokens=0)),
        )


def _check_finished(reason: str, answer: Answer) -> None:
    if reason in DECLINED:
        raise EngineRefusedError(
            f"Gemini declined to answer: {DECLINED[reason]} ({reason}). A person must look.",
            answer,
        )
    if reason == BARRED:
        raise EngineMisconfiguredError(
            f"Gemini has limited or closed the account that is used here ({BARRED}). Whoever runs "
            "this service must see to it; then try again."
        )


def _finish(response: types.GenerateContentResponse) -> str:
    reason = response.candidates[0].finish_reason if response.candidates else None
    return _word(reason.value) if reason else UNSAID


def _word(reason: str) -> str:
    """A reason as it is said to people: reasons to come are unknown words, but words they are."""
    return reason.upper() if REASON.fullmatch(reason.upper()) else "UNKNOWN"


def usage_of(response: types.GenerateContentResponse) -> Usage:
    """Tokens billed: thinking is billed as output."""
    said = response.usage_metadata
    if said is None:
        return Usage()
    counts = (sound_count(said.candidates_token_count), sound_count(said.thoughts_token_count))
    parts = [count for count in counts if count is not None]
    return Usage(sound_count(said.prompt_token_count), sum(parts) if parts else None)
