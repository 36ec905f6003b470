"""Reads of the claim file that are not trivial."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from claims import files
from claims.models import AuditEntry, Carrier, Claim, Photo
from claims.models.audit import FIRST_HASH

# So many claims are held against the log at a time: few questions, and never the whole log at once.
BATCH = 500


@dataclass(frozen=True, slots=True)
class ChainState:
    """How far a carrier's log holds: the entries that do, the last hash, the first fault if any.

    A tail cut off leaves no trace in the chain itself: `claims_in_log` and `photos_in_log` miss
    what it told, and `head` can be compared with one kept elsewhere.
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


# What follows yields one line for each thing that is looked at: empty, or a sentence on its fault.
# Rows are read before the log: a row and its entry come together, so no row is ahead of the log.


def claims_in_log(carrier: Carrier) -> Iterator[str]:
    """Does the log mention the opening of every claim?"""
    for claims in claims_in_batches(carrier):
        opened = mentioned(claims, "claim.opened")
        for claim in claims:
            told = (claim.pk, "") in opened
            yield "" if told else f"The log has lost the opening of claim {claim.number}."


def photos_in_log(carrier: Carrier) -> Iterator[str]:
    """Does the log mention every photo that was received, and every one refused at the door?"""
    for claims in claims_in_batches(carrier):
        photos = _photos(claims)
        received = mentioned(claims, "photo.received")
        refused = mentioned(claims, "photo.refused")
        for photo in photos:
            told = (photo.claim_id, photo.sha256) in (received if photo.original else refused)
            yield "" if told else f"The log has lost how {_named(photo)} came in."


def originals_intact(carrier: Carrier) -> Iterator[str]:
    """Does every stored original still have the SHA-256 that it was received with?"""
    for claims in claims_in_batches(carrier):
        for photo in _photos(claims):
            if photo.original:
                yield file_fault(f"The original of {_named(photo)}", photo.original, photo.sha256)


def file_fault(what: str, name: str, sha256: str) -> str:
    """A sentence when a stored file is not what it was when it was stored; else empty."""
    try:
        now = files.digest(name)
    except FileNotFoundError:
        return f"{what} is gone ({name}). Restore it from a backup."
    except OSError as error:
        return f"{what} can't be read ({name}): {error.strerror}."
    return "" if now == sha256 else f"{what} was changed ({name}). Restore it from a backup."


def claims_in_batches(carrier: Carrier) -> Iterator[list[Claim]]:
    """Every claim of the carrier, BATCH at a time."""
    every = Claim.objects.of(carrier).order_by("pk").iterator()
    while batch := list(islice(every, BATCH)):
        yield batch


def mentioned(claims: Iterable[Claim], action: str) -> set[tuple[int | None, str]]:
    """Where the log notes this act upon these claims: claim ids, each with the SHA-256 noted."""
    entries = AuditEntry.objects.filter(claim__in=claims, action=action)
    return {
        (claim_id, json.loads(data).get("sha256", ""))
        for claim_id, data in entries.values_list("claim_id", "data")
    }


def _photos(claims: Iterable[Claim]) -> list[Photo]:
    photos = Photo.objects.filter(claim__in=claims).select_related("claim")
    return list(photos.order_by("claim_id", "number"))


def _named(photo: Photo) -> str:
    return f"photo {photo.number} ({photo.name}) of claim {photo.claim.number}"
