from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client

from assessment.core.vocabulary import DamageType
from assessment.models import Finding, FindingRevision
from claims.models import Role
from tests.factories import make_finding
from tests.portal.desk import BOW_TIE, Desk, decide, op, refused, square

pytestmark = pytest.mark.django_db


@pytest.fixture
def drawn(desk, user) -> Finding:
    return make_finding(desk.photo, by=user)


def test_a_finding_is_accepted_and_rejected_with_a_reason(desk):
    accepted = desk.change(review="accepted")
    rejected = desk.change(2, review="rejected", reason="old_damage")

    assert (accepted.status_code, rejected.status_code) == (200, 200)
    assert accepted.json()["finding"]["reviewer"] == "Ana Ruiz"
    finding = rejected.json()["finding"]
    assert (finding["review"], finding["reason"]) == ("rejected", "old_damage")
    assert (finding["revision"], rejected["ETag"]) == (3, '"3"')


def test_an_empty_reason_is_none(desk):
    assert desk.change(review="rejected", reason="").json()["finding"]["reason"] == ""


def test_a_review_is_taken_back(desk):
    desk.change(review="accepted")
    finding = desk.change(2, review="proposed").json()["finding"]

    assert (finding["review"], finding["reviewer"]) == ("proposed", "")


def test_a_finding_gets_another_type(desk):
    desk.change(damage_type="stain")

    assert desk.finding().damage_type == DamageType.STAIN


def test_a_corrected_outline_keeps_the_one_that_the_engine_drew(desk):
    first = desk.whole()["polygon"]

    finding = desk.change(polygon=square(side=40)).json()["finding"]

    assert (finding["edited"], finding["area_px"]) == (True, 1600.0)
    assert finding["original"] == first
    assert desk.whole()["original"] == first


def test_the_outline_of_the_engine_comes_back_exactly_as_it_was(desk, fake_engine):
    before = desk.finding()
    desk.change(polygon=square(side=40))

    finding = desk.change(2, original=True).json()["finding"]

    now = desk.finding()
    assert (finding["edited"], finding["original"]) == (False, None)
    assert bytes(now.polygon) == bytes(before.polygon)
    assert (now.boundary_px, now.area_px) == (before.boundary_px, before.area_px)


def test_what_a_person_drew_is_taken_back_and_brought_back(desk, drawn):
    gone = desk.change(number=2, removed=True).json()["finding"]
    back = desk.change(2, number=2, removed=False).json()["finding"]

    assert (gone["removed"], back["removed"]) == (True, False)


def test_what_the_engine_found_stays_on_record(desk):
    assert "Reject it instead" in refused(desk.change(removed=True), 422)
    assert desk.finding().revision == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"review": "perhaps"},
        {"review": "accepted", "reason": "duplicate"},
        {"polygon": BOW_TIE},
        {"polygon": square(), "original": True},
        {"original": False},
        {"removed": "yes"},
        {"revision": 7},
    ],
)
def test_a_change_that_makes_no_sense_is_refused(desk, body):
    assert refused(desk.change(**body), 422)
    assert desk.finding().revision == 1


def test_a_change_sent_twice_is_made_once(desk):
    name = op()

    first = desk.change(op=name, review="accepted")
    second = desk.change(op=name, review="accepted")

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()
    assert FindingRevision.objects.filter(finding=desk.finding()).count() == 2


def test_a_change_sent_again_after_another_tells_how_things_stand_now(desk):
    name = op()
    desk.change(op=name, review="accepted")
    desk.change(2, damage_type="stain")

    again = desk.change(op=name, review="accepted")

    assert again.status_code == 200
    assert again.json()["finding"]["revision"] == 3


def test_whoever_comes_second_is_shown_what_the_first_did(desk, colleague):
    colleague.change(polygon=square(side=40))
    at = desk.finding().changed_at - timedelta(minutes=2, seconds=10)
    FindingRevision.objects.filter(number=2).update(at=at)

    answer = desk.change(review="rejected")

    assert answer.status_code == 412
    told = answer.json()
    assert told["conflict"] == "Dana Fox changed this finding 2\xa0minutes ago."
    assert told["finding"] == desk.read()["findings"][0]
    assert told["finding"]["review"] == "proposed"


def test_a_change_of_this_minute_was_made_a_moment_ago(desk, colleague):
    colleague.change(review="accepted")

    told = desk.change(review="rejected").json()

    assert told["conflict"] == "Dana Fox changed this finding a moment ago."


def test_a_conflict_with_oneself_comes_from_another_tab(desk):
    desk.change(review="accepted")

    told = desk.change(review="rejected").json()

    sentence = "This finding was changed by you in another tab a moment ago."
    assert told["conflict"] == sentence


def test_the_newest_revision_says_who_changed_a_finding_and_the_review_who_reviewed_it(
    desk, colleague
):
    reviewed = desk.change(review="accepted").json()["finding"]
    finding = colleague.change(2, damage_type="stain").json()["finding"]

    assert (reviewed["reviewer"], reviewed["changed_by"]) == ("Ana Ruiz", "Ana Ruiz")
    assert (finding["reviewer"], finding["changed_by"]) == ("Ana Ruiz", "Dana Fox")
    assert finding["reviewed_at"] == reviewed["reviewed_at"] < finding["changed_at"]
    assert desk.read()["findings"] == [finding]


def test_a_revision_that_never_was_is_a_conflict_with_nobody(desk):
    told = desk.change(9, review="rejected")

    assert told.status_code == 412
    assert told.json()["conflict"] == "This finding has changed since you saw it."


@pytest.mark.parametrize("header", [None, "1", "*", 'W/"1"', '"1", "2"', '"one"', '"12345678901"'])
def test_a_change_must_say_which_revision_was_seen(desk, header):
    headers = {} if header is None else {"if-match": header}
    body = json.dumps({"op": op(), "review": "accepted"})

    answer = desk.client.patch(
        desk.url("finding", finding=1), body, "application/json", headers=headers
    )

    assert "doesn't say what you saw" in refused(answer, 428)
    assert desk.finding().revision == 1


def test_a_decided_claim_takes_no_change(desk, user):
    decide(desk, user)

    assert "decided" in refused(desk.change(review="accepted"), 409)
    assert "decided" in refused(desk.draw(), 409)


def test_a_lost_answer_is_repeated_even_if_the_claim_was_decided_meanwhile(desk, user):
    name = op()
    desk.change(op=name, review="accepted")
    decide(desk, user)

    assert desk.change(op=name, review="accepted").status_code == 200


def test_an_auditor_changes_nothing(desk, in_role):
    auditor = Desk(in_role(Role.AUDITOR), desk.photo)

    answer = auditor.change(review="accepted")
    assert "auditor" in refused(answer, 403)
    assert "signed_out" not in answer.json()
    assert "auditor" in refused(auditor.draw(), 403)
    assert auditor.client.post(auditor.url("finding_review", finding=1)).status_code == 403


def test_who_is_signed_out_is_told_so(desk):
    signed_out = Desk(Client(), desk.photo)

    answer = signed_out.change(review="accepted")
    assert "signed out" in refused(answer, 403)
    assert answer.json()["signed_out"]


@pytest.mark.parametrize("number", [2, 10**30])
def test_a_finding_that_is_not_there_is_not_found(desk, number):
    assert desk.change(number=number, review="accepted").status_code == 404
