"""Variables of the environment, read as what they must be.

Each takes the name of a variable, gives its default where that is empty, and raises
ImproperlyConfigured with a sentence for whoever set it where it is anything else.
"""

from __future__ import annotations

import json
import logging
import math
import os
from decimal import Decimal, InvalidOperation
from typing import Any, overload
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

SCHEMES = ("postgres", "postgresql", "sqlite")

ON = frozenset({"true", "on", "yes", "y", "1", "ok"})
OFF = frozenset({"false", "off", "no", "n", "0"})


@overload
def whole_number(name: str, *, default: int, least: int = 0) -> int: ...
@overload
def whole_number(name: str, *, default: None, least: int = 0) -> int | None: ...
def whole_number(name: str, *, default: int | None, least: int = 0) -> int | None:
    """A number, the `least` or more; a default of None is no limit."""
    if not (told := _told(name)):
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
    """Seconds, more than 0."""
    if not (told := _told(name)):
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
    """US dollars; None where there is no limit."""
    if not (told := _told(name)):
        return None
    try:
        usd = Decimal(told)
    except InvalidOperation:
        usd = Decimal("NaN")
    # What can't be read is no reason to spend without a limit.
    if not usd.is_finite() or usd < 0:
        raise ImproperlyConfigured(
            f'{name} is "{told}". Give US dollars as digits, such as 12.50, or leave it empty for '
            "no limit."
        )
    return usd


def switch(name: str, *, default: bool) -> bool:
    """On or off."""
    if not (told := _told(name).lower()):
        return default
    if told not in ON | OFF:
        raise ImproperlyConfigured(
            f'{name} is "{told}". Give true or false, or leave it empty for {str(default).lower()}.'
        )
    return told in ON


def log_level(name: str) -> str:
    """A level of Python's logging; INFO unless told."""
    told = _told(name).upper() or "INFO"
    if told not in logging.getLevelNamesMapping():
        raise ImproperlyConfigured(
            f'{name} is "{told}". Give DEBUG, INFO, WARNING, ERROR or CRITICAL, or leave it empty '
            "for INFO."
        )
    return told


def json_object(name: str, *, default: dict[str, Any]) -> dict[str, Any]:
    """A JSON object."""
    if not (text := _told(name)):
        return default
    try:
        told = json.loads(text)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise ImproperlyConfigured(
            f'{name} is no JSON object. Give one such as {{"location": "/srv/eaves"}}.'
        )
    return told


def database(name: str, *, default: str) -> dict[str, Any]:
    """The settings of the database at an address, which may hold a password and isn't told."""
    address = _told(name) or default
    try:
        if address.partition("://")[0] in SCHEMES:
            return dict(environ.Env.db_url_config(address))
    except ValueError:
        # It quotes the address.
        pass
    raise ImproperlyConfigured(
        f"{name} is no address of a database that Eaves can use. Give one such as "
        "postgres://eaves:password@localhost:5432/eaves, its signs of other meaning written as %2F "
        "and the like, or leave it empty for SQLite."
    )


def web_address(name: str) -> str:
    """An address of the web; empty unless told."""
    told = _told(name)
    try:
        address = urlsplit(told)
        is_one = address.scheme in {"http", "https"} and bool(address.hostname)
    except ValueError:
        is_one = False
    if told and not is_one:
        raise ImproperlyConfigured(
            f'{name} is "{told}", which is no web address. Give one such as http://127.0.0.1:8765, '
            "or leave it empty."
        )
    return told


def _told(name: str) -> str:
    return os.environ.get(name, "").strip()
