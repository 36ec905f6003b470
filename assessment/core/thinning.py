"""A shape on a grid -> lines one cell wide that run through its middle."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_AROUND = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))
"""The cells beside a cell as rows and columns, clockwise from the one above."""


def thinned(cells: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A shape (rows, columns), 1 inside, thinned to lines one cell wide that keep its holes.

    The outermost cells must be 0.

    >>> bar = np.zeros((5, 9), np.uint8)
    >>> bar[1:4, 1:8] = 1
    >>> thinned(bar).sum(axis=1).tolist()
    [0, 0, 5, 0, 0]
    """
    flat = cells.ravel().copy()
    around = [row * cells.shape[1] + column for row, column in _AROUND]
    inside = np.flatnonzero(flat)
    gone = len(inside)
    while gone:
        before = len(inside)
        for removable in _REMOVABLE:
            patterns = np.zeros(len(inside), np.uint8)
            for bit, offset in enumerate(around):
                patterns |= flat[inside + offset] << np.uint8(bit)
            kept = ~removable[patterns]
            flat[inside[~kept]] = 0
            inside = inside[kept]
        gone = before - len(inside)
    return flat.reshape(cells.shape)


def _removable(pattern: int, *, second: bool) -> bool:
    """Whether Guo and Hall take a cell away, by what of the cells around it is inside."""
    p = [bool(pattern >> bit & 1) for bit in range(8)]
    above, right, below, left = p[0], p[2], p[4], p[6]
    pieces = sum(not p[i] and (p[i + 1] or p[(i + 2) % 8]) for i in (0, 2, 4, 6))
    pairs = sum(p[i - 1] or p[i] for i in (0, 2, 4, 6)), sum(p[i] or p[i + 1] for i in (0, 2, 4, 6))
    side = (below or p[5] or not p[7]) and left
    if second:
        side = (above or p[1] or not p[3]) and right
    return pieces == 1 and 2 <= min(pairs) <= 3 and not side


_REMOVABLE = [
    np.array([_removable(pattern, second=second) for pattern in range(256)])
    for second in (False, True)
]
