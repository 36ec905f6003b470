"""Whole numbers, as the environment tells them."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured


def whole_number(name: str, told: str, *, default: int) -> int:
    """The number; the default where nothing is told. Raises ImproperlyConfigured.

    >>> whole_number("EAVES_RUNS", "3", default=1), whole_number("EAVES_RUNS", " ", default=1)
    (3, 1)
    """
    if not told.strip():
        return default
    try:
        return int(told)
    except ValueError:
        raise ImproperlyConfigured(
            f'{name} is "{told}". Give a whole number in digits, such as {default}, or leave it '
            f"empty for {default}."
        ) from None
