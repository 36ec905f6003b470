"""Units of display. Everything is stored in SI and rounded only where it is shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

FOOT = 0.3048
"""Metres, exact: international yard and pound agreement of 1959."""

SQUARE_FOOT = FOOT**2

INCH = FOOT / 12

LENGTHS = {
    **dict.fromkeys(("'", "ft", "foot", "feet"), FOOT),
    **dict.fromkeys(('"', "in", "inch", "inches"), INCH),
    **dict.fromkeys(("m", "meter", "meters", "metre", "metres"), 1.0),
    "cm": 0.01,
    "mm": 0.001,
}
"""Metres in a unit of length, by every spelling of it that is read."""

# Telephones and word processors turn quotes round.
_PLAIN = str.maketrans({"\u2019": "'", "\u2032": "'", "\u201d": '"', "\u2033": '"'})
# A comma before three figures may set thousands apart, unless nothing but 0 stands before it.
_LENGTH = re.compile(
    r"""(?:(?P<feet>\d{1,6})\s*(?:'|(?:ft|foot|feet)\.?)[\s,-]*)?
        (?:(?:(?P<whole>\d{1,6})[\s-]+)?(?P<top>\d{1,4})/(?P<bottom>[1-9]\d{0,3})
          |(?P<decimal>\d{0,6}\.\d{1,6}|0,\d{1,6}|\d{1,6}(?:,\d{1,2})?))
        \s*(?P<unit>['"]|[a-z]+\.?)?""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class AreaUnit:
    """A unit in which sentences tell areas, with places enough to set them beside a limit."""

    symbol: str
    square_metres: float
    places: int

    def told(self, area: float) -> str:
        """An area in square metres, in this unit.

        >>> SQUARE_METRES.told(9.5), SQUARE_FEET.told(9.5)
        ('9.50 m²', '102.3 sq ft')
        """
        return f"{area / self.square_metres:.{self.places}f} {self.symbol}"

    def limit(self, area: float) -> str:
        """A limit in square metres, in this unit, without places that say nothing.

        >>> SQUARE_METRES.limit(10.0), SQUARE_FEET.limit(10.0)
        ('10 m²', '107.6 sq ft')
        """
        return f"{round(area / self.square_metres, self.places):g} {self.symbol}"


SQUARE_METRES = AreaUnit("m²", 1.0, places=2)
SQUARE_FEET = AreaUnit("sq ft", SQUARE_FOOT, places=1)

AREA_UNITS: Mapping[str, AreaUnit] = {"us": SQUARE_FEET, "metric": SQUARE_METRES}
"""By the units of display of a carrier."""


def decimals(value: float) -> int:
    """Places enough that rounding alters nothing above one hundredth by more than a twentieth.

    >>> [decimals(value) for value in (1234, 56.9, 0.15, 0.014)]
    [0, 1, 2, 3]
    """
    if value == 0 or abs(value) >= 100:
        return 0
    return next((places for places, least in ((1, 1.0), (2, 0.1)) if abs(value) >= least), 3)


def three_digits(value: float) -> str:
    """A number to three significant digits, written out.

    >>> [three_digits(value) for value in (6281.6, 3.6, 0.00036049, 0.0)]
    ['6280', '3.6', '0.00036', '0']
    """
    return np.format_float_positional(value, precision=3, unique=False, fractional=False, trim="-")


def metres_in(text: str, *, unwritten: float) -> float:
    """A length as a person writes it -> metres.

    A number may be a decimal or a fraction; inches, fewer than twelve, may stand beside feet.
    Where no unit is written, it is one of `unwritten` metres. Raises ValueError, with a sentence
    for the person, for anything else, and for a length that isn't above 0.

    >>> spellings = ("10' 6\\"", "10 ft 6 in", "10.5 ft", "126 in", "10 1/2", "3.2004 m")
    >>> {round(metres_in(text, unwritten=FOOT), 4) for text in spellings}
    {3.2004}
    >>> round(metres_in("5 5/8 in", unwritten=FOOT), 6), metres_in("3,2", unwritten=1.0)
    (0.142875, 3.2)
    >>> metres_in("ten feet", unwritten=FOOT)
    Traceback (most recent call last):
    ValueError: "ten feet" can't be read as a length. Write it like 10' 6", 10.5 ft or 3.2 m.
    """
    match = _LENGTH.fullmatch(text.strip().lower().translate(_PLAIN).replace("''", '"'))
    metres = _metres(match, unwritten) if match else 0.0
    if metres == 0.0:
        raise ValueError(
            f'"{text}" can\'t be read as a length. Write it like 10\' 6", 10.5 ft or 3.2 m.'
        )
    return metres


def _metres(match: re.Match[str], unwritten: float) -> float:
    """Metres; 0 for a unit that isn't known and for what can't stand beside feet."""
    feet, written = match["feet"], match["unit"]
    alone = INCH if feet else unwritten
    unit = LENGTHS.get(written.rstrip("."), 0.0) if written else alone
    length = _amount(match) * unit
    if not feet:
        return length
    return int(feet) * FOOT + length if unit == INCH and length < FOOT else 0.0


def _amount(match: re.Match[str]) -> float:
    if match["top"]:
        return int(match["whole"] or 0) + int(match["top"]) / int(match["bottom"])
    return float(match["decimal"].replace(",", "."))
