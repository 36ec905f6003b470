"""One call: what is asked of whom, the asking itself, and the answer kept the moment it arrives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from queue import SimpleQueue
from threading import BoundedSemaphore, Thread
from typing import Any, NamedTuple

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from assessment.core.detection import Box
from assessment.core.vocabulary import DamageType
from assessment.engines.base import (
    Answer,
    Engine,
    EngineRefusedError,
    GarbledAnswerError,
    Request,
    sound,
)
from assessment.engines.ladder import Rung
from assessment.models import Call, Earmark, Segmentation
from assessment.services.budget import turn_ended, turn_taken
from assessment.services.costs import FREE, cost_of
from assessment.services.pictures import Pictures
from assessment.services.reuse import answer_kept, call_key
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
    """A call that is to be made: the answer `number` of a look.

    `key` names what is asked; `mark` is the money set aside for it, None where it costs nothing.
    """

    look: Look
    number: int
    request: Request
    key: str
    mark: Earmark | None = None

    @property
    def rest(self) -> bool:
        return bool(self.request.known)


@dataclass(frozen=True, slots=True)
class Came:
    """What a call brought: an answer, and why it is none to be read where the engine found so; or
    what kept it from coming.

    What the engine `refused`, and a reply `empty` of any answer, come as an answer without words.
    """

    asked: Asked
    answer: Answer | None = None
    fault: str = ""
    refused: bool = False
    empty: bool = False
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


def call_prepare(desk: Desk, look: Look, rung: Rung, *, number: int) -> Asked | Call | None:
    """All that is done in the job's own thread before the engine is asked: money is set aside, and
    then the picture cut.

    Where the answer is stored already, it is that; None while somebody else asks the same. Raises
    EngineError.
    """
    asked = _asked(desk, look, rung, number)
    turn = _turn(desk, asked)
    if isinstance(turn, Call):
        asked_store(desk.segmentation, desk.engine)
        return call_take_over(desk.segmentation, asked, turn)
    return turn and _with_picture(desk, turn)


def _asked(desk: Desk, look: Look, rung: Rung, number: int) -> Asked:
    """The call without its picture, which may not be needed."""
    query, model = desk.segmentation.query, model_of(desk.engine, look.run)
    width, height = look.size
    request = Request(
        image=b"",
        width=width,
        height=height,
        text=query.text,
        damage_type=DamageType(query.damage_type),
        form=rung.form,
        known=rung.known,
        model="" if model == desk.engine.model else model,
    )
    key = call_key(desk.segmentation, desk.engine, request, look.window, look.run)
    return Asked(look, number, request, key)


def _turn(desk: Desk, asked: Asked) -> Asked | Call | None:
    """The call with its money set aside, or what makes it needless, as turn_taken says."""
    segmentation = desk.segmentation
    bounds = desk.engine.billed_at_most(asked.request)
    if not bounds:
        return answer_kept(segmentation, asked.key) or asked
    turn = turn_taken(
        segmentation.photo.claim,
        asked.key,
        bounds,
        lambda: answer_kept(segmentation, asked.key),
        asker=segmentation,
    )
    return replace(asked, mark=turn) if isinstance(turn, Earmark) else turn


def _with_picture(desk: Desk, asked: Asked) -> Asked:
    """The call as it is made; cutting its picture takes its time, and isn't done for nothing."""
    try:
        picture = desk.pictures.of(asked.look.window)
        asked_store(desk.segmentation, desk.engine)
    except BaseException:
        call_without_answer(asked)
        raise
    return replace(asked, request=replace(asked.request, image=picture))


def call_made(engine: Engine, asked: Asked) -> Came:
    """Ask, and return whatever comes of it; nothing here touches the database."""
    try:
        return Came(asked, engine.ask(asked.request))
    except EngineRefusedError as error:
        answer = error.answer or _wordless(engine, asked)
        return Came(asked, answer, fault=error.message, refused=True)
    except GarbledAnswerError as error:
        if error.answer is None:
            return Came(asked, _wordless(engine, asked), fault=error.message, empty=True)
        return Came(asked, error.answer, fault=error.message)
    except Exception as error:  # noqa: BLE001  # raised again in the job's own thread
        return Came(asked, error=error)


def _wordless(engine: Engine, asked: Asked) -> Answer:
    return Answer("", asked.request.model or engine.model, model_served="")


_places = BoundedSemaphore(settings.EAVES_CALLS_AT_ONCE)
"""Of the calls that one process has under way. Threads beyond them read and store what came, so
that no place stays empty meanwhile."""


class CallsUnderWay:
    """Calls that wait for their answers, each in a thread of its own; they come as they end.

    The threads are no reason to keep a process alive that was told to stop.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._has_room = False
        self._came: SimpleQueue[Came] = SimpleQueue()
        self._asked: list[Asked] = []

    def __len__(self) -> int:
        return len(self._asked)

    def make_room(self, *, within: float) -> bool:
        """Take a place for one call more, waiting for it so many seconds at most."""
        self._has_room = self._has_room or _places.acquire(timeout=within)
        return self._has_room

    def leave_room(self) -> None:
        """Give back a place for which there was no call."""
        if self._has_room:
            self._has_room = False
            _places.release()

    def begin(self, asked: Asked, *, alone: bool) -> None:
        """Make a call in the place that was taken; one that is `alone` needs no thread, and is over
        when this returns."""
        self._has_room = False
        self._asked.append(asked)
        if alone:
            self._make(asked)
            return
        try:
            Thread(target=self._make, args=(asked,), name="call", daemon=True).start()
        except RuntimeError:
            # There are too many: the call was never made.
            _places.release()
            self._asked.remove(asked)
            call_without_answer(asked)
            raise

    def next(self) -> Came:
        """What comes next; there must be a call under way."""
        came = self._came.get()
        self._asked.remove(came.asked)
        return came

    def let_go(self) -> None:
        """Free the money of the calls whose answers nobody waits for any more."""
        self.leave_room()
        while self._asked:
            call_without_answer(self._asked.pop())

    def _make(self, asked: Asked) -> None:
        try:
            came = call_made(self._engine, asked)
        finally:
            _places.release()
        self._came.put(came)


def asked_store(segmentation: Segmentation, engine: Engine) -> None:
    """Note who is asked, and when: a question that is refused was put all the same."""
    Segmentation.objects.filter(pk=segmentation.pk, round=segmentation.round, calls_made=0).update(
        model_requested=engine.model, asked_at=timezone.now()
    )


def call_store(segmentation: Segmentation, came: Came, answer: Answer) -> Call:
    """Keep an answer, or that there is none, and what it cost: whatever happens next, it isn't paid
    for twice."""
    asked, answer = came.asked, sound(answer)
    cost = cost_of(answer, is_free=asked.mark is None or came.empty)
    fields = {
        "form": answer.form or "",
        "rest": asked.rest,
        "raw": answer.text.encode(errors=KEEP_SURROGATES),
        "cut": answer.cut,
        "fault": storable(came.fault),
        "refused": came.refused,
        "empty": came.empty,
        "model_requested": answer.model_requested,
        "model_served": answer.model_served,
        "input_tokens": answer.usage.input_tokens,
        "output_tokens": answer.usage.output_tokens,
        "cost_usd": cost.usd,
        "priced_as_of": cost.as_of,
    }
    return _keep(segmentation, asked, fields)


def call_take_over(segmentation: Segmentation, asked: Asked, kept: Call) -> Call:
    """Keep an earlier answer to the same as the answer of this call, for nothing."""
    taken = ("raw", "cut", "fault", "model_requested", "model_served")
    told = ("form", "rest", "input_tokens", "output_tokens")
    fields = {name: getattr(kept, name) for name in (*taken, *told)}
    return _keep(segmentation, asked, {**fields, "cost_usd": FREE, "reused_from": kept})


def call_without_answer(asked: Asked) -> None:
    """The call brought nothing that was to be paid for: its money is free again."""
    if asked.mark:
        turn_ended(asked.mark)


def _keep(segmentation: Segmentation, asked: Asked, fields: Mapping[str, Any]) -> Call:
    """Store the answer of a place.

    The first that came stays, and is returned. A worker that was overtaken goes on with what is
    stored, so that the findings are always those of the answers beside them.
    """
    place = {
        "segmentation": segmentation,
        "round": segmentation.round,
        "run": asked.look.run,
        "tile": asked.look.tile,
        "number": asked.number,
    }
    told = {"key": asked.key, "answered_at": timezone.now(), **fields}
    try:
        with transaction.atomic():
            call = Call.objects.create(**place, **told)
            _end_turn(segmentation, asked, call)
    except IntegrityError:
        with transaction.atomic():
            call = Call.objects.get(**place)
            _end_turn(segmentation, asked, call)
    return call


def _end_turn(segmentation: Segmentation, asked: Asked, call: Call) -> None:
    """Spend the money that was set aside, and tell what the answers of the round come to."""
    if asked.mark:
        turn_ended(asked.mark)
    Segmentation.objects.filter(pk=segmentation.pk, round=segmentation.round).update(
        model_served=call.model_served, **_totals(segmentation)
    )


def _totals(segmentation: Segmentation) -> dict[str, Any]:
    """What the calls of the round come to, of which there is one at least; the cost is not known
    where that of one isn't."""
    told = calls_of(segmentation).values_list(
        "refused", "empty", "input_tokens", "output_tokens", "cost_usd"
    )
    refused, empty, asked, answered, costs = zip(*told, strict=True)
    return {
        "calls_made": sum(not any(without) for without in zip(refused, empty, strict=True)),
        "input_tokens": _sum_of_known(asked),
        "output_tokens": _sum_of_known(answered),
        "cost_usd": None if None in costs else sum(costs),
    }


def _sum_of_known(tokens: Iterable[int | None]) -> int | None:
    """None where none is known."""
    known = [each for each in tokens if each is not None]
    return sum(known) if known else None
