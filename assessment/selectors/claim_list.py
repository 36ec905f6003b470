"""Lists of claims, with what a person needs to know of each to pick one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from assessment.core.vocabulary import Lane
from assessment.models import Triage
from claims.models import Carrier, Claim, Photo

PAGE_SIZE = 50
# A row says why, not everything why: the rest is on the claim's own page.
REASONS_SHOWN = 3
SEARCHED = ("number", "insured", "address", "policy_number")


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One claim of a list. `lane` is None until the claim has been judged."""

    number: str
    insured: str
    address: str
    opened_at: datetime
    photos: int
    lane: Lane | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """One page of a list; `next` is the number of its last claim where more follow, else empty."""

    claims: tuple[ClaimRow, ...]
    next: str


def claims_newest(carrier: Carrier, *, words: str = "", after: Claim | None = None) -> ClaimPage:
    """The claims of a carrier, newest first, as many as a page holds.

    `words` must appear in the number, the insured, the address or the policy number; `after` is
    the claim that ended the page before. One query, as quick for the last page as for the first.
    """
    claims = Claim.objects.of(carrier).order_by("-opened_at", "-pk")
    if words:
        claims = claims.filter(_mentions(words))
    if after:
        # Not the usual "earlier or (equal and smaller)": no database seeks an index by that.
        claims = claims.filter(opened_at__lte=after.opened_at).exclude(
            opened_at=after.opened_at, pk__gte=after.pk
        )
    rows = _rows(claims[: PAGE_SIZE + 1])
    shown = rows[:PAGE_SIZE]
    return ClaimPage(shown, shown[-1].number if len(rows) > PAGE_SIZE else "")


def _mentions(words: str) -> Q:
    found = Q()
    for field in SEARCHED:
        found |= Q(**{f"{field}__icontains": words})
    return found


def _rows(claims: QuerySet[Claim]) -> tuple[ClaimRow, ...]:
    latest = Triage.objects.filter(claim=OuterRef("pk")).order_by("-number")
    photos = Photo.objects.filter(claim=OuterRef("pk")).order_by().values("claim")
    listed = claims.annotate(
        photo_count=Coalesce(Subquery(photos.annotate(count=Count("pk")).values("count")), 0),
        lane=Subquery(latest.values("lane")[:1]),
        reasons=Subquery(latest.values("reasons")[:1]),
    ).values("number", "insured", "address", "opened_at", "photo_count", "lane", "reasons")
    return tuple(
        ClaimRow(
            number=claim["number"],
            insured=claim["insured"],
            address=claim["address"],
            opened_at=claim["opened_at"],
            photos=claim["photo_count"],
            lane=Lane(claim["lane"]) if claim["lane"] else None,
            reasons=tuple(reason["sentence"] for reason in claim["reasons"] or ())[:REASONS_SHOWN],
        )
        for claim in listed
    )
