"""Made-up claims, to try the queue at size."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from assessment.core.vocabulary import Stage
from assessment.management import made_up
from assessment.management.commands import seed_claims
from assessment.models import Docket
from claims.models import AuditEntry, Carrier, Claim, ClaimStatus, Photo
from tests.factories import make_claim, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.service]

COUNT = 500


def seed(slug: str, count: int = COUNT, **options: object) -> None:
    call_command("seed_claims", carrier=slug, count=count, **options)


def told(claim: Claim) -> tuple[str, ...]:
    return claim.number, claim.insured, claim.address, claim.peril, claim.docket.stage


def test_every_claim_has_a_place_in_the_queue_and_nothing_else(capsys):
    seed("try")

    carrier = Carrier.objects.get(slug="try")
    assert Claim.objects.of(carrier).count() == Docket.objects.of(carrier).count() == COUNT
    assert not Photo.objects.exists()
    assert not AuditEntry.objects.exists()
    assert "500 made-up claims added to Try." in capsys.readouterr().out


def test_the_claims_stand_all_over_the_queue():
    seed("try")

    assert set(Docket.objects.values_list("stage", flat=True)) == set(Stage)
    decided = Docket.objects.filter(stage=Stage.DECIDED)
    assert decided.filter(claim__status=ClaimStatus.DECIDED).count() == decided.count()


def test_a_search_finds_them():
    seed("try", 1)

    docket = Docket.objects.get()
    assert docket.words.startswith("TRY-000001 ")
    assert docket.claim.insured.upper() in docket.words


def test_some_are_taken_up_by_the_carriers_people(carrier):
    user = make_user(carrier)

    seed(carrier.slug)

    taken = Docket.objects.filter(assignee=user).count()
    assert 0 < taken < COUNT / 4


def test_more_are_added_to_those_that_are_there(monkeypatch):
    monkeypatch.setattr(seed_claims, "BATCH", 2)
    seed("try", 3)
    seed("try", 2)

    numbers = sorted(Claim.objects.values_list("number", flat=True))
    assert numbers == [f"{made_up.NUMBERED}{number:06d}" for number in range(1, 6)]


def test_they_are_the_same_every_time():
    seed("one", 20)
    seed("other", 20)

    def claims_of(slug: str) -> list[tuple[str, ...]]:
        claims = Claim.objects.filter(carrier__slug=slug).select_related("docket")
        return [told(claim) for claim in claims.order_by("number")]

    assert claims_of("one") == claims_of("other")


def test_a_carrier_with_real_claims_gets_none_unless_one_insists(carrier):
    make_claim(carrier)

    with pytest.raises(CommandError, match=r"has real claims.*Nothing was added"):
        seed(carrier.slug)
    assert Claim.objects.count() == 1

    seed(carrier.slug, 2, yes=True)
    assert Claim.objects.count() == 3


@pytest.mark.parametrize("count", [0, -1])
def test_a_count_that_is_none_is_refused(count):
    with pytest.raises(CommandError, match="--count"):
        seed("try", count)

    assert not Carrier.objects.exists()
