"""One case put to an engine: the photo as the product would send it, the answer as it would read
it, held against the truth."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from PIL import Image
from shapely import MultiPolygon

from assessment.core.bare_boxes import boxes_outlined
from assessment.core.masks import Patch, covered
from assessment.core.merge import OutlineArray, one_outline, same_things
from assessment.core.naming import damage_type_in
from assessment.core.polygons import outline
from assessment.engines.base import (
    Engine,
    EngineRefusedError,
    EngineUnavailableError,
    GarbledAnswerError,
    Request,
    Usage,
)
from assessment.evaluation.answers import AnswerFile, Kept, Key, Outcome
from assessment.evaluation.case import Case
from assessment.evaluation.score import Score, score
from assessment.evaluation.truth import Truth, truth_of
from claims.evidence.derive import Derived, derive
from claims.evidence.fingerprint import sha256
from claims.evidence.upload import UploadRefusedError

TRIES = 4
FIRST_WAIT, LONGEST_WAIT = 2.0, 60.0
"""Seconds to wait for an engine that is away: doubled each time, unless it says how long. One that
says longer than the longest is left for the next run."""


class CaseError(ValueError):
    """A case can't be used; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of a case. `score` is that of nothing where there is no answer to judge."""

    case: Case
    outcome: Outcome
    reason: str
    score: Score
    lost: tuple[str, ...] = ()
    kept: Kept | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """A photo, the truth about it, and the things that an engine found on it."""

    photo: Derived
    truth: Truth
    found: tuple[Patch, ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """Who is asked, where answers are kept, and how the waiting is done."""

    engine: Engine
    answers: AnswerFile
    tolerance: float
    sleep: Callable[[float], None] = time.sleep


def tried(case: Case, desk: Desk) -> Trial:
    """Put a case to the engine, or take its answer as it was kept.

    Raises CaseError where photo or truth can't be used, EngineMisconfiguredError, and OSError where
    the answer can't be kept.
    """
    photo, truth, digest = _material(case)
    try:
        kept = _answer(case, photo, digest, desk)
        if kept.outcome is not Outcome.ANSWERED:
            return Trial(case, kept.outcome, kept.reason, Score(), kept=kept)
        found, lost = found_things(kept.text, photo, desk.engine)
    except EngineUnavailableError as error:
        return Trial(case, Outcome.UNAVAILABLE, error.message, Score())
    except GarbledAnswerError as error:
        return Trial(case, Outcome.GARBLED, error.message, Score(), kept=kept)
    worth = score(found, truth, desk.tolerance)
    return Trial(case, Outcome.ANSWERED, "", worth, lost, kept)


def seen_again(case: Case, desk: Desk) -> Sight:
    """What an answered case showed, made again from its kept answer."""
    photo, truth, digest = _material(case)
    found, _ = found_things(_answer(case, photo, digest, desk).text, photo, desk.engine)
    return Sight(photo, truth, found)


def found_things(
    text: str, photo: Derived, engine: Engine
) -> tuple[tuple[Patch, ...], tuple[str, ...]]:
    """The things in an answer, each once, and what of it was lost. Raises GarbledAnswerError."""
    reading = engine.read(text, photo.width, photo.height)
    detections = boxes_outlined(
        reading.detections, lambda: _pixels(photo), photo.width, photo.height
    )
    outlines = outline(detections, photo.width, photo.height)
    patches = tuple(_patch(each, photo) for each in _once(outlines))
    return tuple(patch for patch in patches if patch.cells.any()), reading.lost


def _material(case: Case) -> tuple[Derived, Truth, str]:
    try:
        photo, digest = _derived(case.photo)
        return photo, truth_of(case.truth, photo.width, photo.height), digest
    except OSError as error:
        raise CaseError(f"Left out, {case.photo.name} can't be read: {error.strerror}.") from None
    except UploadRefusedError as refusal:
        raise CaseError(f"Left out, {case.photo.name}: {refusal.happened}") from None
    except ValueError as error:
        raise CaseError(f"Left out. {error}") from None


@lru_cache(maxsize=1)  # Questions about a photo come one after the other.
def _derived(path: Path) -> tuple[Derived, str]:
    data = path.read_bytes()
    return derive(data), sha256(data)


def _answer(case: Case, photo: Derived, digest: str, desk: Desk) -> Kept:
    engine = desk.engine
    key = Key(digest, case.question, engine.name, engine.model, engine.prompt_version)
    if (kept := desk.answers.get(key)) is None:
        kept = _asked(_request(case, photo, engine), desk)
        desk.answers.add(key, kept)
    return kept


def _request(case: Case, photo: Derived, engine: Engine) -> Request:
    image = photo.view if engine.wants_full_size else photo.working
    kind = damage_type_in(case.question)
    return Request(image, photo.width, photo.height, case.question, kind)


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
    outcome, text, reason, usage = Outcome.ANSWERED, "", "", Usage()
    try:
        answer = engine.ask(request)
        text, usage = answer.text, answer.usage
    except EngineRefusedError as error:
        outcome, reason = Outcome.REFUSED, error.message
    except GarbledAnswerError as error:
        outcome, reason = Outcome.GARBLED, error.message
    seconds = time.perf_counter() - start
    return Kept(outcome, text, reason, seconds, usage.input_tokens, usage.output_tokens)


def _once(outlines: OutlineArray) -> list[MultiPolygon]:
    return [one_outline(outlines[group]) for group in same_things(outlines)]


def _patch(shape: MultiPolygon, photo: Derived) -> Patch:
    lines = shapely.get_rings(shapely.get_parts(shape))
    rings = [shapely.get_coordinates(line)[:-1] for line in lines]
    return covered(rings, photo.width, photo.height)


def _pixels(photo: Derived) -> NDArray[np.uint8]:
    with Image.open(BytesIO(photo.working)) as picture:
        return np.asarray(picture.convert("RGB"), np.uint8)
