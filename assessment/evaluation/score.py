"""What one answer is worth, in sums that can be added over answers; and what the sums amount to.

A measure is a function of sums over cases, so that its interval comes from drawing cases anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from assessment.core.masks import Patch
from assessment.evaluation.measures import SAME_THING, edge, fit, matched, near, overlap
from assessment.evaluation.truth import Truth, patches_mask

Sums = Mapping[str, NDArray[np.float64]]

RESAMPLES, SEED = 1000, 1
COVERED = (2.5, 97.5)
"""Percentiles between which 95 % lie."""


@dataclass(frozen=True, slots=True)
class Score:
    """The counts of one case. One without an answer has nothing but `asked`."""

    asked: int = 1
    answered: int = 0
    iou: float = 0.0
    hits: int = 0
    common: int = 0
    either: int = 0
    nothing_there: int = 0
    nothing_said: int = 0
    right: int = 0
    marked: int = 0
    seen: int = 0
    there: int = 0
    found: int = 0
    things: int = 0
    matched: int = 0
    look_alike: int = 0
    look_alike_taken: int = 0


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measure with its 95 % interval, which one case alone doesn't have."""

    value: float
    low: float | None = None
    high: float | None = None


def score(found: tuple[Patch, ...], truth: Truth, tolerance: float) -> Score:
    """What an answer of these things is worth.

    >>> here = Patch(0, 0, np.ones((4, 4), np.bool_))
    >>> none = np.zeros((8, 8), np.bool_)
    >>> target = patches_mask((here,), 8, 8)
    >>> got = score((here,), Truth(target, none, none, (here,)), 3)
    >>> got.iou, got.hits, got.matched, got.nothing_there
    (1.0, 1, 1, 0)
    """
    height, width = truth.target.shape
    answer = patches_mask(found, width, height)
    shared = overlap(answer, truth.target, truth.ignored)
    lines = fit(edge(answer), edge(truth.target), truth.ignored, tolerance)
    nothing_there = not (truth.target & ~truth.ignored).any()
    alike = truth.look_alike & ~near(truth.target, tolerance)
    counted = [] if truth.things is None else _counted(found, truth)
    things = truth.things or ()
    return Score(
        answered=1,
        iou=shared.iou,
        hits=int(shared.iou > SAME_THING),
        common=shared.common,
        either=shared.either,
        nothing_there=int(nothing_there),
        nothing_said=int(nothing_there and not shared.either),
        **lines._asdict(),
        found=len(counted),
        things=len(things),
        matched=matched(counted, things),
        look_alike=int(alike.sum()),
        look_alike_taken=int((alike & near(answer, tolerance)).sum()),
    )


def estimates(scores: Sequence[Score]) -> dict[str, Estimate | None]:
    """Every measure over some cases; None where there is nothing to measure it on.

    Intervals are percentiles over cases drawn with replacement (bootstrap; Efron, 1979), with a
    seed: the same scores give the same digits.

    >>> got = estimates([Score(answered=1, iou=1.0, hits=1), Score(answered=1, iou=0.5), Score()])
    >>> got["gIoU"].value, got["gIoU, unanswered as 0"].value, got["P@0.5"].value
    (0.75, 0.5, 0.5)
    >>> got["instance F1"] is None, estimates([Score(answered=1, iou=0.5)])["gIoU"]
    (True, Estimate(value=0.5, low=None, high=None))
    """
    if not scores:
        return dict.fromkeys(MEASURES)
    rows = [asdict(each) for each in scores]
    table = {key: np.array([row[key] for row in rows], np.float64) for key in rows[0]}
    whole = {key: column.sum(keepdims=True) for key, column in table.items()}
    chance = np.random.default_rng(SEED)
    draws = chance.multinomial(len(rows), np.full(len(rows), 1 / len(rows)), size=RESAMPLES)
    drawn = {key: draws @ column for key, column in table.items()}
    return {
        name: _estimate(float(measure(whole)[0]), measure(drawn), len(rows))
        for name, measure in MEASURES.items()
    }


def _counted(found: tuple[Patch, ...], truth: Truth) -> list[Patch]:
    """The found things that don't lie, by half or more, in what is ignored."""
    kept = []
    for patch in found:
        rows, columns = patch.cells.shape
        there = truth.ignored[patch.top : patch.top + rows, patch.left : patch.left + columns]
        if 2 * int((there & patch.cells).sum()) < int(patch.cells.sum()):
            kept.append(patch)
    return kept


def _estimate(value: float, drawn: NDArray[np.float64], cases: int) -> Estimate | None:
    if np.isnan(value):
        return None
    drawn = drawn[~np.isnan(drawn)]
    if cases < 2:
        return Estimate(value)
    low, high = np.percentile(drawn, COVERED)
    return Estimate(value, float(low), float(high))


def _share(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    share: NDArray[np.float64] = np.full(whole.shape, np.nan)
    return np.divide(part, whole, out=share, where=whole > 0)


def f1(sums: Sums) -> NDArray[np.float64]:
    """Harmonic mean of precision (right / marked) and recall (seen / there); 0 where either is
    empty and the other isn't.

    >>> from assessment.evaluation.measures import Fit
    >>> f1({key: np.array([n]) for key, n in Fit(3, 4, 3, 4)._asdict().items()}).tolist()
    [0.75]
    >>> f1({key: np.array([n]) for key, n in Fit(0, 0, 0, 4)._asdict().items()}).tolist()
    [0.0]
    """
    precision = sums["right"] / np.maximum(sums["marked"], 1)
    recall = sums["seen"] / np.maximum(sums["there"], 1)
    both = np.asarray(precision + recall, np.float64)
    mean = np.divide(2 * precision * recall, both, out=np.zeros(both.shape), where=both > 0)
    return np.where(sums["marked"] + sums["there"] > 0, mean, np.nan)


MEASURES: Mapping[str, Callable[[Sums], NDArray[np.float64]]] = {
    "gIoU": lambda sums: _share(sums["iou"], sums["answered"]),
    "gIoU, unanswered as 0": lambda sums: _share(sums["iou"], sums["asked"]),
    "cIoU": lambda sums: _share(sums["common"], sums["either"]),
    "P@0.5": lambda sums: _share(sums["hits"], sums["answered"]),
    "no-target accuracy": lambda sums: _share(sums["nothing_said"], sums["nothing_there"]),
    "instance precision": lambda sums: _share(sums["matched"], sums["found"]),
    "instance recall": lambda sums: _share(sums["matched"], sums["things"]),
    "instance F1": lambda sums: _share(2 * sums["matched"], sums["found"] + sums["things"]),
    "boundary F1": f1,
    "look-alikes taken": lambda sums: _share(sums["look_alike_taken"], sums["look_alike"]),
}
