"""How true the areas and outlines are, kind by kind, against what was drawn."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from benchmarks.outlines.answers import Truth
from benchmarks.outlines.methods import Measured


class Accuracy(NamedTuple):
    """Mean |area error| in per cent and mean IoU, by kind; how many outlines are invalid.

    Both without IoU where only pixels were counted.
    """

    errors: dict[str, float]
    ious: dict[str, float]
    invalid: int | None

    @property
    def iou(self) -> float:
        return float(np.mean(list(self.ious.values())))


def accuracy(found: Measured, truth: Truth) -> Accuracy:
    """Compare what a method found with what there is, in the same order."""
    errors = np.abs(found.areas - truth.areas) / truth.areas * 100
    if found.outlines is None:
        return Accuracy(_by_kind(errors, truth), {}, None)
    invalid = int(np.count_nonzero(~shapely.is_valid(found.outlines)))
    ious = _iou(shapely.make_valid(found.outlines), truth.outlines)
    return Accuracy(_by_kind(errors, truth), _by_kind(ious, truth), invalid)


def _iou(found: NDArray[np.object_], true: NDArray[np.object_]) -> NDArray[np.float64]:
    shared = shapely.area(shapely.intersection(found, true))
    iou: NDArray[np.float64] = shared / (shapely.area(found) + shapely.area(true) - shared)
    return iou


def _by_kind(values: NDArray[np.float64], truth: Truth) -> dict[str, float]:
    kinds = np.array(truth.kinds)
    return {kind: float(values[kinds == kind].mean()) for kind in dict.fromkeys(truth.kinds)}
