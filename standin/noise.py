"""How far answers stray: outlines and boxes that shift, things missed or invented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assessment.core.detection import Ring
from standin.region import FULL, Part, Region

INVENTED_LABEL = "damage"
INVENTED_SIDE = (40.0, 160.0)
"""Thousandths: from the least to the greatest side of a thing that isn't there."""


@dataclass(frozen=True, slots=True)
class Noise:
    """What goes wrong, and how much.

    `jitter` is the standard deviation in thousandths by which each thing as a whole is off, and
    each corner of it once more; `missed` the share of things that aren't told of, `invented` the
    share of answers that tell of a thing that isn't there.
    """

    jitter: float = 0.0
    missed: float = 0.0
    invented: float = 0.0

    def over(self, regions: Sequence[Region], rng: np.random.Generator) -> list[Region]:
        """The regions as a model might tell of them."""
        seen = [region for region in regions if rng.random() >= self.missed]
        if rng.random() < self.invented:
            seen.append(_invented(rng))
        return [self._shaken(region, rng) for region in seen] if self.jitter else seen

    def _shaken(self, region: Region, rng: np.random.Generator) -> Region:
        shift = rng.normal(0, self.jitter, 2)

        def shaken(ring: Ring) -> Ring:
            moved = ring + shift + rng.normal(0, self.jitter, ring.shape)
            return np.asarray(np.clip(moved, 0, FULL), np.float64)

        parts = [
            Part(shaken(part.outline), tuple(map(shaken, part.holes))) for part in region.parts
        ]
        return Region(region.label, tuple(parts))


def _invented(rng: np.random.Generator) -> Region:
    across, down = rng.uniform(*INVENTED_SIDE, 2)
    left, top = rng.uniform(0, FULL - across), rng.uniform(0, FULL - down)
    right, bottom = left + across, top + down
    corners = [[left, top], [right, top], [right, bottom], [left, bottom]]
    return Region(INVENTED_LABEL, (Part(np.array(corners, np.float64)),))
