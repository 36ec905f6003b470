"""What is asked next, and what all that came says together."""

from __future__ import annotations

import pytest

from assessment.core.detection import Box, Detection
from assessment.core.vocabulary import AnswerForm
from assessment.engines.answer import BROKEN_OFF
from assessment.engines.base import GarbledAnswerError, Reading
from assessment.engines.ladder import (
    NOTHING_AFTER_ALL,
    REST_UNREADABLE,
    Rung,
    Turn,
    drift,
    next_rung,
    together,
)
from tests.fakes import square

MASK, POLYGON, BOX = AnswerForm
OUTLINED = square()
OTHER = square(left=200)
BOXED = Detection("crack", Box(10, 10, 50, 50), None, BOX, approximate=True)


def turn(form, *detections, rest=False, cut=False, lost=()) -> Turn:
    lost = (*lost, BROKEN_OFF) if cut else lost
    return Turn(
        form,
        Reading(detections, lost, cut),
        rest=rest,
        cut=cut,
        model_requested="m-1",
        model_served="m-1",
    )


def garbled(form, *, rest=False) -> Turn:
    return Turn(
        form,
        None,
        f"No {form} can be read.",
        rest=rest,
        model_requested="m-1",
        model_served="m-1",
    )


def asks(*turns) -> AnswerForm | None:
    rung = next_rung(turns)
    return rung.form if rung else None


@pytest.mark.parametrize(
    ("turns", "form"),
    [
        ([], MASK),
        ([garbled(MASK)], POLYGON),
        ([garbled(MASK), garbled(POLYGON)], BOX),
        ([garbled(MASK), garbled(POLYGON), garbled(BOX)], None),
        ([garbled(None)], None),
        ([garbled(MASK), turn(POLYGON, OUTLINED)], None),
        ([turn(MASK, BOXED)], POLYGON),
        ([turn(MASK, BOXED, OUTLINED)], None),
        ([turn(MASK, OUTLINED)], None),
        ([turn(POLYGON, BOXED)], None),
    ],
    ids=str,
)
def test_an_answer_that_does_not_do_is_asked_for_in_the_next_poorer_form(turns, form):
    assert asks(*turns) == form


def test_boxes_that_came_with_unreadable_masks_are_not_asked_for_again():
    assert asks(turn(MASK, BOXED), garbled(POLYGON)) is None
    assert together([turn(MASK, BOXED), garbled(POLYGON)]).detections == (BOXED,)


@pytest.mark.parametrize("form", AnswerForm)
def test_an_explicit_nothing_is_an_answer(form):
    assert asks(turn(form)) is None


@pytest.mark.parametrize(("form", "shorter"), [(MASK, POLYGON), (POLYGON, POLYGON), (BOX, BOX)])
def test_of_an_answer_that_breaks_off_the_rest_is_asked_for_once(form, shorter):
    cut = turn(form, OUTLINED, cut=True)
    assert next_rung([cut]) == Rung(shorter, (OUTLINED.box,))
    assert next_rung([cut, turn(shorter, OTHER, rest=True, cut=True)]) is None
    assert next_rung([cut, garbled(shorter, rest=True)]) is None


def test_an_answer_and_its_rest_are_one_and_nothing_is_missing():
    reading = together([turn(MASK, OUTLINED, cut=True), turn(POLYGON, OTHER, rest=True)])
    assert reading == Reading((OUTLINED, OTHER))


@pytest.mark.parametrize(
    ("rest", "lost"),
    [
        (turn(POLYGON, OTHER, rest=True, cut=True), (BROKEN_OFF,)),
        (turn(POLYGON, rest=True), (BROKEN_OFF,)),
        (garbled(POLYGON, rest=True), (BROKEN_OFF, REST_UNREADABLE)),
        (turn(POLYGON, OTHER, rest=True, lost=("Object 1: odd.",)), ("Object 1: odd.",)),
    ],
    ids=["cut again", "names nothing", "unreadable", "with a doubt"],
)
def test_what_remains_missing_is_said(rest, lost):
    assert together([turn(POLYGON, OUTLINED, cut=True), rest]).lost == lost


def test_an_answer_that_ended_at_the_limit_is_cut_however_whole_it_looks():
    looks_whole = Turn(BOX, Reading((BOXED,)), cut=True)
    assert next_rung([looks_whole]) == Rung(BOX, (BOXED.box,))
    assert together([looks_whole]).lost == (BROKEN_OFF,)


def test_an_answer_that_names_nothing_after_one_that_could_not_be_read_is_doubted():
    assert together([garbled(MASK), turn(POLYGON)]).lost == (NOTHING_AFTER_ALL,)
    assert together([turn(POLYGON)]).lost == ()


def test_boxes_outweigh_a_later_answer_that_names_nothing():
    assert together([turn(MASK, BOXED), turn(POLYGON)]).detections == (BOXED,)


def test_a_rung_that_could_not_be_asked_is_said_to_be_missing():
    reading = together([turn(POLYGON, OUTLINED, cut=True)], stopped="Blocked.")
    assert reading.detections == (OUTLINED,)
    assert reading.lost[0] == BROKEN_OFF
    assert reading.lost[1].endswith("Blocked.")


def test_when_nothing_can_be_read_the_last_fault_is_told():
    with pytest.raises(GarbledAnswerError, match="No polygon can be read"):
        together([garbled(MASK), garbled(POLYGON)])


def told(asked: str, served: str, model: str = "gemini-2.5-flash") -> tuple[str, ...]:
    reading = Reading((OUTLINED,))
    return drift(model, [Turn(POLYGON, reading, model_requested=asked, model_served=served)])


def test_a_served_model_of_another_family_is_told():
    assert told("gemini-2.5-flash", "gemini-3.5-flash-lite") == (
        "gemini-2.5-flash was asked, and gemini-3.5-flash-lite answered.",
    )


@pytest.mark.parametrize("served", ["gemini-2.5-flash-002", "gemini-2.5-flash", ""])
def test_a_served_model_of_the_same_family_is_as_asked(served):
    assert told("gemini-2.5-flash", served) == ()


def test_whoever_serves_an_alias_is_as_asked():
    assert told("gemini-flash-latest", "gemini-3.8-flash", "gemini-flash-latest") == ()


def test_a_fallback_is_told():
    assert told("gemini-2.5-flash-lite", "gemini-2.5-flash-lite") == (
        "gemini-2.5-flash-lite was asked in place of gemini-2.5-flash.",
    )


def test_another_form_than_was_asked_for_is_told_once():
    assert drift("m-1", [turn(MASK, OUTLINED, BOXED), garbled(POLYGON), garbled(POLYGON)]) == (
        "Asked for a mask, it answered with a box and a polygon.",
        "Asked for a polygon, it answered nothing that can be read.",
    )


def test_the_form_that_was_asked_for_is_no_drift():
    assert drift("m-1", [turn(POLYGON, OUTLINED), turn(None, BOXED)]) == ()
