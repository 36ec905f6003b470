"""Whether questions wait because the engine can't be reached."""

from __future__ import annotations

import pytest
from django.utils import timezone

from assessment import pipeline
from assessment.core.vocabulary import JobKind, JobStatus
from assessment.engines.base import EngineBusyError, EngineUnavailableError
from assessment.models import Job
from assessment.selectors.engine_state import engine_away
from assessment.tasks import TASKS
from tests.factories import jpeg, make_carrier, make_claim

pytestmark = [pytest.mark.django_db, pytest.mark.service]


@pytest.fixture
def asked(carrier, fake_engine) -> None:
    """Two photos are prepared, and a question waits for its turn on each."""
    claim = make_claim(carrier)
    pipeline.query_ask(claim=claim, text="cracks", by=None)
    for number in range(2):
        pipeline.photo_submit(claim=claim, data=jpeg(seed=number), name=f"{number}.jpg", by=None)
    TASKS[JobKind.PREPARE]()


def ask_in_vain(engine) -> None:
    engine.errors = [EngineUnavailableError("The engine can't be reached.")]
    assert TASKS[JobKind.SEGMENT](seconds=0.0) == 1


def test_a_question_that_waits_for_its_turn_is_no_trouble(carrier, asked):
    assert engine_away(carrier) is None


def test_a_question_that_was_put_in_vain_waits_for_the_engine(carrier, asked, fake_engine):
    ask_in_vain(fake_engine)

    away = engine_away(carrier)

    first = Job.objects.get(kind=JobKind.SEGMENT, waits=1)
    assert away is not None
    assert (away.questions, away.since) == (1, first.created_at)
    assert away.reason == "The engine can't be reached."


def test_a_question_that_is_put_off_until_its_turn_is_no_trouble(carrier, asked, fake_engine):
    fake_engine.errors = [EngineBusyError("Later.", retry_after=60)]
    assert TASKS[JobKind.SEGMENT](seconds=0.0) == 1

    assert engine_away(carrier) is None


def test_questions_are_counted_from_the_first(carrier, asked, fake_engine):
    ask_in_vain(fake_engine)
    ask_in_vain(fake_engine)

    away = engine_away(carrier)

    assert away is not None
    jobs = Job.objects.filter(kind=JobKind.SEGMENT)
    assert (away.questions, away.since) == (2, min(job.created_at for job in jobs))


def test_the_trouble_is_over_once_the_question_is_answered(carrier, asked, fake_engine):
    ask_in_vain(fake_engine)
    Job.objects.update(run_after=timezone.now())
    pipeline.work_off("")

    assert Job.objects.filter(kind=JobKind.SEGMENT, status=JobStatus.DONE).count() == 2
    assert engine_away(carrier) is None


def test_another_carriers_trouble_is_not_ones_own(asked, fake_engine):
    ask_in_vain(fake_engine)

    assert engine_away(make_carrier()) is None
