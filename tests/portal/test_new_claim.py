"""Opening a claim."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from assessment import pipeline
from assessment.models import Docket
from claims.models import Claim, Peril, Role
from tests.factories import make_carrier, make_claim

pytestmark = pytest.mark.django_db

ADDRESS = "/new-claim/"
FACTS = {
    "number": "HX-1",
    "policy_number": "HO-3 88",
    "insured": "M. Alvarez",
    "address": "118 Cedar Ln",
    "loss_date": "2026-05-14",
    "peril": "hail",
    "currency": "usd",
    "limit": "250000",
    "deductible": "1250.50",
}


def test_a_claim_is_opened_with_its_facts_and_shown(carrier, user, member_client):
    response = member_client.post(ADDRESS, FACTS)

    claim = Claim.objects.get()
    assert response.url == reverse("portal:claim", args=["HX-1"])
    assert (claim.carrier, claim.opened_by) == (carrier, user)
    assert (claim.peril, claim.loss_date) == (Peril.HAIL, date(2026, 5, 14))
    assert (claim.currency, claim.limit, claim.deductible) == (
        "USD",
        Decimal(250000),
        Decimal("1250.50"),
    )
    assert Docket.objects.filter(claim=claim).exists()


def test_what_is_not_known_may_stay_empty(member_client):
    member_client.post(ADDRESS, {"number": "HX-1", "peril": "wind", "currency": "USD"})

    claim = Claim.objects.get()
    assert (claim.loss_date, claim.limit, claim.policy_number) == (None, None, "")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("number", "", "Enter the claim number."),
        ("number", "a/b", "can&#x27;t be one or two dots"),
        ("peril", "", "Choose what caused the loss."),
        ("currency", "dollars", "at most 3 characters"),
        ("currency", "U$D", "Enter the currency as three letters"),
        ("loss_date", "May", "Enter the date of loss as a date."),
        ("limit", "-1", "Enter an amount of zero or more."),
        ("limit", "much", "Enter an amount as a number"),
        ("deductible", "1.234", "at most two decimal places"),
    ],
)
def test_a_fault_is_said_above_and_at_its_field_and_what_was_typed_is_kept(
    member_client, field, value, sentence
):
    response = member_client.post(ADDRESS, {**FACTS, field: value})

    assert response.status_code == 422
    assert response.text.count(sentence) == 2
    assert f'href="#id_{field}"' in response.text
    assert "M. Alvarez" in response.text
    assert not Claim.objects.exists()


def test_a_deductible_above_the_limit_is_a_slip(member_client):
    response = member_client.post(ADDRESS, {**FACTS, "limit": "1000", "deductible": "2500"})

    assert response.status_code == 422
    assert "The deductible is above the limit of the policy." in response.text


def test_a_loss_in_the_future_is_a_slip(member_client):
    day = timezone.localdate() + timedelta(days=2)

    response = member_client.post(ADDRESS, {**FACTS, "loss_date": day.isoformat()})

    assert "lies in the future" in response.text


def test_a_number_that_is_taken_leads_to_its_claim(carrier, member_client):
    make_claim(carrier, number="HX-1")

    response = member_client.post(ADDRESS, FACTS)

    assert response.status_code == 422
    assert "There is a claim with this number already." in response.text
    assert 'href="/claims/HX-1/"' in response.text
    assert Claim.objects.count() == 1


def test_a_number_that_another_carrier_took_is_free(carrier, member_client):
    make_claim(make_carrier(), number="HX-1")

    member_client.post(ADDRESS, FACTS)

    assert Claim.objects.of(carrier).count() == 1


def test_a_number_that_is_taken_at_the_same_moment_is_told_alike(
    carrier, member_client, monkeypatch
):
    start = pipeline.claim_start

    def overtaken(**facts):
        # The factory opens claims through the pipeline, too.
        monkeypatch.setattr(pipeline, "claim_start", start)
        make_claim(carrier, number="HX-1")
        return start(**facts)

    monkeypatch.setattr(pipeline, "claim_start", overtaken)

    response = member_client.post(ADDRESS, FACTS)

    assert response.status_code == 422
    assert "There is a claim with this number already." in response.text


def test_an_auditor_opens_no_claim(in_role):
    client = in_role(Role.AUDITOR)

    assert client.get(ADDRESS).status_code == 403
    assert client.post(ADDRESS, FACTS).status_code == 403
    assert not Claim.objects.exists()
