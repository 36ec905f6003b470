"""Answers that are stored already: the same is not asked, and not paid for, twice."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256

from assessment.core.detection import Box
from assessment.engines.base import Engine, Request
from assessment.engines.prompt import WordsByModel
from assessment.models import Call, Segmentation

FIRST_ROUND = 1

MODEL_SIGNS = 16
"""So many signs at the end of a key name the model that is meant, in hexadecimal."""


def call_key(
    segmentation: Segmentation, engine: Engine, request: Request, window: Box, run: int
) -> str:
    """Names all that decides what is asked: of which picture, in which words, of which model.

    It is another one for each carrier: what one has paid for is no other's. Its end names the model
    alone, so that the answer of a fallback is known for one.
    """
    photo, query, model = segmentation.photo, segmentation.query, request.model or engine.model
    spelled = [
        photo.claim.carrier_id,
        photo.sha256,
        _edges([window]),
        [query.text, query.version, request.damage_type],
        [engine.name, _wording(engine, model)],
        [request.form, _edges(request.known)],
        run,
    ]
    return _digest(json.dumps(spelled))[:-MODEL_SIGNS] + _model_signs(model)


def _wording(engine: Engine, model: str) -> str:
    if isinstance(engine, WordsByModel):
        return engine.prompt_version_of(model)
    return engine.prompt_version


def _model_signs(model: str) -> str:
    return _digest(model)[:MODEL_SIGNS]


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _edges(boxes: Sequence[Box]) -> list[list[float]]:
    return [[float(edge) for edge in box] for box in boxes]


def answer_kept(segmentation: Segmentation, key: str) -> Call | None:
    """The newest answer to the same; None where there is none that will do.

    In later rounds somebody wants another one: what came in the same round is taken, because
    another worker was at it. The answer of a fallback does for that alone, too: elsewhere the model
    that is meant is asked.
    """
    kept = Call.objects.filter(key=key, reused_from=None, refused=False, empty=False)
    if segmentation.round > FIRST_ROUND:
        kept = kept.filter(segmentation=segmentation, round=segmentation.round)
    newest = kept.order_by("-answered_at", "-pk")
    return next((call for call in newest if _will_do(call, segmentation)), None)


def _will_do(call: Call, segmentation: Segmentation) -> bool:
    is_meant = call.key.endswith(_model_signs(call.model_requested))
    place = (call.segmentation_id, call.round)
    return is_meant or place == (segmentation.pk, segmentation.round)
