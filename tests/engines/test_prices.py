"""What answers cost, by a dated table."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.engines.base import Usage
from assessment.engines.prices import SMALLEST, Price, Prices, PricesError, cost, prices_read

COMMITTED = Path(__file__).resolve().parents[2] / "config" / "prices.json"
TODAY = date(2026, 11, 30)

tokens = st.integers(0, 2_000_000)


def row(**changes: Any) -> dict[str, Any]:
    return {
        "models": ["flash"],
        "input_usd": "0.30",
        "output_usd": "2.50",
        "as_of": "2026-11-28",
        "source": "a price list",
        **changes,
    }


def table(*rows: dict[str, Any]) -> Prices:
    return prices_read(json.dumps(rows or [row()]))


def price(input_usd: str = "0.30", output_usd: str = "2.50") -> Price:
    return Price("flash", Decimal(input_usd), Decimal(output_usd), TODAY, "a price list")


def test_tokens_are_paid_for_by_the_million():
    assert cost(Usage(1_000_000, 2_000_000), price()) == Decimal("5.30")


@pytest.mark.parametrize("usage", [Usage(), Usage(input_tokens=5), Usage(output_tokens=5)])
def test_what_a_vendor_did_not_say_has_no_cost_and_not_none(usage):
    assert cost(usage, price()) is None


def test_no_tokens_cost_nothing():
    assert cost(Usage(0, 0), price()) == 0


@given(tokens, tokens, st.decimals(0, 100, places=4), st.decimals(0, 100, places=4))
def test_a_cost_is_rounded_up_and_by_less_than_its_smallest_part(seen, said, dear, dearer):
    exact = (seen * dear + said * dearer) / 1_000_000
    told = cost(Usage(seen, said), price(str(dear), str(dearer)))

    assert told is not None
    assert 0 <= told - exact < SMALLEST


@given(tokens, tokens, tokens, tokens)
def test_more_tokens_never_cost_less(seen, said, more_seen, more_said):
    less, more = (
        cost(Usage(seen, said), price()),
        cost(Usage(seen + more_seen, said + more_said), price()),
    )
    assert less is not None
    assert more is not None
    assert less <= more


@pytest.mark.parametrize(
    "model", ["flash", "FLASH", "models/flash", "publishers/google/models/flash", "flash-001"]
)
def test_a_model_is_known_by_its_own_name_whatever_stands_around_it(model):
    assert table().of(model, TODAY) is not None


@pytest.mark.parametrize(
    "model", ["flash-lite", "flash-image", "flas", "", "flash-preview-09-2025"]
)
def test_a_model_of_another_name_has_no_price(model):
    assert table().of(model, TODAY) is None


def test_a_price_holds_for_its_days_alone():
    prices = table(
        row(until="2026-12-31"),
        row(since="2027-01-01", output_usd="5.00"),
    )
    last = prices.of("flash", date(2026, 12, 31))
    first = prices.of("flash", date(2027, 1, 1))

    assert (last and last.output_usd, first and first.output_usd) == (
        Decimal("2.50"),
        Decimal("5.00"),
    )


def test_between_two_prices_there_is_none():
    prices = table(row(until="2026-11-01"), row(since="2026-12-01"))

    assert prices.of("flash", TODAY) is None


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([row(output_usd="-1")], "Row 1 output_usd: Input should be greater than or equal to 0."),
        ([row(), row(models=[])], "Row 2 models: List should have at least 1 item"),
        ([row(as_of="lately")], "Row 1 as_of: "),
        ([row(source="")], "Row 1 source: "),
        ([row(input_usd="NaN")], "Row 1 input_usd: "),
        ([row(outptu_usd="1")], "Row 1 outptu_usd: Extra inputs are not permitted."),
        ([row(since="2026-02-01", until="2026-01-01")], "ends before it begins."),
        ([row(), row()], "flash has two prices for the same day."),
        ([row(until="2026-12-31"), row(since="2026-12-31")], "two prices for the same day."),
    ],
)
def test_a_table_that_can_not_be_one_says_where_it_is_wrong(rows, sentence):
    with pytest.raises(PricesError, match=re.escape(sentence)):
        table(*rows)


@pytest.mark.parametrize("text", ["", "{}", "[", "null", '["flash"]'])
def test_what_is_no_table_is_refused(text):
    with pytest.raises(PricesError):
        prices_read(text)


def test_every_committed_price_says_when_and_where_it_was_read():
    prices = prices_read(COMMITTED.read_text())

    assert all(row.source.startswith("ai.google.dev") for row in prices.rows)
    assert all(date(2026, 1, 1) <= row.as_of < TODAY for row in prices.rows)


@pytest.mark.parametrize(
    "model", ["gemini-3.8-flash", "gemini-3.5-flash-lite", "gemini-2.5-flash-lite"]
)
def test_the_models_that_are_asked_unless_others_are_named_have_a_price(model):
    prices = prices_read(COMMITTED.read_text())
    year = [TODAY + timedelta(days=days) for days in range(365)]

    assert all(prices.of(model, day) for day in year)
