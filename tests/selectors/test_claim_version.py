"""Whatever the page of a claim shows changes the name of what it shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.utils import timezone

from assessment import pipeline
from assessment.core.vocabulary import DamageType, JobKind, ReviewStatus
from assessment.engines.base import EngineError, EngineUnavailableError, GarbledAnswerError
from assessment.models import Finding, Job
from assessment.selectors.claim_page import claim_state
from assessment.selectors.claim_version import claim_version
from claims.models import Claim, User
from tests.factories import jpeg
from tests.fakes import FakeEngine
from tests.portal.claim_states import LINE, change, decided, reviewed, with_photos, work

pytestmark = pytest.mark.django_db

Act = Callable[[Claim, User, FakeEngine], object]


def one(claim: Claim) -> Finding:
    return Finding.objects.filter(photo__claim=claim).latest("pk")


def ask(claim: Claim, by: User, *photos: int) -> None:
    chosen = list(claim.photos.filter(number__in=photos))
    pipeline.query_ask(claim=claim, text="dents", by=by, photos=chosen)


def answer(engine: FakeEngine) -> None:
    engine.errors.clear()
    # What was put back because the engine was away is due at once.
    Job.objects.update(run_after=timezone.now())
    work(JobKind.SEGMENT)


def fail(engine: FakeEngine, error: EngineError) -> None:
    engine.errors = [error] * 9
    work(JobKind.SEGMENT)


ACTS: dict[str, Act] = {
    "a photo": lambda claim, by, engine: pipeline.photo_submit(
        claim=claim, data=jpeg(seed=77), name="late.jpg", by=by
    ),
    "a photo prepared": lambda claim, by, engine: work(JobKind.PREPARE),
    "a question": lambda claim, by, engine: ask(claim, by, 1),
    "the same for another photo": lambda claim, by, engine: ask(claim, by, 2),
    "the same for all": lambda claim, by, engine: ask(claim, by),
    "an engine that is away": lambda claim, by, engine: fail(
        engine, EngineUnavailableError("Away.")
    ),
    "an answer": lambda claim, by, engine: answer(engine),
    "a review": lambda claim, by, engine: change(one(claim), by, review=ReviewStatus.REJECTED),
    "another type": lambda claim, by, engine: change(one(claim), by, damage_type=DamageType.BURN),
    "a scale": lambda claim, by, engine: pipeline.scale_give(
        photo=claim.photos.get(number=1), line=replace(LINE, length_m=3.0), by=by
    ),
    "a routing": lambda claim, by, engine: pipeline.work_off(""),
}


def test_every_change_of_what_is_shown_is_another_version(carrier, user, fake_engine):
    claim = with_photos(carrier, user, 2)
    pipeline.work_off("")
    unnoticed = []
    for name, act in ACTS.items():
        version, shown = claim_version(claim), repr(claim_state(claim))
        act(Claim.objects.get(pk=claim.pk), user, fake_engine)
        assert repr(claim_state(claim)) != shown, name
        if claim_version(claim) == version:
            unnoticed.append(name)

    assert unnoticed == []


def test_a_decision_is_another_version(carrier, user, fake_engine):
    before = reviewed(carrier, user, fake_engine)
    versions = {claim_version(before), claim_version(decided(carrier, user, fake_engine))}

    assert len(versions) == 2


def test_what_stays_as_it_is_has_the_version_that_it_had(carrier, user, fake_engine):
    claim = reviewed(carrier, user, fake_engine)

    assert claim_version(claim) == claim_version(Claim.objects.get(pk=claim.pk))


def test_a_question_that_failed_is_another_version(carrier, user, fake_engine):
    claim = with_photos(carrier, user, 1)
    work(JobKind.PREPARE)
    before = claim_version(claim)

    fail(fake_engine, GarbledAnswerError("Garbled."))

    assert claim_version(claim) != before
