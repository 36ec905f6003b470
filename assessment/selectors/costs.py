"""What was asked, and what it cost: of a claim, of a question, of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal

from django.db.models import Case, Count, F, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce, TruncDate

from assessment.models import Call, DamageQuery
from assessment.selectors.claims import segmentations_of
from claims.models import Carrier, Claim

PAID = Q(reused_from=None)
UNKNOWN = PAID & Q(cost_usd=None)
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Spent:
    """So many answers came anew and so many were taken over from earlier ones; what they cost in
    US dollars, but for the `unknown` ones of which nobody knows the cost."""

    asked: int = 0
    reused: int = 0
    usd: Decimal = NOTHING
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class DayOfModel:
    """What a carrier asked of one model on one day (UTC), in tokens and US dollars.

    `model` is the one that answered, where it said so, else the one asked. Tokens are those that
    vendors told of; none are counted for answers that were taken over.
    """

    day: date
    carrier: str
    model: str
    spent: Spent
    input_tokens: int
    output_tokens: int


def spent_on(calls: QuerySet[Call]) -> Spent:
    """What these answers cost together."""
    told = calls.aggregate(
        asked=Count("pk", filter=PAID),
        reused=Count("pk", filter=~PAID),
        usd=Coalesce(Sum("cost_usd"), NOTHING),
        unknown=Count("pk", filter=UNKNOWN),
    )
    return Spent(**told)


def claim_spent(claim: Claim) -> Spent:
    """What the answers about a claim's photos cost."""
    return spent_on(Call.objects.filter(segmentation__photo__claim=claim))


def costs_by_day(carriers: QuerySet[Carrier], since: date | None) -> list[DayOfModel]:
    """What these carriers asked from that day on, by day, carrier and model."""
    calls = Call.objects.filter(segmentation__photo__claim__carrier__in=carriers)
    if since:
        calls = calls.filter(answered_at__gte=_midnight(since))
    rows = (
        calls.annotate(
            day=TruncDate("answered_at", tzinfo=UTC),
            carrier=F("segmentation__photo__claim__carrier__slug"),
            model=Case(When(model_served="", then=F("model_requested")), default=F("model_served")),
        )
        .values("day", "carrier", "model")
        .annotate(
            asked=Count("pk", filter=PAID),
            reused=Count("pk", filter=~PAID),
            usd=Coalesce(Sum("cost_usd"), NOTHING),
            unknown=Count("pk", filter=UNKNOWN),
            input=Coalesce(Sum("input_tokens", filter=PAID), 0),
            output=Coalesce(Sum("output_tokens", filter=PAID), 0),
        )
        .order_by("day", "carrier", "model")
    )
    return [
        DayOfModel(
            day=row["day"],
            carrier=row["carrier"],
            model=row["model"],
            spent=Spent(row["asked"], row["reused"], row["usd"], row["unknown"]),
            input_tokens=row["input"],
            output_tokens=row["output"],
        )
        for row in rows
    ]


def cost_of_last(claim: Claim, query: DamageQuery, *, engine: str, runs: int) -> Spent | None:
    """What the last answers to a question about the claim cost when they came.

    One that was taken over cost what it cost at first: asked again, it is paid for. None where no
    answer has come, or where the last ones tell nothing of the next: some of them came from another
    engine, or in more or fewer runs.
    """
    asked = segmentations_of(claim).filter(query=query)
    if asked.exclude(engine=engine, runs=runs).exists():
        return None
    last = Call.objects.filter(segmentation__in=asked, round=F("segmentation__round"))
    at_first = Case(When(reused_from=None, then=F("cost_usd")), default=F("reused_from__cost_usd"))
    told = last.annotate(at_first=at_first).aggregate(
        asked=Count("pk"),
        usd=Coalesce(Sum("at_first"), NOTHING),
        unknown=Count("pk", filter=Q(at_first=None)),
    )
    return Spent(**told) if told["asked"] else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
