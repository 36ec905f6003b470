"""The places for the calls of one process: never more calls than that, and none is ever lost."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from threading import BoundedSemaphore

import pytest
from django.utils import timezone

from assessment import pipeline
from assessment.core.vocabulary import Detail, JobKind, JobStatus, Outcome
from assessment.engines.base import (
    EngineRefusedError,
    EngineUnavailableError,
    GarbledAnswerError,
    Usage,
)
from assessment.models import Call, Earmark, Job, Segmentation
from assessment.services import asking, calls, jobs
from assessment.tasks import TASKS
from tests.factories import make_claim, make_photo
from tests.services.scenes import large_photo
from tests.services.steps import stained_wall

pytestmark = [pytest.mark.django_db, pytest.mark.service]

PLACES = 2


@pytest.fixture(autouse=True)
def places(monkeypatch) -> BoundedSemaphore:
    monkeypatch.setattr(calls, "_places", BoundedSemaphore(PLACES))
    return calls._places


@pytest.fixture
def none_free(places) -> None:
    for _ in range(PLACES):
        places.acquire()


def ask(claim, **how) -> None:
    pipeline.query_ask(claim=claim, text="stains", by=None, **how)


def take_turn() -> None:
    TASKS[JobKind.SEGMENT]("", 0.0)


def free(places) -> int:
    """How many places are free; they stay so."""
    taken = 0
    while places.acquire(blocking=False):
        taken += 1
    for _ in range(taken):
        places.release()
    return taken


def test_no_more_calls_are_under_way_than_there_are_places(claim, engine, places):
    large_photo(claim, 2600, 2600, [])
    lock, under_way, most = threading.Lock(), [0], [0]

    def answer() -> None:
        with lock:
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
        time.sleep(0.02)
        with lock:
            under_way[0] -= 1

    engine.before_answer = answer
    ask(claim, detail=Detail.TILES)
    take_turn()

    assert Segmentation.objects.get().status == Outcome.ANSWERED
    assert engine.asked > 2 * PLACES
    assert most == [PLACES]
    assert free(places) == PLACES


@pytest.mark.usefixtures("none_free")
def test_a_question_for_which_no_place_comes_is_put_off_and_keeps_no_money(
    claim, engine, places, monkeypatch
):
    engine.bounds = {"fake-1": Usage(100, 1_000)}
    monkeypatch.setattr(asking, "longest_call", lambda: 0.05)
    make_photo(claim, stained_wall())
    ask(claim)
    take_turn()

    job = Job.objects.get(kind=JobKind.SEGMENT)
    assert (job.status, job.attempts, job.waits) == (JobStatus.QUEUED, 0, 0)
    assert Segmentation.objects.get().status == Outcome.QUEUED
    assert engine.asked == 0
    assert not Earmark.objects.exists()
    assert free(places) == 0


@pytest.mark.usefixtures("none_free")
def test_a_call_that_waited_long_for_its_place_holds_its_key_from_then_on(
    claim, engine, places, monkeypatch
):
    engine.bounds = {"fake-1": Usage(100, 1_000)}
    begun = []
    engine.before_answer = lambda: begun.append(Earmark.objects.get().created_at)
    make_photo(claim, stained_wall())
    ask(claim)

    wait = asking._Asking._wait_for_room

    def grown_old(self, asked):
        asked.mark.created_at = timezone.now() - timedelta(seconds=300)
        asked.mark.save()
        places.release()
        wait(self, asked)

    with monkeypatch.context() as patch:
        patch.setattr(asking._Asking, "_wait_for_room", grown_old)
        take_turn()

    assert timezone.now() - begun[0] < timedelta(seconds=60)


@pytest.mark.usefixtures("none_free")
def test_who_is_told_to_stop_while_it_waits_for_a_place_asks_no_more(claim, engine, places):
    make_photo(claim, stained_wall())
    ask(claim)

    def stop() -> None:
        jobs.stopping.set()
        places.release()

    timer = threading.Timer(0.1, stop)
    timer.start()
    take_turn()
    timer.join()

    assert engine.asked == 0
    assert Segmentation.objects.get().status == Outcome.QUEUED
    assert free(places) == 1
    # Another worker may go on at once.
    assert Job.objects.get(kind=JobKind.SEGMENT).run_after <= timezone.now()


@pytest.mark.parametrize(
    "error",
    [
        EngineUnavailableError("away"),
        EngineRefusedError("refused"),
        GarbledAnswerError("garbled"),
        RuntimeError("a fault of ours"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_call_that_fails_gives_its_place_back(claim, engine, places, error):
    engine.errors = [error]
    make_photo(claim, stained_wall())
    ask(claim)
    take_turn()

    assert engine.asked >= 1
    assert free(places) == PLACES


def test_an_answer_that_is_stored_already_needs_no_place(claim, engine, places):
    make_photo(claim, stained_wall())
    ask(claim)
    take_turn()
    for _ in range(PLACES):
        places.acquire()
    another = make_claim(claim.carrier)
    make_photo(another, stained_wall())
    ask(another)
    take_turn()

    assert engine.asked == 1
    assert Call.objects.exclude(reused_from=None).count() == 1


def test_a_place_is_given_back_when_the_turn_is_interrupted(claim, engine, places, monkeypatch):
    class WorkerKilled(BaseException):
        pass

    def killed(*_: object, **__: object) -> None:
        raise WorkerKilled

    monkeypatch.setattr(asking, "call_store", killed)
    make_photo(claim, stained_wall())
    ask(claim)
    with pytest.raises(WorkerKilled):
        take_turn()

    assert free(places) == PLACES
