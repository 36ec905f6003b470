"""Units of display. Everything is stored in SI and rounded only where it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

FOOT = 0.3048
"""Metres, exact: international yard and pound agreement of 1959."""

SQUARE_FOOT = FOOT**2


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
