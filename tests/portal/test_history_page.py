"""The pages of a history: all of it, quickly, and nothing that was smuggled in."""

from __future__ import annotations

import pytest
from django.utils import timezone

from assessment.selectors import claim_history as selector
from assessment.selectors.claim_history import claim_history
from claims.models import Role
from claims.services import claim_log, note_add

pytestmark = [pytest.mark.django_db, pytest.mark.service]


def test_a_moment_is_told_in_words(claim, member_client):
    page = member_client.get(f"/claims/{claim.number}/history/").text

    assert "UTC</time>" in page
    assert f'datetime="{timezone.localdate()}T' in page


@pytest.mark.parametrize("count", [2, 30])
def test_a_longer_history_takes_no_more_queries(claim, user, django_assert_num_queries, count):
    for number in range(count):
        note_add(claim=claim, text=f"Note {number}", by=user)
        claim_log(claim, user, "photo.failed", {"reason": "r"}, part=f"photo {number}")

    with django_assert_num_queries(3):
        claim_history(claim)


def test_the_pages_hold_every_act_once(claim, user):
    for number in range(7):
        claim_log(claim, user, f"claim.step{number}", {})
    seen: list[str] = []
    before: int | None = None
    while before != 0:
        page = claim_history(claim, before=before, size=3)
        seen += [act.action for act in page.acts]
        before = page.older or 0

    assert seen == [f"claim.step{number}" for number in reversed(range(7))] + ["claim.opened"]


def test_the_older_acts_are_a_link_away(claim, user, in_role):
    for number in range(selector.PAGE_SIZE):
        claim_log(claim, user, f"claim.step{number}", {})
    auditor = in_role(Role.AUDITOR)

    page = auditor.get(f"/claims/{claim.number}/history/")
    older = auditor.get(f"/claims/{claim.number}/history/?before={page.context['older']}")

    assert page.text.count("</li>") == selector.PAGE_SIZE
    assert f'href="?before={page.context["older"]}"' in page.text
    assert "opened the claim" in older.text
    assert 'rel="next"' not in older.text


@pytest.mark.parametrize("before", ["x", "0", "1e9"])
def test_an_address_that_names_no_place_is_refused(claim, member_client, before):
    address = f"/claims/{claim.number}/history/"

    assert member_client.get(address, {"before": before}).status_code == 400


def test_words_cannot_smuggle_markup_into_the_history(claim, user, member_client):
    said = {"text": "<script>alert(1)</script>", "photos": "all"}
    claim_log(claim, user, "query.asked", said)

    assert "<script>alert" not in member_client.get(f"/claims/{claim.number}/history/").text
