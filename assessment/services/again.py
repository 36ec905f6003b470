"""Asking again on purpose: what is stored is evidence, and isn't taken for the answer once more."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from assessment.core.vocabulary import OPEN_OUTCOMES, JobKind, Outcome
from assessment.models import DamageQuery, Segmentation
from assessment.selectors.claims import segmentations_of
from assessment.services.docket import docket_refresh
from assessment.services.engines import prompt_version_of
from assessment.services.jobs import job_open
from assessment.services.photos import runs_of
from claims.models import Claim, Photo, User
from claims.services import claim_lock_for_change, claim_log


class StillAskedError(ValidationError):
    """The question is being asked at this moment."""

    def __init__(self) -> None:
        super().__init__(
            "This is being asked already. Nothing was asked again; wait for the answers that are "
            "still to come."
        )


class NeverAskedError(ValidationError):
    """The question was put to none of the photos."""

    def __init__(self) -> None:
        super().__init__("None of these photos was asked this yet, so nothing was asked again.")


def question_again(
    *,
    claim: Claim,
    query: DamageQuery,
    photos: Sequence[Photo],
    by: User | None,
) -> int:
    """Put a question anew to chosen photos, or to all that were asked; returns to how many.

    It is put in a new round, to the engine and in the wording of today, and is paid for. The
    answers of earlier rounds stay, and what they showed stays for a person to judge. Raises
    StillAskedError, NeverAskedError and ClaimDecidedError.
    """
    with transaction.atomic():
        claim_lock_for_change(claim)
        asked = segmentations_of(claim).filter(query=query).select_related("photo")
        if photos:
            asked = asked.filter(photo__in=photos)
        rows = list(asked.order_by("photo__number"))
        _check_over(rows)
        _open(rows, claim, query)
        docket_refresh(claim)
        numbers = [row.photo.number for row in rows]
        told = {"text": query.text, "photos": numbers if photos else "all"}
        claim_log(claim, by, "query.asked_again", told)
    return len(rows)


def rounds_begun_anew(claim: Claim) -> None:
    """Within the transaction that put them, let no stored answer do for a claim's questions."""
    segmentations_of(claim).filter(status=Outcome.QUEUED).update(round=F("round") + 1)


def _check_over(rows: Sequence[Segmentation]) -> None:
    if not rows:
        raise NeverAskedError
    if any(row.status in OPEN_OUTCOMES for row in rows):
        raise StillAskedError


def _open(rows: Sequence[Segmentation], claim: Claim, query: DamageQuery) -> None:
    engine = query.engine or settings.EAVES_ENGINE
    Segmentation.objects.filter(pk__in=[row.pk for row in rows]).update(
        status=Outcome.QUEUED,
        round=F("round") + 1,
        runs=runs_of(query),
        engine=engine,
        prompt_version=prompt_version_of(engine),
        windows=[],
        reason="",
        lost=[],
        unasked=0,
        drift="",
        calls_made=0,
        cost_usd=None,
        model_requested="",
        model_served="",
        input_tokens=None,
        output_tokens=None,
        asked_at=None,
        closed_at=None,
    )
    for row in rows:
        job_open(kind=JobKind.SEGMENT, subject_id=row.pk, carrier=claim.carrier)
