"""The list of claims."""

from __future__ import annotations

import pytest

from assessment.core.vocabulary import Lane
from assessment.models import Triage
from assessment.selectors import claim_list
from assessment.selectors.claim_list import REASONS_SHOWN, claims_newest
from claims.models import Claim
from tests.factories import jpeg, make_carrier, make_claim
from tests.pipeline.steps import assessed_claim

pytestmark = [pytest.mark.django_db, pytest.mark.service]

QUEUE = "/claims/"
# Session, person, memberships, claims.
QUERIES = 4


def judge(claim: Claim, lane: Lane, *sentences: str, number: int = 1) -> None:
    reasons = [{"rule": "r", "sentence": sentence} for sentence in sentences]
    Triage.objects.create(
        claim=claim, number=number, lane=lane, reasons=reasons, facts={}, rules_version="1"
    )


def numbers(page: claim_list.ClaimPage) -> list[str]:
    return [claim.number for claim in page.claims]


def test_the_newest_claim_comes_first(carrier):
    for number in ("A", "B", "C"):
        make_claim(carrier, number=number)

    assert numbers(claims_newest(carrier)) == ["C", "B", "A"]


def test_another_carriers_claims_are_not_listed(carrier):
    make_claim(make_carrier(), number="THEIRS")

    assert numbers(claims_newest(carrier)) == []


def test_a_claim_stands_where_it_was_sent_last(carrier):
    claim = make_claim(carrier)
    judge(claim, Lane.DESK, "Too blurred.")
    judge(claim, Lane.SPECIALIST, "The ridge sags.", number=2)

    (row,) = claims_newest(carrier).claims

    assert row.lane is Lane.SPECIALIST
    assert row.reasons == ("The ridge sags.",)


def test_only_the_first_reasons_are_shown(carrier):
    judge(make_claim(carrier), Lane.DESK, *"abcdef")

    (row,) = claims_newest(carrier).claims

    assert row.reasons == tuple("abcdef"[:REASONS_SHOWN])


def test_photos_are_counted(carrier, fake_engine):
    assessed_claim(carrier, jpeg(seed=1), jpeg(seed=2))

    assert claims_newest(carrier).claims[0].photos == 2


@pytest.mark.parametrize("together", [False, True], ids=["apart", "opened at the same moment"])
def test_the_pages_hold_every_claim_once(carrier, monkeypatch, together):
    monkeypatch.setattr(claim_list, "PAGE_SIZE", 3)
    for number in range(8):
        make_claim(carrier, number=f"P-{number}")
    if together:
        Claim.objects.update(opened_at=Claim.objects.latest("opened_at").opened_at)
    seen, page = [], claims_newest(carrier)
    seen += numbers(page)
    while page.next:
        page = claims_newest(carrier, after=Claim.objects.get(number=page.next))
        seen += numbers(page)

    assert seen == [f"P-{number}" for number in reversed(range(8))]


def test_the_last_page_leads_nowhere(carrier, monkeypatch):
    monkeypatch.setattr(claim_list, "PAGE_SIZE", 3)
    for _ in range(3):
        make_claim(carrier)

    assert claims_newest(carrier).next == ""


@pytest.mark.parametrize("words", ["hx-9", "ALVAREZ", "cedar ln", "88-204"])
def test_the_search_looks_at_number_insured_address_and_policy(carrier, words):
    make_claim(carrier)
    make_claim(
        carrier,
        number="HX-9",
        insured="M. Alvarez",
        address="118 Cedar Ln",
        policy_number="HO-3 88-204417",
    )

    assert numbers(claims_newest(carrier, words=words)) == ["HX-9"]


def test_the_percent_sign_is_searched_for_and_matches_nothing_else(carrier):
    make_claim(carrier)

    assert numbers(claims_newest(carrier, words="%")) == []


@pytest.mark.parametrize("count", [3, 30])
def test_more_claims_take_no_more_queries(carrier, member_client, django_assert_num_queries, count):
    for _ in range(count):
        judge(make_claim(carrier), Lane.DESK, "Why.")

    with django_assert_num_queries(QUERIES):
        page = member_client.get(QUEUE)

    assert page.text.count("<tr data-row") == count


def test_the_older_claims_are_a_link_away_and_the_search_goes_along(
    carrier, member_client, monkeypatch
):
    monkeypatch.setattr(claim_list, "PAGE_SIZE", 1)
    for number in ("OAK-1", "OAK-2", "OAK-3"):
        make_claim(carrier, number=number)

    page = member_client.get(QUEUE, {"q": "oak"}).text
    older = member_client.get(QUEUE, {"q": "oak", "after": "OAK-3"}).text

    assert 'href="?q=oak&amp;after=OAK-3"' in page
    assert "OAK-2" in older
    assert 'href="?q=oak"' in older


def test_another_carriers_claim_is_no_place_to_go_on_from(member_client):
    theirs = make_claim(make_carrier())

    assert member_client.get(QUEUE, {"after": theirs.number}).status_code == 404


def test_an_address_that_no_database_can_read_is_refused(member_client):
    assert member_client.get(QUEUE, {"q": "a\0b"}).status_code == 400


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        (QUEUE, "No claims yet."),
        (f"{QUEUE}?q=oak", "No claim matches."),
    ],
)
def test_an_empty_list_says_why(member_client, address, sentence):
    assert sentence in member_client.get(address).text


def test_the_end_of_the_list_says_so(carrier, member_client):
    claim = make_claim(carrier)

    assert "There are no older claims." in member_client.get(QUEUE, {"after": claim.number}).text


def test_a_name_cannot_smuggle_markup_into_the_list(carrier, member_client):
    make_claim(carrier, insured="<script>alert(1)</script>")

    assert "<script>alert" not in member_client.get(QUEUE).text


@pytest.mark.parametrize("lane", Lane)
def test_every_lane_has_a_word(carrier, member_client, lane):
    judge(make_claim(carrier), lane, "Why.")

    assert '<span class="tag ' in member_client.get(QUEUE).text


def test_a_claim_that_waits_for_its_photos_is_not_called_analysing(carrier, member_client):
    make_claim(carrier)

    page = member_client.get(QUEUE).text
    assert "No photos yet" in page
    assert "Analysing" not in page
