"""One thing an engine saw, in the coordinates of the upright photo.

Every engine yields detections and all geometry takes them. Image coordinates: x right, y down,
origin at the top-left corner of the upright original, float pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assessment.core.vocabulary import AnswerForm, DamageType


class Box(NamedTuple):
    """An upright rectangle in image pixels, left <= right and top <= bottom."""

    left: float
    top: float
    right: float
    bottom: float


Grid = NDArray[np.uint8]
"""Probabilities 0..255, shape (rows, columns); it covers the detection's box edge to edge."""

Ring = NDArray[np.float64]
"""Vertices (n, 2) as x, y in image pixels, not closed. Several rings fill by the even-odd rule."""


@dataclass(frozen=True, slots=True, eq=False)
class Detection:
    """A labelled region: a grid, rings, or nothing but its box.

    `approximate` marks an outline that is a guess (a bare box, a local search): a person must
    look at it before anything is decided on it. `damage_type` is None where the engine doesn't
    say, and the question's own type holds. `from_point` says that the engine answered no more than
    a point, for which the box stands in; `refined`, that the mask isn't the engine's, but was
    found in the photo inside of what the engine answered.
    """

    label: str
    box: Box
    mask: Grid | tuple[Ring, ...] | None
    form: AnswerForm
    damage_type: DamageType | None = None
    approximate: bool = False
    from_point: bool = False
    refined: bool = False
