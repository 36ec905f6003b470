"""Lists of claims, with what a person needs to know of each to pick one.

The docket alone decides which claims a list holds, in which order and how many they are; the claim
file is joined only to the rows of one page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Count, Min

from assessment.core.vocabulary import Lane, Stage
from assessment.models import Docket
from assessment.selectors.claim_progress import Progress, failed_photos_of, progress_of
from claims.models import Carrier, Claim, User
from claims.models.tenancy import CarrierQuerySet

PAGE_SIZE = 25


class Tab(StrEnum):
    """The lists there are, in the order in which people read them."""

    MINE = "mine"
    """What the person has taken up and nobody has decided."""
    REVIEW = "review"
    INSPECTION = "inspection"
    SPECIALIST = "specialist"
    FAST = "fast"
    ANALYSING = "analysing"
    FAILED = "failed"
    WAITING = "waiting"
    DECIDED = "decided"
    ALL = "all"


STAGE_OF_TAB: Mapping[Tab, Stage] = {
    Tab.REVIEW: Stage.REVIEW,
    Tab.INSPECTION: Stage.INSPECTION,
    Tab.SPECIALIST: Stage.SPECIALIST,
    Tab.FAST: Stage.FAST,
    Tab.ANALYSING: Stage.ANALYSING,
    Tab.FAILED: Stage.FAILED,
    Tab.WAITING: Stage.WAITING_FOR_PHOTOS,
    Tab.DECIDED: Stage.DECIDED,
}
COUNTED = {tab: stage for tab, stage in STAGE_OF_TAB.items() if tab is not Tab.DECIDED}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which claims a list holds, and in which order.

    Each of `words` must occur in the number, the insured, the address or the policy number. The
    claim that has waited longest comes first, or last where `newest` is set.
    """

    tab: Tab
    peril: str = ""
    words: str = ""
    newest: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A place in any list: that of the claim which came to its stage then. `claim` is its id."""

    since: datetime
    claim: int


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One claim of a list.

    `lane` is None until the claim has been judged, `progress` unless it is at work, `failed` are
    the numbers of the photos on which the analysis failed, `assignee` the name of who has taken it
    up.
    """

    number: str
    insured: str
    address: str
    stage: Stage
    since: datetime
    lane: Lane | None
    reasons: tuple[str, ...]
    photos: int
    unreviewed: int
    assignee: str
    progress: Progress | None
    failed: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """One page of a list, and whether there are claims before and after it."""

    claims: tuple[ClaimRow, ...]
    previous: bool
    next: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """How many claims each list holds, and since when the longest waits for a review.

    Decided claims are not counted: nobody waits for them, and they grow in number for ever.
    """

    of: Mapping[Tab, int]
    oldest: datetime | None


def claims_page(
    carrier: Carrier,
    user: User,
    wanted: Wanted,
    *,
    after: Place | None = None,
    before: Place | None = None,
) -> ClaimPage:
    """The claims that follow a place or come before it; the first page where neither is given.

    As many queries, and as quick, for the last page as for the first.
    """
    dockets = _wanted(carrier, user, wanted)
    if before:
        rows = _read(_from(dockets, before, newest=not wanted.newest))
        if len(rows) > PAGE_SIZE:
            return ClaimPage(rows[PAGE_SIZE - 1 :: -1], previous=True, next=True)
    rows = _read(_from(dockets, after, newest=wanted.newest))
    return ClaimPage(rows[:PAGE_SIZE], previous=bool(after), next=len(rows) > PAGE_SIZE)


def claim_row(claim: Claim) -> ClaimRow:
    """One claim as lists show it."""
    (row,) = _read(Docket.objects.filter(claim=claim))
    return row


def claim_counts(carrier: Carrier, user: User, *, peril: str = "") -> Counts:
    """How many claims each list of claims not decided holds; with the peril, where one is given."""
    dockets = Docket.objects.of(carrier).filter(**({"peril": peril} if peril else {}))
    stages = {
        row["stage"]: row
        for row in dockets.filter(stage__in=COUNTED.values())
        .values("stage")
        .annotate(count=Count("pk"), oldest=Min("since"))
    }
    counted: dict[Tab, int] = {
        tab: stages[stage]["count"] if stage in stages else 0 for tab, stage in COUNTED.items()
    }
    counted[Tab.MINE] = _of_person(dockets, user).count()
    review = stages.get(Stage.REVIEW)
    return Counts(counted, review["oldest"] if review else None)


def gone_fast(carrier: Carrier, *, since: datetime) -> int:
    """How many claims have come to the fast lane since then and are still there."""
    return Docket.objects.of(carrier).filter(stage=Stage.FAST, since__gte=since).count()


def _wanted(carrier: Carrier, user: User, wanted: Wanted) -> CarrierQuerySet[Docket]:
    dockets = Docket.objects.of(carrier)
    if wanted.tab is Tab.MINE:
        dockets = _of_person(dockets, user)
    elif wanted.tab in STAGE_OF_TAB:
        dockets = dockets.filter(stage=STAGE_OF_TAB[wanted.tab])
    if wanted.peril:
        dockets = dockets.filter(peril=wanted.peril)
    for word in wanted.words.upper().split():
        dockets = dockets.filter(words__contains=word)
    return dockets


def _of_person(dockets: CarrierQuerySet[Docket], user: User) -> CarrierQuerySet[Docket]:
    return dockets.filter(assignee=user).exclude(stage=Stage.DECIDED)


def _from(
    dockets: CarrierQuerySet[Docket], place: Place | None, *, newest: bool
) -> CarrierQuerySet[Docket]:
    """One page and the row that tells whether there is another, in order, past the place."""
    ordered = dockets.order_by(*(("-since", "-claim_id") if newest else ("since", "claim_id")))
    if place:
        side = "lte" if newest else "gte"
        passed = "gte" if newest else "lte"
        # Not the usual "later or (equal and greater)": no database seeks an index by that.
        ordered = ordered.filter(**{f"since__{side}": place.since}).exclude(
            **{"since": place.since, f"claim_id__{passed}": place.claim}
        )
    return ordered[: PAGE_SIZE + 1]


def _read(dockets: CarrierQuerySet[Docket]) -> tuple[ClaimRow, ...]:
    listed = list(dockets.select_related("claim", "assignee").defer("words"))
    progress = progress_of([each.claim_id for each in listed if each.stage == Stage.ANALYSING])
    failed = failed_photos_of([each.claim_id for each in listed if each.stage == Stage.FAILED])
    return tuple(
        ClaimRow(
            number=docket.claim.number,
            insured=docket.claim.insured,
            address=docket.claim.address,
            stage=Stage(docket.stage),
            since=docket.since,
            lane=Lane(docket.lane) if docket.lane else None,
            reasons=tuple(docket.reasons),
            photos=docket.photos,
            unreviewed=docket.unreviewed,
            assignee=str(docket.assignee) if docket.assignee else "",
            progress=progress.get(docket.claim_id),
            failed=failed.get(docket.claim_id, ()),
        )
        for docket in listed
    )
