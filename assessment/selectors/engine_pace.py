"""How long the engine has taken lately, from when it was asked what."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from django.conf import settings
from django.utils import timezone

from assessment.core.vocabulary import Outcome
from assessment.models import Segmentation
from claims.models import Carrier

# The last ones: what was true of another model or another machine helps nobody.
LATELY = timedelta(days=1)
LOOKED_AT = 200
# Fewer prove nothing.
FEWEST = 5
# Whoever asks anew after a longer rest was not waiting for the engine.
LONGEST_GAP = timedelta(minutes=2)


def seconds_per_photo(carrier: Carrier) -> float | None:
    """Seconds between one answer and the next while the engine was at work; None if unknown.

    Taken between photos of the same question, so it counts how many are asked at a time, and the
    rest of the queue, as a person who waits does.
    """
    answered = (
        Segmentation.objects.of(carrier)
        .filter(
            engine=settings.EAVES_ENGINE,
            status=Outcome.ANSWERED,
            asked_at__gt=timezone.now() - LATELY,
        )
        .order_by("-asked_at")
        .values_list("query_id", "asked_at")
    )
    latest = sorted((query, asked) for query, asked in answered[:LOOKED_AT] if asked)
    gaps = [
        later - earlier
        for (query, earlier), (following, later) in pairwise(latest)
        if query == following and later - earlier <= LONGEST_GAP
    ]
    if len(gaps) < FEWEST:
        return None
    return sum(gaps, timedelta()).total_seconds() / len(gaps)
