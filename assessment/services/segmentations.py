"""One photo, one question: ask the engine, keep what it said, store what it means."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

from django.utils import timezone

from assessment.core.vocabulary import Outcome
from assessment.engines.base import EngineError, EngineRefusedError, EngineUnavailableError
from assessment.models import Job, Segmentation
from assessment.selectors.measuring import Region, regions_of, regions_rescaled
from assessment.services.asking import looks_taken
from assessment.services.engines import engine_named
from assessment.services.gathering import Gathered, gathered
from assessment.services.jobs import claim_finishing, job_is_ours
from assessment.services.photos import settle_open
from assessment.services.pictures import Pictures
from assessment.services.sightings import sightings_keep, storable
from claims.models import Photo


def segmentation_run(job: Job) -> None:
    """Put the question, unless its answers are already here, and store what was found.

    Raises EngineUnavailableError when it is worth trying again, and JobUnfinishedError when there
    is more to ask. A refusal or an answer that can't be read is an outcome: its reason is stored
    and the claim goes on to a person.
    """
    segmentation = _segmentation(job)
    with _running(job, segmentation):
        try:
            engine = engine_named(segmentation.engine)
            pictures = Pictures(segmentation.photo, full_size=engine.wants_full_size)
            with closing(pictures):
                found = gathered(looks_taken(job, segmentation, engine, pictures), pictures)
        except EngineUnavailableError:
            raise
        except EngineError as error:
            _end_without_answer(job, segmentation, error)
        else:
            _end_answered(job, segmentation, found)


@contextmanager
def _running(job: Job, segmentation: Segmentation) -> Iterator[None]:
    """The question is being asked; it waits again if nothing comes of it this time."""
    _move(segmentation, Outcome.QUEUED, Outcome.RUNNING)
    try:
        yield
    except Exception:
        # Whoever took the job over is asking.
        if job_is_ours(job):
            _move(segmentation, Outcome.RUNNING, Outcome.QUEUED)
        raise


def _move(segmentation: Segmentation, before: Outcome, after: Outcome) -> None:
    Segmentation.objects.filter(pk=segmentation.pk, status=before).update(status=after)


def segmentation_give_up(job: Job, reason: str) -> None:
    """The question can't be answered here: say so, and let the claim go on."""
    segmentation = _segmentation(job)
    segmentation_close(segmentation, Outcome.FAILED, reason)
    settle_open(segmentation.photo.claim, job.holder)


def _segmentation(job: Job) -> Segmentation:
    return Segmentation.objects.select_related("photo__claim__carrier", "query").get(
        pk=job.subject_id
    )


def segmentation_close(
    segmentation: Segmentation,
    outcome: Outcome,
    reason: str,
    *,
    lost: tuple[str, ...] = (),
    unasked: int = 0,
) -> bool:
    """Write down what became of a question; False where it has been asked anew since, and what
    came of an earlier round is told no more."""
    current = Segmentation.objects.filter(pk=segmentation.pk, round=segmentation.round)
    return bool(
        current.update(
            status=outcome,
            reason=storable(reason),
            lost=[storable(sentence) for sentence in lost],
            unasked=unasked,
            closed_at=timezone.now(),
        )
    )


def _end_without_answer(job: Job, segmentation: Segmentation, error: EngineError) -> None:
    refused = isinstance(error, EngineRefusedError)
    with claim_finishing(segmentation.photo.claim, job):
        segmentation_close(
            segmentation, Outcome.UNANSWERED if refused else Outcome.FAILED, error.message
        )
        settle_open(segmentation.photo.claim, job.holder)


def _end_answered(job: Job, segmentation: Segmentation, found: Gathered) -> None:
    photo = segmentation.photo
    regions = regions_of(found.things, photo)
    with claim_finishing(photo.claim, job):
        if _scale_changed(photo):
            regions = regions_rescaled(regions, photo)
        lost = (*found.lost, *_empty(regions))
        if segmentation_close(segmentation, Outcome.ANSWERED, "", lost=lost, unasked=found.unasked):
            sightings_keep(segmentation, regions)
        settle_open(photo.claim, job.holder)


def _scale_changed(photo: Photo) -> bool:
    """Whether somebody drew or took away its reference line since; the photo is brought up to it.

    Outlining takes its time and is done before the claim is locked.
    """
    before = photo.reference_line
    photo.refresh_from_db(fields=["reference_line"])
    return bool(photo.reference_line != before)


def _empty(regions: list[Region]) -> list[str]:
    labels = (region.detection.label for region in regions if region.outline.is_empty)
    return [f'The outline of "{label}" holds nothing.' for label in labels]
