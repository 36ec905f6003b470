"""The part of the page of a claim that is polled."""

from __future__ import annotations

import pytest

from assessment import pipeline
from claims.models import Role
from tests.portal.claim_states import STATES

pytestmark = pytest.mark.django_db

TWO = ("en", "es")


def test_the_page_asks_again_only_while_something_is_at_work(
    carrier, user, fake_engine, member_client
):
    at_work = STATES["analysing"](carrier, user, fake_engine)
    address = f"/claims/{at_work.number}/state/"
    assert "poll from:body" in member_client.get(address).text

    pipeline.work_off("")

    done = member_client.get(address).text
    assert "poll from:body" not in done
    assert "photos-changed from:body" in done
    assert "Why a person is needed" in done


def test_what_has_not_changed_is_not_sent_again(carrier, user, fake_engine, member_client):
    claim = STATES["analysing"](carrier, user, fake_engine)
    address = f"/claims/{claim.number}/state/"
    first = member_client.get(address)

    again = member_client.get(address, headers={"if-none-match": first["ETag"]})
    pipeline.work_off("")
    changed = member_client.get(address, headers={"if-none-match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200
    assert first["Cache-Control"] == "private, no-cache"


def test_what_has_not_changed_is_not_worked_out(
    carrier, user, fake_engine, member_client, monkeypatch
):
    claim = STATES["reviewed"](carrier, user, fake_engine)
    address = f"/claims/{claim.number}/state/"
    first = member_client.get(address)
    monkeypatch.setattr("portal.views.claim.claim_state", lambda claim: 1 / 0)

    again = member_client.get(address, headers={"if-none-match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert (again["ETag"], again["Cache-Control"]) == (first["ETag"], "private, no-cache")


def test_another_reader_or_language_is_told_anew(claim, member_client, in_role):
    address = f"/claims/{claim.number}/state/"
    tags = [member_client.get(address, headers={"accept-language": each})["ETag"] for each in TWO]
    tags.append(in_role(Role.AUDITOR).get(address)["ETag"])

    assert len(set(tags)) == 3


def test_what_a_person_types_and_sends_is_not_swapped(carrier, user, fake_engine, member_client):
    claim = STATES["unscaled"](carrier, user, fake_engine)

    fragment = member_client.get(f"/claims/{claim.number}/state/").text

    assert "<form" not in fragment
    assert "<photo-upload" not in fragment
    assert "csrfmiddlewaretoken" not in fragment
