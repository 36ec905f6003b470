"""Many questions at once by the threads of a worker, while the service behind has its troubles."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from itertools import cycle, islice
from threading import BoundedSemaphore

import pytest
from django.db import connection

from assessment import pipeline
from assessment.core.vocabulary import OPEN_OUTCOMES, JobKind, Outcome
from assessment.engines import pace
from assessment.models import Segmentation
from assessment.services import calls
from assessment.tasks import TASKS
from claims.models import Claim
from standin.server import Received, Standin
from standin.steps import Act, Step
from tests.factories import jpeg, make_carrier, make_claim
from tests.services.steps import stained_wall

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.service,
    pytest.mark.usefixtures("log_can_be_emptied"),
]

QUESTIONS = 40
THREADS = 8
SECONDS = 2.0
PER_WINDOW = 20
PATIENCE_SECONDS = 180
ANSWER = json.dumps(
    [
        {
            "box_2d": [100, 100, 300, 300],
            "label": "stain",
            "mask": [[100, 100], [300, 100], [300, 300]],
        },
        {
            "box_2d": [500, 500, 700, 700],
            "label": "stain",
            "mask": [[500, 500], [700, 500], [700, 700]],
        },
    ]
)
FAULTS = (
    Step(Act.QUOTA, retry_after=1),
    Step(Act.OVERLOADED),
    Step(Act.RESET),
    Step(Act.CUT_BODY),
    Step(Act.GARBLED),
    Step(Act.CUT),
    Step(Act.SAFETY),
)
UNPAID = {Act.QUOTA, Act.OVERLOADED, Act.RESET, Act.CUT_BODY}


class Noting(Standin):
    """Notes when it was asked what, and whether that was answered in full."""

    def __init__(self) -> None:
        each_fifth = (
            step for fault in cycle(FAULTS) for step in (Step(), Step(), fault, Step(), Step())
        )
        super().__init__(list(islice(each_fifth, 20 * QUESTIONS)), answer=ANSWER)
        self.came: list[float] = []
        self.paid: Counter[str] = Counter()

    def next_step(self, received: Received) -> Step:
        step = super().next_step(received)
        self.came.append(time.monotonic())
        if step.do not in UNPAID:
            self.paid[json.dumps(received.body, sort_keys=True)] += 1
        return step


@pytest.fixture
def standin(settings, monkeypatch) -> Iterator[Noting]:
    """The engine asks this one, so many times within a window of two seconds, and fewer at once
    than there are threads."""
    monkeypatch.setattr(calls, "_places", BoundedSemaphore(THREADS - 2))
    monkeypatch.setattr(pace, "WINDOW_SECONDS", SECONDS + pace.MARGIN_SECONDS)
    with Noting() as standin:
        gemini = {"model": "gemini-3.8-flash", "api_key": "k", "base_url": standin.url}
        limited = {**gemini, "requests_per_minute": PER_WINDOW}
        settings.EAVES_ENGINES = {**settings.EAVES_ENGINES, "gemini": limited}
        settings.EAVES_ENGINE = "gemini"
        yield standin


def asked_about(count: int) -> Claim:
    claim = make_claim(make_carrier())
    for seed in range(count):
        data = jpeg(seed=seed) if seed else stained_wall()
        pipeline.photo_submit(claim=claim, data=data, name=f"{seed}.jpg", by=None)
    TASKS[JobKind.PREPARE](seconds=PATIENCE_SECONDS)
    pipeline.query_ask(claim=claim, text="stains", by=None)
    return claim


def worked_off_by_threads() -> None:
    """Until every question has an outcome; each thread has a connection of its own."""
    end = time.monotonic() + PATIENCE_SECONDS

    def work() -> None:
        try:
            while time.monotonic() < end and open_questions():
                TASKS[JobKind.SEGMENT]()
                time.sleep(0.05)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, daemon=True) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)


def open_questions() -> bool:
    return Segmentation.objects.filter(status__in=OPEN_OUTCOMES).exists()


def test_each_has_an_outcome_none_is_paid_twice_and_the_pace_is_kept(standin):
    claim = asked_about(QUESTIONS)

    worked_off_by_threads()

    outcomes = Counter(Segmentation.objects.values_list("status", flat=True))
    assert outcomes.total() == QUESTIONS
    assert set(outcomes) <= {Outcome.ANSWERED, Outcome.UNANSWERED}
    # Whoever is refused sees it; nobody else is left without an answer.
    assert outcomes[Outcome.UNANSWERED] < QUESTIONS / 4
    assert not claim.photos.filter(segmentations__status__in=OPEN_OUTCOMES).exists()
    assert set(standin.paid.values()) == {1}
    came = sorted(standin.came)
    fullest = max(sum(at - SECONDS < other <= at for other in came) for at in came)
    assert fullest <= PER_WINDOW < len(came)
