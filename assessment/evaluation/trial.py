"""One case put to an engine: the whole photo as the product would send it, the answer as it would
read it, held against the truth.

It is asked in one run, and the photo isn't cut up: where the product would look at parts of it,
too, the trial says so.
"""

from __future__ import annotations

from collections.abc import Sequence
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
from assessment.core.tiles import halves, windows_of
from assessment.core.vocabulary import Detail, QueryKind
from assessment.engines.base import (
    Engine,
    EngineMisconfiguredError,
    EngineRefusedError,
    EngineUnavailableError,
    GarbledAnswerError,
    Reading,
    Request,
)
from assessment.engines.ladder import is_too_long
from assessment.evaluation.answers import Kept, Key, Outcome
from assessment.evaluation.asking import Desk, ask_through, garbled_calls, reading_of, turns_of
from assessment.evaluation.case import Case
from assessment.evaluation.score import Score, score
from assessment.evaluation.truth import Truth, truth_of
from claims.evidence.derive import Derived, derive
from claims.evidence.fingerprint import sha256
from claims.evidence.upload import UploadRefusedError


class CaseError(ValueError):
    """A case can't be used; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of a case, and the calls that it took.

    `score` is that of nothing where there is no answer to judge. `looks_closer` says that the
    product would have looked at parts of the photo, too, and may see more.
    """

    case: Case
    outcome: Outcome
    reason: str
    score: Score
    lost: tuple[str, ...] = ()
    calls: tuple[Kept, ...] = ()
    garbled_calls: int = 0
    looks_closer: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """A photo, the truth about it, and the things that an engine found on it."""

    photo: Derived
    truth: Truth
    found: tuple[Patch, ...]


def tried(case: Case, desk: Desk) -> Trial:
    """Put a case to the engine, or take its answers as they were kept.

    Raises CaseError where photo or truth can't be used, and OSError where the answer can't be kept.
    """
    photo, truth, digest = _material(case)
    request, key = _question(case, photo, digest, desk)
    outcome, reason, worth, lost = Outcome.ANSWERED, "", Score(), tuple[str, ...]()
    try:
        ask_through(request, key, desk)
        reading = reading_of(desk.answers.get(key), photo.width, photo.height, desk.engine)
        worth, lost = score(found_things(reading, photo), truth, desk.tolerance), reading.lost
    except EngineUnavailableError as error:
        outcome, reason = Outcome.UNAVAILABLE, error.message
    except EngineMisconfiguredError as error:
        # It may be this photo alone that isn't taken: one that is too large, for example.
        outcome, reason = Outcome.REJECTED, error.message
    except EngineRefusedError as error:
        outcome, reason = Outcome.REFUSED, error.message
    except GarbledAnswerError as error:
        outcome, reason = Outcome.GARBLED, error.message
    calls = desk.answers.get(key)
    garbled = garbled_calls(calls, photo.width, photo.height, desk.engine)
    closer = _looks_closer(case, photo, desk.engine, calls)
    return Trial(case, outcome, reason, worth, lost, calls, garbled, closer)


def seen_again(case: Case, desk: Desk) -> Sight:
    """What an answered case showed, made again from its kept answers."""
    photo, truth, digest = _material(case)
    _, key = _question(case, photo, digest, desk)
    reading = reading_of(desk.answers.get(key), photo.width, photo.height, desk.engine)
    return Sight(photo, truth, found_things(reading, photo))


def found_things(reading: Reading, photo: Derived) -> tuple[Patch, ...]:
    """The things in an answer, each once."""
    detections = boxes_outlined(
        reading.detections, lambda: _pixels(photo), photo.width, photo.height
    )
    outlines = outline(detections, photo.width, photo.height)
    patches = tuple(_patch(each, photo) for each in _once(outlines))
    return tuple(patch for patch in patches if patch.cells.any())


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


def _looks_closer(case: Case, photo: Derived, engine: Engine, calls: Sequence[Kept]) -> bool:
    """Whether the product would look at parts of the photo: it is large, or shows too much."""
    if engine.wants_full_size:
        return False
    kind = QueryKind(case.kind) if case.kind in set(QueryKind) else QueryKind.PLAIN
    size = photo.width, photo.height
    if windows_of(*size, Detail.AUTO, kind):
        return True
    return is_too_long(turns_of(calls, *size, engine)) and bool(halves(*size, kind))


def _question(case: Case, photo: Derived, digest: str, desk: Desk) -> tuple[Request, Key]:
    engine = desk.engine
    image = photo.view if engine.wants_full_size else photo.working
    kind = damage_type_in(case.question)
    request = Request(image, photo.width, photo.height, case.question, kind)
    return request, Key(digest, case.question, engine.name, engine.model, engine.prompt_version)


def _once(outlines: OutlineArray) -> list[MultiPolygon]:
    return [one_outline(outlines[group]) for group in same_things(outlines)]


def _patch(shape: MultiPolygon, photo: Derived) -> Patch:
    lines = shapely.get_rings(shapely.get_parts(shape))
    rings = [shapely.get_coordinates(line)[:-1] for line in lines]
    return covered(rings, photo.width, photo.height)


def _pixels(photo: Derived) -> NDArray[np.uint8]:
    with Image.open(BytesIO(photo.working)) as picture:
        return np.asarray(picture.convert("RGB"), np.uint8)
