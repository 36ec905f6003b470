"""One call: what is asked of whom, the asking itself, and the answer kept the moment it arrives."""

from __future__ import annotations

from dataclasses import dataclass
from queue import SimpleQueue
from threading import Thread
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, QuerySet, Sum
from django.utils import timezone

from assessment.core.detection import Box
from assessment.core.vocabulary import DamageType
from assessment.engines.base import Answer, Engine, GarbledAnswerError, Request
from assessment.engines.ladder import Rung
from assessment.models import Call, Segmentation
from assessment.services.pictures import Pictures
from assessment.services.sightings import storable

# An answer may hold halves of characters; as evidence it is kept with them.
KEEP_SURROGATES = "surrogatepass"


class Look(NamedTuple):
    """One window of the photo (`tile`, its place among the windows) in one run."""

    run: int
    tile: int
    window: Box

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the window, in pixels of the photo."""
        return round(self.window.right - self.window.left), round(
            self.window.bottom - self.window.top
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """A call that is to be made: the answer `number` of a look."""

    look: Look
    number: int
    request: Request

    @property
    def rest(self) -> bool:
        return bool(self.request.known)


@dataclass(frozen=True, slots=True)
class Came:
    """What a call brought: an answer, and why it is none to be read where the engine found so; or
    what kept it from coming."""

    asked: Asked
    answer: Answer | None = None
    fault: str = ""
    error: Exception | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """One question to one photo, who is asked, and the pictures that are shown."""

    segmentation: Segmentation
    engine: Engine
    pictures: Pictures


def calls_of(segmentation: Segmentation) -> QuerySet[Call]:
    """The answers of the segmentation's round, look by look and in their order."""
    return segmentation.calls.filter(round=segmentation.round).order_by("run", "tile", "number")


def model_of(engine: Engine, run: int) -> str:
    """The model asked in a run: every other run is the second model's, where there is one."""
    return engine.second_model if run % 2 == 0 and engine.second_model else engine.model


def call_prepare(desk: Desk, look: Look, rung: Rung, *, number: int) -> Asked:
    """All that is done in the job's own thread before the engine is asked. Raises EngineError."""
    query, model = desk.segmentation.query, model_of(desk.engine, look.run)
    width, height = look.size
    request = Request(
        image=desk.pictures.of(look.window),
        width=width,
        height=height,
        text=query.text,
        damage_type=DamageType(query.damage_type),
        form=rung.form,
        known=rung.known,
        model="" if model == desk.engine.model else model,
    )
    asked_store(desk.segmentation, desk.engine)
    return Asked(look, number, request)


def call_made(engine: Engine, asked: Asked) -> Came:
    """Ask, and return whatever comes of it; nothing here touches the database."""
    try:
        return Came(asked, engine.ask(asked.request))
    except GarbledAnswerError as error:
        if error.answer is None:
            return Came(asked, error=error)
        return Came(asked, error.answer, fault=error.message)
    except Exception as error:  # noqa: BLE001  # raised again in the job's own thread
        return Came(asked, error=error)


class CallsUnderWay:
    """Calls that wait for their answers, each in a thread of its own; they come as they end.

    The threads are no reason to keep a process alive that was told to stop.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._came: SimpleQueue[Came] = SimpleQueue()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def begin(self, asked: Asked, *, alone: bool) -> None:
        """Make a call; one that is `alone` needs no thread, and is over when this returns."""
        self._count += 1
        if alone:
            self._make(asked)
        else:
            Thread(target=self._make, args=(asked,), name="call", daemon=True).start()

    def next(self) -> Came:
        """What comes next; there must be a call under way."""
        came = self._came.get()
        self._count -= 1
        return came

    def _make(self, asked: Asked) -> None:
        self._came.put(call_made(self._engine, asked))


def asked_store(segmentation: Segmentation, engine: Engine) -> None:
    """Note who is asked, and when: a question that is refused was put all the same."""
    Segmentation.objects.filter(pk=segmentation.pk, round=segmentation.round, calls_made=0).update(
        model_requested=engine.model, asked_at=timezone.now()
    )


def call_store(segmentation: Segmentation, asked: Asked, answer: Answer, fault: str) -> Call:
    """Keep an answer: whatever happens next, it isn't paid for twice.

    The first answer of its place stays, and is returned. A worker that was overtaken goes on with
    what is stored, so that the findings are always those of the answers beside them.
    """
    with transaction.atomic():
        call, _ = Call.objects.get_or_create(
            segmentation=segmentation,
            round=segmentation.round,
            run=asked.look.run,
            tile=asked.look.tile,
            number=asked.number,
            defaults={
                "form": answer.form or "",
                "rest": asked.rest,
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
        totals = calls_of(segmentation).aggregate(
            calls_made=Count("pk"),
            input_tokens=Sum("input_tokens"),
            output_tokens=Sum("output_tokens"),
        )
        Segmentation.objects.filter(pk=segmentation.pk, round=segmentation.round).update(
            model_served=call.model_served, **totals
        )
    return call
