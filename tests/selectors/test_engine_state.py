"""Whether questions wait for an engine that can't be reached, and whether answers drift."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from assessment import pipeline
from assessment.core.vocabulary import JobKind, JobStatus
from assessment.engines.base import EngineBusyError, EngineUnavailableError
from assessment.models import Job, Segmentation
from assessment.selectors.engine_state import (
    LATELY,
    MOST_KINDS,
    Drifted,
    engine_away,
    engines_drift,
)
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


OTHER_MODEL = "fake-1 was asked, and fake-2 answered."


@pytest.fixture
def answered(asked) -> list[Segmentation]:
    """Two questions that were answered as they were asked."""
    pipeline.work_off("")
    return list(Segmentation.objects.order_by("pk"))


def drifted(segmentation: Segmentation, ways: str, served: str = "fake-2") -> None:
    Segmentation.objects.filter(pk=segmentation.pk).update(drift=ways, model_served=served)


def test_answers_as_asked_are_counted_and_none_has_drifted(carrier, answered):
    drift = engines_drift(carrier=carrier)
    assert (drift.answered, drift.drifted, drift.since, drift.kinds) == (2, 0, None, ())


def test_drifted_answers_are_counted_with_the_models_and_since_when(carrier, answered):
    drifted(answered[1], OTHER_MODEL)

    drift = engines_drift(carrier=carrier)

    assert (drift.answered, drift.drifted) == (2, 1)
    assert drift.since == answered[1].asked_at
    assert drift.kinds == (Drifted("fake-1", "fake-2", OTHER_MODEL, 1),)


def test_the_most_frequent_drift_is_told_first_and_not_every_one(carrier, answered):
    drifted(answered[0], "Way 3.")
    again = answered[1]
    for number in range(MOST_KINDS + 1):
        again.pk, again.prompt_version = None, f"p{number}"
        again.save()
        drifted(again, f"Way {number}.")

    kinds = engines_drift(carrier=carrier).kinds
    assert len(kinds) == MOST_KINDS
    assert (kinds[0].ways, kinds[0].questions) == ("Way 3.", 2)


def test_what_drifted_long_ago_is_told_no_more(carrier, answered):
    drifted(answered[0], OTHER_MODEL)
    long_ago = timezone.now() - LATELY - timedelta(minutes=1)
    Segmentation.objects.filter(pk=answered[0].pk).update(asked_at=long_ago)

    drift = engines_drift(carrier=carrier)
    assert (drift.answered, drift.drifted) == (1, 0)


def test_drift_is_told_to_the_carrier_whose_questions_they_were(answered):
    drifted(answered[0], OTHER_MODEL)

    assert engines_drift(carrier=make_carrier()).answered == 0
    assert engines_drift().drifted == 1
