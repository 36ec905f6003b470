"""Numbers, as variables of the environment tell them."""

from __future__ import annotations

import math
import os
from decimal import Decimal, InvalidOperation
from typing import overload

from django.core.exceptions import ImproperlyConfigured


@overload
def whole_number(name: str, *, default: int, least: int = 0) -> int: ...
@overload
def whole_number(name: str, *, default: None, least: int = 0) -> int | None: ...
def whole_number(name: str, *, default: int | None, least: int = 0) -> int | None:
    """The number in a variable, which must be the `least` or more; the default where it is empty,
    of which None is no limit. Raises ImproperlyConfigured."""
    told = os.environ.get(name, "")
    if not told.strip():
        return default
    try:
        number = int(told)
    except ValueError:
        number = None
    if number is None or number < least:
        unset = "no limit" if default is None else default
        raise ImproperlyConfigured(
            f'{name} is "{told}". Give a whole number in digits, {least} or more, or leave it '
            f"empty for {unset}."
        )
    return number


def seconds(name: str, *, default: float) -> float:
    """The seconds in a variable, more than 0; the default where it is empty. Raises
    ImproperlyConfigured."""
    told = os.environ.get(name, "")
    if not told.strip():
        return default
    try:
        time = float(told)
    except ValueError:
        time = math.nan
    if not 0.0 < time < math.inf:
        raise ImproperlyConfigured(
            f'{name} is "{told}". Give seconds in digits, more than 0, or leave it empty for '
            f"{default:g}."
        )
    return time


def budget(name: str) -> Decimal | None:
    """The US dollars in a variable; None where it is empty. Raises ImproperlyConfigured."""
    told = os.environ.get(name, "")
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
