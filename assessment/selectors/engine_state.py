"""Whether photos wait because nobody can look at them now, and whether answers are as asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from assessment.core.vocabulary import JobKind, JobStatus
from assessment.models import Job, Segmentation
from claims.models import Carrier

LATELY = timedelta(hours=24)
"""The notice on the page of the claims says it in words."""

MOST_KINDS = 5
"""Kinds of drift that are told one by one; more are more than a notice holds."""


@dataclass(frozen=True, slots=True)
class EngineAway:
    """The engine can't be reached: so many questions wait, the oldest since then, for this reason.

    The reason is a sentence in English, as the engine's last try ended.
    """

    questions: int
    since: datetime
    reason: str


def engine_away(carrier: Carrier) -> EngineAway | None:
    """What waits because the engine could not be reached when it was asked; None if nothing does.

    A question that waits for its first turn is no sign of trouble.
    """
    put_back = Job.objects.of(carrier).filter(
        kind=JobKind.SEGMENT, status=JobStatus.QUEUED, waits__gt=0
    )
    found = put_back.aggregate(questions=Count("pk"), since=Min("created_at"))
    last = put_back.order_by("-run_after").first() if found["questions"] else None
    return EngineAway(found["questions"], found["since"], last.reason) if last else None


@dataclass(frozen=True, slots=True)
class Drifted:
    """So many questions to one model that one served, and in which ways the answers drifted.

    `ways` are sentences in English.
    """

    requested: str
    served: str
    ways: str
    questions: int


@dataclass(frozen=True, slots=True)
class Drift:
    """Of so many questions answered lately, so many by another model or in another form.

    The first of these was asked at `since`, None where there is none; `kinds` are the most frequent
    of them.
    """

    answered: int
    drifted: int
    since: datetime | None
    kinds: tuple[Drifted, ...]


def engines_drift(within: timedelta = LATELY, carrier: Carrier | None = None) -> Drift:
    """How often the answers to what was asked lately weren't what was asked for.

    Of one carrier's questions, or of all carriers'.
    """
    asked = Segmentation.objects.of(carrier) if carrier else Segmentation.objects.all()
    lately = asked.filter(asked_at__gte=timezone.now() - within, calls_made__gt=0)
    other = ~Q(drift="")
    counts = lately.aggregate(
        answered=Count("pk"),
        drifted=Count("pk", filter=other),
        since=Min("asked_at", filter=other),
    )
    return Drift(**counts, kinds=_kinds(lately.filter(other)) if counts["drifted"] else ())


def _kinds(drifted: QuerySet[Segmentation]) -> tuple[Drifted, ...]:
    groups = drifted.values_list("model_requested", "model_served", "drift")
    counted = groups.annotate(questions=Count("pk")).order_by("-questions", "drift")
    return tuple(Drifted(*group) for group in counted[:MOST_KINDS])
