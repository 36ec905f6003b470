"""Which claims a list holds, in which order, page by page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from assessment.core.vocabulary import Lane, Stage
from assessment.models import Docket
from assessment.selectors import claim_list
from assessment.selectors.claim_list import (
    COUNTED,
    STAGE_OF_TAB,
    ClaimPage,
    Place,
    Tab,
    Wanted,
    claim_counts,
    claims_page,
    gone_fast,
)
from claims.models import Claim, Peril
from tests.factories import make_carrier, make_claim, make_user
from tests.selectors.standing import claim_at

pytestmark = [pytest.mark.django_db, pytest.mark.service]


@pytest.fixture
def listed(carrier, user):
    """The numbers of the claims on the first page of a list."""

    def numbers_in(tab: Tab = Tab.REVIEW, **wanted) -> list[str]:
        return numbers(claims_page(carrier, user, Wanted(tab, **wanted)))

    return numbers_in


def numbers(page: ClaimPage) -> list[str]:
    return [claim.number for claim in page.claims]


def place(number: str) -> Place:
    docket = Docket.objects.get(claim__number=number)
    return Place(docket.since, docket.claim_id)


def test_who_has_waited_longest_comes_first(carrier, listed):
    claim_at(carrier, hours=1, number="SHORT")
    claim_at(carrier, hours=9, number="LONG")

    assert listed() == ["LONG", "SHORT"]


def test_the_newest_comes_first_where_that_is_wanted(carrier, listed):
    claim_at(carrier, hours=9, number="OLD")
    claim_at(carrier, hours=1, number="NEW")

    assert listed(newest=True) == ["NEW", "OLD"]


@pytest.mark.parametrize(("tab", "stage"), STAGE_OF_TAB.items())
def test_each_stage_has_its_list(carrier, listed, tab, stage):
    for each in Stage:
        claim_at(carrier, each, number=each.upper())

    assert listed(tab) == [stage.upper()]


def test_no_stage_was_forgotten():
    assert set(STAGE_OF_TAB.values()) == set(Stage)


def test_ones_own_claims_are_those_taken_up_and_not_decided(carrier, user, listed):
    claim_at(carrier, assignee=user, number="MINE")
    claim_at(carrier, Stage.SPECIALIST, assignee=user, number="MINE-TOO")
    claim_at(carrier, Stage.DECIDED, assignee=user, number="DONE")
    claim_at(carrier, assignee=make_user(carrier), number="THEIRS")
    claim_at(carrier, number="NOBODYS")

    assert set(listed(Tab.MINE)) == {"MINE", "MINE-TOO"}


@pytest.mark.parametrize("tab", Tab)
def test_another_carriers_claims_are_in_no_list(carrier, user, listed, tab):
    other = make_carrier()
    for stage in Stage:
        claim_at(other, stage, assignee=user)

    assert listed(tab) == []


def test_another_carriers_claims_are_not_counted(carrier, user):
    other = make_carrier()
    claim_at(other, assignee=user)
    claim_at(other, Stage.FAST)

    counts = claim_counts(carrier, user)

    assert set(counts.of.values()) == {0}
    assert counts.oldest is None
    assert gone_fast(carrier, since=timezone.now() - timedelta(days=1)) == 0


def test_a_list_of_one_peril_leaves_out_the_others(carrier, listed):
    claim_at(carrier, number="HAIL", peril=Peril.HAIL)
    claim_at(carrier, number="FIRE", peril=Peril.FIRE)

    assert listed(peril=Peril.HAIL) == ["HAIL"]


@pytest.mark.parametrize(
    "words", ["hx-9", "ALVAREZ", "cedar ln", "ln cedar", "88-204", "alvarez plano", "muñoz"]
)
def test_a_search_looks_at_number_insured_address_and_policy(carrier, listed, words):
    make_claim(carrier)
    make_claim(
        carrier,
        number="HX-9",
        insured="M. Alvarez Muñoz",
        address="118 Cedar Ln, Plano TX",
        policy_number="HO-3 88-204417",
    )

    assert listed(Tab.ALL, words=words) == ["HX-9"]


def test_a_search_finds_only_what_has_every_word(carrier, listed):
    make_claim(carrier, insured="M. Alvarez")

    assert listed(Tab.ALL, words="alvarez oak") == []


@pytest.mark.parametrize("sign", ["%", "_", "\\"])
def test_signs_that_mean_something_to_a_database_are_searched_for_as_they_are(
    carrier, listed, sign
):
    make_claim(carrier, insured="M. Alvarez")

    assert listed(Tab.ALL, words=sign) == []


def test_a_search_stays_within_the_list(carrier, listed):
    claim_at(carrier, Stage.DECIDED, insured="M. Alvarez")

    assert listed(Tab.REVIEW, words="alvarez") == []


def test_a_search_finds_a_claim_whatever_its_name_becomes_in_capitals(carrier, listed):
    longest = {"insured": "ß" * 200, "address": "ß" * 300}
    make_claim(carrier, number="LONG", **longest)

    assert listed(Tab.ALL, words="long") == ["LONG"]


@pytest.mark.parametrize("newest", [False, True], ids=["longest", "newest"])
@pytest.mark.parametrize("together", [False, True], ids=["apart", "at the same moment"])
def test_the_pages_hold_every_claim_once_there_and_back(
    carrier, user, monkeypatch, newest, together
):
    monkeypatch.setattr(claim_list, "PAGE_SIZE", 3)
    for hours in range(8):
        claim_at(carrier, hours=hours)
    if together:
        Docket.objects.update(since=timezone.now())
    wanted = Wanted(Tab.REVIEW, newest=newest)
    there = [claims_page(carrier, user, wanted)]
    while there[-1].next:
        after = place(there[-1].claims[-1].number)
        there.append(claims_page(carrier, user, wanted, after=after))
    back = [there[-1]]
    while back[-1].previous:
        before = place(back[-1].claims[0].number)
        back.append(claims_page(carrier, user, wanted, before=before))

    seen = [number for page in there for number in numbers(page)]
    assert len(seen) == len(set(seen)) == Claim.objects.count()
    assert [numbers(page) for page in back] == [numbers(page) for page in reversed(there)]


def test_a_full_last_page_leads_nowhere(carrier, user, monkeypatch):
    monkeypatch.setattr(claim_list, "PAGE_SIZE", 3)
    for _ in range(3):
        claim_at(carrier)

    page = claims_page(carrier, user, Wanted(Tab.REVIEW))

    assert (page.previous, page.next) == (False, False)


def test_back_from_within_the_first_page_is_the_whole_first_page(carrier, user, monkeypatch):
    monkeypatch.setattr(claim_list, "PAGE_SIZE", 3)
    for hours in range(4):
        claim_at(carrier, hours=hours, number=f"H{hours}")

    page = claims_page(carrier, user, Wanted(Tab.REVIEW), before=place("H2"))

    assert numbers(page) == ["H3", "H2", "H1"]
    assert (page.previous, page.next) == (False, True)


def test_a_claim_that_moved_on_is_still_a_place_to_go_on_from(carrier, user):
    for hours in (3, 2, 1):
        claim_at(carrier, hours=hours, number=f"H{hours}")
    end = place("H2")
    Docket.objects.filter(claim__number="H2").update(stage=Stage.FAST, since=timezone.now())

    assert numbers(claims_page(carrier, user, Wanted(Tab.REVIEW), after=end)) == ["H1"]


def test_claims_are_counted_list_by_list(carrier, user):
    claim_at(carrier, hours=2, assignee=user)
    oldest = claim_at(carrier, hours=5)
    claim_at(carrier, Stage.FAST)
    claim_at(carrier, Stage.DECIDED, assignee=user)

    counts = claim_counts(carrier, user)

    assert {tab: count for tab, count in counts.of.items() if count} == {
        Tab.MINE: 1,
        Tab.REVIEW: 2,
        Tab.FAST: 1,
    }
    assert counts.oldest == Docket.objects.get(claim=oldest).since
    assert set(counts.of) == {*COUNTED, Tab.MINE}


def test_claims_of_one_peril_are_counted(carrier, user):
    claim_at(carrier, peril=Peril.HAIL, assignee=user)
    claim_at(carrier, peril=Peril.FIRE, assignee=user)

    counts = claim_counts(carrier, user, peril=Peril.HAIL)

    assert (counts.of[Tab.REVIEW], counts.of[Tab.MINE]) == (1, 1)


def test_what_went_fast_is_counted_from_a_moment_on(carrier):
    claim_at(carrier, Stage.FAST, hours=1)
    claim_at(carrier, Stage.FAST, hours=30)

    assert gone_fast(carrier, since=timezone.now() - timedelta(hours=24)) == 1


def test_a_row_says_where_the_claim_stands_and_who_has_it(carrier, user):
    about = {"reasons": ["The ridge sags."], "photos": 14, "unreviewed": 47}
    claim_at(
        carrier,
        Stage.SPECIALIST,
        number="HX-1",
        insured="M. Alvarez",
        address="118 Cedar Ln",
        assignee=user,
        docket=about,
    )

    (row,) = claims_page(carrier, user, Wanted(Tab.SPECIALIST)).claims

    assert (row.number, row.insured, row.address) == ("HX-1", "M. Alvarez", "118 Cedar Ln")
    assert (row.stage, row.lane) == (Stage.SPECIALIST, Lane.SPECIALIST)
    assert (row.reasons, row.photos, row.unreviewed) == (("The ridge sags.",), 14, 47)
    assert row.assignee == "Ana Ruiz"


def test_a_claim_nobody_has_judged_or_taken_up_has_neither_lane_nor_person(carrier, user):
    make_claim(carrier)

    (row,) = claims_page(carrier, user, Wanted(Tab.WAITING)).claims

    assert (row.lane, row.assignee, row.progress, row.failed) == (None, "", None, ())


@pytest.mark.parametrize("count", [2, 20])
def test_more_claims_take_no_more_queries(carrier, user, django_assert_num_queries, count):
    for _ in range(count):
        claim_at(carrier, Stage.ANALYSING)
        claim_at(carrier, Stage.FAILED, assignee=user)

    with django_assert_num_queries(3):
        claims_page(carrier, user, Wanted(Tab.ALL))
    with django_assert_num_queries(2):
        claim_counts(carrier, user)
