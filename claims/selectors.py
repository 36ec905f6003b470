"""Reads of the claim file that are not trivial."""

from __future__ import annotations

from dataclasses import dataclass

from claims.models import AuditEntry, Carrier
from claims.models.audit import FIRST_HASH


@dataclass(frozen=True, slots=True)
class ChainState:
    """How far a carrier's log holds: the entries that do, the last hash, the first fault if any.

    A tail cut off leaves no trace in what remains: compare `head` with one kept elsewhere.
    """

    entries: int
    head: str
    fault: str


def audit_verify(carrier: Carrier) -> ChainState:
    """Walk the carrier's log from its beginning and stop at the first entry that doesn't hold."""
    head, place = FIRST_HASH, 0
    for entry in AuditEntry.objects.of(carrier).order_by("sequence").iterator():
        fault = _fault(entry, place + 1, head)
        if fault:
            return ChainState(place, head, fault)
        head, place = entry.hash, entry.sequence
    return ChainState(place, head, "")


def _fault(entry: AuditEntry, place: int, head: str) -> str:
    if entry.sequence != place:
        return f"Entry {place} is missing: entry {entry.sequence} ({entry.action}) stands there."
    if entry.previous_hash != head:
        return f"Entry {place} ({entry.action}) does not follow the entry before it."
    if entry.hash != entry.sealed_hash():
        return f"Entry {place} ({entry.action}, {entry.subject}) was changed after it was written."
    return ""
