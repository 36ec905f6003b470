"""Which looks at a photo a question takes, and how far each of them has come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from assessment.core.detection import Box
from assessment.core.tiles import halves, windows_of
from assessment.core.vocabulary import AnswerForm, Detail, QueryKind
from assessment.engines.base import (
    Engine,
    EngineError,
    EngineRefusedError,
    GarbledAnswerError,
    Reading,
)
from assessment.engines.ladder import Rung, Turn, drift, is_too_long, next_rung, together
from assessment.models import Call, Segmentation
from assessment.services.calls import KEEP_SURROGATES, Desk, Look, calls_of, model_of
from assessment.services.sightings import storable

NOTHING_YET = {
    "calls_made": 0,
    "model_served": "",
    "input_tokens": None,
    "output_tokens": None,
    "cost_usd": None,
}
"""What is told of a round to begin with, whatever an earlier one came to."""


@dataclass(slots=True)
class Climb:
    """A look, the calls that were answered so far, and why it isn't asked on."""

    look: Look
    turns: list[Turn] = field(default_factory=list)
    error: EngineError | None = None

    @property
    def next(self) -> Rung | None:
        return None if self.error else next_rung(self.turns)

    def go_on(self, call: Call, engine: Engine) -> None:
        """Go on with what is stored of a call: an answer, or that there will be none."""
        if call.refused:
            self.error = EngineRefusedError(call.fault)
        elif call.empty:
            self.error = GarbledAnswerError(call.fault)
        else:
            self.turns.append(turn_of(call, self.look, engine))

    def reading(self) -> Reading:
        """What all its answers say. Raises EngineError when nothing of them can be read."""
        if self.error and not any(turn.reading for turn in self.turns):
            raise self.error
        return together(self.turns, self.error.message if self.error else "")


def climbs_begun(desk: Desk) -> list[Climb]:
    """Each look of a round of which nothing was answered yet."""
    return [Climb(look) for look in _looks(desk, _windows_planned(desk))]


def climbs_resumed(desk: Desk) -> list[Climb]:
    """Each look of the question's round, with the answers that are stored."""
    calls = list(calls_of(desk.segmentation))
    if not calls:
        return climbs_begun(desk)
    windows = _windows(desk)
    climbs = {(look.run, look.tile): Climb(look) for look in _looks(desk, windows)}
    for call in calls:
        if climb := climbs.get((call.run, call.tile)):
            climb.go_on(call, desk.engine)
    return list(climbs.values())


def climbs_added(desk: Desk, climbs: Sequence[Climb]) -> list[Climb]:
    """Looks at parts of a photo that shows more than one answer tells; none where it was looked at
    in parts anyway, or can't be."""
    photo, query = desk.segmentation.photo, desk.segmentation.query
    as_a_whole = not any(climb.look.tile for climb in climbs) and not desk.engine.wants_full_size
    if not (as_a_whole and any(is_too_long(climb.turns) for climb in climbs)):
        return []
    windows = _kept(desk, halves(photo.width, photo.height, QueryKind(query.kind)))
    return [Climb(look) for look in _looks(desk, _expected(desk, windows)) if look.tile]


def turn_of(call: Call, look: Look, engine: Engine) -> Turn:
    reading, fault = None, call.fault
    if not fault:
        try:
            text = bytes(call.raw).decode(errors=KEEP_SURROGATES)
            reading = engine.read(text, *look.size)
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


def drift_store(desk: Desk, climbs: Sequence[Climb]) -> None:
    """Keep for the operators in which ways the answers aren't what was asked for."""
    told = [
        sentence
        for climb in climbs
        for sentence in drift(model_of(desk.engine, climb.look.run), climb.turns)
    ]
    _tell(desk.segmentation, drift=storable(" ".join(dict.fromkeys(told))))


def _windows(desk: Desk) -> list[Box]:
    """The windows of this round, which stay once something of it was answered."""
    return _expected(desk, [Box(*window) for window in desk.segmentation.windows])


def _windows_planned(desk: Desk) -> list[Box]:
    photo, query = desk.segmentation.photo, desk.segmentation.query
    parts = (
        []
        if desk.engine.wants_full_size
        else windows_of(photo.width, photo.height, Detail(query.detail), QueryKind(query.kind))
    )
    return _expected(desk, _kept(desk, parts, **NOTHING_YET))


def _kept(desk: Desk, windows: list[Box], **more: Any) -> list[Box]:
    _tell(desk.segmentation, windows=[list(window) for window in windows], **more)
    return windows


def _tell(segmentation: Segmentation, **fields: Any) -> None:
    """Write down what is told of the question's round, where that is anything new."""
    news = {name: told for name, told in fields.items() if getattr(segmentation, name) != told}
    if news:
        Segmentation.objects.filter(pk=segmentation.pk, round=segmentation.round).update(**news)


def _expected(desk: Desk, windows: list[Box]) -> list[Box]:
    """The windows to look at, of which the first is always the photo as a whole."""
    desk.pictures.expect(windows[1:])
    photo = desk.segmentation.photo
    return windows or [Box(0, 0, photo.width, photo.height)]


def _looks(desk: Desk, windows: Sequence[Box]) -> list[Look]:
    runs = desk.segmentation.runs if desk.engine.varies else 1
    return [
        Look(run, tile, window) for run in range(1, runs + 1) for tile, window in enumerate(windows)
    ]
