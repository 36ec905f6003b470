"""Asking again from a claim's page, and what asking cost."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from assessment import pipeline
from assessment.models import Call, DamageQuery, Segmentation
from assessment.selectors.costs import Spent
from assessment.services.again import NeverAskedError
from claims.models import Claim, ClaimStatus, Role
from portal.cost_words import price_of_again, spent_told, usd_told
from tests.factories import make_claim, make_photo
from tests.portal.claim_states import text_of, with_photos

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(carrier, user, fake_engine) -> Claim:
    """A claim with two photos that were looked at, at a price."""
    claim = with_photos(carrier, user, 2)
    pipeline.work_off("")
    Call.objects.update(cost_usd=Decimal("0.0123"))
    return claim


def address(claim: Claim) -> str:
    query = DamageQuery.objects.get(claim=claim)
    return reverse("portal:ask_again", args=[claim.number, query.pk])


def page_of(client: Client, claim: Claim) -> str:
    return client.get(reverse("portal:claim", args=[claim.number])).text


def test_the_page_of_a_claim_says_what_asking_cost_and_links_to_asking_again(member_client, asked):
    page = page_of(member_client, asked)

    assert "Asked 2 times, for 0.02 USD." in page
    assert address(asked) in page


def test_what_asking_again_costs_is_named_before(member_client, asked, fake_engine):
    page = text_of(member_client.get(address(asked)))

    assert "Ask again for “missing shingles”?" in page
    assert "looks at 2 photos anew. It is paid for again: the last answers cost 0.02 USD." in page
    assert f"The engine “{settings.EAVES_ENGINE}” looks" in page
    assert fake_engine.asked == 2


@pytest.mark.parametrize("changed", [{"engine": "local-before"}, {"runs": 2}])
def test_no_price_is_named_where_the_last_answers_came_in_another_way(
    member_client, asked, changed
):
    Call.objects.update(cost_usd=0)
    assert "It costs nothing." in member_client.get(address(asked)).text
    Segmentation.objects.filter(photo__number=1).update(**changed)

    page = member_client.get(address(asked)).text

    assert "Nobody knows yet what it costs." in page
    assert "It costs nothing." not in page


def test_what_no_photo_was_asked_is_not_said_to_be_under_way(member_client, asked, monkeypatch):
    def never(**_: object) -> int:
        raise NeverAskedError

    monkeypatch.setattr(pipeline, "question_ask_again", never)

    page = member_client.post(address(asked), follow=True)

    assert "No photo was asked this yet" in page.text
    assert "This is being asked already" not in page.text


def test_once_it_is_confirmed_it_is_asked_again(member_client, asked, fake_engine):
    page = member_client.post(address(asked), follow=True)

    assert "Asked again on 2 photos: “missing shingles”." in page.text
    assert "had all photos looked through anew for “missing shingles”" in page.text
    assert address(asked) not in page.text
    pipeline.work_off("")
    assert fake_engine.asked == 4
    assert set(Segmentation.objects.values_list("round", flat=True)) == {2}


def test_what_is_being_asked_is_not_asked_once_more(member_client, asked, fake_engine):
    member_client.post(address(asked))
    page = member_client.post(address(asked), follow=True)

    assert "This is being asked already" in page.text
    pipeline.work_off("")
    assert fake_engine.asked == 4


def test_a_decided_claim_is_not_asked_again(member_client, asked):
    Claim.objects.filter(pk=asked.pk).update(status=ClaimStatus.DECIDED)

    assert member_client.get(address(asked)).status_code == 409
    assert member_client.post(address(asked)).status_code == 409
    assert address(asked) not in page_of(member_client, asked)


def test_who_may_only_look_can_not_ask_again(in_role, asked):
    client = in_role(Role.AUDITOR)

    assert client.post(address(asked)).status_code == 403
    assert address(asked) not in page_of(client, asked)


def test_a_question_of_another_claim_is_not_found(member_client, asked, carrier):
    other = make_claim(carrier)
    make_photo(other)
    query = DamageQuery.objects.get(claim=asked)

    response = member_client.post(reverse("portal:ask_again", args=[other.number, query.pk]))
    assert response.status_code == 404


@pytest.mark.parametrize(
    ("spent", "told"),
    [
        (Spent(), ""),
        (Spent(asked=3), ""),
        (Spent(1, usd=Decimal("0.5")), "Asked 1 time, for 0.50 USD."),
        (
            Spent(1200, 2, Decimal("1234.567"), 1),
            "Asked 1200 times, for 1,234.57 USD. The price of 1 answer is not known, and not in "
            "it. 2 answers were stored already and cost nothing.",
        ),
    ],
)
def test_what_was_spent_is_told_where_there_was_anything_to_pay(spent, told):
    assert spent_told(spent) == told


@pytest.mark.parametrize(
    ("last", "told"),
    [
        (None, "Nobody knows yet"),
        (Spent(2), "It costs nothing."),
        (Spent(2, usd=Decimal("0.001")), "the last answers cost less than 0.01 USD."),
        (Spent(2, usd=Decimal("0.5"), unknown=1), "What it costs is not known"),
    ],
)
def test_asking_again_costs_what_the_last_answers_did(last, told):
    assert told in price_of_again(last)


def test_money_is_told_in_the_reader_s_own_spelling():
    with override("es"):
        assert usd_told(Decimal("0.5")) == "0,50 USD"
