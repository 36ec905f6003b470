"""Units of display. Everything is stored in SI and rounded only where it is shown."""

from __future__ import annotations

import numpy as np

FOOT = 0.3048
"""Metres, exact: international yard and pound agreement of 1959."""

SQUARE_FOOT = FOOT**2


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
