"""Correcting the details of a claim."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from assessment import pipeline
from assessment.models import DamageQuery, Docket, Segmentation, Triage
from assessment.selectors.claim_history import claim_history
from claims.models import AuditEntry, Claim, ClaimStatus, Peril, Role
from portal.history import line_of
from tests.factories import make_claim, make_photo
from tests.portal.claim_states import FACTS

pytestmark = pytest.mark.django_db

SHOWN = {
    "policy_number": "HO-3 88-204417",
    "insured": "M. Alvarez",
    "address": "118 Cedar Ln, Plano TX 75074",
    "loss_date": "2026-05-14",
    "peril": "hail",
    "limit": "",
    "deductible": "",
}


@pytest.fixture
def claim(carrier, fake_engine) -> Claim:
    return make_claim(carrier, **FACTS)


def correct(client, claim: Claim, **changed: str):
    """As a person does who opened the page with SHOWN and changed some of it."""
    shown = {f"initial-{name}": value for name, value in SHOWN.items()}
    address = f"/claims/{claim.number}/details/"
    return client.post(address, {**shown, **SHOWN, **changed}, follow=True)


def logged(claim: Claim) -> list[dict[str, dict[str, str]]]:
    entries = AuditEntry.objects.filter(claim=claim, action="claim.corrected").order_by("sequence")
    return [json.loads(entry.data)["details"] for entry in entries]


def test_the_form_shows_what_is_known_and_sends_along_what_it_showed(claim, member_client):
    page = member_client.get(f"/claims/{claim.number}/details/").text

    for name in ("insured", "loss_date", "policy_number"):
        assert f'name="{name}" value="{SHOWN[name]}"' in page
        assert f'name="initial-{name}" value="{SHOWN[name]}"' in page
    assert (
        f'href="/claims/{claim.number}/details/"'
        in member_client.get(f"/claims/{claim.number}/").text
    )


def test_what_was_corrected_is_kept_found_and_logged_with_what_stood_there(claim, member_client):
    page = correct(member_client, claim, insured="R. Alvarez", limit="250000", loss_date="")

    claim.refresh_from_db()
    assert "The details were corrected." in page.text
    assert (claim.insured, claim.limit, claim.loss_date) == ("R. Alvarez", Decimal(250000), None)
    assert "R. ALVAREZ" in Docket.objects.get(claim=claim).words
    assert logged(claim) == [
        {
            "insured": {"from": "M. Alvarez", "to": "R. Alvarez"},
            "limit": {"from": "", "to": "250000"},
            "loss_date": {"from": "2026-05-14", "to": ""},
        }
    ]


def test_the_history_tells_what_became_of_what(claim, user):
    pipeline.claim_correct(
        claim=claim,
        details={"peril": Peril.WIND, "limit": Decimal(250000), "loss_date": None},
        by=user,
    )

    assert line_of(claim_history(claim).acts[0]).sentence == (
        "Ana Ruiz corrected the details: Date of loss from “May 14, 2026” to nothing; "
        "What caused the loss from “Hail” to “Wind”; "
        "Limit of the policy from nothing to “250,000.00”."
    )


def test_what_stays_as_it_is_leaves_no_trace(claim, member_client):
    assert "nothing was changed" in correct(member_client, claim).text
    assert logged(claim) == []


def test_what_somebody_else_corrected_meanwhile_is_not_put_back(claim, user, member_client):
    pipeline.claim_correct(claim=claim, details={"address": "12 Oak St"}, by=user)

    correct(member_client, claim, insured="R. Alvarez")

    claim.refresh_from_db()
    assert (claim.address, claim.insured) == ("12 Oak St", "R. Alvarez")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"limit": "1000", "deductible": "1000.01"}, "The deductible is above the limit"),
        ({"peril": ""}, "Choose what caused the loss."),
        ({"loss_date": "2999-01-01"}, "lies in the future"),
    ],
)
def test_a_fault_is_said_and_nothing_is_changed(claim, member_client, changed, sentence):
    response = correct(member_client, claim, insured="R. Alvarez", **changed)

    assert response.status_code == 422
    assert sentence in response.text
    assert "R. Alvarez" in response.text
    assert logged(claim) == []


def test_a_deductible_as_high_as_the_limit_is_none_of_ours_to_question(claim, member_client):
    correct(member_client, claim, limit="1000", deductible="1000")

    assert sorted(logged(claim)[0]) == ["deductible", "limit"]


def test_another_cause_has_the_claim_judged_anew(claim, member_client):
    make_photo(claim)
    before = Triage.objects.filter(claim=claim).count()

    correct(member_client, claim, peril="fire")
    pipeline.work_off("")

    newest = Triage.objects.filter(claim=claim).latest("number")
    assert newest.number == before + 1
    assert newest.lane == "specialist"


def test_what_no_rule_looks_at_has_nothing_judged_anew(claim, member_client):
    make_photo(claim)
    before = Triage.objects.filter(claim=claim).count()

    correct(member_client, claim, insured="R. Alvarez")
    pipeline.work_off("")

    assert Triage.objects.filter(claim=claim).count() == before


def test_the_standing_questions_of_another_cause_are_put_to_the_photos(
    carrier, claim, member_client
):
    DamageQuery.objects.create(carrier=carrier, text="hail dents", peril="hail")
    DamageQuery.objects.create(carrier=carrier, text="torn shingles", peril="wind")
    make_photo(claim)

    correct(member_client, claim, peril="wind")

    asked = Segmentation.objects.order_by("pk").values_list("query__text", flat=True)
    assert list(asked) == ["hail dents", "torn shingles"]


def test_a_decided_claim_is_not_corrected(claim, member_client):
    Claim.objects.update(status=ClaimStatus.DECIDED)

    opened = member_client.get(f"/claims/{claim.number}/details/")
    sent = correct(member_client, claim, insured="R. Alvarez")

    assert opened.status_code == sent.status_code == 409
    assert "is decided" in sent.text
    assert logged(claim) == []


def test_an_auditor_corrects_nothing(claim, in_role):
    client = in_role(Role.AUDITOR)

    assert correct(client, claim, insured="R. Alvarez").status_code == 403
    assert "/details/" not in client.get(f"/claims/{claim.number}/").text
