"""No call is made that could cost more than a budget has left."""

from __future__ import annotations

import random
import threading
from datetime import timedelta
from decimal import Decimal
from itertools import count
from uuid import uuid4

import pytest
from django.db.models import Sum
from django.utils import timezone

from assessment import pipeline
from assessment.engines.base import EngineBusyError, Usage
from assessment.models import Call, Earmark, Segmentation
from assessment.services.budget import (
    BudgetSetAsideError,
    BudgetSpentError,
    keys_let_go,
    turn_begins,
    turn_ended,
    turn_taken,
)
from assessment.services.costs import PriceUnknownError
from claims.models import Claim
from tests.factories import make_carrier, make_claim, make_photo
from tests.services.test_races import at_once, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.service]

PRICES = """[{"models": ["fake-1"], "input_usd": "1", "output_usd": "10", "as_of": "2026-11-30",
              "source": "this test"}]"""
CENT = {"fake-1": Usage(0, 1_000)}
"""What costs a cent at most."""

numbers = count(1)


@pytest.fixture(autouse=True)
def prices(settings) -> None:
    settings.EAVES_PRICES = PRICES
    settings.EAVES_BUDGET_PER_CLAIM = Decimal("0.05")


@pytest.fixture
def asked(claim) -> Segmentation:
    """A question that was put, for nothing."""
    return asked_in(claim)


def asked_in(claim: Claim) -> Segmentation:
    make_photo(claim)
    pipeline.query_ask(claim=claim, text="cracks", by=None)
    pipeline.work_off("")
    Call.objects.filter(segmentation__photo__claim=claim).delete()
    return Segmentation.objects.select_related("photo__claim__carrier").get(photo__claim=claim)


def paid(segmentation: Segmentation, usd: str | None, **more) -> Call:
    fields = {"key": "any", "model_requested": "fake-1", "answered_at": timezone.now(), **more}
    cost = None if usd is None else Decimal(usd)
    return Call.objects.create(
        segmentation=segmentation, number=next(numbers) + 100, cost_usd=cost, **fields
    )


def aside(claim: Claim, key: str = "") -> Call | Earmark | None:
    return turn_taken(claim, key or uuid4().hex, CENT, lambda: None)


def test_money_is_set_aside_to_the_last_cent_and_not_beyond(claim):
    marks = [aside(claim) for _ in range(5)]

    assert [mark.usd for mark in marks if isinstance(mark, Earmark)] == [Decimal("0.01")] * 5
    with pytest.raises(BudgetSetAsideError, match=r"budget of 0\.05 USD for a claim is set aside"):
        aside(claim)


def test_what_others_have_set_aside_is_waited_for_and_ends_no_question(claim):
    marks = [aside(claim) for _ in range(5)]

    with pytest.raises(EngineBusyError, match="turn comes") as caught:
        aside(claim)
    assert caught.value.retry_after
    assert isinstance(marks[0], Earmark)
    turn_ended(marks[0])
    assert isinstance(aside(claim), Earmark)


def test_what_is_spent_is_not_waited_for_while_another_budget_is_only_set_aside(asked, settings):
    settings.EAVES_BUDGET_PER_DAY = Decimal("0.01")
    paid(asked, "0.005")
    settings.EAVES_BUDGET_PER_CLAIM = Decimal("0.02")
    Earmark.objects.create(
        carrier=asked.photo.claim.carrier,
        claim=asked.photo.claim,
        usd=Decimal("0.02"),
        created_at=timezone.now(),
    )

    with pytest.raises(BudgetSpentError, match="for a day"):
        aside(asked.photo.claim)


def test_money_that_was_not_spent_is_free_again(claim):
    for _ in range(20):
        mark = aside(claim)
        assert isinstance(mark, Earmark)
        turn_ended(mark)

    assert not Earmark.objects.exists()


def test_what_was_paid_counts_and_what_was_taken_over_does_not(asked):
    claim = asked.photo.claim
    first = paid(asked, "0.045")
    paid(asked, "0", reused_from=first)

    with pytest.raises(BudgetSpentError, match=r"0\.05 USD for a claim, 0\.045 USD are"):
        aside(claim)
    first.cost_usd = Decimal("0.04")
    first.save()
    assert isinstance(aside(claim), Earmark)


def test_an_answer_of_unknown_cost_counts_as_the_most_that_a_call_can_cost(asked):
    for _ in range(5):
        paid(asked, None)

    with pytest.raises(BudgetSpentError):
        aside(asked.photo.claim)


def test_one_claim_leaves_another_its_budget(claim, carrier):
    other = make_claim(carrier)
    for _ in range(5):
        aside(claim)

    assert isinstance(aside(other), Earmark)


def test_a_day_s_budget_is_the_carrier_s(claim, carrier, settings):
    settings.EAVES_BUDGET_PER_CLAIM = None
    settings.EAVES_BUDGET_PER_DAY = Decimal("0.02")
    aside(claim)
    aside(make_claim(carrier))

    with pytest.raises(BudgetSetAsideError, match="for a day"):
        aside(claim)
    assert isinstance(aside(make_claim(make_carrier())), Earmark)


def test_a_day_begins_anew(asked, settings):
    settings.EAVES_BUDGET_PER_CLAIM = None
    settings.EAVES_BUDGET_PER_DAY = Decimal("0.02")
    yesterday = timezone.now() - timedelta(days=1)
    paid(asked, "5.00", answered_at=yesterday)

    assert isinstance(aside(asked.photo.claim), Earmark)


def test_both_budgets_are_kept(claim, settings):
    settings.EAVES_BUDGET_PER_DAY = Decimal("0.005")

    with pytest.raises(BudgetSpentError, match="for a day"):
        aside(claim)


def test_without_a_price_nothing_is_asked_where_there_is_a_budget(claim):
    with pytest.raises(PriceUnknownError, match="dear-2 was not asked"):
        turn_taken(claim, "any", {**CENT, "dear-2": Usage(1, 1)}, lambda: None)
    assert not Earmark.objects.exists()


def test_without_a_budget_a_price_need_not_be_known(claim, settings):
    settings.EAVES_BUDGET_PER_CLAIM = None

    assert isinstance(turn_taken(claim, "any", {"dear-2": Usage(1, 1)}, lambda: None), Earmark)


def test_the_dearest_model_that_may_answer_decides(claim, settings):
    settings.EAVES_PRICES = PRICES.replace('"fake-1"', '"fake-1", "fake-2"')
    bounds = {**CENT, "fake-2": Usage(0, 6_000)}

    with pytest.raises(BudgetSpentError, match=r"can cost up to 0\.06 USD"):
        turn_taken(claim, "any", bounds, lambda: None)


def test_a_table_that_can_not_be_read_lets_nothing_pass_a_budget(claim, settings):
    settings.EAVES_PRICES = "[nonsense"

    with pytest.raises(PriceUnknownError):
        aside(claim)


def test_who_asks_the_same_at_the_same_time_gets_no_turn(claim, carrier):
    mark = aside(claim, "same")
    other = make_claim(carrier)

    assert aside(other, "same") is None
    assert isinstance(aside(other, "another"), Earmark)
    assert isinstance(mark, Earmark)
    turn_ended(mark)
    assert isinstance(aside(other, "same"), Earmark)


def test_the_answer_that_came_meanwhile_is_given_and_nothing_set_aside(asked):
    answer = paid(asked, "0.01")

    assert turn_taken(asked.photo.claim, "same", CENT, lambda: answer) == answer
    assert not Earmark.objects.exists()


def test_what_a_dead_worker_was_asking_is_asked_anew_while_its_money_stays_aside(claim, settings):
    aside(claim, "same")
    longest = timedelta(seconds=2 * settings.GEMINI["deadline"] + 16)
    Earmark.objects.update(created_at=timezone.now() - longest)

    assert isinstance(aside(claim, "same"), Earmark)
    assert Earmark.objects.count() == 2


def test_who_goes_on_with_a_question_doesn_t_wait_for_the_worker_that_had_it_before(asked):
    claim = asked.photo.claim
    turn_taken(claim, "same", CENT, lambda: None, asker=asked)
    assert aside(claim, "same") is None

    keys_let_go(asked)

    assert isinstance(aside(claim, "same"), Earmark)
    assert Earmark.objects.count() == 2


def test_an_engine_that_may_take_longer_holds_its_question_for_longer(claim, settings):
    slow = {"class": "somebody.sam3:Sam3Engine", "deadline": 400}
    settings.EAVES_ENGINES = {**settings.EAVES_ENGINES, "sam3": slow}
    aside(claim, "same")

    Earmark.objects.update(created_at=timezone.now() - timedelta(seconds=2 * 400))
    assert aside(claim, "same") is None
    Earmark.objects.update(created_at=timezone.now() - timedelta(seconds=2 * 400 + 16))
    assert isinstance(aside(claim, "same"), Earmark)


def test_a_call_that_waited_long_holds_its_key_for_as_long_as_it_may_take_from_then_on(
    claim, settings
):
    mark = aside(claim, "same")
    assert isinstance(mark, Earmark)
    longest = timedelta(seconds=2 * settings.GEMINI["deadline"] + 16)
    mark.created_at = timezone.now() - longest
    mark.save()

    turn_begins(mark)

    assert aside(claim, "same") is None


def test_a_call_that_did_not_wait_needs_no_word_that_it_begins(claim, django_assert_num_queries):
    mark = aside(claim, "same")
    assert isinstance(mark, Earmark)

    with django_assert_num_queries(0):
        turn_begins(mark)


def test_the_money_of_a_dead_worker_is_free_when_nobody_asks_for_any(claim):
    aside(claim)
    Earmark.objects.update(created_at=timezone.now() - timedelta(seconds=901))

    pipeline.sweep()

    assert not Earmark.objects.exists()


def test_the_money_of_a_dead_worker_is_free_after_the_longest_job(claim):
    for _ in range(5):
        aside(claim)
    Earmark.objects.update(created_at=timezone.now() - timedelta(seconds=901))

    assert isinstance(aside(claim), Earmark)
    assert Earmark.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("log_can_be_emptied")
@pytest.mark.parametrize("seed", range(3))
def test_however_many_ask_at_once_no_budget_is_exceeded(carrier, settings, seed):
    settings.EAVES_BUDGET_PER_DAY = Decimal("0.12")
    questions = [asked_in(make_claim(carrier)) for _ in range(3)]
    numbered = threading.Lock()

    def ask_on(place: int) -> int:
        chance = random.Random(f"{seed} {place}")  # noqa: S311
        refused = 0
        for _ in range(5):
            question = questions[chance.randrange(3)]
            try:
                mark = aside(fresh(question.photo.claim))
            except (BudgetSpentError, BudgetSetAsideError):
                refused += 1
                continue
            assert isinstance(mark, Earmark)
            if chance.random() < 0.8:
                with numbered:
                    paid(question, f"{chance.uniform(0.003, 0.01):.6f}")
            turn_ended(mark)
        return refused

    results = at_once(*(lambda place=place: ask_on(place) for place in range(8)))

    assert all(isinstance(result, int) for result in results), results
    assert sum(result for result in results if isinstance(result, int)) > 0
    per_claim = Call.objects.values("segmentation").annotate(usd=Sum("cost_usd"))
    assert all(row["usd"] <= Decimal("0.05") for row in per_claim)
    assert (Call.objects.aggregate(usd=Sum("cost_usd"))["usd"] or 0) <= Decimal("0.12")
    assert not Earmark.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("log_can_be_emptied")
def test_of_many_who_ask_the_same_at_once_one_gets_the_turn(carrier, settings):
    settings.EAVES_BUDGET_PER_CLAIM = None
    claims = [make_claim(carrier) for _ in range(8)]

    results = at_once(*(lambda claim=claim: aside(fresh(claim), "same") for claim in claims))

    assert sorted(type(result).__name__ for result in results) == ["Earmark", *["NoneType"] * 7]
