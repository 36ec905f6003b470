"""Asking an engine until what it says can be read, each answer kept the moment it arrives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone

from assessment.core.vocabulary import AnswerForm, DamageType
from assessment.engines.base import (
    Answer,
    Engine,
    EngineError,
    EngineUnavailableError,
    GarbledAnswerError,
    Reading,
    Request,
)
from assessment.engines.ladder import Rung, Turn, drift, next_rung, together
from assessment.models import Call, Job, Segmentation
from assessment.services.jobs import job_is_at_its_last_wait
from assessment.services.sightings import storable
from claims import files

# An answer may hold halves of characters; as evidence it is kept with them.
KEEP_SURROGATES = "surrogatepass"


def answers_read(job: Job, segmentation: Segmentation, engine: Engine) -> Reading:
    """Ask until what came will do, beginning with what is stored, and read it.

    A worker that was overtaken goes on with what the other stored. When a further call fails, what
    came before it is the answer, and says what is missing; only an engine that is away is waited
    for first. Raises EngineError when nothing that came can be read.
    """
    calls = segmentation.calls.order_by("number")
    turns = [_turn(call, segmentation, engine) for call in calls]
    stopped = ""
    try:
        while rung := next_rung(turns):
            call = _called(segmentation, engine, rung, number=len(turns) + 1)
            turns.append(_turn(call, segmentation, engine))
    except EngineError as error:
        waits = isinstance(error, EngineUnavailableError) and not job_is_at_its_last_wait(job)
        if waits or not any(turn.reading for turn in turns):
            raise
        stopped = error.message
    finally:
        _note(segmentation, engine, turns)
    return together(turns, stopped)


def _turn(call: Call, segmentation: Segmentation, engine: Engine) -> Turn:
    photo = segmentation.photo
    reading, fault = None, call.fault
    if not fault:
        try:
            text = bytes(call.raw).decode(errors=KEEP_SURROGATES)
            reading = engine.read(text, photo.width, photo.height)
        except GarbledAnswerError as error:
            fault = error.message
    return Turn(
        form=AnswerForm(call.form) if call.form else None,
        rest=call.rest,
        cut=call.cut or (reading is not None and reading.cut),
        reading=reading,
        fault=fault,
        model_requested=call.model_requested,
        model_served=call.model_served,
    )


def _called(segmentation: Segmentation, engine: Engine, rung: Rung, *, number: int) -> Call:
    """Put the question in this way and keep what came, even where it is none to be read."""
    asked_store(segmentation, engine)
    request = replace(_request(segmentation, engine), form=rung.form, known=rung.known)
    try:
        answer, fault = engine.ask(request), ""
    except GarbledAnswerError as error:
        if error.answer is None:
            raise
        answer, fault = error.answer, error.message
    return call_store(segmentation, answer, number=number, rest=bool(rung.known), fault=fault)


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
    Segmentation.objects.filter(pk=segmentation.pk, calls_made=0).update(
        model_requested=engine.model, asked_at=timezone.now()
    )


def call_store(
    segmentation: Segmentation, answer: Answer, *, number: int, rest: bool, fault: str
) -> Call:
    """Keep an answer: whatever happens next, it isn't paid for twice.

    The first answer of that number stays, and is returned. A worker that was overtaken goes on
    with what is stored, so that the findings are always those of the answers beside them.
    """
    with transaction.atomic():
        call, _ = Call.objects.get_or_create(
            segmentation=segmentation,
            number=number,
            defaults={
                "form": answer.form or "",
                "rest": rest,
                "raw": answer.text.encode(errors=KEEP_SURROGATES),
                "cut": answer.cut,
                "fault": storable(fault),
                "model_requested": answer.model_requested,
                "model_served": answer.model_served,
                "input_tokens": answer.usage.input_tokens,
                "output_tokens": answer.usage.output_tokens,
                "answered_at": timezone.now(),
            },
        )
        totals = segmentation.calls.aggregate(
            calls_made=Count("pk"),
            input_tokens=Sum("input_tokens"),
            output_tokens=Sum("output_tokens"),
        )
        Segmentation.objects.filter(pk=segmentation.pk).update(
            model_served=call.model_served, **totals
        )
    return call


def _note(segmentation: Segmentation, engine: Engine, turns: Sequence[Turn]) -> None:
    """Keep for the operators in which ways the answers aren't what was asked for."""
    told = storable(" ".join(drift(engine.model, turns)))
    Segmentation.objects.filter(pk=segmentation.pk).update(drift=told)
