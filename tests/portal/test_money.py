"""Amounts of money as people read them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils.translation import override

from portal.templatetags.money import money


@pytest.mark.parametrize(
    ("amount", "told"),
    [("320000.00", "320,000 USD"), ("1250.50", "1,250.50 USD"), ("0", "0 USD")],
)
def test_an_amount_has_its_separators_and_cents_only_where_there_are_any(amount, told):
    assert money(Decimal(amount), "USD") == told


def test_an_amount_is_spelled_as_the_reader_spells_it():
    with override("de"):
        assert money(Decimal("1250.50"), "EUR") == "1.250,50 EUR"
