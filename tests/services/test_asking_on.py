"""What a turn of asking keeps when it meets refusals, faults, waiting and the end of its worker."""

from __future__ import annotations

from decimal import Decimal
from threading import Barrier, Thread

import pytest
from celery.signals import worker_shutting_down
from django.db import DatabaseError
from django.utils import timezone

from assessment import pipeline
from assessment.core.vocabulary import Detail, JobKind, Outcome
from assessment.engines.base import (
    Answer,
    EngineBusyError,
    EngineMisconfiguredError,
    EngineRefusedError,
    EngineUnavailableError,
    Usage,
)
from assessment.models import Call, Earmark, Job, Segmentation
from assessment.services import asking, calls
from assessment.services.jobs import MAX_WAITS
from assessment.tasks import TASKS
from standin.steps import Act, Step
from tests.factories import jpeg, make_claim, make_photo
from tests.services.scenes import large_photo

pytestmark = [pytest.mark.django_db, pytest.mark.service]

BYTES = jpeg(seed=7)
PRICES = """[{"models": ["fake-1", "fake-1-served"], "input_usd": "1", "output_usd": "10",
              "as_of": "2026-11-28", "source": "this test"}]"""


@pytest.fixture
def one_by_one(monkeypatch) -> None:
    """Calls come in the order of the looks."""
    monkeypatch.setattr(asking, "MOST_AT_ONCE", 1)


@pytest.fixture
def paid(engine) -> None:
    """Money is set aside for each call."""
    engine.bounds = {"fake-1": Usage(100, 1_000)}


def ask(claim, *, runs: int = 1, turns: int = 1) -> Segmentation:
    make_photo(claim, BYTES)
    pipeline.query_ask(claim=claim, text="stains", by=None, runs=runs)
    take_turns(turns)
    return Segmentation.objects.get(photo__claim=claim)


def take_turns(count: int = 1) -> None:
    for _ in range(count):
        TASKS[JobKind.SEGMENT]("", 0.0)


def job_of(segmentation: Segmentation) -> Job:
    return Job.objects.get(kind=JobKind.SEGMENT, subject_id=segmentation.pk)


@pytest.mark.parametrize(
    ("no", "kept"),
    [(Act.SAFETY, "refused"), (Act.BLOCKED, "refused"), (Step(Act.RAW, text="{}"), "empty")],
)
def test_what_was_refused_is_not_put_again_while_the_others_are_waited_for(
    claim, playing, one_by_one, no, kept
):
    large_photo(claim, 1920, 1920, [])

    with playing(Act.LOOK, no, Act.OVERLOADED, Act.LOOK) as standin:
        pipeline.query_ask(claim=claim, text="stains", by=None, detail=Detail.TILES)
        pipeline.work_off("")

    segmentation = Segmentation.objects.get()
    assert (segmentation.status, segmentation.calls_made) == (Outcome.ANSWERED, 4)
    assert len(standin.requests) == 6
    call = Call.objects.get(**{kept: True})
    assert (call.tile, bytes(call.raw)) == (1, b"")
    assert call.fault in segmentation.lost[0]


def test_what_a_refusal_used_up_is_stored_with_it(claim, engine, paid, settings):
    settings.EAVES_PRICES = PRICES
    answer = Answer("", "fake-1", "fake-1", Usage(1_000, 100))
    engine.errors = [EngineRefusedError("Declined.", answer)]

    segmentation = ask(claim)

    call = Call.objects.get(refused=True)
    assert (call.input_tokens, call.output_tokens) == (1_000, 100)
    assert call.cost_usd == segmentation.cost_usd == Decimal("0.002")
    assert (segmentation.status, segmentation.calls_made) == (Outcome.UNANSWERED, 0)


def test_a_refusal_that_came_last_is_the_end_of_the_question(claim, engine, one_by_one):
    engine.errors = [
        EngineRefusedError("Declined."),
        EngineBusyError("Full.", retry_after=0.0),
        EngineRefusedError("Declined."),
    ]

    segmentation = ask(claim, runs=2, turns=2)

    assert (segmentation.status, segmentation.reason) == (Outcome.UNANSWERED, "Declined.")
    assert engine.asked == 3


def test_what_is_under_way_is_kept_when_an_answer_can_not_be_stored(
    claim, engine, paid, monkeypatch, caplog
):
    engine.before_answer = Barrier(2, timeout=60).wait
    store = calls.call_store
    faults = [DatabaseError("a fault of the database")]

    def stumble(*args):
        if faults:
            raise faults.pop()
        return store(*args)

    monkeypatch.setattr(f"{asking.__name__}.call_store", stumble)

    ask(claim, runs=2)

    assert Call.objects.count() == 1
    assert not Earmark.objects.exists()
    assert "a fault of the database" in caplog.text


def test_what_is_under_way_is_kept_when_an_answer_is_read_amiss(
    claim, engine, paid, monkeypatch, caplog
):
    engine.before_answer = Barrier(2, timeout=60).wait
    read = engine.read
    faults = [ValueError("a fault of ours")]

    def stumble(*args):
        if faults:
            raise faults.pop()
        return read(*args)

    monkeypatch.setattr(engine, "read", stumble)

    segmentation = ask(claim, runs=2)
    assert Call.objects.count() == 2
    assert "a fault of ours" in caplog.text

    take_turns()
    segmentation.refresh_from_db()
    assert (segmentation.status, engine.asked) == (Outcome.ANSWERED, 2)


def test_a_call_that_can_not_be_begun_holds_no_money_and_keeps_no_other_from_being_kept(
    claim, engine, paid, monkeypatch, caplog
):
    begun: list[Thread] = []

    class Few(Thread):
        def start(self) -> None:
            if begun and self.name == "call":
                raise RuntimeError("can't start new thread")
            begun.append(self)
            super().start()

    monkeypatch.setattr(calls, "Thread", Few)

    ask(claim, runs=2)

    assert Call.objects.count() == 1
    assert not Earmark.objects.exists()
    assert "can't start new thread" in caplog.text


def test_a_job_that_could_only_wait_for_others_goes_on_later(claim, engine, monkeypatch):
    monkeypatch.setattr(asking, "LONGEST_ASKING", 0.0)
    with monkeypatch.context() as patch:
        patch.setattr(f"{asking.__name__}.call_prepare", lambda *_, **__: None)
        segmentation = ask(claim, runs=2)

    job = job_of(segmentation)
    assert (segmentation.status, job.status, job.attempts) == (Outcome.QUEUED, "queued", 0)
    assert job.reason == asking.NOT_YET


def test_answers_taken_over_are_what_a_turn_has_come_on_by(claim, carrier, engine, monkeypatch):
    ask(claim, runs=2)
    monkeypatch.setattr(asking, "LONGEST_ASKING", 0.0)

    segmentation = ask(make_claim(carrier), runs=2)

    assert job_of(segmentation).reason.startswith("1 of 2 looks at the photo are taken so far")
    assert engine.asked == 2


def test_an_engine_that_is_busy_is_waited_for_at_the_last_wait_too(claim, engine):
    segmentation = ask(claim, turns=0)
    Job.objects.update(waits=MAX_WAITS)
    engine.errors = [EngineBusyError("Full.", retry_after=0.0)]

    take_turns()

    assert job_of(segmentation).status == "queued"
    take_turns()
    segmentation.refresh_from_db()
    assert segmentation.status == Outcome.ANSWERED


def test_a_worker_that_is_told_to_stop_begins_no_call_and_keeps_what_came(
    claim, engine, one_by_one
):
    engine.before_answer = lambda: worker_shutting_down.send(sender="worker")
    segmentation = ask(claim, runs=3)

    assert (engine.asked, Call.objects.count()) == (1, 1)
    assert job_of(segmentation).reason == (
        "1 of 3 looks at the photo are taken so far; the others follow."
    )

    assert job_of(segmentation).run_after <= timezone.now()
    take_turns()
    assert (engine.asked, job_of(segmentation).status) == (1, "queued")


def test_a_question_that_met_a_fault_of_ours_waits_to_be_asked_again(claim, engine, monkeypatch):
    monkeypatch.setattr(engine, "read", lambda *args: 1 / 0)

    segmentation = ask(claim)

    assert (segmentation.status, job_of(segmentation).attempts) == (Outcome.QUEUED, 1)


def test_a_worker_that_was_overtaken_leaves_the_question_as_its_successor_has_it(
    claim, engine, monkeypatch
):
    def overtaken(*args):
        Job.objects.filter(kind=JobKind.SEGMENT).update(fence=7)
        return 1 / 0

    monkeypatch.setattr(engine, "read", overtaken)

    assert ask(claim).status == Outcome.RUNNING


def test_what_a_budget_kept_from_being_asked_is_asked_once_there_is_money(
    claim, engine, paid, settings, user, one_by_one
):
    settings.EAVES_PRICES = PRICES
    settings.EAVES_BUDGET_PER_CLAIM = Decimal("0.0102")
    segmentation = ask(claim, runs=2)
    assert (segmentation.status, segmentation.unasked) == (Outcome.ANSWERED, 1)
    assert "EAVES_BUDGET_PER_CLAIM" in segmentation.lost[0]

    settings.EAVES_BUDGET_PER_CLAIM = None
    assert pipeline.claim_retry(claim=claim, by=user) == 1
    take_turns()

    segmentation.refresh_from_db()
    assert (segmentation.status, segmentation.unasked) == (Outcome.ANSWERED, 0)
    assert (segmentation.lost, segmentation.round, engine.asked) == ([], 1, 2)


@pytest.mark.parametrize(
    ("error", "unasked"),
    [
        (EngineMisconfiguredError("No key."), 1),
        (EngineRefusedError("Declined."), 0),
    ],
)
def test_what_kept_a_part_from_being_answered_is_tried_again_unless_it_was_a_refusal(
    claim, engine, user, one_by_one, error, unasked
):
    def fail_the_second() -> None:
        if engine.asked == 2:
            engine.errors = [error]

    engine.before_answer = fail_the_second

    segmentation = ask(claim, runs=2)

    assert (segmentation.status, segmentation.unasked) == (Outcome.ANSWERED, unasked)
    assert pipeline.claim_retry(claim=claim, by=user) == unasked


def test_an_engine_that_stayed_away_for_a_part_is_asked_for_that_part_again(
    claim, engine, user, one_by_one
):
    segmentation = ask(claim, runs=2, turns=0)
    engine.before_answer = lambda: engine.errors.extend(
        [EngineUnavailableError("Away.")] if engine.asked > 1 else []
    )
    Job.objects.update(waits=MAX_WAITS)
    take_turns()
    while job_of(segmentation).status == "queued":
        take_turns()
    segmentation.refresh_from_db()
    assert (segmentation.status, segmentation.unasked) == (Outcome.ANSWERED, 1)

    engine.before_answer = lambda: None
    assert pipeline.claim_retry(claim=claim, by=user) == 1
    take_turns()
    segmentation.refresh_from_db()
    assert (segmentation.status, segmentation.lost) == (Outcome.ANSWERED, [])
