"""Gemini, over the Gemini API or Vertex AI; the only module that knows Google's SDK.

One call is one HTTP request: the SDK's own retries stay off, because the job queue repeats with
the server's delay, which they ignore.
"""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2
from google import genai
from google.auth.exceptions import GoogleAuthError
from google.genai import types
from google.genai.errors import APIError
from pydantic import ValidationError

from assessment.engines.answer import read_answer
from assessment.engines.base import (
    Answer,
    EngineMisconfiguredError,
    EngineRefusedError,
    EngineUnavailableError,
    GarbledAnswerError,
    Reading,
    Request,
    Usage,
)
from assessment.engines.families import family_of
from assessment.engines.prompt import SYSTEM, prompt, prompt_version, schema

DEADLINE = 120.0
"""Seconds for a whole call. A mask answer takes about 30; beyond two minutes it is a loop."""

LONGEST_DELAY = 86_400.0
"""A quota starts anew within a day, so no server needs a longer pause."""

LONGEST_QUOTE = 300

MAYBE_MORE = "The answer names {} objects, as many as were asked for; there may be more."

RETRYABLE_CODES = frozenset({408, 409, 425, 429, 499})
"""Client errors that pass by themselves: time-out, conflict, too early, quota, cancelled."""

RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo"

REFUSALS = frozenset(
    {
        "SAFETY",
        "RECITATION",
        "LANGUAGE",
        "BLOCKLIST",
        "PROHIBITED_CONTENT",
        "SPII",
        "IMAGE_SAFETY",
        "IMAGE_PROHIBITED_CONTENT",
        "IMAGE_RECITATION",
        "ESCALATION",
        "MODEL_ARMOR",
    }
)
"""Finish reasons by which the model declines."""

FINISHED = frozenset({"STOP", "MAX_TOKENS", "FINISH_REASON_UNSPECIFIED"})
"""Finish reasons after which the text is an answer, whole or cut."""


class GeminiEngine:
    """A Gemini model behind an API key, or behind a Google Cloud project with Vertex AI.

    With a project, Vertex is used with the machine's own credentials and the key is not sent.
    `deadline` is in seconds for a whole call. Raises EngineMisconfiguredError when there is
    neither a key nor a project, or the key can't be one.
    """

    name = "gemini"
    wants_full_size = False
    examples: tuple[str, ...] = ()

    def __init__(
        self,
        *,
        model: str,
        api_key: str = "",
        project: str = "",
        location: str = "",
        base_url: str = "",
        deadline: float = DEADLINE,
    ) -> None:
        self.model = model
        self._family = family_of(model)
        self.prompt_version = prompt_version(self._family)
        self._deadline = deadline
        self._key = api_key.strip()
        self._client = _client(self._key, project, location, _http_options(base_url, deadline))

    def __repr__(self) -> str:
        return f"GeminiEngine(model={self.model!r})"

    def ask(self, request: Request) -> Answer:
        """Put the question to the model. Raises EngineError, within the deadline."""
        with _translated(self._key, self._deadline):
            response = asyncio.run(self._generate(request))
        return Answer(
            text=_text(response),
            model_requested=self.model,
            model_served=response.model_version or "",
            usage=_usage(response),
        )

    def read(self, text: str, width: int, height: int) -> Reading:
        """Read an answer for a photo of this size. Raises GarbledAnswerError.

        A list as long as the prompt allowed may have been cut there, and says so.
        """
        reading = read_answer(text, width, height)
        if len(reading.detections) < self._family.most_objects:
            return reading
        return replace(reading, lost=(*reading.lost, MAYBE_MORE.format(len(reading.detections))))

    async def _generate(self, request: Request) -> types.GenerateContentResponse:
        # A time-out per read doesn't stop a server that drips; cancelling does, and closes the
        # connection.
        contents: list[types.PartUnion] = [
            types.Part.from_bytes(data=request.image, mime_type="image/jpeg"),
            prompt(self._family, request.text),
        ]
        async with asyncio.timeout(self._deadline):
            return await self._client.aio.models.generate_content(
                model=self.model, contents=contents, config=self._config()
            )

    def _config(self) -> types.GenerateContentConfig:
        family = self._family
        answer_schema = schema(family)
        return types.GenerateContentConfig(
            system_instruction=SYSTEM,
            temperature=family.temperature,
            thinking_config=_thinking(family.thinking_budget, family.thinking_level),
            response_mime_type="application/json" if answer_schema else None,
            response_json_schema=answer_schema,
        )


def _client(key: str, project: str, location: str, options: types.HttpOptions) -> genai.Client:
    if project:
        return genai.Client(
            enterprise=True, project=project, location=location or "global", http_options=options
        )
    if not key:
        raise EngineMisconfiguredError(
            "Gemini has neither an API key nor a Google Cloud project. Set one of them."
        )
    if not (key.isascii() and key.isprintable() and " " not in key):
        raise EngineMisconfiguredError(
            "The Gemini API key holds signs that no key has. Copy it again."
        )
    return genai.Client(enterprise=False, api_key=key, http_options=options)


def _http_options(base_url: str, deadline: float) -> types.HttpOptions:
    # Each call runs in an event loop of its own, and a connection can't outlive its loop.
    unpooled = {"limits": httpx2.Limits(max_keepalive_connections=0)}
    return types.HttpOptions(
        base_url=base_url or None,
        timeout=math.ceil(deadline * 1000),
        async_client_args=unpooled,
    )


def _thinking(budget: int | None, level: str | None) -> types.ThinkingConfig | None:
    if level is not None:
        return types.ThinkingConfig(thinking_level=types.ThinkingLevel(level))
    return None if budget is None else types.ThinkingConfig(thinking_budget=budget)


@contextmanager
def _translated(key: str, deadline: float) -> Iterator[None]:
    """Turn whatever the SDK raises into our errors; causes are dropped, they may quote the key."""
    try:
        yield
    except TimeoutError:
        raise EngineUnavailableError(
            f"Gemini did not answer within {deadline:g} seconds."
        ) from None
    except APIError as error:
        raise _of_status(error, key) from None
    except (httpx2.InvalidURL, httpx2.UnsupportedProtocol):
        raise EngineMisconfiguredError("The address set for Gemini is not a web address.") from None
    except httpx2.HTTPError as error:
        raise EngineUnavailableError(f"Gemini can't be reached ({type(error).__name__}).") from None
    except GoogleAuthError as error:
        raise _of_credentials(error) from None
    except (ValidationError, TypeError, AttributeError):
        # The SDK walks through the reply before it validates it.
        raise GarbledAnswerError("Gemini's reply does not have the form of an answer.") from None
    except json.JSONDecodeError:
        raise EngineUnavailableError("Gemini's reply broke off on the way.") from None


def _of_status(error: APIError, key: str) -> EngineUnavailableError | EngineMisconfiguredError:
    words = [str(error.code), str(error.status or ""), str(error.message or "")]
    said = _redacted(" ".join(words), key)
    if error.code >= 500 or error.code in RETRYABLE_CODES:
        delay = _retry_after(error)
        return EngineUnavailableError(f"Gemini is not available now ({said}).", retry_after=delay)
    return EngineMisconfiguredError(
        f"Gemini rejected the request ({said}). Check the key, the project and the model."
    )


def _of_credentials(
    error: GoogleAuthError,
) -> EngineUnavailableError | EngineMisconfiguredError:
    if error.retryable:
        return EngineUnavailableError("Google's sign-in service can't be reached.")
    return EngineMisconfiguredError(
        "This machine has no valid Google Cloud credentials for Vertex AI."
    )


def _redacted(text: str, key: str) -> str:
    line = " ".join(text.split())
    return (line.replace(key, "[key]") if key else line)[:LONGEST_QUOTE]


def _retry_after(error: APIError) -> float | None:
    """The longer of both delays that the server may name, in seconds."""
    headers = getattr(error.response, "headers", {})
    named = [_header_delay(headers.get("Retry-After", "")), _detail_delay(error.details)]
    sensible = [delay for delay in named if delay is not None and math.isfinite(delay)]
    return min(max(0.0, *sensible), LONGEST_DELAY) if sensible else None


def _header_delay(header: str) -> float | None:
    """Retry-After is a number of seconds or a date (RFC 9110, 10.2.3)."""
    try:
        return float(header)
    except ValueError:
        pass
    try:
        return (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError):
        return None


def _detail_delay(details: Any) -> float | None:
    """`retryDelay` of google.rpc.RetryInfo, a text such as "34.07s"."""
    error = details.get("error") if isinstance(details, Mapping) else None
    infos = error.get("details") if isinstance(error, Mapping) else None
    for info in infos if isinstance(infos, list) else []:
        if isinstance(info, Mapping) and info.get("@type") == RETRY_INFO:
            try:
                return float(str(info.get("retryDelay")).removesuffix("s"))
            except ValueError:
                return None
    return None


def _text(response: types.GenerateContentResponse) -> str:
    """The answer's text, however much of it came. Raises when there is none to read."""
    blocked = response.prompt_feedback and response.prompt_feedback.block_reason
    if blocked:
        raise EngineRefusedError(
            f"Gemini refused to look at this photo or question ({blocked.value}); "
            "a person must look."
        )
    finish = response.candidates[0].finish_reason if response.candidates else None
    reason = finish.value if finish else "FINISH_REASON_UNSPECIFIED"
    if reason in REFUSALS:
        raise EngineRefusedError(f"Gemini declined to answer ({reason}); a person must look.")
    if not response.text or reason not in FINISHED:
        raise GarbledAnswerError(
            f"Gemini stopped without an answer ({reason}); a person must look."
        )
    return response.text


def _usage(response: types.GenerateContentResponse) -> Usage:
    """Tokens billed: thinking is billed as output."""
    said = response.usage_metadata
    if said is None:
        return Usage()
    parts = [
        part
        for part in (said.candidates_token_count, said.thoughts_token_count)
        if part is not None
    ]
    return Usage(said.prompt_token_count, sum(parts) if parts else None)
