from __future__ import annotations

import pytest
from django.apps import apps
from django.urls import reverse

from assessment import pipeline
from assessment.core.vocabulary import DecisionKind, ReviewStatus
from assessment.models import Earmark, Report
from assessment.selectors.claims import findings_of
from assessment.services.decisions import claim_decide
from assessment.services.review import Change
from claims.models import Claim, User
from claims.models.tenancy import CarrierOwned
from claims.services import note_add
from tests.factories import jpeg, make_carrier, make_claim, make_user
from tests.pipeline.steps import assessed_claim

pytestmark = [pytest.mark.django_db, pytest.mark.service]

OWNED = [model for model in apps.get_models() if issubclass(model, CarrierOwned)]


@pytest.fixture
def two_carriers(fake_engine):
    """Two carriers, each with one claim that has every kind of record."""
    return [reviewed_claim(make_carrier(), seed).carrier for seed in (1, 2)]


def reviewed_claim(carrier, seed: int) -> Claim:
    """A claim that people worked on: a finding accepted, a note, money set aside, a decision."""
    claim = assessed_claim(carrier, jpeg(seed=seed))
    by = make_user(carrier)
    finding = findings_of(claim).get()
    accepted = Change(review=ReviewStatus.ACCEPTED)
    pipeline.finding_change(finding=finding, change=accepted, seen=1, by=by, op=None)
    note_add(claim=claim, text="The roof was replaced in 2019.", by=by)
    Earmark.objects.create(carrier=carrier, claim=claim, usd=1, created_at=claim.opened_at)
    claim_decide(claim=claim, kind=DecisionKind.APPROVE, note="", by=by)
    return claim


@pytest.mark.parametrize("model", OWNED, ids=lambda model: model.__name__)
def test_a_carrier_reaches_its_own_rows_and_no_others(two_carriers, model):
    ours, theirs = two_carriers
    mine = set(model.objects.of(ours))

    assert mine
    assert mine.isdisjoint(model.objects.of(theirs))
    assert model.objects.of(ours).count() + model.objects.of(theirs).count() == (
        model.objects.count()
    )


@pytest.mark.parametrize("model", OWNED, ids=lambda model: model.__name__)
def test_the_admin_shows_a_person_only_rows_of_their_carrier(two_carriers, client, model):
    ours, theirs = two_carriers
    client.force_login(_staff(ours))
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"

    listed = client.get(reverse(f"{name}_changelist"))
    strangers = model.objects.of(theirs).first()
    opened = client.get(reverse(f"{name}_change", args=[strangers.pk]))

    assert set(listed.context["cl"].result_list) == set(model.objects.of(ours))
    assert opened.status_code == 302  # the admin's "doesn't exist", never the row


def test_another_carriers_report_is_not_there(two_carriers, client):
    ours, theirs = two_carriers
    client.force_login(_staff(ours))
    report = Claim.objects.of(theirs).get().reports.get()
    own = Claim.objects.of(ours).get().reports.get()

    assert client.get(reverse("admin:report_pdf", args=[report.pk])).status_code == 404
    assert client.get(reverse("admin:report_pdf", args=[own.pk])).content[:5] == b"%PDF-"


def test_a_damaged_report_is_said_to_be_damaged(two_carriers, client):
    ours, _ = two_carriers
    client.force_login(_staff(ours))
    report = Claim.objects.of(ours).get().reports.get()
    Report.objects.filter(pk=report.pk).update(file=f"reports/none/{'0' * 64}.pdf")

    page = client.get(reverse("admin:report_pdf", args=[report.pk]), follow=True)

    assert page.status_code == 200
    assert "is missing or was changed, so it is not handed out" in page.text


def test_nothing_is_shown_to_somebody_who_belongs_to_no_carrier(two_carriers, client):
    stranger = User.objects.create_user("x@example.com", "a long password", is_staff=True)
    client.force_login(stranger)

    assert client.get(reverse("admin:claims_claim_changelist")).status_code == 403


def test_the_same_claim_number_may_stand_at_two_carriers(db):
    for _ in range(2):
        make_claim(make_carrier(), number="SAME-1")

    assert Claim.objects.filter(number="SAME-1").count() == 2


def _staff(carrier) -> User:
    user = make_user(carrier)
    user.is_staff = True
    user.save()
    return user
