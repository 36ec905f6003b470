"""How sure a finding is: by what people made of earlier ones on which the runs agreed as well.

No engine says how sure it is. Where a question is put to a photo in several runs, the answers agree
on a finding to some intersection over union, 0 to 1, and reviewed findings tell what that is worth.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import shapely
from shapely import MultiPolygon

from assessment.core.vocabulary import Confidence

EDGES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
"""Where one bin of agreement ends and the next begins. Two outlines that agree to less than a half
are commonly not taken for the same thing, so that finer bins down there would tell nothing."""

HIGH_FROM = 0.85
"""High: even at the lower end of the interval no more than about one in seven is wrong, so that a
review mostly confirms."""

LOW_UNDER = 0.6
"""Low: even at the upper end of the interval two in five are wrong, so that a person looks as if
nothing had been proposed."""

FEWEST = 44
"""So many reviewed findings a bin needs. From here on no interval reaches from under LOW_UNDER up
to HIGH_FROM, whatever the findings came to: a band always rules another one out."""

DISPUTED_UNDER = 0.5
"""Where reviewed findings don't tell what an agreement is worth, runs that agree to less than this
are taken to disagree: they would not count as outlines of the same thing."""

CORRECTED_LITTLE = 0.75
"""An outline that agrees so well with what a person made of it was right: two people who outline
the same damage agree to about 0.8."""

Z = 1.959964
"""The normal quantile of a two-sided 95 % interval."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """How well the runs agreed on a finding, 0 to 1, and whether a person found it right."""

    agreement: float
    right: bool


@dataclass(frozen=True, slots=True)
class Block:
    """Findings that agreed to at least `low` and to less than `high` (or to 1 altogether).

    So many were reviewed, and so many of these were right; `band` is what this says of another one.
    """

    low: float
    high: float
    findings: int
    right: int
    band: Confidence = Confidence.NOT_KNOWN

    @property
    def share(self) -> float:
        """The part that was right, 0 to 1; nan where none was reviewed."""
        return self.right / self.findings if self.findings else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the share."""
        return wilson(self.right, self.findings)


@dataclass(frozen=True, slots=True)
class Sureness:
    """How well the runs agree on a finding, and the block of reviewed ones that it falls in.

    Both are None where its question was put to the photo only once. `is_disputed` says whether the
    runs disagree so much that a person should look, whatever else holds.
    """

    agreement: float | None = None
    block: Block | None = None
    is_disputed: bool = False

    @property
    def band(self) -> Confidence:
        """The band of the block; not known where there is none."""
        return self.block.band if self.block else Confidence.NOT_KNOWN


@dataclass(frozen=True, slots=True)
class Calibration:
    """Blocks from the poorest agreement to the best, which together hold every agreement."""

    blocks: tuple[Block, ...]

    def sureness(self, agreement: float | None) -> Sureness:
        """How sure a finding is on which the runs agree like this; None where there was one run.

        >>> reviewed = [Reviewed(0.95, True)] * 60 + [Reviewed(0.3, True)] * 5
        >>> calibration = calibrated(reviewed)
        >>> [calibration.sureness(each).band.value for each in (0.97, 0.3, None)]
        ['high', 'not_known', 'not_known']
        """
        if agreement is None:
            return Sureness()
        block = next((each for each in self.blocks if agreement < each.high), self.blocks[-1])
        return Sureness(agreement, block, is_disputed=agreement < self._disputed_under)

    @property
    def _disputed_under(self) -> float:
        """What agrees worse than findings that are known to be low is disputed, too, though itself
        too few of its kind were reviewed. No agreement is trusted less than a poorer one."""
        low = [each.high for each in self.blocks if each.band is Confidence.LOW]
        if low:
            return max(low) if max(low) < EDGES[-1] else math.inf
        return DISPUTED_UNDER if self.blocks[0].band is Confidence.NOT_KNOWN else 0.0


def calibrated(reviewed: Iterable[Reviewed]) -> Calibration:
    """What reviewed findings say of others of the same engine.

    Findings on which runs agree better are taken to be right at least as often. Bins that say the
    reverse, as few findings may by chance, are pooled until they don't (pool adjacent violators:
    Ayer et al., "An empirical distribution function for sampling with incomplete information",
    1955), with what lies between them. Bins with too few findings stay as they are, not known.
    """
    bins = _binned(reviewed)
    pools = _pooled(bins)
    left = [each for each in bins if not any(pool.low <= each.low < pool.high for pool in pools)]
    return Calibration(tuple(sorted([*_banded(pools), *left], key=lambda block: block.low)))


def corrected_little(proposed: MultiPolygon, corrected: MultiPolygon) -> bool:
    """Whether an engine's outline was right, by what a person made of it; both in image pixels."""
    either = shapely.union(proposed, corrected).area
    return shapely.intersection(proposed, corrected).area >= CORRECTED_LITTLE * either > 0


def wilson(right: int, findings: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson, 1927); all from 0 to 1 where there is nothing to go by.

    >>> [round(end, 3) for end in wilson(59, 64)]
    [0.83, 0.966]
    >>> wilson(0, 0)
    (0.0, 1.0)
    """
    if not findings:
        return 0.0, 1.0
    whole = findings + Z * Z
    middle = (right + Z * Z / 2) / whole
    reach = Z / whole * math.sqrt(right * (findings - right) / findings + Z * Z / 4)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def _binned(reviewed: Iterable[Reviewed]) -> list[Block]:
    found = list(reviewed)
    return [_counted(low, high, found) for low, high in pairwise(EDGES)]


def _counted(low: float, high: float, reviewed: Sequence[Reviewed]) -> Block:
    top = high if high < EDGES[-1] else math.inf
    within = [each.right for each in reviewed if low <= each.agreement < top]
    return Block(low, high, len(within), sum(within))


def _pooled(bins: Sequence[Block]) -> list[Block]:
    """Blocks of enough findings, whose shares rise with the agreement."""
    pools: list[Block] = []
    for each in bins:
        if each.findings < FEWEST:
            continue
        pools.append(each)
        while len(pools) > 1 and pools[-2].share > pools[-1].share:
            above, below = pools.pop(), pools.pop()
            pools.append(_together(bins, below.low, above.high))
    return pools


def _together(bins: Sequence[Block], low: float, high: float) -> Block:
    within = [each for each in bins if low <= each.low < high]
    return Block(
        low, high, sum(each.findings for each in within), sum(each.right for each in within)
    )


def _banded(pools: Sequence[Block]) -> list[Block]:
    """The pools with their bands. High holds for all that agree better, low for all that do worse.

    A pool may hold fewer findings than the one below it, and an interval that is wider for that.
    """
    high = (each.low for each in pools if each.interval[0] >= HIGH_FROM)
    low = (each.low for each in pools if each.interval[1] < LOW_UNDER)
    high_from, low_to = min(high, default=math.inf), max(low, default=-math.inf)
    return [replace(each, band=_band(each.low, high_from, low_to)) for each in pools]


def _band(place: float, high_from: float, low_to: float) -> Confidence:
    if place >= high_from:
        return Confidence.HIGH
    return Confidence.LOW if place <= low_to else Confidence.MEDIUM
