"""What was done to a claim, as the log tells it, a page at a time."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from claims.models import AuditEntry, Claim, Photo, User
from claims.services import SERVICE

PAGE_SIZE = 50
NUMBERED = re.compile(r"\b(photo|finding|report) ([0-9]+)\b")


@dataclass(frozen=True, slots=True)
class Act:
    """One act upon a claim.

    `who` is a person's name, or their e-mail address where nobody has it any more, and empty for
    the service itself; `actor` is as the log has it. `to` is the person whom the claim was given
    to, if any. `photo_name` is the name of the file whose photo the act was done to.
    """

    action: str
    at: datetime
    actor: str
    who: str
    to: str
    photo: int | None
    photo_name: str
    finding: int | None
    report: int | None
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """One page of a history; `older` is where the next begins, None on the last."""

    acts: tuple[Act, ...]
    older: int | None


def claim_history(claim: Claim, *, before: int | None = None, size: int = PAGE_SIZE) -> HistoryPage:
    """The newest acts upon a claim, or the newest before a place in the log.

    Three queries, whatever the length of the history.
    """
    entries = AuditEntry.objects.filter(claim=claim).order_by("-sequence")
    if before is not None:
        entries = entries.filter(sequence__lt=before)
    found = list(entries[: size + 1])
    shown = found[:size]
    older = shown[-1].sequence if len(found) > size else None
    return HistoryPage(_acts(claim, shown), older)


def _acts(claim: Claim, entries: list[AuditEntry]) -> tuple[Act, ...]:
    told = [(entry, json.loads(entry.data), _numbers(claim, entry)) for entry in entries]
    names = _names({entry.actor for entry in entries} | {data.get("to", "") for _, data, _ in told})
    photos = _photo_names(claim, {numbers["photo"] for *_, numbers in told if "photo" in numbers})
    return tuple(
        Act(
            action=entry.action,
            at=entry.at,
            actor=entry.actor,
            who="" if entry.actor == SERVICE else names.get(entry.actor, entry.actor),
            to=names.get(data.get("to", ""), data.get("to", "")),
            photo=numbers.get("photo"),
            photo_name=data.get("name") or photos.get(numbers.get("photo", 0), ""),
            finding=numbers.get("finding"),
            report=numbers.get("report"),
            data=data,
        )
        for entry, data, numbers in told
    )


def _numbers(claim: Claim, entry: AuditEntry) -> dict[str, int]:
    """The photo, finding or report that an entry names behind the claim's own number."""
    part = entry.subject.removeprefix(f"claim {claim.number}")
    return {kind: int(number) for kind, number in NUMBERED.findall(part)}


def _names(emails: set[str]) -> dict[str, str]:
    people = User.objects.filter(email__in=emails - {"", SERVICE})
    return {person.email: str(person) for person in people}


def _photo_names(claim: Claim, numbers: set[int]) -> dict[int, str]:
    photos = Photo.objects.filter(claim=claim, number__in=numbers)
    return dict(photos.values_list("number", "name"))
