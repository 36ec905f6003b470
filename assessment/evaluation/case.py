"""What an engine is tried on: a photo, a question, and the truth about it as a dataset tells it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assessment.core.detection import Ring

PLAIN = "plain"
"""The kind of a question whose dataset names none."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a dataset: where it is, and a sentence on what became of it."""

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Runs:
    """A mask as lengths of runs, by turns outside and inside, down the columns from the left."""

    lengths: tuple[int, ...]
    height: int
    width: int


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """One outlined thing: rings in image pixels, which may overlap, or the runs of its mask.

    An `ignored` one is neither right nor wrong to find.
    """

    drawn: tuple[Ring, ...] | Runs
    ignored: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """A truth of shapes; `counted` says that each that isn't ignored is one thing."""

    shapes: tuple[Shape, ...]
    counted: bool = False


@dataclass(frozen=True, slots=True)
class MaskFile:
    """A truth in a grey picture of the photo's size: 255 (or 1, if that is the highest) is what is
    asked for, 0 is not, and other values are look-alikes of it."""

    path: Path


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One question about one photo, its kind in the words of its dataset, and its truth.

    `language` is that of the question, as the dataset names it; empty where it doesn't.
    """

    name: str
    photo: Path
    question: str
    kind: str
    truth: Drawing | MaskFile
    language: str = ""
