"""Sizes as the carrier's people read them. Everything is stored in SI and rounded only here."""

from __future__ import annotations

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from assessment.core.measure import Measured
from assessment.core.units import SQUARE_FOOT, decimals
from claims.models import Units


def area_text(area: Measured, units: Units) -> str:
    """An area with its 95 % interval, as "20.5 sq ft (18.1 to 22.9)"."""
    unit, name = (SQUARE_FOOT, _("sq ft")) if units == Units.US else (1.0, _("m²"))
    return _("%(value)s %(unit)s (%(low)s to %(high)s)") % {
        "value": figures(area.value / unit),
        "unit": name,
        "low": figures(area.low / unit),
        "high": figures(area.high / unit),
    }


def percent_text(share: float) -> str:
    """A share of one, as "35 %"."""
    if 0 < share < 0.001:
        return _("under 0.1 %")
    places = 0 if share >= 0.1 else 1
    return _("%(share)s %%") % {"share": number_format(round(share * 100, places), places)}


def figures(value: float) -> str:
    """Two or three figures in the reader's own spelling: 1,234 and 56.9 and 0.15."""
    # Rounded first: Django only cuts off.
    places = decimals(value)
    return number_format(round(value, places), places, use_l10n=True, force_grouping=True)
