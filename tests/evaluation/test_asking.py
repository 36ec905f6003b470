"""Cases are put as the product puts questions: from rung to rung, each call kept and counted."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from assessment.core import tiles
from assessment.core.detection import Detection
from assessment.core.vocabulary import AnswerForm
from assessment.engines.base import (
    Answer,
    EngineError,
    EngineRefusedError,
    GarbledAnswerError,
    Reading,
    Request,
    Usage,
)
from assessment.engines.ladder import NOTHING_AFTER_ALL
from assessment.evaluation import pairs
from assessment.evaluation.answers import AnswerFile, Outcome
from assessment.evaluation.asking import Desk
from assessment.evaluation.result import result_of
from assessment.evaluation.trial import Trial, tried
from tests.evaluation.datasets import pair
from tests.fakes import FakeEngine, square

LEFT, RIGHT = square(5, 5, 10), square(20, 5, 10)


class Scripted(FakeEngine):
    """Gives one answer after the other: what is read of it, None for what can't be, or an error."""

    def __init__(self, *script: Sequence[Detection] | EngineError | KeyboardInterrupt | None):
        super().__init__()
        self.script = list(script)
        self.cut: set[int] = set()
        self.requests: list[Request] = []
        self.readings: dict[str, Sequence[Detection] | None] = {}

    def ask(self, request: Request) -> Answer:
        self.requests.append(request)
        said = self.script.pop(0)
        if isinstance(said, EngineError | KeyboardInterrupt):
            raise said
        text = f"answer {len(self.requests)}"
        self.readings[text] = said
        cut = len(self.requests) in self.cut
        return Answer(text, self.model, self.model, Usage(7, 11), form=request.form, cut=cut)

    def read(self, text: str, width: int, height: int) -> Reading:
        said = self.readings[text]
        if said is None:
            raise GarbledAnswerError("Torn.")
        return Reading(tuple(said))


@pytest.fixture
def case(tmp_path):
    pair(tmp_path / "dents")
    (each,) = pairs.cases(tmp_path / "dents")
    return each


@pytest.fixture
def put(case, tmp_path):
    def put(engine: Scripted) -> Trial:
        desk = Desk(engine, AnswerFile(tmp_path / "kept.jsonl"), 3.0, sleep=lambda _: None)
        return tried(case, desk)

    return put


def test_what_cannot_be_read_is_asked_for_in_a_poorer_form(put):
    engine = Scripted(None, (LEFT,))
    trial = put(engine)
    assert [request.form for request in engine.requests] == [AnswerForm.MASK, AnswerForm.POLYGON]
    assert (trial.outcome, trial.score.iou) == (Outcome.ANSWERED, 1)
    assert result_of([trial], [])["calls"] == {
        "made": 2,
        "refused": 0,
        "garbled": 1,
        "for_the_rest": 0,
    }


def test_nothing_after_what_could_not_be_read_is_told_as_such(put):
    assert put(Scripted(None, ())).lost == (NOTHING_AFTER_ALL,)


def test_the_rest_of_a_cut_answer_is_asked_for_once(put):
    engine = Scripted((RIGHT,), (LEFT,))
    engine.cut = {1}
    trial = put(engine)
    assert [request.known for request in engine.requests] == [(), (RIGHT.box,)]
    assert (trial.score.found, trial.score.iou) == (0, 0.5)
    assert result_of([trial], [])["calls"]["for_the_rest"] == 1


def test_no_form_that_can_be_read_is_garbled(put):
    trial = put(Scripted(None, None, None))
    assert (trial.outcome, trial.reason, len(trial.calls)) == (Outcome.GARBLED, "Torn.", 3)


def test_a_run_stopped_between_two_calls_goes_on_with_the_second(put):
    first = Scripted(None, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        put(first)
    second = Scripted((LEFT,))
    second.readings = {"answer 1": None}
    second.requests = first.requests[:1]
    trial = put(second)
    assert [call.form for call in trial.calls] == [AnswerForm.MASK, AnswerForm.POLYGON]
    assert len(second.requests) == 2


def test_a_refusal_ends_the_asking_and_is_not_asked_again(put):
    assert put(Scripted(EngineRefusedError("No."))).outcome is Outcome.REFUSED
    assert put(Scripted()).reason == "No."


def test_a_refusal_of_the_rest_leaves_what_came(put):
    engine = Scripted((LEFT,), EngineRefusedError("Enough."))
    engine.cut = {1}
    trial = put(engine)
    assert (trial.outcome, trial.score.iou) == (Outcome.ANSWERED, 1)
    assert "Enough." in trial.lost[-1]


def test_what_the_engine_itself_could_not_read_is_kept_and_paid_for(put):
    answer = Answer("torn", "fake-1", "fake-1", Usage(5, 6))
    trial = put(Scripted(GarbledAnswerError("Torn.", answer)))
    assert (trial.outcome, trial.calls[0].text) == (Outcome.GARBLED, "torn")
    assert result_of([trial], [])["tokens"] == {"input": 5, "output": 6, "unknown_for": 0}


def test_a_case_costs_what_its_calls_cost(put):
    trial = put(Scripted(None, (LEFT,)))
    told = [Decimal("0.25"), None]
    cost = result_of([trial], [], lambda call: told[trial.calls.index(call)])["cost"]
    assert cost == {"usd": 0.25, "unknown_for": 1}
    assert result_of([trial], [])["cost"] == {"usd": None, "unknown_for": 2}


def test_a_photo_that_a_claim_would_look_at_in_parts_says_so(put, monkeypatch):
    engine = Scripted((LEFT,))
    assert not put(engine).looks_closer
    monkeypatch.setattr(tiles, "WHOLE_PIXELS", 100)
    monkeypatch.setattr(tiles, "LARGE_SIDE", 20)
    trial = put(engine)
    assert trial.looks_closer
    assert result_of([trial], [])["whole_only"] == 1


def test_a_photo_that_shows_more_than_an_answer_tells_says_so(put, monkeypatch):
    monkeypatch.setattr(tiles, "SHOWN", 20)
    engine = Scripted((LEFT,), (RIGHT,))
    engine.cut = {1, 2}
    assert put(engine).looks_closer


def test_an_engine_that_takes_the_full_size_sees_all_that_a_claim_would(put, monkeypatch):
    monkeypatch.setattr(tiles, "WHOLE_PIXELS", 100)
    monkeypatch.setattr(tiles, "LARGE_SIDE", 20)
    engine = Scripted((LEFT,))
    engine.wants_full_size = True
    assert not put(engine).looks_closer
