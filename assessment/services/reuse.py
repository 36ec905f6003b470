"""Answers that are stored already: the same is not asked, and not paid for, twice."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256

from assessment.core.detection import Box
from assessment.engines.base import Engine, Request
from assessment.models import Call, Segmentation

FIRST_ROUND = 1


def call_key(
    segmentation: Segmentation, engine: Engine, request: Request, window: Box, run: int
) -> str:
    """Names all that decides what is asked: of which picture, in which words, of which model.

    It is another one for each carrier: what one has paid for is no other's.
    """
    photo, query = segmentation.photo, segmentation.query
    spelled = [
        photo.claim.carrier_id,
        photo.sha256,
        _edges([window]),
        [query.text, query.version, request.damage_type],
        [engine.name, request.model or engine.model, engine.prompt_version],
        [request.form, _edges(request.known)],
        run,
    ]
    return sha256(json.dumps(spelled).encode()).hexdigest()


def _edges(boxes: Sequence[Box]) -> list[list[float]]:
    return [[float(edge) for edge in box] for box in boxes]


def answer_kept(segmentation: Segmentation, key: str) -> Call | None:
    """The newest answer to the same; None where there is none that will do.

    In later rounds somebody wants another one: what came in the same round is taken, because
    another worker was at it.
    """
    kept = Call.objects.filter(key=key, reused_from=None, refused=False, empty=False)
    if segmentation.round > FIRST_ROUND:
        kept = kept.filter(segmentation=segmentation, round=segmentation.round)
    return kept.order_by("-answered_at", "-pk").first()
