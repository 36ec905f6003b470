"""What is done from the page of a claim: asking, taking it up, and what a decision locks."""

from __future__ import annotations

import re

import pytest

from assessment import pipeline
from assessment.models import DamageQuery, Docket, Segmentation
from assessment.services.docket import claim_assign
from assessment.services.engines import engines_close
from claims.models import Claim, ClaimStatus, Role
from portal.views.claim import MAY_ASSESS
from tests.factories import make_carrier, make_user
from tests.portal.claim_states import STATES, post, text_of, with_photos

pytestmark = pytest.mark.django_db

FORMS = ("/photos/", "/queries/", "/retry/", "/assign/")


# Looking for something else


def test_a_question_is_put_to_all_photos(carrier, user, fake_engine, member_client):
    claim = with_photos(carrier, user, 2)
    pipeline.work_off("")

    page = post(member_client, claim, "queries", text="  hail dents ")

    assert "Asked: “hail dents”." in page.text
    assert Segmentation.objects.filter(query__text="hail dents").count() == 2


def test_a_question_is_put_to_the_photos_that_were_ticked(
    carrier, user, fake_engine, member_client
):
    claim = with_photos(carrier, user, 3)
    pipeline.work_off("")

    page = post(member_client, claim, "queries", text="dents", photos=[1, 3])

    asked = Segmentation.objects.filter(query__text="dents")
    assert sorted(asked.values_list("photo__number", flat=True)) == [1, 3]
    assert "only on photos 1, 3" in text_of(page)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"text": " "}, "Say in a few words what to look for."),
        ({"text": "x" * 501}, "at most 500 characters"),
        ({"text": "missing shingles"}, "This was looked for already."),
        ({"text": "dents", "photos": [9]}, "A photo you chose is not in this claim."),
    ],
)
def test_a_question_that_cannot_be_put_comes_back_as_it_was(
    carrier, user, fake_engine, member_client, data, sentence
):
    claim = with_photos(carrier, user, 3)
    pipeline.work_off("")

    response = post(member_client, claim, "queries", **{"photos": [2], **data})

    assert response.status_code == 422
    assert sentence in response.text
    assert f'value="{data["text"].strip()}"' in response.text or not data["text"].strip()
    assert DamageQuery.objects.count() == 1
    if "photos" not in data:
        assert re.search(r'value="2" form="ask" checked', response.text)


def test_a_question_that_was_asked_is_put_to_the_photos_ticked_besides(
    carrier, user, fake_engine, member_client
):
    claim = with_photos(carrier, user, 3)
    pipeline.work_off("")
    post(member_client, claim, "queries", text="dents", photos=[1])

    page = post(member_client, claim, "queries", text="Dents", photos=[1, 3])

    assert "Asked: “Dents”." in page.text
    assert "only on photos 1, 3" in text_of(page)
    assert DamageQuery.objects.filter(claim=claim).count() == 2


def test_how_long_it_takes_is_said_only_where_it_is_known(
    carrier, user, fake_engine, member_client, monkeypatch
):
    claim = with_photos(carrier, user, 2)
    pipeline.work_off("")
    assert "That takes about" not in member_client.get(f"/claims/{claim.number}/").text

    monkeypatch.setattr("portal.claim_panels.seconds_per_photo", lambda carrier: 20.0)

    page = member_client.get(f"/claims/{claim.number}/").text
    assert "That takes about 40 seconds for 2 photos" in page


def test_the_examples_are_those_of_the_engine_in_use(
    carrier, user, fake_engine, member_client, settings
):
    claim = with_photos(carrier, user, 2)
    page = f"/claims/{claim.number}/"
    assert "For example: missing shingles" in member_client.get(page).text

    fake_engine.examples = ("cracks in the wall", "blue tarpaulins")
    text = member_client.get(page).text
    assert '<span lang="en">cracks in the wall, blue tarpaulins.</span>' in text
    assert "broken windows" not in text

    settings.EAVES_ENGINES, settings.EAVES_ENGINE = {"gemini": {"model": "x"}}, "gemini"
    engines_close()
    assert "For example: missing shingles" in member_client.get(page).text


# Who works on it


def test_a_claim_is_taken_up_and_put_back(claim, user, member_client):
    post(member_client, claim, "assign", to=user.pk)
    assert Docket.objects.get().assignee == user

    post(member_client, claim, "assign", to="", seen=user.pk)
    assert Docket.objects.get().assignee is None


def test_a_manager_gives_a_claim_to_somebody(carrier, claim, in_role):
    colleague = make_user(carrier)

    post(in_role(Role.MANAGER), claim, "assign", to=colleague.pk)

    assert Docket.objects.get().assignee == colleague


def test_an_adjuster_gives_a_claim_to_nobody_else(carrier, claim, member_client):
    colleague = make_user(carrier)

    assert post(member_client, claim, "assign", to=colleague.pk).status_code == 400
    assert Docket.objects.get().assignee is None


def test_a_claim_that_somebody_else_took_up_meanwhile_stays_theirs(
    carrier, claim, user, member_client
):
    page = member_client.get(f"/claims/{claim.number}/").text
    assert '<input type="hidden" name="seen" id="id_seen">' in page
    quicker = make_user(carrier)
    quicker.name = "Dana Fox"
    quicker.save()
    claim_assign(claim=claim, to=quicker, by=quicker, seen=None)

    response = post(member_client, claim, "assign", to=user.pk, seen="")

    assert response.status_code == 409
    assert "Dana Fox has it now. Nothing was changed." in response.text
    assert f'name="seen" value="{quicker.pk}"' in response.text
    assert Docket.objects.get().assignee == quicker


def test_a_claim_that_was_put_back_meanwhile_is_nobodys(carrier, claim, user, member_client):
    colleague = make_user(carrier)

    response = post(member_client, claim, "assign", to=user.pk, seen=colleague.pk)

    assert response.status_code == 409
    assert "nobody has it now. Nothing was changed." in response.text
    assert Docket.objects.get().assignee is None


@pytest.mark.parametrize("role", [Role.AUDITOR, None])
def test_a_claim_is_given_only_to_those_who_may_work_on_it(carrier, claim, in_role, role):
    other = make_user(carrier, role) if role else make_user(make_carrier())

    assert post(in_role(Role.MANAGER), claim, "assign", to=other.pk).status_code == 400


def test_what_stays_as_it_is_leaves_no_trace(claim, user, member_client):
    post(member_client, claim, "assign", to=user.pk)
    post(member_client, claim, "assign", to=user.pk)

    assert claim.history.filter(action="claim.assigned").count() == 1


def test_every_role_that_assesses_can_be_given_claims():
    assert set(MAY_ASSESS) == {Role.ADJUSTER, Role.MANAGER, Role.ADMINISTRATOR}


# Where nothing may be changed


@pytest.mark.parametrize(
    ("part", "data"), [("queries", {"text": "dents"}), ("retry", {}), ("assign", {"to": ""})]
)
def test_a_decided_claim_is_not_changed(claim, member_client, part, data):
    Claim.objects.update(status=ClaimStatus.DECIDED)

    response = post(member_client, claim, part, **data)

    assert response.status_code == 409
    assert "This claim is decided and can only be read. Nothing was changed." in response.text
    assert not DamageQuery.objects.exists()


def test_a_decided_claim_shows_no_form_that_would_change_it(
    carrier, user, fake_engine, member_client
):
    claim = STATES["decided"](carrier, user, fake_engine)

    page = member_client.get(f"/claims/{claim.number}/").text

    assert [part for part in FORMS if f'action="/claims/{claim.number}{part}"' in page] == []


def test_an_auditor_reads_and_finds_no_form_that_changes_anything(
    carrier, user, fake_engine, in_role
):
    claim = STATES["partly_failed"](carrier, user, fake_engine)
    client = in_role(Role.AUDITOR)

    page = client.get(f"/claims/{claim.number}/").text

    assert [part for part in FORMS if f'action="/claims/{claim.number}{part}"' in page] == []
    for part in ("queries", "retry", "assign"):
        assert post(client, claim, part, text="x").status_code == 403
