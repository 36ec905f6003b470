"""How far the analysis has come."""

from __future__ import annotations

import pytest

from assessment import pipeline
from assessment.core.vocabulary import JobKind, Outcome, Stage
from assessment.models import Docket, Segmentation
from assessment.selectors.claim_progress import Progress, failed_photos_of, progress_of
from assessment.tasks import TASKS
from claims.models import Claim, Photo, PhotoStatus
from tests.factories import jpeg, make_claim

pytestmark = [pytest.mark.django_db, pytest.mark.service]


@pytest.fixture
def claim(carrier, fake_engine) -> Claim:
    """A claim with three photos and a question."""
    claim = make_claim(carrier)
    pipeline.query_ask(claim=claim, text="cracks", by=None)
    for number in range(3):
        pipeline.photo_submit(claim=claim, data=jpeg(seed=number), name=f"{number}.jpg", by=None)
    return claim


def once(kind: JobKind) -> None:
    assert TASKS[kind](seconds=0.0) == 1


def progress(claim: Claim) -> Progress:
    return progress_of([claim.pk])[claim.pk]


def test_photos_are_through_once_they_are_prepared_and_every_question_is_answered(claim):
    seen = [progress(claim)]
    for kind in [JobKind.PREPARE] * 3 + [JobKind.SEGMENT] * 3:
        once(kind)
        seen.append(progress(claim))

    assert [each.done for each in seen] == [0, 0, 0, 0, 1, 2, 3]
    assert {each.photos for each in seen} == {3}


def test_a_claim_at_work_is_at_work_until_it_is_judged(claim):
    for kind in [JobKind.PREPARE] * 3 + [JobKind.SEGMENT] * 3:
        once(kind)
    assert Docket.objects.get(claim=claim).stage == Stage.ANALYSING

    once(JobKind.SETTLE)

    assert Docket.objects.get(claim=claim).stage != Stage.ANALYSING


def test_a_photo_that_can_not_be_used_is_through(claim):
    Photo.objects.filter(claim=claim, number=1).update(
        status=PhotoStatus.REFUSED, refusal="Too small."
    )

    assert progress(claim) == Progress(done=1, photos=3)


def test_a_claim_without_photos_has_no_progress(carrier):
    assert progress_of([make_claim(carrier).pk]) == {}


def test_a_photo_counts_once_however_much_is_asked_of_it(claim):
    pipeline.query_ask(claim=claim, text="stains", by=None)
    for _ in range(3):
        once(JobKind.PREPARE)

    assert progress(claim) == Progress(done=0, photos=3)


def test_photos_that_failed_are_named_whatever_it_was_that_failed(claim):
    for _ in range(3):
        once(JobKind.PREPARE)
    Photo.objects.filter(claim=claim, number=3).update(
        status=PhotoStatus.FAILED, refusal="The disk was full."
    )
    Segmentation.objects.filter(photo__number=1).update(
        status=Outcome.FAILED, reason="Asked five times."
    )

    assert failed_photos_of([claim.pk]) == {claim.pk: (1, 3)}


def test_nothing_is_asked_of_the_database_for_no_claims(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert (progress_of([]), failed_photos_of([])) == ({}, {})
