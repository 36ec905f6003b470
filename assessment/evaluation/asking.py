"""A question put as the product puts it to a whole photo: from rung to rung until what came will
do, in one run."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from assessment.engines.base import (
    Answer,
    Engine,
    EngineRefusedError,
    EngineUnavailableError,
    GarbledAnswerError,
    Reading,
    Request,
    sound,
)
from assessment.engines.ladder import Rung, Turn, next_rung, together
from assessment.evaluation.answers import AnswerFile, Kept, Key, Outcome

TRIES = 4
FIRST_WAIT, LONGEST_WAIT = 2.0, 60.0
"""Seconds to wait for an engine that is away: doubled each time, unless it says how long. One that
says longer than the longest is left for the next run."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Who is asked, where answers are kept, and how the waiting is done."""

    engine: Engine
    answers: AnswerFile
    tolerance: float
    sleep: Callable[[float], None] = time.sleep


def ask_through(request: Request, key: Key, desk: Desk) -> None:
    """Ask until what came will do, beginning with what is kept, and keep each call as it comes.

    Raises EngineUnavailableError where the engine stays away (the next run goes on from there),
    EngineMisconfiguredError, and OSError where a call can't be kept.
    """
    while rung := _next_rung(desk.answers.get(key), request, desk.engine):
        kept = _asked(replace(request, form=rung.form, known=rung.known), desk)
        desk.answers.add(key, kept)


def reading_of(calls: Sequence[Kept], width: int, height: int, engine: Engine) -> Reading:
    """What all calls say of a photo of that size. Raises EngineRefusedError where the engine
    declined before anything could be read, and GarbledAnswerError where nothing can."""
    refused = calls[-1].reason if _ends_it(calls[-1]) else ""
    turns = turns_of(calls, width, height, engine)
    if refused and not any(turn.reading for turn in turns):
        raise EngineRefusedError(refused)
    return together(turns, refused)


def garbled_calls(calls: Sequence[Kept], width: int, height: int, engine: Engine) -> int:
    """How many of the calls brought something in which nothing can be read."""
    return sum(turn.reading is None for turn in turns_of(calls, width, height, engine))


def _next_rung(calls: Sequence[Kept], request: Request, engine: Engine) -> Rung | None:
    if calls and _ends_it(calls[-1]):
        return None
    return next_rung(turns_of(calls, request.width, request.height, engine))


def _ends_it(call: Kept) -> bool:
    return call.outcome is Outcome.REFUSED


def turns_of(calls: Sequence[Kept], width: int, height: int, engine: Engine) -> list[Turn]:
    """What was said in each call that the engine didn't decline."""
    return [_turn(call, width, height, engine) for call in calls if not _ends_it(call)]


def _turn(call: Kept, width: int, height: int, engine: Engine) -> Turn:
    reading, fault = None, call.reason
    if not fault:
        try:
            reading = engine.read(call.text, width, height)
        except GarbledAnswerError as error:
            fault = error.message
    return Turn(
        form=call.form,
        reading=reading,
        fault=fault,
        rest=call.rest,
        cut=call.cut or (reading is not None and reading.cut),
        model_requested=call.model_requested,
        model_served=call.model_served,
    )


def _asked(request: Request, desk: Desk) -> Kept:
    """Ask, again where the engine is away; raises EngineUnavailableError where it stays away."""
    for wait in (min(FIRST_WAIT * 2**n, LONGEST_WAIT) for n in range(TRIES - 1)):
        try:
            return _asked_once(request, desk.engine)
        except EngineUnavailableError as error:
            told = wait if error.retry_after is None else error.retry_after
            if told > LONGEST_WAIT:
                raise
            desk.sleep(told)
    return _asked_once(request, desk.engine)


def _asked_once(request: Request, engine: Engine) -> Kept:
    start = time.perf_counter()
    outcome, reason, answer = Outcome.ANSWERED, "", Answer("", engine.model, "")
    try:
        answer = engine.ask(request)
    except EngineRefusedError as error:
        outcome, reason = Outcome.REFUSED, error.message
    except GarbledAnswerError as error:
        outcome, reason, answer = Outcome.GARBLED, error.message, error.answer or answer
    answer = sound(answer)
    return Kept(
        outcome=outcome,
        text=answer.text,
        reason=reason,
        seconds=time.perf_counter() - start,
        input_tokens=answer.usage.input_tokens,
        output_tokens=answer.usage.output_tokens,
        form=answer.form,
        rest=bool(request.known),
        cut=answer.cut,
        model_requested=answer.model_requested,
        model_served=answer.model_served,
        asked_on=datetime.now(UTC).date().isoformat(),
    )
