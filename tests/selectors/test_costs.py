"""What was spent, by claim and by day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from assessment import pipeline
from assessment.models import Call, Segmentation
from assessment.selectors.costs import (
    Spent,
    claim_spent,
    cost_of_last,
    costs_by_day,
)
from claims.models import Carrier
from tests.factories import make_carrier, make_claim, make_photo

pytestmark = [pytest.mark.django_db, pytest.mark.service, pytest.mark.usefixtures("fake_engine")]

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
DAY = NOON.date()

numbers = count(1)


@pytest.fixture
def asked(claim) -> Segmentation:
    return asked_of(claim)


def asked_of(claim) -> Segmentation:
    """A question to a photo, of which no answer is kept."""
    make_photo(claim)
    pipeline.query_ask(claim=claim, text="cracks", by=None)
    pipeline.work_off("")
    Call.objects.filter(segmentation__photo__claim=claim).delete()
    return Segmentation.objects.get(photo__claim=claim)


def answer(segmentation: Segmentation, usd: str | None, **more: Any) -> Call:
    fields: dict[str, Any] = {
        "model_requested": "flash",
        "input_tokens": 10,
        "output_tokens": 20,
        "answered_at": NOON,
        **more,
    }
    cost = None if usd is None else Decimal(usd)
    return Call.objects.create(
        segmentation=segmentation, number=next(numbers), cost_usd=cost, **fields
    )


def last(asked: Segmentation, **how: Any) -> Spent | None:
    same = {"engine": asked.engine, "runs": asked.runs}
    return cost_of_last(asked.photo.claim, asked.query, **{**same, **how})


def test_a_claim_that_was_asked_nothing_cost_nothing(claim):
    assert claim_spent(claim) == Spent()


def test_costs_add_up_exactly(asked):
    for _ in range(10):
        answer(asked, "0.1")

    assert claim_spent(asked.photo.claim) == Spent(asked=10, usd=Decimal(1))


def test_an_unknown_cost_is_counted_and_not_taken_for_nothing(asked):
    answer(asked, "0.25")
    answer(asked, None)

    assert claim_spent(asked.photo.claim) == Spent(asked=2, usd=Decimal("0.25"), unknown=1)


def test_what_was_taken_over_is_told_apart(asked):
    first = answer(asked, None)
    answer(asked, "0", reused_from=first)

    assert claim_spent(asked.photo.claim) == Spent(asked=1, reused=1, unknown=1)


def test_a_day_is_one_of_utc_and_of_one_carrier(asked):
    answer(asked, "1", answered_at=datetime(2026, 11, 30, tzinfo=UTC))
    answer(asked, "2", answered_at=datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC))
    answer(asked, "4", answered_at=datetime(2026, 12, 1, tzinfo=UTC))
    other = asked_of(make_claim(make_carrier()))
    answer(other, "8")

    carrier = Carrier.objects.filter(pk=asked.photo.claim.carrier_id)
    assert [(each.day, each.spent) for each in costs_by_day(carrier, None)] == [
        (DAY, Spent(asked=2, usd=Decimal(3))),
        (date(2026, 12, 1), Spent(asked=1, usd=Decimal(4))),
    ]


def test_days_carriers_and_models_are_told_one_by_one(asked):
    first = answer(asked, "1", model_served="flash-002")
    answer(asked, "2", model_served="flash-002")
    answer(asked, "0", reused_from=first)
    answer(asked, "4", answered_at=datetime(2026, 12, 1, tzinfo=UTC))

    days = costs_by_day(Carrier.objects.all(), None)
    assert [(each.day.day, each.model, each.spent) for each in days] == [
        (30, "flash", Spent(reused=1)),
        (30, "flash-002", Spent(asked=2, usd=Decimal(3))),
        (1, "flash", Spent(asked=1, usd=Decimal(4))),
    ]
    assert [(each.input_tokens, each.output_tokens) for each in days] == [
        (0, 0),
        (20, 40),
        (10, 20),
    ]


def test_days_can_begin_later(asked):
    answer(asked, "1")
    answer(asked, "2", answered_at=datetime(2026, 12, 1, tzinfo=UTC))

    (last,) = costs_by_day(Carrier.objects.all(), date(2026, 12, 1))
    assert last.spent.usd == 2


def test_the_price_of_asking_again_is_that_of_the_last_answers_when_they_came(asked):
    answer(asked, "5", round=1)
    asked.round = 2
    asked.save()
    elsewhere = answer(asked_of(make_claim(asked.photo.claim.carrier)), "0.25")
    answer(asked, "0.5", round=2)
    answer(asked, "0", round=2, reused_from=elsewhere)

    assert last(asked) == Spent(asked=2, usd=Decimal("0.75"))


def test_without_an_answer_there_is_no_price_to_go_by(asked):
    assert last(asked) is None


@pytest.mark.parametrize("changed", [{"engine": "another"}, {"runs": 2}])
def test_answers_that_came_in_another_way_tell_no_price(asked, changed):
    answer(asked, "0.5")

    assert last(asked) == Spent(asked=1, usd=Decimal("0.5"))
    assert last(asked, **changed) is None
