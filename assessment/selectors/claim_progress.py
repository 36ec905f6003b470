"""How far the analysis of claims has come, photo by photo."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from assessment.core.vocabulary import OPEN_OUTCOMES, Outcome
from assessment.models import Segmentation
from claims.models import Photo, PhotoStatus


@dataclass(frozen=True, slots=True)
class Progress:
    """Of so many photos so many are through: prepared, or refused, and every question answered."""

    done: int
    photos: int


def progress_of(claims: Collection[int]) -> Mapping[int, Progress]:
    """The progress of each claim that has photos, by its id. One query, none for no claims."""
    if not claims:
        return {}
    questions = Segmentation.objects.filter(photo=OuterRef("pk"), status__in=OPEN_OUTCOMES)
    is_open = Q(status=PhotoStatus.RECEIVED) | Q(Exists(questions))
    counted = (
        Photo.objects.filter(claim__in=claims)
        .values("claim")
        .annotate(photos=Count("pk"), open=Count("pk", filter=is_open))
    )
    return {
        row["claim"]: Progress(done=row["photos"] - row["open"], photos=row["photos"])
        for row in counted
    }


def failed_photos_of(claims: Collection[int]) -> Mapping[int, tuple[int, ...]]:
    """The numbers of the photos of each claim that the analysis failed on, in order, by claim id.

    One query, none for no claims.
    """
    if not claims:
        return {}
    questions = Segmentation.objects.filter(photo=OuterRef("pk"), status=Outcome.FAILED)
    failed = Photo.objects.filter(
        Q(status=PhotoStatus.FAILED) | Exists(questions), claim__in=claims
    ).order_by("claim", "number")
    numbers: dict[int, tuple[int, ...]] = {}
    for claim, number in failed.values_list("claim", "number"):
        numbers[claim] = (*numbers.get(claim, ()), number)
    return numbers
