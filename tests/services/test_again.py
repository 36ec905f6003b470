"""Asking again on purpose."""

from __future__ import annotations

import json

import pytest

from assessment import pipeline
from assessment.core.vocabulary import DecisionKind, Outcome, ReviewStatus
from assessment.models import Call, DamageQuery, Finding, Segmentation
from assessment.selectors.asked import asked_in
from assessment.selectors.claims import segmentations_of
from assessment.selectors.sightings import answers_on, findings_in
from assessment.services.again import NeverAskedError, StillAskedError
from assessment.services.decisions import claim_decide
from claims.models import AuditEntry
from claims.services import ClaimDecidedError
from tests.factories import make_claim, make_photo, make_user
from tests.fakes import square
from tests.services.steps import changed, stage_of

pytestmark = [pytest.mark.django_db, pytest.mark.service]


@pytest.fixture
def question(photo) -> DamageQuery:
    """What the photo was asked."""
    return DamageQuery.objects.get(segmentations__photo=photo)


@pytest.fixture
def again(claim, question, user):
    """Ask again, of these photos or of all, and wait for the answers."""

    def ask(*photos) -> int:
        count = pipeline.question_ask_again(claim=claim, query=question, photos=photos, by=user)
        pipeline.work_off("")
        return count

    return ask


def asked() -> Segmentation:
    return Segmentation.objects.get()


def test_the_engine_is_asked_anew_and_the_first_answer_is_kept(again, engine):
    assert again() == 1

    assert engine.asked == 2
    assert (asked().round, asked().status, asked().calls_made) == (2, Outcome.ANSWERED, 1)
    assert list(Call.objects.order_by("round").values_list("round", flat=True)) == [1, 2]


def test_what_is_seen_again_gains_a_sighting(again, seen):
    again()

    assert Finding.objects.get() == seen
    assert list(seen.sightings.order_by("round").values_list("round", flat=True)) == [1, 2]


def test_what_is_not_seen_again_stays_for_a_person(again, engine, seen, photo):
    engine.detections = (square(left=200),)
    again()

    assert Finding.objects.filter(review=ReviewStatus.PROPOSED).count() == 2
    assert seen not in findings_in(asked())
    (told,) = asked_in(segmentations_of(photo.claim), answers_on([photo]))
    assert (told.found, told.known) == (1, 0)


def test_a_review_stays_when_the_thing_is_seen_again(again, seen, user):
    changed(seen, user, review=ReviewStatus.ACCEPTED)
    again()

    seen.refresh_from_db()
    assert seen.review == ReviewStatus.ACCEPTED


def test_what_stood_with_the_earlier_answer_is_not_told_of_the_new_one(again, engine, claim):
    engine.lost = ("A mask was lost.",)
    again()
    assert asked().lost == ["A mask was lost."]

    engine.lost = ()
    again()
    assert (asked().lost, asked().round) == ([], 3)


def test_the_claim_is_analysed_and_routed_anew(claim, question, user):
    pipeline.question_ask_again(claim=claim, query=question, by=user)

    assert stage_of(claim) == "analysing"
    pipeline.work_off("")
    assert stage_of(claim) != "analysing"


def test_who_asked_again_is_in_the_log(again, user):
    again()

    entry = AuditEntry.objects.get(action="query.asked_again")
    assert entry.actor == user.email
    assert json.loads(entry.data) == {"text": "cracks 0", "photos": "all"}


def test_only_the_chosen_photos_are_asked_again(again, claim, photo, engine):
    make_photo(claim)
    again(photo)

    assert engine.asked == 3
    rounds = Segmentation.objects.order_by("photo__number").values_list("round", flat=True)
    assert list(rounds) == [2, 1]
    entry = AuditEntry.objects.get(action="query.asked_again")
    assert json.loads(entry.data)["photos"] == [1]


def test_it_is_the_engine_and_the_wording_of_today(again, engine):
    engine.prompt_version = "fake-prompt-2"
    again()

    assert asked().prompt_version == "fake-prompt-2"


def test_it_is_put_as_often_as_the_installation_says_at_least(again, engine, settings):
    settings.EAVES_RUNS = 3
    again()

    assert (asked().runs, engine.asked) == (3, 4)


def test_what_is_being_asked_is_not_asked_again(claim, question, user, engine):
    pipeline.question_ask_again(claim=claim, query=question, by=user)

    with pytest.raises(StillAskedError):
        pipeline.question_ask_again(claim=claim, query=question, by=user)
    pipeline.work_off("")
    assert engine.asked == 2


def test_what_was_never_asked_is_not_asked_again(claim, photo, user, question):
    other = make_claim(claim.carrier)

    with pytest.raises(NeverAskedError):
        pipeline.question_ask_again(claim=other, query=question, by=user)


def test_a_decided_claim_is_not_asked_again(claim, photo, question, seen, user):
    changed(seen, user, review=ReviewStatus.ACCEPTED)
    claim_decide(claim=claim, kind=DecisionKind.APPROVE, note="", by=make_user(claim.carrier))

    with pytest.raises(ClaimDecidedError):
        pipeline.question_ask_again(claim=claim, query=question, by=user)
    assert asked().round == 1
