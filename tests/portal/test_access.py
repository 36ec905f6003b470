"""Roles, and the carrier that a person works for."""

from __future__ import annotations

import pytest
from django.urls import reverse

from claims.models import Carrier, Membership, Role, User
from portal.access import PERMISSIONS, Member, Permission
from tests.factories import make_carrier
from tests.selectors.standing import claim_at

QUEUE = "/claims/"
JSON = {"accept": "application/json"}
SEE, ASSESS, DECIDE = Permission.SEE, Permission.ASSESS, Permission.DECIDE


@pytest.fixture
def with_decide(settings) -> None:
    settings.ROOT_URLCONF = "tests.portal.specimen_urls"


@pytest.mark.parametrize(
    ("role", "permissions"),
    [
        (Role.AUDITOR, {SEE, Permission.AUDIT}),
        (Role.ADJUSTER, {SEE, ASSESS, DECIDE}),
        (Role.MANAGER, {SEE, ASSESS, DECIDE, Permission.REOPEN, Permission.MANAGE}),
        (Role.ADMINISTRATOR, set(Permission)),
    ],
)
def test_each_role_may_do_its_part_and_no_more(role, permissions):
    member = Member(user=User(), carrier=Carrier(), role=role, carriers=())

    assert {each for each in Permission if member.may(each)} == permissions


def test_no_role_was_forgotten():
    assert set(PERMISSIONS) == set(Role)


def test_a_role_that_may_not_gets_a_sentence(with_decide, in_role, carrier):
    response = in_role(Role.AUDITOR).post("/decide/")

    assert response.status_code == 403
    assert f"Your role at {carrier.name}, auditor, doesn" in response.text
    assert "Ask a manager" in response.text


def test_a_program_gets_the_sentence_as_json(with_decide, in_role):
    response = in_role(Role.AUDITOR).post("/decide/", headers=JSON)

    assert response.status_code == 403
    assert "Ask a manager" in response.json()["refused"]


def test_a_role_that_may_passes(with_decide, in_role):
    assert in_role(Role.MANAGER).post("/decide/").text == "manager"


def test_somebody_of_no_carrier_is_told_whom_to_ask(client, db):
    client.force_login(User.objects.create_user("x@example.com", "a long password", name="X"))

    response = client.get(QUEUE)

    assert response.status_code == 403
    assert "belong to a carrier yet" in response.text


def test_a_page_asked_for_before_signing_in_is_where_one_comes_out(client, db):
    response = client.get(f"{QUEUE}?q=oak")

    assert response.headers["Location"] == f"{reverse('portal:sign_in')}?next=/claims/%3Fq%3Doak"


def test_a_form_sent_while_signed_out_is_not_what_one_comes_back_to(with_decide, client, db):
    assert client.post("/decide/").headers["Location"] == reverse("portal:sign_in")


@pytest.mark.parametrize("verb", ["get", "post"])
def test_a_part_of_a_page_that_asks_while_signed_out_has_the_whole_page_loaded_anew(
    with_decide, client, db, verb
):
    address = QUEUE if verb == "get" else "/decide/"

    response = getattr(client, verb)(address, headers={"HX-Request": "true"})

    assert response.headers["HX-Refresh"] == "true"
    assert response.content == b""


def test_what_a_member_sees_is_kept_in_no_cache(member_client):
    assert "no-store" in member_client.get(QUEUE).headers["Cache-Control"]


@pytest.fixture
def of_two(carrier, user):
    """The second carrier, by name, of a person who works for two."""
    other = make_carrier("zz-mutual")
    Membership.objects.create(user=user, carrier=other, role=Role.MANAGER)
    claim_at(carrier, number="OURS-1")
    claim_at(other, number="ZZ-1")
    return other


def test_a_person_of_two_carriers_sees_one_at_a_time(of_two, member_client):
    page = member_client.get(QUEUE).text

    assert "OURS-1" in page
    assert "ZZ-1" not in page


def test_the_carrier_is_switched_in_the_header(of_two, member_client):
    response = member_client.post("/carrier/", {"carrier": of_two.slug}, follow=True)

    assert "ZZ-1" in response.text
    assert "OURS-1" not in response.text


def test_a_carrier_that_is_not_ones_own_cannot_be_chosen(member_client):
    other = make_carrier()

    assert member_client.post("/carrier/", {"carrier": other.slug}).status_code == 404


def test_who_has_left_the_chosen_carrier_falls_back_to_another(of_two, member_client, user):
    member_client.post("/carrier/", {"carrier": of_two.slug})
    Membership.objects.filter(user=user, carrier=of_two).delete()

    assert "OURS-1" in member_client.get(QUEUE).text


def test_the_switch_is_only_there_for_those_who_need_it(member_client):
    assert 'action="/carrier/"' not in member_client.get(QUEUE).text
