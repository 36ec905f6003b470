"""A request to generateContent, checked as the real service checks it."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from standin.generation import Generation, read_generation
from standin.models import MODELS, Ending, Model, like_its_family
from standin.rejected import RejectedError

PATH = re.compile(
    r"/(?P<version>v1(?:beta1?)?)/(?:projects/[^/]+/locations/[^/]+/publishers/google/)?"
    r"models/(?P<model>[^/:?]+):(?P<method>generateContent|countTokens)(?:\?.*)?"
)
LISTED = re.compile(r"/(?P<version>v1(?:beta1?)?)/models(?:/(?P<model>[^/:?]+))?(?:\?.*)?")

MOST_INLINE = 20 << 20
"""Bytes of a request that brings its pictures along."""

PICTURES = ("image/jpeg", "image/png", "image/webp", "image/heic", "image/heif")

NO_KEY = (
    "Method doesn't allow unregistered callers (callers without established identity). Please use "
    "API Key or other form of API consumer identity to call this API."
)
INVALID_KEY = "invalid"
"""The one key that isn't taken where any other is."""

KEY_INFO = {
    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
    "reason": "API_KEY_INVALID",
    "domain": "googleapis.com",
    "metadata": {"service": "generativelanguage.googleapis.com"},
}


@dataclass(frozen=True, slots=True)
class Rules:
    """Whom the stand-in lets in, and which models it plays.

    `key` is the one API key that is valid, any but "invalid" where it is empty. `models` are played
    beside those of the table. From a model's end on (by `today`, else by the real date) its calls
    go as `ending` says.
    """

    key: str = ""
    models: Sequence[str] = ()
    ending: Ending = Ending.SERVE
    today: date | None = None

    def model(self, name: str) -> Model | None:
        """The model of this name, if there is one."""
        return MODELS.get(name) or (like_its_family(name) if name in self.models else None)

    def all_models(self) -> list[Model]:
        """Every model that isn't over."""
        models = (*MODELS.values(), *map(like_its_family, self.models))
        return [each for each in models if not self.is_over(each)]

    def is_over(self, model: Model) -> bool:
        """Whether a model was switched off."""
        if self.ending is Ending.SERVE or model.ends is None:
            return False
        return model.ends <= (self.today or datetime.now(UTC).date())


OPEN = Rules()


@dataclass(frozen=True, slots=True)
class Asked:
    """The model asked, the one that serves, the picture and the words of a request."""

    model: str
    served: str
    image: bytes
    question: str
    generation: Generation = field(default_factory=Generation)


def read_asked(path: str, headers: Mapping[str, str], body: Any, rules: Rules = OPEN) -> Asked:
    """Check a request. `headers` has lower-case names. Raises RejectedError."""
    found = PATH.fullmatch(path)
    if found is None:
        raise RejectedError(404, "The requested URL was not found on this server.")
    check_key(path, headers, rules)
    model = _served(found["model"], found["version"], rules)
    if int(headers.get("content-length", 0)) > MOST_INLINE:
        raise RejectedError(400, f"Request payload size exceeds the limit: {MOST_INLINE} bytes.")
    if not isinstance(body, dict):
        raise RejectedError(400, "Invalid JSON payload received. Expected an object.")
    generation = read_generation(body, model)
    parts = _parts(body)
    return Asked(found["model"], model.name, _image(parts), _words(parts), generation)


def read_counted(
    path: str, headers: Mapping[str, str], body: Any, rules: Rules
) -> tuple[str, int] | None:
    """The words and the number of pictures of a request to count their tokens, or None where it is
    another request. Raises RejectedError."""
    found = PATH.fullmatch(path)
    if found is None or found["method"] != "countTokens":
        return None
    check_key(path, headers, rules)
    _served(found["model"], found["version"], rules)
    told = body.get("generateContentRequest", body) if isinstance(body, dict) else {}
    parts = _parts(told)
    return _words(parts), sum("text" not in part for part in parts)


def read_listed(path: str, headers: Mapping[str, str], rules: Rules) -> list[Model] | Model:
    """The models that a request to list them means. Raises RejectedError."""
    found = LISTED.fullmatch(path)
    if found is None:
        raise RejectedError(404, "The requested URL was not found on this server.")
    check_key(path, headers, rules)
    if not found["model"]:
        return rules.all_models()
    model = rules.model(found["model"])
    if model is None or rules.is_over(model):
        raise _unknown(found["model"], found["version"])
    return model


def check_key(path: str, headers: Mapping[str, str], rules: Rules) -> None:
    """Reject a caller without a key, or with one that isn't valid. Raises RejectedError."""
    named = parse_qs(urlsplit(path).query).get("key", [""])[0]
    key = headers.get("x-goog-api-key") or named
    if not key:
        if headers.get("authorization"):
            return
        raise RejectedError(403, NO_KEY)
    if (rules.key and key != rules.key) or key == INVALID_KEY:
        raise RejectedError(400, "API key not valid. Please pass a valid API key.", KEY_INFO)


def parse_body(raw: bytes) -> Any:
    """The body as JSON, or None where it isn't, or is nested without end."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def _served(name: str, version: str, rules: Rules) -> Model:
    """The model that answers, which may be another after the asked one's last day."""
    model = rules.model(name)
    if model is None:
        raise _unknown(name, version)
    if not rules.is_over(model):
        return model
    successor = rules.model(model.successor)
    if rules.ending is Ending.GONE or successor is None:
        raise RejectedError(
            404,
            f"This model models/{name} is no longer available. Please update your code to use a "
            "newer model for the latest features and improvements.",
        )
    return successor


def _unknown(name: str, version: str) -> RejectedError:
    return RejectedError(
        404,
        f"models/{name} is not found for API version {version}, or is not supported for "
        "generateContent. Call ListModels to see the list of available models and their supported "
        "methods.",
    )


def _parts(body: dict[str, Any]) -> list[dict[str, Any]]:
    contents = body.get("contents")
    if not isinstance(contents, list) or not contents:
        raise RejectedError(400, "* GenerateContentRequest.contents: contents is not specified")
    return [part for number, each in enumerate(contents) for part in _parts_of(each, number)]


def _parts_of(content: Any, number: int) -> list[dict[str, Any]]:
    parts = (content.get("parts") or []) if isinstance(content, dict) else None
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        raise RejectedError(400, f"Invalid value at 'contents[{number}]'.")
    return parts


def _words(parts: list[dict[str, Any]]) -> str:
    return " ".join(str(part["text"]) for part in parts if "text" in part)


def _image(parts: list[dict[str, Any]]) -> bytes:
    """The first picture sent inline; both alphabets of base64 are taken."""
    for part in parts:
        inline = part.get("inlineData") or part.get("inline_data")
        if isinstance(inline, dict):
            kind = str(inline.get("mimeType") or inline.get("mime_type") or "")
            if kind not in PICTURES:
                raise RejectedError(400, f"Unsupported MIME type: {kind}")
            text = str(inline.get("data", "")).translate(str.maketrans("-_", "+/"))
            try:
                return base64.b64decode(text, validate=True)
            except (binascii.Error, ValueError):
                raise RejectedError(400, "Base64 decoding failed for the picture.") from None
    raise RejectedError(400, "There is no picture in the request.")
