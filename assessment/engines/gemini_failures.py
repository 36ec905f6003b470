"""What each failure of a call to Gemini means: ask again, and when, or set it up otherwise.

Whether the reply to a call that didn't fail is an answer is gemini_outcome's to say.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, quote_plus

import httpx2
from google.auth.exceptions import GoogleAuthError
from google.genai.errors import APIError

from assessment.engines.base import (
    EngineError,
    EngineMisconfiguredError,
    EngineUnavailableError,
    GarbledAnswerError,
)
from assessment.engines.gemini_wire import MOST_BYTES, OversizedReplyError

LONGEST_DELAY = 86_400.0
"""A quota starts anew within a day, so no server needs a longer pause."""

LONGEST_QUOTE = 300

RETRYABLE_CODES = frozenset({408, 409, 425, 429, 499})
"""Client errors that pass by themselves: time-out, conflict, too early, quota, cancelled."""

LASTING_CODES = frozenset({501, 505})
"""Server errors that don't."""

LATER: Mapping[int, str] = {
    408: "Gemini waited too long for the question",
    429: "Gemini takes no more questions for now",
    504: "Gemini took too long to answer",
}
AWAY = "Gemini is not available now"

WRONG: Mapping[int, str] = {
    401: "Gemini doesn't accept the key",
    402: "Gemini wants to be paid first",
    403: "Gemini doesn't let this key or project ask",
    404: "Gemini doesn't know the model that was asked",
    413: "The photo with its question is larger than Gemini, or a proxy before it, takes",
}
REJECTED = "Gemini rejected the request"

MEND = "Whoever runs this service must check the key, the project and the model; then try again."
TOO_LARGE = 413
LOOK = "A person must look."
MISSENT = (
    "The address set for Gemini sends its questions on to elsewhere ({}), and the key doesn't go "
    "there. Whoever runs this service must correct the address; then try again."
)
SHAPELESS = (
    "Gemini's reply doesn't have the form of an answer, and nothing of it was kept. Try again, or "
    "look at the photo."
)
OVERSIZED = (
    f"Gemini's reply is longer than {MOST_BYTES // 1_000_000} MB, which no answer is, and nothing "
    "of it was kept. Try again, or look at the photo."
)
NOT_GEMINIS = "Something between this service and Gemini, a proxy perhaps, answered in its place."

SECRETS = re.compile(
    r"AIza[\w-]{30,}|ya29\.[\w.-]+|(?<=bearer )\S+|(?<=[?&]key=)[^&\s\"']+", re.IGNORECASE
)
"""What keys and tokens of Google's look like, and what stands where one is sent."""

RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo"

NOT_FOUND = 404
REDIRECTS, ERRORS = 300, 400
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
        raise _late(deadline) from None
    except APIError as error:
        raise _of_status(error, key) from None
    except (httpx2.InvalidURL, httpx2.HTTPError) as error:
        raise _of_connection(error, deadline) from None
    except GoogleAuthError as error:
        raise _of_credentials(error) from None
    except OversizedReplyError:
        raise GarbledAnswerError(OVERSIZED) from None
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError) as error:
        raise _of_reply(error) from None


def _late(deadline: float) -> EngineUnavailableError:
    return EngineUnavailableError(f"Gemini did not answer within {deadline:g} seconds.")


def _of_status(error: APIError, key: str) -> EngineError:
    told = _told(error, key)
    if error.code < REDIRECTS:
        return GarbledAnswerError(SHAPELESS)
    if error.code < ERRORS:
        return EngineMisconfiguredError(MISSENT.format(told))
    if error.code in RETRYABLE_CODES or (error.code >= 500 and error.code not in LASTING_CODES):
        what = LATER.get(error.code, AWAY)
        return EngineUnavailableError(f"{what} ({told}).", retry_after=_retry_after(error))
    advice = LOOK if error.code == TOO_LARGE else MEND
    return EngineMisconfiguredError(f"{WRONG.get(error.code, REJECTED)} ({told}). {advice}")


def _of_connection(
    error: httpx2.InvalidURL | httpx2.HTTPError, deadline: float
) -> EngineUnavailableError | EngineMisconfiguredError:
    kind = type(error).__name__
    match error:
        case httpx2.InvalidURL() | httpx2.UnsupportedProtocol():
            return EngineMisconfiguredError("The address set for Gemini is not a web address.")
        case httpx2.TimeoutException():
            return _late(deadline)
        case httpx2.ConnectError() | httpx2.ProxyError():
            return EngineUnavailableError(f"Gemini can't be reached ({kind}).")
        case httpx2.DecodingError():
            return EngineUnavailableError("Gemini's reply came packed and can't be unpacked.")
    return EngineUnavailableError(f"The connection to Gemini broke off ({kind}).")


def _of_reply(error: Exception) -> EngineError:
    """What the SDK stumbles over: it walks through the reply before it validates it."""
    match error:
        case json.JSONDecodeError() if error.doc.lstrip().startswith("{"):
            return EngineUnavailableError("Gemini's reply broke off on the way.")
        case json.JSONDecodeError() | UnicodeDecodeError():
            return EngineUnavailableError(NOT_GEMINIS)
    return GarbledAnswerError(SHAPELESS)


def _of_credentials(
    error: GoogleAuthError,
) -> EngineUnavailableError | EngineMisconfiguredError:
    if error.retryable:
        return EngineUnavailableError("Google's sign-in service can't be reached.")
    return EngineMisconfiguredError(
        "This machine has no valid Google Cloud credentials for Vertex AI."
    )


def _told(error: APIError, key: str) -> str:
    """What the server says of an error, in a line; a web page says nothing to anybody."""
    message = str(error.message or "")
    words = [str(error.code), str(error.status or "")]
    if not message.lstrip().startswith("<"):
        words.append(message)
    return redacted(" ".join(words), key)


def redacted(text: str, key: str) -> str:
    """The beginning of a text as one line, without the key in it, however it is spelled there."""
    line = " ".join(text.split())
    for spelled in {key, quote(key, safe=""), quote_plus(key)} - {""}:
        line = line.replace(spelled, "[key]")
    return SECRETS.sub("[key]", line)[:LONGEST_QUOTE].strip()


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
