"""What each failure of a call to Gemini means: ask again, and when, or set it up otherwise.

Beside gemini.py the only module that knows Google's SDK.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2
from google.auth.exceptions import GoogleAuthError
from google.genai.errors import APIError
from pydantic import ValidationError

from assessment.engines.base import (
    EngineMisconfiguredError,
    EngineUnavailableError,
    GarbledAnswerError,
)

LONGEST_DELAY = 86_400.0
"""A quota starts anew within a day, so no server needs a longer pause."""

LONGEST_QUOTE = 300

RETRYABLE_CODES = frozenset({408, 409, 425, 429, 499})
"""Client errors that pass by themselves: time-out, conflict, too early, quota, cancelled."""

RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo"

NOT_FOUND = 404
GONE = "no longer available"
"""What a model that was switched off is said to be, not always with the code 404."""


def is_gone(error: APIError) -> bool:
    """Whether the model asked doesn't exist, or not any more, or not for this key."""
    return error.code == NOT_FOUND or GONE in str(error.message or "").lower()


@contextmanager
def translated(key: str, deadline: float) -> Iterator[None]:
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
