"""A request to generateContent, checked as the real service checks it."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PATH = re.compile(
    r"/v1(?:beta1?)?/(?:projects/[^/]+/locations/[^/]+/publishers/google/)?"
    r"models/(?P<model>[^/:?]+):generateContent(?:\?.*)?"
)
KEY_HEADERS = ("x-goog-api-key", "authorization")


class RejectedError(Exception):
    """A request that the real service would not take."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass(frozen=True, slots=True)
class Asked:
    """The model, the picture and the words of a request."""

    model: str
    image: bytes
    question: str


def read_asked(path: str, headers: Mapping[str, str], body: Any) -> Asked:
    """Check a request. `headers` has lower-case names. Raises RejectedError."""
    found = PATH.fullmatch(path)
    if found is None:
        raise RejectedError(404, "The requested URL was not found on this server.")
    if not any(headers.get(name) for name in KEY_HEADERS) and "key=" not in path:
        raise RejectedError(403, "Method doesn't allow unregistered callers. Use an API key.")
    _check_thinking(body)
    parts = _parts(body)
    question = " ".join(str(part["text"]) for part in parts if "text" in part)
    return Asked(found["model"], _image(parts), question)


def parse_body(raw: bytes) -> Any:
    """The body as JSON, or None where it isn't."""
    try:
        return json.loads(raw)
    except ValueError:
        return None


def _check_thinking(body: Any) -> None:
    config = body.get("generationConfig") if isinstance(body, dict) else None
    thinking = config.get("thinkingConfig") if isinstance(config, dict) else None
    # Clients spell these keys in both ways, and the real service takes both.
    names = {name.replace("_", "").lower() for name in thinking or ()}
    if {"thinkingbudget", "thinkinglevel"} <= names:
        raise RejectedError(400, "You can only set one of thinking budget and thinking level.")


def _parts(body: Any) -> list[dict[str, Any]]:
    contents = body.get("contents") if isinstance(body, dict) else None
    if not isinstance(contents, list) or not contents:
        raise RejectedError(400, "contents is not specified")
    lists = [content.get("parts") for content in contents if isinstance(content, dict)]
    return [part for parts in lists for part in parts or [] if isinstance(part, dict)]


def _image(parts: list[dict[str, Any]]) -> bytes:
    """The first picture sent inline; both alphabets of base64 are taken."""
    for part in parts:
        inline = part.get("inlineData") or part.get("inline_data")
        if isinstance(inline, dict):
            text = str(inline.get("data", "")).translate(str.maketrans("-_", "+/"))
            try:
                return base64.b64decode(text, validate=True)
            except (binascii.Error, ValueError):
                raise RejectedError(400, "Base64 decoding failed for the picture.") from None
    raise RejectedError(400, "There is no picture in the request.")
