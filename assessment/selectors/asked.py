"""Questions put to photos, one by one, and what became of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from assessment.core.vocabulary import OPEN_OUTCOMES, JobKind, JobStatus, Outcome
from assessment.models import Job, Segmentation
from assessment.selectors.sightings import Shown

ROW = (
    *("pk", "query_id", "query__text", "photo__number"),
    *("status", "reason", "lost", "unasked"),
)
NO_ANSWER = frozenset({Outcome.UNANSWERED, Outcome.FAILED})


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, by its id and in its words, put to one photo, and what became of it.

    `reason` says why there is no answer, or why there is none yet; `lost` holds a sentence for each
    part of an answer that couldn't be read, and `in_part` says that trying again may bring some of
    it. Of the `found` findings that it shows, `known` had been found by another question before.
    """

    question: int
    text: str
    photo: int
    outcome: Outcome
    reason: str
    lost: tuple[str, ...]
    in_part: bool
    found: int
    known: int

    @property
    def is_open(self) -> bool:
        return self.outcome in OPEN_OUTCOMES

    @property
    def is_gap(self) -> bool:
        """Whether nobody has looked here, or not at all of it."""
        return self.outcome in NO_ANSWER or bool(self.lost)


def asked_in(segmentations: QuerySet[Segmentation], answers: Mapping[int, Shown]) -> list[Asked]:
    """Each question that was put, in the order of the rows; `answers` by the segmentations' id."""
    waiting = reasons_to_wait(segmentations)
    return [
        Asked(
            question=query,
            text=text,
            photo=photo,
            outcome=Outcome(status),
            reason=reason or waiting.get(pk, ""),
            lost=tuple(lost),
            in_part=status == Outcome.ANSWERED and unasked > 0,
            found=answers.get(pk, Shown()).findings,
            known=answers.get(pk, Shown()).known,
        )
        for pk, query, text, photo, status, reason, lost, unasked in segmentations.values_list(*ROW)
    ]


def reasons_to_wait(segmentations: QuerySet[Segmentation]) -> dict[int, str]:
    """Why questions that were put back have to wait, by the id of the segmentation."""
    still_open = segmentations.filter(status__in=OPEN_OUTCOMES).order_by()
    put_back = Job.objects.filter(
        kind=JobKind.SEGMENT,
        status=JobStatus.QUEUED,
        subject_id__in=still_open.values("pk"),
        waits__gt=0,
    )
    return dict(put_back.order_by("subject_id").values_list("subject_id", "reason"))
