"""What an answer tells of: labelled regions of the picture that was sent, in thousandths of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assessment.core.detection import Ring

FULL = 1000.0
"""Thousandths of a side, whatever its length in pixels."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One outline and the holes in it: corners (n, 2) as x, y in thousandths, not closed."""

    outline: Ring
    holes: tuple[Ring, ...] = ()

    @property
    def rings(self) -> tuple[Ring, ...]:
        """The outline first, then its holes; together they fill by the even-odd rule."""
        return (self.outline, *self.holes)


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """One thing; it has several parts where something stands before it."""

    label: str
    parts: tuple[Part, ...]

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Top, left, bottom, right in whole thousandths of the picture."""
        corners = np.concatenate([part.outline for part in self.parts])
        (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
        edges = np.clip(np.rint([top, left, bottom, right]), 0, FULL).astype(int)
        return int(edges[0]), int(edges[1]), int(edges[2]), int(edges[3])
