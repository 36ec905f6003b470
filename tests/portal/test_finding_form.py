from __future__ import annotations

import pytest
from django.contrib.messages import get_messages

from tests.portal.desk import decide

pytestmark = pytest.mark.django_db


def review(desk, **fields) -> str:
    """Send the plain form; the message on the page that follows, empty if there is none."""
    whole = {"review": "accepted", "reason": "", "revision": 1, **fields}
    answer = desk.client.post(desk.url("finding_review", finding=1), whole)
    told = " ".join(str(message) for message in get_messages(answer.wsgi_request))
    place = "" if told else "#finding-1"
    assert (answer.status_code, answer.url) == (302, f"{desk.url('photo')}{place}")
    return told


def test_a_plain_form_accepts_a_finding(desk):
    assert review(desk) == ""
    assert desk.finding().review == "accepted"


def test_a_plain_form_rejects_a_finding_with_a_reason(desk):
    assert review(desk, review="rejected", reason="duplicate") == ""
    assert (desk.finding().review, desk.finding().reason) == ("rejected", "duplicate")


def test_a_reason_that_is_still_chosen_does_not_keep_one_from_accepting(desk):
    assert review(desk, reason="duplicate") == ""
    assert (desk.finding().review, desk.finding().reason) == ("accepted", "")


def test_a_plain_form_that_comes_second_says_who_was_first(desk, colleague):
    colleague.change(review="rejected")

    assert review(desk).startswith("Dana Fox changed this finding a moment ago. Your choice was")
    assert desk.finding().review == "rejected"


def test_a_button_pressed_twice_is_no_conflict(desk):
    review(desk)

    assert review(desk) == ""
    assert desk.finding().revision == 2


def test_a_plain_form_for_a_decided_claim_says_so(desk, user):
    decide(desk, user)

    assert "decided" in review(desk)


@pytest.mark.parametrize("field", ["review", "reason", "revision"])
def test_a_plain_form_that_is_not_understood_changes_nothing(desk, field):
    assert "Nothing was changed" in review(desk, **{field: "ghosts"})
    assert desk.finding().revision == 1
