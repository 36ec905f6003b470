"""Gemini, over the Gemini API or Vertex AI.

One call is one HTTP request, and one more for each model that is gone: the SDK's own retries stay
off, because the job queue repeats with the server's delay, which they ignore.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import httpx2
from google import genai
from google.genai import types
from google.genai.errors import ClientError

from assessment.core.vocabulary import AnswerForm
from assessment.engines.allowance import most_tokens
from assessment.engines.answer import read_answer
from assessment.engines.base import (
    Answer,
    EngineMisconfiguredError,
    EngineRefusedError,
    GarbledAnswerError,
    Reading,
    Request,
    Usage,
)
from assessment.engines.families import Family, family_of
from assessment.engines.gemini_failures import is_gone, translated
from assessment.engines.picture import bounded
from assessment.engines.prompt import SYSTEM, prompt, prompt_version, schema

DEADLINE = 120.0
"""Seconds for a whole call. A mask answer takes about 30; beyond two minutes it is a loop."""

MAYBE_MORE = "The answer names {} objects, as many as were asked for; there may be more."

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

CUT = "MAX_TOKENS"
FINISHED = frozenset({"STOP", CUT, "FINISH_REASON_UNSPECIFIED"})
"""Finish reasons after which the text is an answer, whole or cut."""


class GeminiEngine:
    """A Gemini model behind an API key, or behind a Google Cloud project with Vertex AI.

    With a project, Vertex is used with the machine's own credentials and the key is not sent.
    When the model is gone, the `fallbacks` are asked in their order; the answers of `second_model`
    are held against its own. `deadline` is in seconds for a whole call, fallbacks included. Raises
    EngineMisconfiguredError when there is neither a key nor a project, or the key can't be one.
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
    ) -> None:
        self.model = model
        self.second_model = second_model
        self._fallbacks = tuple(fallbacks)
        self._family = family_of(model)
        self.prompt_version = prompt_version(self._family)
        self._deadline = deadline
        self._key = api_key.strip()
        self._client = _client(self._key, project, location, _http_options(base_url, deadline))

    def __repr__(self) -> str:
        return f"GeminiEngine(model={self.model!r})"

    def billed_at_most(self, request: Request) -> Mapping[str, Usage]:
        """What each model that may be asked, fallbacks included, can bill at most."""
        return {model: _most_billed(model, request) for model in self._asked(request)}

    def ask(self, request: Request) -> Answer:
        """Put the question to the model. Raises EngineError, within the deadline."""
        with translated(self._key, self._deadline):
            model, response = asyncio.run(self._generate(request, self._asked(request)))
        answer = Answer(
            text=response.text or "",
            model_requested=model,
            model_served=response.model_version or "",
            usage=_usage(response),
            form=family_of(model).form_for(request.form),
            cut=_finish(response) == CUT,
        )
        _check_answered(response, answer)
        return answer

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

    async def _generate(
        self, request: Request, models: Sequence[str]
    ) -> tuple[str, types.GenerateContentResponse]:
        """The first model that isn't gone, and what it answered."""
        # A time-out per read doesn't stop a server that drips; cancelling does, and closes the
        # connection.
        async with asyncio.timeout(self._deadline):
            for model in models[:-1]:
                try:
                    return model, await self._generate_by(model, request)
                except ClientError as error:
                    if not is_gone(error):
                        raise
            last = models[-1]
            return last, await self._generate_by(last, request)

    async def _generate_by(self, model: str, request: Request) -> types.GenerateContentResponse:
        family = family_of(model)
        form = family.form_for(request.form)
        picture = bounded(request.image, family.longest_side)
        contents: list[types.PartUnion] = [
            types.Part.from_bytes(data=picture, mime_type="image/jpeg"),
            prompt(form, family.most_objects, request),
        ]
        return await self._client.aio.models.generate_content(
            model=model, contents=contents, config=_config(family, form)
        )


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


def _finish(response: types.GenerateContentResponse) -> str:
    reason = response.candidates[0].finish_reason if response.candidates else None
    return reason.value if reason else "FINISH_REASON_UNSPECIFIED"


def _check_answered(response: types.GenerateContentResponse, answer: Answer) -> None:
    """Raise unless there is a text to read, however much of it came."""
    blocked = response.prompt_feedback and response.prompt_feedback.block_reason
    if blocked:
        raise EngineRefusedError(
            f"Gemini refused to look at this photo or question ({blocked.value}); "
            "a person must look."
        )
    reason = _finish(response)
    if reason in REFUSALS:
        raise EngineRefusedError(f"Gemini declined to answer ({reason}); a person must look.")
    if not answer.text or reason not in FINISHED:
        # A reply without a candidate is none of the model's, and cost nothing.
        raise GarbledAnswerError(
            f"Gemini stopped without an answer ({reason}); a person must look.",
            answer if response.candidates else None,
        )


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
