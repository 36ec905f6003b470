"""All that the page of a claim shows of its photos and questions, in a fixed number of queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Q

from assessment.core.confidence import Sureness
from assessment.core.vocabulary import Outcome, ReviewStatus
from assessment.models import DamageQuery, Docket, Finding
from assessment.selectors.asked import Asked, asked_in
from assessment.selectors.claim_progress import Progress
from assessment.selectors.claims import findings_of, segmentations_of
from assessment.selectors.confidence import sureness_of
from assessment.selectors.costs import Spent, claim_spent
from assessment.selectors.damage import Damage, damage_of
from assessment.selectors.routing import Routing, routing_of
from assessment.selectors.sightings import answers_on
from claims.models import Claim, Photo, PhotoStatus


@dataclass(frozen=True, slots=True)
class PhotoEntry:
    """A photo, what it was asked and how many of its findings are still to be reviewed."""

    photo: Photo
    asked: tuple[Asked, ...]
    findings: int
    proposed: int

    @property
    def is_open(self) -> bool:
        received = self.photo.status == PhotoStatus.RECEIVED
        return received or any(each.is_open for each in self.asked)


@dataclass(frozen=True, slots=True)
class Question:
    """A question by its id.

    `chosen` are the numbers of the photos it is for, empty where it is for all. It will be put to
    the photos in `to_come` once they are prepared.
    """

    question: int
    text: str
    chosen: tuple[int, ...]
    asked: tuple[Asked, ...]
    to_come: tuple[int, ...]

    @property
    def can_be_asked_again(self) -> bool:
        """Whether it was put to photos, and is no longer."""
        return bool(self.asked) and not any(each.is_open for each in self.asked)


@dataclass(frozen=True, slots=True)
class ClaimState:
    """What a claim's page shows that work changes without anybody touching the page.

    `sureness` is that of each finding of an engine that nobody rejected.
    """

    docket: Docket
    photos: tuple[PhotoEntry, ...]
    questions: tuple[Question, ...]
    damage: tuple[Damage, ...]
    sureness: tuple[Sureness, ...]
    routing: Routing | None
    spent: Spent

    @property
    def progress(self) -> Progress:
        done = sum(not entry.is_open for entry in self.photos)
        return Progress(done=done, photos=len(self.photos))

    @property
    def is_open(self) -> bool:
        """Whether a photo is still to be prepared or a question still to be answered."""
        return any(entry.is_open for entry in self.photos)

    @property
    def failed_photos(self) -> tuple[Photo, ...]:
        """The photos that could not be prepared, by no fault of their own."""
        photos = (entry.photo for entry in self.photos)
        return tuple(photo for photo in photos if photo.status == PhotoStatus.FAILED)

    @property
    def failed_questions(self) -> tuple[Asked, ...]:
        """The questions that broke off, photo by photo."""
        asked = (each for entry in self.photos for each in entry.asked)
        return tuple(each for each in asked if each.outcome is Outcome.FAILED)

    @property
    def questions_in_part(self) -> tuple[Asked, ...]:
        """The questions of which an answer to another look may still come, photo by photo."""
        return tuple(each for entry in self.photos for each in entry.asked if each.in_part)


def claim_state(claim: Claim) -> ClaimState:
    """The state of a claim as it is now."""
    photos = list(Photo.objects.filter(claim=claim).order_by("number"))
    findings = list(findings_of(claim))
    asked = asked_in(
        segmentations_of(claim).order_by("query_id", "photo__number"), answers_on(photos)
    )
    received = [each.number for each in photos if each.status == PhotoStatus.RECEIVED]
    return ClaimState(
        docket=Docket.objects.select_related("assignee").get(claim=claim),
        photos=tuple(_entries(photos, findings, asked)),
        questions=tuple(_questions(claim, asked, received)),
        damage=damage_of(findings),
        sureness=tuple(sureness_of(_not_rejected(findings)).values()),
        routing=routing_of(claim),
        spent=claim_spent(claim),
    )


def _not_rejected(findings: Iterable[Finding]) -> list[Finding]:
    return [each for each in findings if each.review != ReviewStatus.REJECTED]


def _entries(
    photos: Iterable[Photo], findings: Iterable[Finding], asked: Iterable[Asked]
) -> Iterable[PhotoEntry]:
    by_photo: dict[int, list[Asked]] = {}
    for each in asked:
        by_photo.setdefault(each.photo, []).append(each)
    counted = Counter((finding.photo_id, finding.review) for finding in findings)
    for photo in photos:
        yield PhotoEntry(
            photo=photo,
            asked=tuple(by_photo.get(photo.number, ())),
            findings=sum(counted[photo.pk, review] for review in ReviewStatus),
            proposed=counted[photo.pk, ReviewStatus.PROPOSED],
        )


def _questions(claim: Claim, asked: Iterable[Asked], received: Sequence[int]) -> Iterable[Question]:
    by_question: dict[int, list[Asked]] = {}
    for each in asked:
        by_question.setdefault(each.question, []).append(each)
    chosen = Prefetch("photos", Photo.objects.order_by("number").only("number"))
    own_or_asked = Q(claim=claim) | Q(pk__in=by_question)
    for query in DamageQuery.objects.filter(own_or_asked).order_by("pk").prefetch_related(chosen):
        numbers = tuple(photo.number for photo in query.photos.all())
        yield Question(
            question=query.pk,
            text=query.text,
            chosen=numbers,
            asked=tuple(by_question.get(query.pk, ())),
            to_come=tuple(each for each in received if not numbers or each in numbers),
        )
