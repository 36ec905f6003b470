"""Opening a claim file and writing into it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypedDict

from django.db import IntegrityError, transaction

from claims.models import Carrier, Claim, ClaimStatus, Note, Peril, User
from claims.services.log import claim_log


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """What is known of a claim when it is opened."""

    number: str
    policy_number: str = ""
    insured: str = ""
    address: str = ""
    loss_date: date | None = None
    peril: Peril = Peril.OTHER
    currency: str = "USD"
    limit: Decimal | None = None
    deductible: Decimal | None = None


class ClaimDetails(TypedDict, total=False):
    """Those facts that may turn out to be others than was known at first."""

    policy_number: str
    insured: str
    address: str
    loss_date: date | None
    peril: Peril
    limit: Decimal | None
    deductible: Decimal | None


def claim_open(*, carrier: Carrier, facts: ClaimFacts, by: User | None) -> Claim:
    """Open a claim. Raises ValidationError where a fact is missing, taken or makes no sense."""
    claim = Claim(
        carrier=carrier,
        opened_by=by,
        **{name: getattr(facts, name) for name in ClaimFacts.__dataclass_fields__},
    )
    claim.full_clean()
    try:
        with transaction.atomic():
            claim.save()
            claim_log(claim, by, "claim.opened", {"peril": claim.peril})
    except IntegrityError:
        # Somebody opened the same number at this moment: by now, checking says so.
        claim.full_clean()
        raise
    return claim


def claim_lock(claim: Claim) -> None:
    """Within a transaction, let nobody else number or ask anything in this claim meanwhile.

    The claim's status is read anew.
    """
    locked = Claim.objects.select_for_update(no_key=True).values_list("status", flat=True)
    claim.status = locked.get(pk=claim.pk)


class ClaimDecidedError(Exception):
    """Somebody tried to change a claim that is decided; the message is for that person."""

    def __init__(self) -> None:
        super().__init__(
            "This claim is decided and can only be read. Nothing was changed. "
            "Reopen the claim, with a reason, to go on with it."
        )


def claim_lock_for_change(claim: Claim) -> None:
    """As claim_lock, for what a person does. Raises ClaimDecidedError for a decided claim."""
    claim_lock(claim)
    claim_check_undecided(claim)


def claim_check_undecided(claim: Claim) -> None:
    """Raise ClaimDecidedError for a decided claim; it must have been locked."""
    if claim.status == ClaimStatus.DECIDED:
        raise ClaimDecidedError


def claim_status_set(claim: Claim, status: ClaimStatus) -> None:
    """Within a transaction that has locked the claim."""
    claim.status = status
    claim.save(update_fields=["status"])


def claim_correct(*, claim: Claim, details: ClaimDetails, by: User) -> set[str]:
    """Correct details of a claim; returns the names of those that were others before.

    Raises ClaimDecidedError, or ValidationError where a detail makes no sense.
    """
    with transaction.atomic():
        claim_lock_for_change(claim)
        claim.refresh_from_db(fields=list(details))
        told = {}
        for name, value in details.items():
            before = getattr(claim, name)
            if before != value:
                told[name] = {"from": _as_logged(before), "to": _as_logged(value)}
                setattr(claim, name, value)
        claim.full_clean()
        if told:
            claim.save(update_fields=list(told))
            claim_log(claim, by, "claim.corrected", {"details": told})
    return set(told)


def _as_logged(detail: object) -> str:
    return "" if detail is None else str(detail)


def note_add(*, claim: Claim, text: str, by: User) -> Note:
    """Write a note into the file. Raises ClaimDecidedError, or ValidationError without words."""
    note = Note(claim=claim, text=text.strip(), by=by)
    note.full_clean()
    with transaction.atomic():
        claim_lock_for_change(claim)
        note.save()
        claim_log(claim, by, "note.added", {"text": note.text})
    return note
