"""What asking cost and will cost, in words."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessment.selectors.costs import Spent

CENT = Decimal("0.01")


def spent_told(spent: Spent) -> str:
    """How often an engine was asked and what that cost; empty where nothing was to be paid."""
    if not (spent.usd or spent.unknown):
        return ""
    asked = ngettext(
        "Asked %(count)d time, for %(usd)s.", "Asked %(count)d times, for %(usd)s.", spent.asked
    ) % {"count": spent.asked, "usd": usd_told(spent.usd)}
    return " ".join(part for part in (asked, _unknown(spent), _reused(spent)) if part)


def _unknown(spent: Spent) -> str:
    if not spent.unknown:
        return ""
    return ngettext(
        "The price of %(count)d answer is not known, and not in it.",
        "The price of %(count)d answers is not known, and not in it.",
        spent.unknown,
    ) % {"count": spent.unknown}


def _reused(spent: Spent) -> str:
    if not spent.reused:
        return ""
    return ngettext(
        "%(count)d answer was stored already and cost nothing.",
        "%(count)d answers were stored already and cost nothing.",
        spent.reused,
    ) % {"count": spent.reused}


def price_of_again(last: Spent | None) -> str:
    """What it will cost to ask again, going by what the last answers cost when they came; None
    where there are none to go by."""
    if last is None:
        return _("Nobody knows yet what it costs.")
    if last.unknown:
        return _("It is paid for again. What it costs is not known: the model has no price here.")
    if not last.usd:
        return _("It costs nothing.")
    return _("It is paid for again: the last answers cost %(usd)s.") % {"usd": usd_told(last.usd)}


def usd_told(usd: Decimal) -> str:
    """US dollars to the cent; what is less is told to be so."""
    if Decimal(0) < usd < CENT:
        return _("less than %(usd)s USD") % {"usd": number_format(CENT, 2, use_l10n=True)}
    # Formatting alone would cut the rest off.
    cents = usd.quantize(CENT, ROUND_HALF_UP)
    return f"{number_format(cents, 2, use_l10n=True, force_grouping=True)} USD"
