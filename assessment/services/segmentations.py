"""One photo, one question: ask the engine, keep what it said, store what it means."""

from __future__ import annotations

from django.utils import timezone

from assessment.core.detection import Detection
from assessment.core.printable import Size
from assessment.core.vocabulary import DamageType, FindingSource, Outcome, damage_type_in
from assessment.engines.base import (
    Answer,
    Engine,
    EngineError,
    EngineRefusedError,
    EngineUnavailableError,
    Reading,
    Request,
)
from assessment.models import DamageQuery, Finding, Job, Segmentation
from assessment.selectors.measuring import Region, regions_of
from assessment.services.engines import engine_named
from assessment.services.jobs import claim_finishing
from assessment.services.photos import settle_open
from claims import files
from claims.models import Photo
from claims.models.numbering import next_number

# An answer may hold halves of characters; as evidence it is kept with them.
KEEP_SURROGATES = "surrogatepass"


def segmentation_run(job: Job) -> None:
    """Put the question, unless its answer is already here, and store what was found.

    Raises EngineUnavailableError when it is worth trying again. A refusal or an answer that can't
    be read is an outcome: its reason is stored and the claim goes on to a person.
    """
    segmentation = _segmentation(job)
    Segmentation.objects.filter(pk=segmentation.pk, status=Outcome.QUEUED).update(
        status=Outcome.RUNNING
    )
    try:
        engine = engine_named(segmentation.engine)
        if not segmentation.raw:
            asked_store(segmentation, engine)
            answer_store(segmentation, engine.ask(_request(segmentation, engine)))
        photo = segmentation.photo
        text = bytes(segmentation.raw).decode(errors=KEEP_SURROGATES)
        reading = engine.read(text, photo.width, photo.height)
    except EngineUnavailableError:
        Segmentation.objects.filter(pk=segmentation.pk, status=Outcome.RUNNING).update(
            status=Outcome.QUEUED
        )
        raise
    except EngineError as error:
        _end_without_answer(job, segmentation, error)
    else:
        _end_answered(job, segmentation, reading)


def segmentation_give_up(job: Job, reason: str) -> None:
    """The question can't be answered here: say so, and let the claim go on."""
    segmentation = _segmentation(job)
    segmentation_close(segmentation, Outcome.FAILED, reason)
    settle_open(segmentation.photo.claim, job.holder)


def _segmentation(job: Job) -> Segmentation:
    return Segmentation.objects.select_related("photo__claim__carrier", "query").get(
        pk=job.subject_id
    )


def _request(segmentation: Segmentation, engine: Engine) -> Request:
    photo = segmentation.photo
    return Request(
        image=files.load(photo.view if engine.wants_full_size else photo.working),
        width=photo.width,
        height=photo.height,
        text=segmentation.query.text,
        damage_type=DamageType(segmentation.query.damage_type),
    )


def asked_store(segmentation: Segmentation, engine: Engine) -> None:
    """Note who is asked, and when: a question that is refused was put all the same."""
    Segmentation.objects.filter(pk=segmentation.pk, raw=b"").update(
        model_requested=engine.model, asked_at=timezone.now()
    )


def answer_store(segmentation: Segmentation, answer: Answer) -> None:
    """Keep an answer the moment it arrives: whatever happens next, it isn't paid for twice.

    The first answer stays. A worker that was overtaken goes on with what is stored, so that the
    findings are always those of the answer beside them.
    """
    Segmentation.objects.filter(pk=segmentation.pk, raw=b"").update(
        raw=answer.text.encode(errors=KEEP_SURROGATES),
        model_requested=answer.model_requested,
        model_served=answer.model_served,
        input_tokens=answer.usage.input_tokens,
        output_tokens=answer.usage.output_tokens,
    )
    segmentation.refresh_from_db()


def storable(text: str) -> str:
    """Text as every database takes it: without NUL and without halves of characters."""
    return text.encode(errors="replace").decode().replace("\0", "")


def segmentation_close(
    segmentation: Segmentation, outcome: Outcome, reason: str, *, lost: tuple[str, ...] = ()
) -> None:
    """Write down what became of a question."""
    Segmentation.objects.filter(pk=segmentation.pk).update(
        status=outcome,
        reason=storable(reason),
        lost=[storable(sentence) for sentence in lost],
        closed_at=timezone.now(),
    )


def _end_without_answer(job: Job, segmentation: Segmentation, error: EngineError) -> None:
    refused = isinstance(error, EngineRefusedError)
    with claim_finishing(segmentation.photo.claim, job):
        segmentation_close(
            segmentation, Outcome.UNANSWERED if refused else Outcome.FAILED, error.message
        )
        settle_open(segmentation.photo.claim, job.holder)


def _end_answered(job: Job, segmentation: Segmentation, reading: Reading) -> None:
    photo = segmentation.photo
    regions = regions_of(reading.detections, photo)
    with claim_finishing(photo.claim, job):
        if _scale_changed(photo):
            regions = regions_of(reading.detections, photo)
        _findings_keep(segmentation, regions)
        lost = (*reading.lost, *_empty(regions))
        segmentation_close(segmentation, Outcome.ANSWERED, "", lost=lost)
        settle_open(photo.claim, job.holder)


def _scale_changed(photo: Photo) -> bool:
    """Whether somebody drew or took away its reference line since; the photo is brought up to it.

    Outlining takes its time and is done before the claim is locked.
    """
    before = photo.reference_line
    photo.refresh_from_db(fields=["reference_line"])
    return bool(photo.reference_line != before)


def _findings_keep(segmentation: Segmentation, regions: list[Region]) -> None:
    first = next_number(segmentation.photo.findings.all())
    Finding.objects.bulk_create(
        finding_of(segmentation, first + place, position, region)
        for place, (position, region) in enumerate(_not_empty(regions))
    )


def _empty(regions: list[Region]) -> list[str]:
    labels = (region.detection.label for region in regions if region.outline.is_empty)
    return [f'The outline of "{label}" holds nothing.' for label in labels]


def _not_empty(regions: list[Region]) -> list[tuple[int, Region]]:
    return [
        (position, region) for position, region in enumerate(regions) if not region.outline.is_empty
    ]


def finding_of(segmentation: Segmentation, number: int, position: int, region: Region) -> Finding:
    """The row for one region that an engine saw."""
    detection = region.detection
    return Finding(
        photo=segmentation.photo,
        segmentation=segmentation,
        number=number,
        position=position,
        changed_at=timezone.now(),
        label=storable(detection.label)[:500],
        damage_type=damage_type_of(detection, segmentation.query),
        form=detection.form,
        polygon=region.outline.wkb,
        area_px=region.outline.area,
        share=region.share,
        approximate=detection.approximate,
        source=FindingSource.ENGINE,
        boundary_px=region.boundary_px,
        **size_fields(region.size),
    )


def damage_type_of(detection: Detection, query: DamageQuery) -> DamageType:
    """What the engine says it is, else what its label names, else what was asked for."""
    named = damage_type_in(detection.label)
    if detection.damage_type is None and named is DamageType.OTHER:
        return DamageType(query.damage_type)
    return detection.damage_type or named


def size_fields(size: Size) -> dict[str, float | str | None]:
    """A size as the columns of a finding."""
    printed = size.printed
    return {
        "area_m2": printed.value if printed else None,
        "area_m2_low": printed.low if printed else None,
        "area_m2_high": printed.high if printed else None,
        "basis": size.measured.basis if size.measured else "",
        "unmeasured": size.refusal,
    }
