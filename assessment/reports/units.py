"""How numbers, dates and money are printed. Everything is stored SI and rounded only here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from assessment.core import units as core
from assessment.core.measure import Measured
from assessment.core.units import FOOT, decimals
from assessment.reports.errors import ReportError

DASH = "\N{EN DASH}"
UNKNOWN = "\N{EM DASH}"
"""Printed where the file holds nothing, so that an empty cell is never a slip."""

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
"""Spelled here because the calendar's own names follow the locale of the machine."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of area."""

    symbol: str
    square_metres: float


SQUARE_FOOT = Unit("SF", core.SQUARE_FOOT)
SQUARE_METRE = Unit("m²", 1.0)


@dataclass(frozen=True, slots=True)
class Rod:
    """A length that a scale bar may stand for."""

    metres: float
    text: str


FEET = tuple(
    Rod(feet * FOOT, f"{feet} ft [{feet * FOOT:.2f} m]") for feet in (1, 2, 5, 10, 20, 50, 100, 200)
)
METRES = tuple(
    Rod(metres, f"{metres:g} m") for metres in (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
)


@dataclass(frozen=True, slots=True)
class System:
    """A carrier's units of display, the paper it prints on and how it writes a day.

    `rods` are the lengths a scale bar may stand for, shortest first.
    """

    first: Unit
    second: Unit
    rods: tuple[Rod, ...]
    paper: str
    note: str
    month_first: bool

    def area(self, square_metres: float) -> str:
        """An area in the carrier's unit, as "612 SF"."""
        return _area(square_metres, self.first)

    def bracketed(self, square_metres: float) -> str:
        """The same area in the other unit, as "[56.9 m²]"."""
        return f"[{_area(square_metres, self.second)}]"

    def interval(self, measure: Measured) -> str:
        """The 95 % interval in the carrier's unit, as "571 to 655" with a dash."""
        low, high = (bound / self.first.square_metres for bound in (measure.low, measure.high))
        places = decimals(low or high)
        return f"{low:,.{places}f}{DASH}{high:,.{places}f}"

    def rod(self, metres: float) -> Rod | None:
        """The longest rod up to that length; None where even the shortest is too long."""
        return next((rod for rod in reversed(self.rods) if rod.metres <= metres), None)

    def day(self, day: date) -> str:
        """A calendar day as the carrier's people write it."""
        month = MONTHS[day.month - 1]
        return (
            f"{month} {day.day}, {day.year}"
            if self.month_first
            else f"{day.day} {month} {day.year}"
        )


SYSTEMS = {
    "us": System(
        SQUARE_FOOT,
        SQUARE_METRE,
        FEET,
        "Letter",
        "US units first, metric in brackets",
        month_first=True,
    ),
    "metric": System(
        SQUARE_METRE,
        SQUARE_FOOT,
        METRES,
        "A4",
        "metric units first, US in brackets",
        month_first=False,
    ),
}


def system(name: str) -> System:
    """The system of that name. Raises ReportError for any other than "us" and "metric"."""
    if name not in SYSTEMS:
        raise ReportError(
            f'The carrier\'s units are set to "{name}", and a report knows only "us" and "metric". '
            "Nothing was lost: set the units and make the report again."
        )
    return SYSTEMS[name]


def number(value: float) -> str:
    """Two or three figures, thousands apart: 1,234 and 56.9 and 0.15 and 0.014."""
    return f"{value:,.{decimals(value)}f}"


def percent(share: float) -> str:
    """A share of one as a percentage."""
    if 0 < share < 0.001:
        return "< 0.1 %"
    return f"{share * 100:.{0 if share >= 0.1 else 1}f} %"


def money(amount: Decimal | None, currency: str) -> str:
    """An amount with its currency; a dash where the file holds none."""
    return UNKNOWN if amount is None else f"{currency} {amount:,.2f}"


def moment(when: datetime) -> str:
    """A moment in UTC, to the second."""
    return when.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _area(square_metres: float, unit: Unit) -> str:
    return f"{number(square_metres / unit.square_metres)} {unit.symbol}"
