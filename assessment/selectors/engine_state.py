"""Whether photos wait because nobody can look at them now, and whether answers are as asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django.utils import timezone

from assessment.core.vocabulary import JobKind, JobStatus
from assessment.models import Job, Segmentation
from claims.models import Carrier


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
class Drift:
    """Of so many questions answered lately, so many by another model or in another form."""

    answered: int
    drifted: int


def engines_drift(within: timedelta) -> Drift:
    """How often the answers to what was asked lately weren't what was asked for, all carriers."""
    lately = Segmentation.objects.filter(asked_at__gte=timezone.now() - within, calls_made__gt=0)
    return Drift(**lately.aggregate(answered=Count("pk"), drifted=Count("pk", filter=~Q(drift=""))))
