"""Bodies as generateContent sends them: answers, refusals and errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

IMAGE_TOKENS = 258
"""Tokens billed for a picture of one tile."""

CHARACTERS_PER_TOKEN = 4

STATUS_NAMES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    429: "RESOURCE_EXHAUSTED",
    499: "CANCELLED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}

Body = dict[str, Any]


def answer(text: str, model: str, question: str, *, finish: str = "STOP") -> Body:
    """An answer with one candidate; without text, the candidate has no parts."""
    content: Body = {"role": "model"} | ({"parts": [{"text": text}]} if text else {})
    return {
        "candidates": [{"content": content, "finishReason": finish, "index": 0}],
        "usageMetadata": _usage(question, text),
        "modelVersion": model,
        "responseId": "standin",
    }


def refusal(model: str, question: str, reason: str = "") -> Body:
    """A candidate that was withheld, for safety unless another reason is given."""
    rating = {"category": "HARM_CATEGORY_DANGEROUS_CONTENT", "probability": "HIGH"}
    why = {"finishReason": reason or "SAFETY", "safetyRatings": [rating | {"blocked": True}]}
    return {
        "candidates": [why | {"index": 0}],
        "usageMetadata": _usage(question, ""),
        "modelVersion": model,
    }


def blocked(model: str, question: str, reason: str = "") -> Body:
    """A prompt that was not let through; there are no candidates."""
    return {
        "promptFeedback": {"blockReason": reason or "PROHIBITED_CONTENT"},
        "usageMetadata": _usage(question, ""),
        "modelVersion": model,
    }


def thinking_first(body: Body) -> Body:
    """An answer with a thought before its text, which is none of it."""
    return _with_parts(body, lambda parts: [{"text": "I see [{}].", "thought": True}, *parts])


def in_pieces(body: Body) -> Body:
    """An answer whose text comes in two parts."""
    return _with_parts(body, lambda parts: [{"text": half} for half in _halves(parts[0]["text"])])


def with_tool(body: Body) -> Body:
    """A call of a function that nobody offered, in place of a text."""
    return _with_parts(body, lambda parts: [{"functionCall": {"name": "segment", "args": {}}}])


def without_content(body: Body) -> Body:
    """A candidate that holds nothing but the reason why it ended."""
    (candidate,) = body["candidates"]
    return body | {"candidates": [{"finishReason": candidate["finishReason"], "index": 0}]}


def _with_parts(body: Body, change: Callable[[list[Body]], list[Body]]) -> Body:
    """The body with its parts changed; an answer without a text has none."""
    (candidate,) = body["candidates"]
    content = candidate["content"]
    changed = content | {"parts": change(content.get("parts") or [{"text": ""}])}
    return body | {"candidates": [candidate | {"content": changed}]}


def _halves(text: str) -> tuple[str, str]:
    return text[: len(text) // 2], text[len(text) // 2 :]


def count(words: str, pictures: int) -> Body:
    """How many tokens a request has."""
    counts = {"TEXT": len(words) // CHARACTERS_PER_TOKEN, "IMAGE": pictures * IMAGE_TOKENS}
    told = [{"modality": kind, "tokenCount": tokens} for kind, tokens in counts.items() if tokens]
    return {"totalTokens": sum(counts.values()), "promptTokensDetails": told}


def failure(status: int, message: str, *details: Body, retry_after: int | None = None) -> Body:
    """An error in the form of google.rpc.Status, with a RetryInfo where a delay is named."""
    error: Body = {
        "code": status,
        "message": message,
        "status": STATUS_NAMES.get(status, "UNKNOWN"),
    }
    if retry_after is not None:
        kind = "type.googleapis.com/google.rpc.RetryInfo"
        details = (*details, {"@type": kind, "retryDelay": f"{retry_after}s"})
    return {"error": error | ({"details": list(details)} if details else {})}


def _usage(question: str, text: str) -> Body:
    asked = IMAGE_TOKENS + len(question) // CHARACTERS_PER_TOKEN
    said = len(text) // CHARACTERS_PER_TOKEN
    usage = {
        "promptTokenCount": asked,
        "totalTokenCount": asked + said,
        "promptTokensDetails": [
            {"modality": "TEXT", "tokenCount": asked - IMAGE_TOKENS},
            {"modality": "IMAGE", "tokenCount": IMAGE_TOKENS},
        ],
    }
    return usage | ({"candidatesTokenCount": said} if said else {})
