"""Deciding a claim, and opening it again."""

from __future__ import annotations

from dataclasses import asdict

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from assessment.core.vocabulary import DecisionKind
from assessment.models import Decision
from assessment.selectors.decisions import Undone, decision_in_force, undone_in
from assessment.services.docket import docket_refresh
from assessment.services.photos import settle_open
from claims.models import Claim, ClaimStatus, User
from claims.models.numbering import next_number
from claims.services import (
    claim_lock,
    claim_lock_for_change,
    claim_log,
    claim_status_set,
)

NOTHING_UNDONE = Undone(unreviewed=0, open_questions=0)


class UndoneError(Exception):
    """A decision would pass over what is undone; the person must have been told."""

    def __init__(self, undone: Undone) -> None:
        super().__init__("Something is left undone.")
        self.undone = undone


def claim_decide(
    *, claim: Claim, kind: DecisionKind, note: str, by: User, despite: Undone | None = None
) -> Decision:
    """Decide a claim; what is undone will not count, and `despite` is what the person knows of it.

    Asking for photos leaves the claim open and passes over nothing. Raises UndoneError where more
    is undone than they know, and ClaimDecidedError.
    """
    with transaction.atomic():
        claim_lock_for_change(claim)
        undone = undone_in(claim)
        waits = kind is DecisionKind.MORE_PHOTOS
        if not waits and not undone.is_within(despite or NOTHING_UNDONE):
            raise UndoneError(undone)
        decision = Decision.objects.create(
            claim=claim,
            number=next_number(Decision.objects.filter(claim=claim)),
            kind=kind,
            note=note.strip(),
            unreviewed=undone.unreviewed,
            open_questions=undone.open_questions,
            by=by,
        )
        claim_status_set(claim, ClaimStatus.AWAITING_PHOTOS if waits else ClaimStatus.DECIDED)
        docket_refresh(claim)
        said = {"kind": kind, "note": decision.note, **asdict(undone)}
        claim_log(claim, by, "claim.decided", said)
    return decision


def claim_reopen(*, claim: Claim, reason: str, by: User) -> None:
    """Open a decided claim again. Raises ValidationError without a reason."""
    because = reason.strip()
    if not because:
        raise ValidationError("Say why the claim is opened again. It is still decided.")
    with transaction.atomic():
        claim_lock(claim)
        decision = decision_in_force(claim)
        if decision is None:
            return
        Decision.objects.filter(pk=decision.pk).update(
            reopened_by=by, reopened_at=timezone.now(), reopened_because=because
        )
        claim_status_set(claim, ClaimStatus.OPEN)
        settle_open(claim, "")
        docket_refresh(claim)
        claim_log(claim, by, "claim.reopened", {"reason": because})
