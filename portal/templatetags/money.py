"""Amounts of money as people read them."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def money(amount: Decimal, currency: str) -> str:
    """An amount with its currency: "320,000 USD"; cents where it has any: "1,250.50 USD"."""
    places = 0 if amount == amount.to_integral_value() else 2
    return f"{number_format(amount, places, use_l10n=True, force_grouping=True)} {currency}"
