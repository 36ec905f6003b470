from __future__ import annotations

import pytest
from django.apps import apps
from django.urls import reverse

from claims.models import Claim, User
from claims.models.tenancy import CarrierOwned
from tests.factories import jpeg, make_carrier, make_claim, make_user
from tests.pipeline.steps import assessed_claim

pytestmark = [pytest.mark.django_db, pytest.mark.service]

OWNED = [model for model in apps.get_models() if issubclass(model, CarrierOwned)]


@pytest.fixture
def two_carriers(fake_engine):
    """Two carriers, each with one claim that has every kind of record."""
    return [assessed_claim(make_carrier(), jpeg(seed=seed)).carrier for seed in (1, 2)]


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
