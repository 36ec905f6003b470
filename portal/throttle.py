"""Guessing passwords must be slow: so many failures, and the account and the address must wait.

An attempt is written down before the password is looked at and struck out if it was right. So
attempts that run side by side count each other, whatever the database, and no lock is needed.
"""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from portal.models import SignInAttempt

FAILURES_ALLOWED = 10
WINDOW = timedelta(minutes=15)
# A provider hands a household or an office a whole /64: whoever holds it has all its addresses.
IPV6_PREFIX = 64


class TooManyAttemptsError(Exception):
    """No more attempts for now; `minutes` says for how long, in whole minutes, rounded up."""

    def __init__(self, minutes: int) -> None:
        super().__init__(f"Too many failed attempts; wait {minutes} min.")
        self.minutes = minutes


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt under way: its rows, and the account they are counted against."""

    rows: tuple[int, ...]
    account_key: str


def attempt_begin(email: str, address: str) -> Attempt:
    """Write an attempt down. Raises TooManyAttemptsError when there were too many failures."""
    now = timezone.now()
    SignInAttempt.objects.filter(at__lte=now - WINDOW).delete()
    keys = (_key("account", email.strip().lower()), _key("address", address))
    rows = tuple(SignInAttempt.objects.create(key=key, at=now).pk for key in keys)
    ends = _waits_until(keys)
    if ends is not None:
        # An attempt that is turned away is no failure: it must not make the wait any longer.
        SignInAttempt.objects.filter(pk__in=rows).delete()
        raise TooManyAttemptsError(max(1, math.ceil((ends - now) / timedelta(minutes=1))))
    return Attempt(rows, keys[0])


def attempt_succeeded(attempt: Attempt) -> None:
    """The password was right: forgive the account its failures.

    The address keeps its own, or one good account would let its owner go on guessing at others.
    """
    SignInAttempt.objects.filter(pk__in=attempt.rows).delete()
    SignInAttempt.objects.filter(key=attempt.account_key).delete()


def client_address(request: HttpRequest) -> str:
    """The network address that a request came from, seen past the proxies that are ours.

    Each proxy appends the address it was called from, so only the last entries can be believed.
    """
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    hops.append(request.META.get("REMOTE_ADDR", ""))
    seen = [hop for hop in hops if hop]
    return _network(seen[-1 - min(settings.EAVES_PROXIES, len(seen) - 1)] if seen else "")


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network((parsed, IPV6_PREFIX), strict=False))


def _waits_until(keys: Sequence[str]) -> datetime | None:
    """When the last of the keys that have failed too often may try again; None if none has."""
    waits = []
    for key in keys:
        attempts = SignInAttempt.objects.filter(key=key).order_by("-at", "-pk")
        # The newest is the attempt at hand; it goes on once the tenth before it is forgotten.
        tenth = attempts[FAILURES_ALLOWED : FAILURES_ALLOWED + 1].first()
        if tenth is not None:
            waits.append(tenth.at + WINDOW)
    return max(waits, default=None)


def _key(scope: str, value: str) -> str:
    return salted_hmac(f"portal.sign_in.{scope}", value, algorithm="sha256").hexdigest()
