"""Gemini, over the Gemini API or Vertex AI.

One call is one HTTP request, and one more for each model that is gone or left alone: the SDK's own
retries stay off, because the job queue repeats with the server's delay, which they ignore. All
threads of a process share one client and its connections.
"""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import httpx2
from google import genai
from google.genai import types
from google.genai.errors import APIError

from assessment.core.vocabulary import AnswerForm
from assessment.engines.allowance import most_tokens, picture_tokens
from assessment.engines.answer import read_answer
from assessment.engines.base import (
    Answer,
    EngineMisconfiguredError,
    Reading,
    Request,
    Usage,
)
from assessment.engines.board import board_at
from assessment.engines.breaker import Breaker, ModelAwayError
from assessment.engines.families import Family, family_of
from assessment.engines.gemini_failures import is_gone, translated
from assessment.engines.gemini_outcome import answer_of, usage_of
from assessment.engines.gemini_wire import wire_client
from assessment.engines.line import Line
from assessment.engines.pace import Limits, Pace
from assessment.engines.picture import bounded
from assessment.engines.prompt import SYSTEM, prompt, prompt_version, schema

DEADLINE = 120.0
"""Seconds for a whole call. A mask answer takes about 30; beyond two minutes it is a loop."""

BYTES_PER_TOKEN = 3
"""On the safe side: Google says about four letters in English, and a Chinese sign, which has three
bytes, may be a token. What an answer tells takes its place."""

MAYBE_MORE = "The answer names {} objects, as many as were asked for; there may be more."


@dataclass(slots=True)
class _Left:
    """Seconds that a call has left for the asking itself. Waiting for leave to ask takes none of
    them: that isn't Gemini's time-out."""

    seconds: float


class GeminiEngine:
    """A Gemini model behind an API key, or behind a Google Cloud project with Vertex AI.

    With a project, Vertex is used with the machine's own credentials and the key is not sent.
    When the model is gone, or left alone because it didn't answer again and again, the `fallbacks`
    are asked in their order; the answers of `second_model` are held against its own. `deadline` is
    in seconds for a whole call, fallbacks included, from when it may be sent. No more than
    `requests_per_minute` and `tokens_per_minute` (of input, as Google counts them) are sent to a
    model by all processes that share the `board` (board.py). Raises EngineMisconfiguredError when
    there is neither a key nor a project, or the key can't be one.
    """

    name = "gemini"
    varies = True
    wants_full_size = False
    examples: tuple[str, ...] = ()

    def __init__(
        self,
        *,
        model: str,
        fallbacks: Sequence[str] = (),
        second_model: str = "",
        api_key: str = "",
        project: str = "",
        location: str = "",
        base_url: str = "",
        deadline: float = DEADLINE,
        requests_per_minute: int | None = None,
        tokens_per_minute: int | None = None,
        board: str = "",
    ) -> None:
        self.model = model
        self.second_model = second_model
        self._fallbacks = tuple(fallbacks)
        self._family = family_of(model)
        self.prompt_version = self.prompt_version_of(model)
        self._deadline = deadline
        # The line must not hold the engine, or it would never be let go.
        key = self._key = api_key.strip()
        _check_credentials(key, project)
        self._line = Line(lambda: _connected(key, project, location, base_url, deadline), _hang_up)
        self._board = board_at(board)
        place = _place(self._key, project, location, base_url)
        self._breaker = Breaker(self._board, place, longest=deadline)
        self._pace = Pace(self._board, place, Limits(requests_per_minute, tokens_per_minute))

    def __repr__(self) -> str:
        return f"GeminiEngine(model={self.model!r})"

    def close(self) -> None:
        """End calls under way and close all connections; the next call opens them anew."""
        self._line.close()
        self._board.close()

    def prompt_version_of(self, model: str) -> str:
        """A name for the words in which that model is asked: each family has its own."""
        return prompt_version(family_of(model))

    def billed_at_most(self, request: Request) -> Mapping[str, Usage]:
        """What each model that may be asked, fallbacks included, can bill at most."""
        return {model: _most_billed(model, request) for model in self._asked(request)}

    def ask(self, request: Request) -> Answer:
        """Put the question to the model. Raises EngineError."""
        model, response = self._answered(request)
        return answer_of(response, model=model, form=family_of(model).form_for(request.form))

    def read(self, text: str, width: int, height: int) -> Reading:
        """Read an answer for a photo of this size. Raises GarbledAnswerError.

        A list as long as the prompt allowed may have been cut there, and says so.
        """
        reading = read_answer(text, width, height)
        if len(reading.detections) < self._family.most_objects:
            return reading
        return replace(reading, lost=(*reading.lost, MAYBE_MORE.format(len(reading.detections))))

    def _asked(self, request: Request) -> tuple[str, ...]:
        """The models to ask, in their order, until one isn't gone."""
        return tuple(dict.fromkeys((request.model or self.model, *self._fallbacks)))

    def _answered(self, request: Request) -> tuple[str, types.GenerateContentResponse]:
        """The first model that is there, and what it answered."""
        left = _Left(self._deadline)
        away: list[ModelAwayError] = []
        models = self._asked(request)
        for model in models:
            # One that is left alone comes back: then that the others are gone is no end.
            must_answer = model == models[-1] and not away
            try:
                with self._breaker.watching(model):
                    response = self._answer_of(model, request, left, must_answer=must_answer)
            except ModelAwayError as error:
                away.append(error)
                continue
            if response is not None:
                return model, response
        raise min(away, key=lambda error: error.retry_after or 0.0)

    def _answer_of(
        self, model: str, request: Request, left: _Left, *, must_answer: bool
    ) -> types.GenerateContentResponse | None:
        """What the model answered; None when it is gone and need not answer."""
        family = family_of(model)
        form = family.form_for(request.form)
        words = prompt(form, family.most_objects, request)
        config = _config(family, form)
        picture = bounded(request.image, family.longest_side)
        tokens = picture_tokens(request.width, request.height) + _tokens(SYSTEM + words)
        ticket = self._pace.turn(model, tokens)
        parts: list[types.PartUnion] = [
            types.Part.from_bytes(data=picture, mime_type="image/jpeg"),
            words,
        ]
        sent_at, used = time.monotonic(), Usage()
        try:
            with translated(self._key, self._deadline):
                try:
                    response = self._line.call(
                        lambda connection: connection.client.aio.models.generate_content(
                            model=model, contents=parts, config=config
                        ),
                        within=left.seconds,
                    )
                except APIError as error:
                    if must_answer or not is_gone(error):
                        raise
                    return None
                used = usage_of(response)
                return response
        finally:
            left.seconds -= time.monotonic() - sent_at
            self._pace.sent(ticket, used.input_tokens, at=sent_at)


def _most_billed(model: str, request: Request) -> Usage:
    family = family_of(model)
    return most_tokens(family, family.form_for(request.form), request)


def _config(family: Family, form: AnswerForm) -> types.GenerateContentConfig:
    answer_schema = schema(form)
    return types.GenerateContentConfig(
        system_instruction=SYSTEM,
        temperature=family.temperature,
        max_output_tokens=family.most_tokens,
        thinking_config=_thinking(family.thinking_budget, family.thinking_level),
        response_mime_type="application/json" if answer_schema else None,
        response_json_schema=answer_schema,
    )


def _check_credentials(key: str, project: str) -> None:
    if project:
        return
    if not key:
        raise EngineMisconfiguredError(
            "Gemini has neither an API key nor a Google Cloud project. Set one of them."
        )
    if not (key.isascii() and key.isprintable() and " " not in key):
        raise EngineMisconfiguredError(
            "The Gemini API key holds signs that no key has. Copy it again."
        )


class _Connection(NamedTuple):
    """The SDK's client, and the HTTP client that it was given, which it doesn't close."""

    client: genai.Client
    http: httpx2.AsyncClient


def _connected(
    key: str, project: str, location: str, base_url: str, deadline: float
) -> _Connection:
    http = wire_client()
    options = types.HttpOptions(
        base_url=base_url or None, timeout=math.ceil(deadline * 1000), httpx_async_client=http
    )
    if project:
        client = genai.Client(
            enterprise=True, project=project, location=location or "global", http_options=options
        )
    else:
        client = genai.Client(enterprise=False, api_key=key, http_options=options)
    return _Connection(client, http)


async def _hang_up(connection: _Connection) -> None:
    await connection.http.aclose()
    await connection.client.aio.aclose()
    connection.client.close()


def _place(key: str, project: str, location: str, base_url: str) -> str:
    """A name for whose quota it is, in which no key can be read."""
    whose = "\n".join([project, location, base_url] if project else [key, base_url])
    return f"gemini:{hashlib.sha256(whose.encode()).hexdigest()[:16]}"


def _tokens(text: str) -> int:
    return len(text.encode(errors="replace")) // BYTES_PER_TOKEN


def _thinking(budget: int | None, level: str | None) -> types.ThinkingConfig | None:
    if level is not None:
        return types.ThinkingConfig(thinking_level=types.ThinkingLevel(level))
    return None if budget is None else types.ThinkingConfig(thinking_budget=budget)
