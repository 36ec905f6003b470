"""From a received photo to open questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from assessment.core.catalogue.wording import Wording
from assessment.core.vocabulary import Detail, JobKind, Outcome
from assessment.models import DamageQuery, Job, Segmentation
from assessment.selectors.claims import claim_is_open, query_in_words
from assessment.selectors.questions import standing_asked, wording_known
from assessment.services.docket import docket_refresh
from assessment.services.engines import prompt_version_of
from assessment.services.jobs import claim_finishing, job_open
from claims.evidence.upload import UploadRefusedError
from claims.models import Claim, Photo, PhotoStatus, User
from claims.services import (
    PreparedPhoto,
    claim_lock_for_change,
    claim_log,
    photo_derive,
    photo_fail,
    photo_ready,
    photo_refuse,
)


def photo_prepare(job: Job) -> None:
    """Make the photo's copies, then ask every question that is open for it."""
    photo = _photo(job)
    try:
        prepared = photo_derive(photo)
    except UploadRefusedError as refusal:
        with claim_finishing(photo.claim, job):
            photo_refuse(photo, str(refusal))
            settle_open(photo.claim, job.holder)
    else:
        _photo_finish(job, photo, prepared)


def _photo_finish(job: Job, photo: Photo, prepared: PreparedPhoto) -> None:
    # A question asked at this moment must either see the photo ready or be seen here.
    with claim_finishing(photo.claim, job):
        photo_ready(photo, prepared)
        _photo_ask(photo, job.holder)
        settle_open(photo.claim, job.holder)


def photos_ask(claim: Claim) -> None:
    """Put to the photos that are ready what they should be asked and were not, within a
    transaction that has locked the claim: another peril has other standing questions."""
    for photo in Photo.objects.filter(claim=claim, status=PhotoStatus.READY):
        _photo_ask(photo, "")


def _photo_ask(photo: Photo, holder: str) -> None:
    for query in queries_for(photo).exclude(segmentations__photo=photo):
        segmentation_open(photo, query, holder=holder)


def photo_give_up(job: Job, reason: str) -> None:
    """The photo could not be prepared: say so on it, and let the claim go on."""
    photo = _photo(job)
    photo_fail(photo, reason)
    settle_open(photo.claim, job.holder)


def _photo(job: Job) -> Photo:
    return Photo.objects.select_related("claim__carrier").get(pk=job.subject_id)


def queries_for(photo: Photo) -> QuerySet[DamageQuery]:
    """The claim's own questions to this photo, and the carrier's standing ones for its peril."""
    claim = photo.claim
    own = Q(claim=claim) & (Q(photos__isnull=True) | Q(photos=photo))
    standing = Q(claim__isnull=True, peril__in=["", claim.peril])
    return (
        DamageQuery.objects.of(claim.carrier)
        .filter(own | standing, active=True)
        .order_by("id")
        .distinct()
    )


class QueryAskedError(ValidationError):
    """All the photos that were meant have been asked this already."""

    def __init__(self) -> None:
        super().__init__("These photos were asked that already. Nothing was asked again.")


def query_add(
    *,
    claim: Claim,
    text: str,
    by: User | None,
    photos: Sequence[Photo] = (),
    language: str = "",
    detail: Detail | None = None,
    runs: int | None = None,
    engine: str = "",
    holder: str = "",
) -> DamageQuery:
    """Ask a question of chosen photos, or of all of a claim, now and to come.

    Where nobody says in which language it is put, how closely it looks and how often, that is what
    is known of these words: by the carrier's questions, by the standard catalogue, or from the
    words alone. In the same words as one of the claim's questions, capitals and spaces aside, it is
    that question, put to further photos; whom it asks, and how, stays. So it is with a standing
    question that photos to come are asked anyway. Within a transaction. Raises QueryAskedError
    where there are none, ValidationError for words that can't be asked, and ClaimDecidedError.
    """
    claim_lock_for_change(claim)
    if any(photo.claim_id != claim.pk for photo in photos):
        raise ValidationError("A question can only be put to photos of its own claim.")
    words = " ".join(text.split())
    own = query_in_words(claim, words)
    is_plain = not (own or language or detail or runs or engine)
    standing = standing_asked(claim, words) if is_plain else None
    if standing:
        query, further = standing, list(photos)
        if not _query_put(claim, standing, photos, holder):
            raise QueryAskedError
    else:
        further = _further(own, photos) if own else list(photos)
        query = own or _query_made(claim, _wording(claim, words, language, detail, runs), engine)
        query.photos.set([*query.photos.all(), *further] if further else [])
        _query_put(claim, query, further, holder)
    docket_refresh(claim)
    numbers = [photo.number for photo in further]
    asked = {"text": query.text, "damage_type": query.damage_type, "photos": numbers or "all"}
    claim_log(claim, by, "query.asked", asked)
    return query


def _further(query: DamageQuery, photos: Sequence[Photo]) -> list[Photo]:
    """The photos that a question must be put to besides; empty for all. Raises QueryAskedError."""
    known = set(query.photos.values_list("pk", flat=True))
    further = [photo for photo in photos if photo.pk not in known]
    # One that no photo was chosen for is put to every photo by itself.
    if not known or (photos and not further):
        raise QueryAskedError
    return further


def _wording(
    claim: Claim, words: str, language: str, detail: Detail | None, runs: int | None
) -> Wording:
    known = wording_known(claim, words)
    return replace(
        known,
        language=language or known.language,
        detail=detail or known.detail,
        runs=runs or known.runs,
    )


def _query_made(claim: Claim, wording: Wording, engine: str) -> DamageQuery:
    query = DamageQuery(carrier=claim.carrier, claim=claim, engine=engine, **asdict(wording))
    query.full_clean()
    query.save()
    return query


def _query_put(claim: Claim, query: DamageQuery, chosen: Sequence[Photo], holder: str) -> int:
    """Put a question to those of the chosen photos, or of all, that are ready and lack it.

    Returns to how many.
    """
    ready = Photo.objects.filter(claim=claim, status=PhotoStatus.READY)
    if chosen:
        ready = ready.filter(pk__in=[photo.pk for photo in chosen])
    lacking = list(ready.exclude(segmentations__query=query))
    for photo in lacking:
        segmentation_open(photo, query, holder=holder)
    return len(lacking)


def runs_of(query: DamageQuery) -> int:
    """How often a question is put to a photo today: as often as it says, and at least as often as
    this installation does."""
    return max(query.runs, int(settings.EAVES_RUNS))


def segmentation_open(photo: Photo, query: DamageQuery, *, holder: str) -> None:
    """Ask one photo one question; asked before, it is not asked again."""
    engine = query.engine or settings.EAVES_ENGINE
    segmentation, made = Segmentation.objects.get_or_create(
        photo=photo,
        query=query,
        engine=engine,
        prompt_version=prompt_version_of(engine),
        defaults={
            "status": Outcome.QUEUED,
            "runs": runs_of(query),
        },
    )
    if made:
        job_open(
            kind=JobKind.SEGMENT,
            subject_id=segmentation.pk,
            carrier=query.carrier,
            holder=holder,
        )


def settle_open(claim: Claim, holder: str) -> None:
    """Ask for the claim to be judged again, within a transaction that has locked it.

    While anything of it is open it can't be: whoever closes the last of that asks again.
    """
    if not claim_is_open(claim):
        job_open(kind=JobKind.SETTLE, subject_id=claim.pk, carrier=claim.carrier, holder=holder)
