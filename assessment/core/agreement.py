"""How well several runs of one question agree on what they show.

No engine says how sure it is of an outline. Asked again, it finds again what is plainly there, and
something else where it guesses; the measure is the intersection over union of the outlines.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import shapely

from assessment.core.merge import OutlineArray, matched


class Agreed(NamedTuple):
    """A thing: its outline is the one at `place` in `run`, the earliest that shows it.

    `agreement` is the mean, over the other runs that looked there, of the intersection over union
    with their outline of it, 0 for one that shows none; None where no other run looked.
    """

    run: int
    place: int
    agreement: float | None


def agreed(
    runs: Sequence[OutlineArray],
    looked: Callable[[int, int, int], bool] = lambda other, run, place: True,
) -> list[Agreed]:
    """What the runs show, each thing once; those that only one run shows are things as well.

    Each run holds the outlines (n,) of its answer; they are grouped as in merge.matched.
    `looked(other, run, place)` says whether another run had a look at the outline's place.

    >>> wall, half = shapely.box(0, 0, 10, 10), shapely.box(0, 0, 10, 5)
    >>> away = shapely.box(50, 50, 60, 60)
    >>> agreed([np.array([wall]), np.array([away, half]), np.array([wall])])
    [Agreed(run=0, place=0, agreement=0.75), Agreed(run=1, place=0, agreement=0.0)]
    >>> agreed([np.array([wall])])
    [Agreed(run=0, place=0, agreement=None)]
    >>> agreed([])
    []
    """
    outlines = np.concatenate([np.empty(0, object), *runs])
    of = [(run, place) for run, shown in enumerate(runs) for place in range(len(shown))]
    sources = np.array([run for run, _ in of], np.intp)
    things = []
    for first, *again in matched(outlines, sources):
        run, place = of[first]
        found = {of[other][0]: _iou(outlines[first], outlines[other]) for other in again}
        counted = [
            found.get(other, 0.0)
            for other in range(len(runs))
            if other != run and (other in found or looked(other, run, place))
        ]
        things.append(Agreed(run, place, sum(counted) / len(counted) if counted else None))
    return things


def _iou(one: shapely.Geometry, other: shapely.Geometry) -> float:
    common = shapely.area(shapely.intersection(one, other))
    # Of equals, rounding can make it a little more than all.
    return min(1.0, float(common / (shapely.area(one) + shapely.area(other) - common)))
