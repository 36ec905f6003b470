"""Whole numbers, as the environment tells them."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured


def whole_number(name: str, told: str, *, default: int, least: int = 0) -> int:
    """The number, which must be the `least` or more; the default where nothing is told. Raises
    ImproperlyConfigured.

    >>> whole_number("EAVES_RUNS", "3", default=1), whole_number("EAVES_RUNS", " ", default=1)
    (3, 1)
    """
    if not told.strip():
        return default
    try:
        number = int(told)
    except ValueError:
        number = None
    if number is None or number < least:
        raise ImproperlyConfigured(
            f'{name} is "{told}". Give a whole number in digits, {least} or more, such as '
            f"{default}, or leave it empty for {default}."
        )
    return number
