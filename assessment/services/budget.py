"""Money for a call: set aside before it, so that no budget is ever exceeded.

    turn_taken   the answer to the same, if there is one; else money is set aside
    keys_let_go  the job is another worker's now: what its predecessor asked is asked again
    turn_begins  the call is made now, after it may have waited long
    turn_ended   the call is over; in the transaction that stores its answer, if one came

Who sets money aside under a budget has locked the carrier, so that of many workers at once each
sees what the others have set aside. Without a budget nobody waits: the key alone, which is there
once, decides who asks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from assessment.engines.base import EngineBusyError, EngineError, Usage
from assessment.models import Call, Earmark, Segmentation
from assessment.services.costs import FREE, PriceUnknownError, most_of
from assessment.services.jobs import LONGEST_JOB_SECONDS
from claims.models import Carrier, Claim

# Beside the engine's own deadline: who has not answered by then is dead, or as good as.
GRACE_SECONDS = 15.0

# What is set aside is the most that a call can cost, so most of it is soon free again.
FREE_AGAIN_SECONDS = 5.0


def _told(usd: Decimal) -> str:
    """Cents, and of less than a dollar whatever it comes to: most questions cost less than one."""
    return f"{usd:.2f}" if usd >= 1 or usd == round(usd, 2) else f"{usd.normalize():f}"


class BudgetSpentError(EngineError):
    """The call could cost more than a budget has left, so it isn't made."""

    def __init__(self, limit: Limit, paid: Decimal, most: Decimal) -> None:
        super().__init__(
            f"Not asked: of the budget of {_told(limit.usd)} USD {limit.whose}, {_told(paid)} USD "
            f"are spent, and this question can cost up to {_told(most)} USD. What was answered is "
            f"kept. {limit.remedy}"
        )


class BudgetSetAsideError(EngineBusyError):
    """What is left of a budget would do, were it not set aside for calls under way."""

    def __init__(self, limit: Limit) -> None:
        super().__init__(
            f"What is left of the budget of {_told(limit.usd)} USD {limit.whose} is set aside for "
            "questions that are being asked. They mostly cost less; this one's turn comes when "
            "they are answered.",
            retry_after=FREE_AGAIN_SECONDS,
        )


@dataclass(frozen=True, slots=True)
class Limit:
    """A budget: how much, of what, what to do once it is spent, and what is counted against it."""

    usd: Decimal
    whose: str
    remedy: str
    calls: QuerySet[Call]
    earmarks: QuerySet[Earmark]

    def used(self, most: Decimal) -> tuple[Decimal, Decimal]:
        """What is spent and what is set aside; an answer of unknown cost counts as much as
        `most`."""
        # In this order: what is stored between the two is counted twice, never not at all.
        aside = self.earmarks.aggregate(usd=Sum("usd"))["usd"] or FREE
        paid = self.calls.filter(reused_from=None).exclude(key="")
        told = paid.aggregate(usd=Sum("cost_usd"), unknown=Count("pk", filter=Q(cost_usd=None)))
        unknown: int = told["unknown"]
        return Decimal(told["usd"] or FREE) + unknown * most, Decimal(aside)


def turn_taken(
    claim: Claim,
    key: str,
    bounds: Mapping[str, Usage],
    answered: Callable[[], Call | None],
    asker: Segmentation | None = None,
) -> Call | Earmark | None:
    """Set aside the most that a call can cost, or return the answer that makes it needless.

    None while somebody else asks the same and nothing is stored: their answer is waited for.
    `answered` looks for an answer; the key of the call is held until `turn_ended`, or until another
    worker goes on with the question of the `asker`. Raises BudgetSpentError, BudgetSetAsideError
    and PriceUnknownError.
    """
    if not (limits := limits_of(claim)):
        return _turn_of_the_first(_Mark(claim, asker, key), _known(bounds), answered)
    with transaction.atomic():
        Carrier.objects.select_for_update(no_key=True).get(pk=claim.carrier_id)
        _expire(claim)
        # In this order: who is no longer asking has stored what came before the next look.
        if Earmark.objects.filter(key=key).exists():
            return answered()
        return answered() or _set_aside(_Mark(claim, asker, key), _allowed(limits, bounds))


class _Mark(NamedTuple):
    """For whom money is set aside, and the key of the call."""

    claim: Claim
    asker: Segmentation | None
    key: str


def _turn_of_the_first(
    wanted: _Mark, usd: Decimal, answered: Callable[[], Call | None]
) -> Call | Earmark | None:
    """The turn where there is no budget to keep: it is of whoever writes its key down first."""
    mark = _set_aside_once(wanted, usd)
    if mark is None and _expire(wanted.claim):
        mark = _set_aside_once(wanted, usd)
    # In this order: who had the key before has stored what came. Who has it now may want another.
    if (answer := answered()) and mark:
        turn_ended(mark)
    return answer or mark


def turn_begins(mark: Earmark) -> None:
    """The call is made now: from here on its key is held for as long as it may take.

    Where it was set aside just now, that is long enough, and nothing is written.
    """
    now = timezone.now()
    if now - mark.created_at > timedelta(seconds=GRACE_SECONDS):
        Earmark.objects.filter(pk=mark.pk).update(created_at=now)


def turn_ended(mark: Earmark) -> None:
    """The call is over: its money is spent, or free again."""
    Earmark.objects.filter(pk=mark.pk).delete()


def keys_let_go(segmentation: Segmentation) -> None:
    """Let go the keys of whoever asked this question before: the job is another's now.

    What that worker is at, if it lives, may still be billed: its money stays set aside.
    """
    Earmark.objects.filter(segmentation=segmentation).exclude(key="").update(key="")


def _expire(claim: Claim) -> int:
    """Let go what dead workers hold: the key after the longest call and as long a wait for its
    place among the calls of a process, the money as money_recover does. Returns how many keys that
    freed.

    The key doesn't wait for the longest job: so long the question would go unanswered.
    """
    marks = Earmark.objects.filter(carrier=claim.carrier_id)
    _dead(marks).delete()
    held = timedelta(seconds=2 * longest_call() + GRACE_SECONDS)
    return marks.exclude(key="").filter(created_at__lt=timezone.now() - held).update(key="")


def money_recover() -> None:
    """Free the money that dead workers set aside, after the longest job: whoever took up theirs
    anew may yet be at it."""
    _dead(Earmark.objects.all()).delete()


def _dead(marks: QuerySet[Earmark]) -> QuerySet[Earmark]:
    return marks.filter(created_at__lt=timezone.now() - timedelta(seconds=LONGEST_JOB_SECONDS))


def longest_call() -> float:
    """Seconds that a call may take, of whichever engine: the longest `deadline` of them all."""
    return max(float(options.get("deadline", 0.0)) for options in settings.EAVES_ENGINES.values())


def _set_aside_once(wanted: _Mark, usd: Decimal) -> Earmark | None:
    """None where somebody holds the key."""
    try:
        with transaction.atomic():
            return _set_aside(wanted, usd)
    except IntegrityError:
        return None


def _set_aside(wanted: _Mark, usd: Decimal) -> Earmark:
    return Earmark.objects.create(
        carrier_id=wanted.claim.carrier_id,
        claim=wanted.claim,
        segmentation=wanted.asker,
        key=wanted.key,
        usd=usd,
        created_at=timezone.now(),
    )


def _allowed(limits: list[Limit], bounds: Mapping[str, Usage]) -> Decimal:
    most = most_of(bounds)
    used = [(limit, *limit.used(most)) for limit in limits]
    # What is spent stays spent, so no waiting helps, whatever another budget says.
    for limit, paid, _ in used:
        if paid + most > limit.usd:
            raise BudgetSpentError(limit, paid, most)
    for limit, paid, aside in used:
        if paid + aside + most > limit.usd:
            raise BudgetSetAsideError(limit)
    return most


def _known(bounds: Mapping[str, Usage]) -> Decimal:
    """The most that a call can cost; nothing where no price says so."""
    try:
        return most_of(bounds)
    except PriceUnknownError:
        return FREE


def limits_of(claim: Claim) -> list[Limit]:
    """The budgets that a call for this claim must keep."""
    limits = []
    if settings.EAVES_BUDGET_PER_CLAIM is not None:
        limits.append(_per_claim(claim, settings.EAVES_BUDGET_PER_CLAIM))
    if settings.EAVES_BUDGET_PER_DAY is not None:
        limits.append(_per_day(claim.carrier_id, settings.EAVES_BUDGET_PER_DAY))
    return limits


def _per_claim(claim: Claim, usd: Decimal) -> Limit:
    return Limit(
        usd,
        whose="for a claim",
        remedy="Whoever runs this service can raise it (EAVES_BUDGET_PER_CLAIM); then try again.",
        calls=Call.objects.filter(segmentation__photo__claim=claim),
        earmarks=Earmark.objects.filter(claim=claim),
    )


def _per_day(carrier_id: int, usd: Decimal) -> Limit:
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return Limit(
        usd,
        whose="for a day",
        remedy="Try again tomorrow (a day begins at 0:00 UTC), or have whoever runs this service "
        "raise it (EAVES_BUDGET_PER_DAY).",
        calls=Call.objects.filter(
            segmentation__photo__claim__carrier=carrier_id, answered_at__gte=midnight
        ),
        earmarks=Earmark.objects.filter(carrier=carrier_id),
    )
