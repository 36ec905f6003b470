"""Deciding a claim, being asked about what is undone, and opening it again."""

from __future__ import annotations

import pytest

from assessment import pipeline
from assessment.core.vocabulary import DecisionKind, ReviewStatus
from assessment.models import Decision
from assessment.selectors.claims import findings_of
from assessment.selectors.decisions import Undone
from assessment.services.decisions import claim_decide
from assessment.services.review import Change
from claims.models import Claim, ClaimStatus, Role, User
from portal.undone import undone_ahead, undone_behind
from tests.factories import jpeg, make_claim, make_user
from tests.pipeline.steps import assessed_claim

pytestmark = [pytest.mark.django_db, pytest.mark.service]


def address(claim: Claim, place: str = "decision") -> str:
    return f"/claims/{claim.number}/{place}/"


def page_of(claim: Claim) -> str:
    return f"/claims/{claim.number}/"


def status_of(claim: Claim) -> str:
    return str(Claim.objects.get(pk=claim.pk).status)


@pytest.fixture
def proposed(carrier, fake_engine) -> Claim:
    """A claim with one finding that nobody has reviewed."""
    return assessed_claim(carrier, jpeg())


@pytest.fixture
def decided(claim: Claim, user: User) -> Claim:
    claim_decide(claim=claim, kind=DecisionKind.SPECIALIST, note="The ridge sags.", by=user)
    return claim


def test_a_decision_stands_in_the_claim_with_who_and_why(member_client, claim, user):
    answer = member_client.post(address(claim), {"kind": "approve", "note": "As the photos show."})

    assert answer.status_code == 302
    assert answer.url == f"{page_of(claim)}#decision"
    decision = Decision.objects.get(claim=claim)
    assert (decision.kind, decision.note, decision.by) == (
        DecisionKind.APPROVE,
        "As the photos show.",
        user,
    )
    assert status_of(claim) == ClaimStatus.DECIDED


def test_what_is_undone_is_asked_about_before_anything_is_decided(member_client, proposed):
    answer = member_client.post(address(proposed), {"kind": "approve", "note": "Clear <b>case</b>"})

    assert answer.status_code == 422
    assert "1 finding is not reviewed. It will not be counted." in answer.text
    assert f'href="/claims/{proposed.number}/photos/1/"' in answer.text
    assert 'name="note" value="Clear &lt;b&gt;case&lt;/b&gt;"' in answer.text
    assert status_of(proposed) == ClaimStatus.OPEN


def test_who_was_told_may_decide_all_the_same(member_client, proposed):
    answer = member_client.post(
        address(proposed), {"kind": "approve", "unreviewed": "1", "open_questions": "0"}
    )

    assert answer.status_code == 302
    assert Decision.objects.get(claim=proposed).unreviewed == 1
    assert "1 finding was not reviewed. It is not counted." in (
        member_client.get(page_of(proposed)).text
    )


def test_more_than_a_person_was_told_of_is_asked_about_again(member_client, proposed):
    answer = member_client.post(
        address(proposed), {"kind": "approve", "unreviewed": "0", "open_questions": "0"}
    )

    assert answer.status_code == 422
    assert 'name="unreviewed" value="1"' in answer.text


def test_open_questions_leave_nothing_to_review_but_to_wait(member_client, claim):
    pipeline.photo_submit(claim=claim, data=jpeg(), name="a.jpg", by=None)

    answer = member_client.post(address(claim), {"kind": "approve"})

    assert "1 question has no answer. It will not be counted." in answer.text
    assert "Wait for the answers" in answer.text


def test_photos_are_asked_for_only_with_words(member_client, claim):
    answer = member_client.post(address(claim), {"kind": "more_photos", "note": "  "})

    assert answer.status_code == 422
    assert "Write which photos are missing" in answer.text
    assert 'href="#decision_note"' in answer.text
    assert status_of(claim) == ClaimStatus.OPEN


def test_a_claim_that_waits_for_photos_says_for_which_and_can_still_be_decided(
    member_client, claim
):
    member_client.post(address(claim), {"kind": "more_photos", "note": "The rear slope."})

    page = member_client.get(page_of(claim)).text
    assert "The rear slope." in page
    assert "Save decision" in page


@pytest.mark.parametrize("kind", ["", "deny"])
def test_only_a_decision_of_the_list_is_taken(member_client, claim, kind):
    answer = member_client.post(address(claim), {"kind": kind, "note": "My words"})

    assert answer.status_code == 422
    assert 'href="#decision_kind"' in answer.text
    assert "My words" in answer.text
    assert not Decision.objects.exists()


def test_a_claim_that_somebody_decided_meanwhile_keeps_that_decision(member_client, decided):
    answer = member_client.post(address(decided), {"kind": "approve", "note": "All fine."})

    assert answer.status_code == 409
    assert "Ana Ruiz decided it meanwhile: Send to a specialist." in answer.text
    assert "All fine." in answer.text
    assert Decision.objects.get(claim=decided).kind == DecisionKind.SPECIALIST


def test_a_decided_claim_says_who_decided_what_and_takes_no_other(member_client, decided):
    page = member_client.get(page_of(decided)).text

    assert "Send to a specialist." in page
    assert "Decided by Ana Ruiz, " in page
    assert "The ridge sags." in page
    assert "A manager can open it again." in page
    assert "Save decision" not in page
    assert "Reopen claim" not in page


def test_a_manager_opens_a_claim_again_with_a_reason(in_role, decided):
    manager = in_role(Role.MANAGER)
    assert "Reopen claim" in manager.get(page_of(decided)).text

    answer = manager.post(address(decided, "reopen"), {"reason": "New photos came by mail."})

    assert answer.url == f"{page_of(decided)}#decision"
    assert status_of(decided) == ClaimStatus.OPEN
    assert Decision.objects.get(claim=decided).reopened_because == "New photos came by mail."
    assert "Save decision" in manager.get(page_of(decided)).text


def test_without_a_reason_a_claim_stays_decided(in_role, decided):
    answer = in_role(Role.MANAGER).post(address(decided, "reopen"), {"reason": " "})

    assert answer.status_code == 422
    assert 'href="#reopen_reason"' in answer.text
    assert status_of(decided) == ClaimStatus.DECIDED


@pytest.mark.parametrize(
    ("role", "place"),
    [(Role.ADJUSTER, "reopen"), (Role.AUDITOR, "decision"), (Role.AUDITOR, "reopen")],
)
def test_a_role_that_may_not_is_turned_away(in_role, decided, role, place):
    said = {"reason": "I want to.", "kind": "approve"}

    assert in_role(role).post(address(decided, place), said).status_code == 403
    assert Decision.objects.count() == 1
    assert status_of(decided) == ClaimStatus.DECIDED


def test_an_auditor_is_shown_no_form(in_role, claim):
    page = in_role(Role.AUDITOR).get(page_of(claim)).text

    assert "Not decided yet." in page
    assert "Save decision" not in page
    assert "Add note" not in page


def test_a_reviewed_claim_is_decided_without_a_question(member_client, proposed, carrier):
    finding = findings_of(proposed).get()
    change = Change(review=ReviewStatus.ACCEPTED)
    by = make_user(carrier)
    pipeline.finding_change(finding=finding, change=change, seen=1, by=by, op=None)
    pipeline.work_off("")

    assert member_client.post(address(proposed), {"kind": "approve"}).status_code == 302


@pytest.mark.parametrize(
    ("undone", "sentence"),
    [
        (
            Undone(9, 2),
            "9 findings are not reviewed and 2 questions have no answer. They will not be counted.",
        ),
        (Undone(0, 2), "2 questions have no answer. They will not be counted."),
    ],
)
def test_the_sentence_counts_only_what_is_undone(undone, sentence):
    assert undone_ahead(undone) == sentence


def test_findings_count_while_photos_are_awaited(carrier, user):
    decision = Decision(
        claim=make_claim(carrier), kind=DecisionKind.MORE_PHOTOS, unreviewed=3, open_questions=0
    )

    assert undone_behind(decision) == ""
