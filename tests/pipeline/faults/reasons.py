"""Every reason for which a prompt is blocked or an answer ends, as google-genai 3.4 knows them."""

from __future__ import annotations

from standin.steps import Act, Step
from tests.pipeline.faults.row import Fault, answered, lasting, refused, unreadable

BLOCKED = "Gemini would not look at this photo with this question: {} ({}). A person must look."
DECLINED = "Gemini declined to answer: {} ({}). A person must look."
STOPPED = "Gemini stopped without an answer ({}). What came was kept; a person must look."


def _blocked(reason: str, why: str) -> Fault:
    step = Step(Act.BLOCKED, reason=reason)
    return refused(f"Blocked: {reason}", step, BLOCKED.format(why, reason))


def _declined(reason: str, why: str) -> Fault:
    step = Step(Act.SAFETY, reason=reason)
    return refused(f"Declined: {reason}", step, DECLINED.format(why, reason))


def _stopped(reason: str) -> Fault:
    return unreadable(f"Stopped: {reason}", Step(finish=reason), told=STOPPED.format(reason))


REASONS = (
    _blocked("SAFETY", "its safety filter stopped the photo or the question"),
    _blocked("OTHER", "it names no reason; the language of the question may be one"),
    _blocked("BLOCKLIST", "the question holds a word that is forbidden to it"),
    _blocked("PROHIBITED_CONTENT", "it took the photo or the question for forbidden content"),
    _blocked("IMAGE_SAFETY", "its safety filter stopped the photo"),
    _blocked("MODEL_ARMOR", "the filter of the Google Cloud project held the question back"),
    _blocked("JAILBREAK", "it took the question for an attempt to mislead it; ask in other words"),
    _blocked("BLOCKED_REASON_UNSPECIFIED", "it doesn't say why"),
    _blocked("A_REASON_TO_COME", "it doesn't say why"),
    _declined("SAFETY", "its safety filter stopped the answer"),
    _declined("RECITATION", "the answer would have repeated a published text"),
    _declined("LANGUAGE", "it doesn't take the language of the question; ask in another"),
    _declined("BLOCKLIST", "the answer holds a word that is forbidden to it"),
    _declined("PROHIBITED_CONTENT", "it took the answer for forbidden content"),
    _declined("SPII", "the answer may hold a person's private data"),
    _declined("IMAGE_SAFETY", "its safety filter stopped a picture"),
    _declined("IMAGE_PROHIBITED_CONTENT", "it took a picture for forbidden content"),
    _declined("IMAGE_RECITATION", "a picture would have repeated a published one"),
    _declined("ESCALATION", "a rule of its vendor held the question back"),
    _declined("MODEL_ARMOR", "the filter of the Google Cloud project held the answer back"),
    lasting(
        "The account is barred: PUP_LIMITED_DISABLED",
        Step(Act.SAFETY, reason="PUP_LIMITED_DISABLED"),
        told="Gemini has limited or closed the account that is used here (PUP_LIMITED_DISABLED). "
        "Whoever runs this service must see to it; then try again.",
    ),
    _stopped("OTHER"),
    _stopped("MALFORMED_RESPONSE"),
    _stopped("MALFORMED_FUNCTION_CALL"),
    _stopped("UNEXPECTED_TOOL_CALL"),
    _stopped("TOO_MANY_TOOL_CALLS"),
    _stopped("MISSING_THOUGHT_SIGNATURE"),
    _stopped("IMAGE_OTHER"),
    _stopped("NO_IMAGE"),
    _stopped("A_REASON_TO_COME"),
    unreadable(
        "Stopped at the limit before a word: MAX_TOKENS",
        Act.CUT_EMPTY,
        told="Gemini stopped without an answer (MAX_TOKENS). No text came; a person must look.",
    ),
    answered("No reason: FINISH_REASON_UNSPECIFIED", Step(finish="FINISH_REASON_UNSPECIFIED")),
    unreadable(
        "Nothing found, and no reason: FINISH_REASON_UNSPECIFIED",
        Step(Act.SAY, text="[]", finish="FINISH_REASON_UNSPECIFIED"),
        told="Gemini names nothing, and doesn't say that this is its whole answer. What came was "
        "kept; a person must look.",
    ),
)
