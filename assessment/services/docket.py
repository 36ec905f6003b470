"""Keeping the docket: where each claim stands, and who has taken it up."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from assessment.core.vocabulary import Lane, Outcome, ReviewStatus, Stage
from assessment.models import Docket, Triage
from assessment.models.docket import LONGEST_WORDS
from assessment.selectors.claims import claim_is_open, findings_of, segmentations_of
from claims.models import Carrier, Claim, ClaimStatus, Photo, PhotoStatus, User
from claims.services import claim_lock_for_change, claim_log

STAGE_OF_LANE = {
    Lane.STRAIGHT_THROUGH: Stage.FAST,
    Lane.FAST_TRACK: Stage.FAST,
    Lane.DESK: Stage.REVIEW,
    Lane.FIELD_INSPECTION: Stage.INSPECTION,
    Lane.SPECIALIST: Stage.SPECIALIST,
}
# A list says why, not everything why: the rest is on the claim's own page.
REASONS_KEPT = 3
SEARCHED = ("number", "insured", "address", "policy_number")


def docket_refresh(claim: Claim) -> None:
    """Work out anew where the claim stands; within a transaction that has locked the claim."""
    triage = Triage.objects.filter(claim=claim).order_by("-number").first()
    stage = stage_of(claim, triage)
    docket = Docket.objects.filter(claim=claim).first()
    waits_on = docket is not None and _waits_for(Stage(docket.stage)) == _waits_for(stage)
    since = docket.since if docket and waits_on else timezone.now()
    Docket.objects.update_or_create(
        claim=claim,
        defaults={
            "carrier": claim.carrier,
            "stage": stage,
            "since": since,
            "peril": claim.peril,
            "photos": Photo.objects.filter(claim=claim).count(),
            "unreviewed": findings_of(claim).filter(review=ReviewStatus.PROPOSED).count(),
            "words": searched_words(claim),
            **_routing(triage),
        },
    )


def _waits_for(stage: Stage) -> str:
    """Whom or what a claim in this stage waits for: photos, nothing any more, or us.

    One that is analysed again because somebody asked one more question has waited all the same.
    """
    return stage if stage in (Stage.WAITING_FOR_PHOTOS, Stage.DECIDED) else "us"


def _routing(triage: Triage | None) -> dict[str, Any]:
    if triage is None:
        return {"lane": "", "reasons": []}
    sentences = [reason["sentence"] for reason in triage.reasons]
    return {"lane": triage.lane, "reasons": sentences[:REASONS_KEPT]}


def searched_words(claim: Claim) -> str:
    """What a search for the claim looks through."""
    return " ".join(getattr(claim, name) for name in SEARCHED).upper()[:LONGEST_WORDS]


def stage_of(claim: Claim, triage: Triage | None) -> Stage:
    """Where the claim stands, given how it was routed last."""
    if claim.status == ClaimStatus.DECIDED:
        return Stage.DECIDED
    photos = Photo.objects.filter(claim=claim)
    if claim.status == ClaimStatus.AWAITING_PHOTOS or not photos.exists():
        return Stage.WAITING_FOR_PHOTOS
    if triage is None or claim_is_open(claim):
        return Stage.ANALYSING
    failed = segmentations_of(claim).filter(status=Outcome.FAILED)
    if failed.exists() or photos.filter(status=PhotoStatus.FAILED).exists():
        return Stage.FAILED
    return STAGE_OF_LANE[Lane(triage.lane)]


class AssignedMeanwhileError(Exception):
    """The claim is with somebody else than the person saw; `to` is who, None for nobody."""

    def __init__(self, to: User | None) -> None:
        super().__init__("The claim was assigned meanwhile.")
        self.to = to


def claim_assign(*, claim: Claim, to: User | None, by: User, seen: User | None) -> None:
    """Give the claim to a person, or put it back for whoever comes next.

    `seen` had it when the person looked. Raises AssignedMeanwhileError, and ClaimDecidedError.
    """
    with transaction.atomic():
        claim_lock_for_change(claim)
        now = Docket.objects.select_related("assignee").get(claim=claim).assignee
        if now == to:
            return
        if now != seen:
            raise AssignedMeanwhileError(now)
        _assign(Docket.objects.filter(claim=claim), claim, to, by)


def _assign(docket: QuerySet[Docket], claim: Claim, to: User | None, by: User) -> bool:
    """Write the person down if the claim's docket is (still) as looked for; whether it was."""
    assigned = docket.update(assignee=to)
    if assigned:
        claim_log(claim, by, "claim.assigned", {"to": to.email if to else ""})
    return bool(assigned)


def claim_take_next(*, carrier: Carrier, by: User) -> Claim | None:
    """Take up the claim that has waited longest for a review and that nobody has; None if none.

    Two people who ask at the same moment get two claims.
    """
    with transaction.atomic():
        while claim := _longest_waiting(carrier):
            # Between the look and the lock somebody else may have taken it, and be done.
            waiting = Docket.objects.filter(claim=claim, stage=Stage.REVIEW, assignee=None)
            if _assign(waiting, claim, by, by):
                return claim
    return None


def _longest_waiting(carrier: Carrier) -> Claim | None:
    """Lock a claim as claim_lock does, but pass over those that somebody is at this moment."""
    return (
        Claim.objects.select_related("carrier")
        # A join, in the order of an index: a subquery has every claim that waits read and sorted.
        .filter(docket__carrier=carrier, docket__stage=Stage.REVIEW, docket__assignee=None)
        .select_for_update(of=("self",), no_key=True, skip_locked=True)
        .order_by("docket__since", "pk")
        .first()
    )
