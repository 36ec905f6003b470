"""Writing the log."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.timezone import now

from claims.models import AuditEntry, Carrier, Claim, User
from claims.models.audit import FIRST_HASH, canonical_json

SERVICE = "eaves"


def audit_append(
    *,
    carrier: Carrier,
    actor: User | None,
    action: str,
    subject: str,
    data: Mapping[str, object],
    claim: Claim | None = None,
) -> AuditEntry:
    """Add an entry to the carrier's log, sealed to the one before."""
    with transaction.atomic():
        # Writers of one carrier's log queue up here, so that no two get the same place. Photos
        # and claims of the carrier can be inserted meanwhile: no_key leaves foreign keys alone.
        locked = Carrier.objects.select_for_update(no_key=True).get(pk=carrier.pk)
        last = AuditEntry.objects.of(carrier).order_by("-sequence").first()
        entry = AuditEntry(
            carrier=locked,
            claim=claim,
            sequence=last.sequence + 1 if last else 1,
            at=now(),
            actor=actor.email if actor else SERVICE,
            action=action,
            subject=subject,
            data=canonical_json(data),
            previous_hash=last.hash if last else FIRST_HASH,
        )
        entry.hash = entry.sealed_hash()
        entry.save()
        return entry


def claim_log(
    claim: Claim, by: User | None, action: str, data: Mapping[str, object], *, part: str = ""
) -> None:
    """Log an act upon a claim, or upon a part of it such as "photo 3"."""
    audit_append(
        carrier=claim.carrier,
        actor=by,
        action=action,
        subject=f"claim {claim.number} {part}".rstrip(),
        data=data,
        claim=claim,
    )
