"""Limits to what may be spent, as the environment tells them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django.core.exceptions import ImproperlyConfigured


def budget(name: str, told: str) -> Decimal | None:
    """US dollars; None where nothing is told. Raises ImproperlyConfigured.

    >>> budget("EAVES_BUDGET_PER_DAY", "12.50"), budget("EAVES_BUDGET_PER_DAY", " ")
    (Decimal('12.50'), None)
    """
    if not told.strip():
        return None
    try:
        usd = Decimal(told.strip())
    except InvalidOperation:
        usd = Decimal("NaN")
    # What can't be read is no reason to spend without a limit.
    if not usd.is_finite() or usd < 0:
        raise ImproperlyConfigured(
            f'{name} is "{told}". Give US dollars as digits, such as 12.50, or leave it empty for '
            "no limit."
        )
    return usd
