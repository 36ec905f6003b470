"""Claims that stand somewhere in the queue, without the way there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from assessment.core.vocabulary import Lane, Stage
from assessment.models import Docket
from claims.models import Carrier, Claim, User
from tests.factories import make_claim

LANES = {
    Stage.FAST: Lane.FAST_TRACK,
    Stage.REVIEW: Lane.DESK,
    Stage.INSPECTION: Lane.FIELD_INSPECTION,
    Stage.SPECIALIST: Lane.SPECIALIST,
}


def claim_at(
    carrier: Carrier,
    stage: Stage = Stage.REVIEW,
    *,
    hours: float = 0,
    assignee: User | None = None,
    docket: dict[str, Any] | None = None,
    **facts: Any,
) -> Claim:
    """A claim that came to the stage so many hours ago."""
    claim = make_claim(carrier, **facts)
    Docket.objects.filter(claim=claim).update(
        **{
            "stage": stage,
            "lane": LANES.get(stage, ""),
            "since": timezone.now() - timedelta(hours=hours),
            "assignee": assignee,
            **(docket or {}),
        }
    )
    return claim
