"""What to ask next when an answer doesn't do: a poorer form of outline, or the rest of a cut one.

Masks are asked for first, polygons when no mask can be read, boxes when no polygon can. An answer
that breaks off keeps its complete objects and is asked once for the rest. No rung is asked twice,
and every answer that came stays in play: the poorest one is better than none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assessment.core.detection import Box
from assessment.core.vocabulary import AnswerForm
from assessment.engines.answer import BROKEN_OFF
from assessment.engines.base import GarbledAnswerError, Reading
from assessment.engines.families import UNKNOWN, family_of

POORER = {AnswerForm.MASK: AnswerForm.POLYGON, AnswerForm.POLYGON: AnswerForm.BOX}

NOTHING_AFTER_ALL = (
    "An earlier answer could not be read; asked in another way, the engine named nothing."
)
REST_UNREADABLE = "Asked for what the answer left out, the engine gave nothing that can be read."
MISSING = frozenset({BROKEN_OFF, REST_UNREADABLE})
"""What says that there may be more on the picture than was told."""

STOPPED = "The engine could not be asked once more for what is missing: {}"


@dataclass(frozen=True, slots=True)
class Rung:
    """One way to put a question: the form to ask for, and what is known and need not be named."""

    form: AnswerForm
    known: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """One call that was answered.

    `form` is what was asked for, None by an engine that can be asked in one way only. `reading` is
    None where nothing could be read, and `fault` says why. `rest` says that only what the turn
    before had left out was asked for, `cut` that there may have been more. `model_requested` and
    `model_served` are as in an Answer.
    """

    form: AnswerForm | None
    reading: Reading | None
    fault: str = ""
    rest: bool = False
    cut: bool = False
    model_requested: str = ""
    model_served: str = ""


def next_rung(turns: Sequence[Turn]) -> Rung | None:
    """How to ask next, or None when what came will do or there is no other way.

    >>> next_rung([])
    Rung(form=<AnswerForm.MASK: 'mask'>, known=())
    >>> next_rung([Turn(AnswerForm.MASK, None, "It holds mask tokens.")])
    Rung(form=<AnswerForm.POLYGON: 'polygon'>, known=())
    >>> next_rung([Turn(AnswerForm.MASK, Reading(()))]) is None
    True
    """
    if not turns:
        return Rung(AnswerForm.MASK)
    last = turns[-1]
    if last.form is None or last.rest:
        return None
    poorer = POORER.get(last.form)
    if last.reading is None:
        # Boxes that an earlier answer gave are as good as those that could be asked for.
        boxes_are_here = poorer is AnswerForm.BOX and any(map(_names_something, turns))
        return None if poorer is None or boxes_are_here else Rung(poorer)
    if not last.reading.detections:
        return None
    if last.form is AnswerForm.MASK and not _outlines(last):
        return Rung(AnswerForm.POLYGON)
    return _rest_of(last.form, last.reading) if last.cut else None


def is_too_long(turns: Sequence[Turn]) -> bool:
    """Whether even the rest of a cut answer was cut, or is none to be read: there is more to tell
    than an answer holds."""
    return bool(turns) and turns[-1].rest and (turns[-1].cut or turns[-1].reading is None)


def together(turns: Sequence[Turn], stopped: str = "") -> Reading:
    """What all turns say: the last that names anything, and the rest of it where it was asked for.

    `stopped` says why the next rung could not be asked. Raises GarbledAnswerError when nothing of
    any turn can be read.
    """
    whole = [turn for turn in turns if not turn.rest]
    readable = [turn for turn in whole if turn.reading is not None]
    if not readable:
        raise GarbledAnswerError(turns[-1].fault)
    chosen = ([turn for turn in readable if _names_something(turn)] or readable)[-1]
    reading = _with_rest(chosen, turns[-1] if turns[-1].rest else None)
    doubted = not reading.detections and len(readable) < len(whole)
    lost = (NOTHING_AFTER_ALL,) * doubted + (STOPPED.format(stopped),) * bool(stopped)
    return Reading(reading.detections, (*reading.lost, *lost), reading.cut)


def drift(model: str, turns: Sequence[Turn]) -> tuple[str, ...]:
    """A sentence for each way in which the answers are not what was asked of `model`."""
    said = [
        sentence for turn in turns for sentence in (_other_model(model, turn), _other_form(turn))
    ]
    return tuple(dict.fromkeys(sentence for sentence in said if sentence))


def _rest_of(form: AnswerForm, reading: Reading) -> Rung:
    # Masks are long, and what broke off once would do so again.
    shorter = AnswerForm.POLYGON if form is AnswerForm.MASK else form
    return Rung(shorter, tuple(detection.box for detection in reading.detections))


def _names_something(turn: Turn) -> bool:
    return turn.reading is not None and bool(turn.reading.detections)


def _outlines(turn: Turn) -> bool:
    return turn.reading is not None and any(
        detection.mask is not None for detection in turn.reading.detections
    )


def _with_rest(turn: Turn, rest: Turn | None) -> Reading:
    """The turn's reading with what it had left out.

    That nothing is missing is believed of a rest that names something and is whole: where it names
    nothing, the object in which the answer broke off is still nowhere.
    """
    reading = turn.reading or Reading(())
    lost = list(reading.lost)
    if turn.cut and BROKEN_OFF not in lost:
        lost.append(BROKEN_OFF)
    if rest is None:
        return Reading(reading.detections, tuple(lost), turn.cut)
    more = rest.reading
    if more is None:
        return Reading(reading.detections, (*lost, REST_UNREADABLE), cut=True)
    complete = bool(more.detections) and not rest.cut
    kept = [sentence for sentence in lost if sentence != BROKEN_OFF or not complete]
    added = [sentence for sentence in more.lost if sentence not in kept]
    return Reading((*reading.detections, *more.detections), (*kept, *added), not complete)


def _other_model(model: str, turn: Turn) -> str:
    asked, served = turn.model_requested, turn.model_served
    if asked != model:
        return f"{asked} was asked in place of {model}."
    family = family_of(asked)
    if served and family is not UNKNOWN and family_of(served) is not family:
        return f"{asked} was asked, and {served} answered."
    return ""


def _other_form(turn: Turn) -> str:
    if turn.form is None:
        return ""
    if turn.reading is None:
        return f"Asked for a {turn.form}, it answered nothing that can be read."
    forms = {str(detection.form) for detection in turn.reading.detections} - {turn.form}
    if forms:
        return f"Asked for a {turn.form}, it answered with a {' and a '.join(sorted(forms))}."
    return ""
