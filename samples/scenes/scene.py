"""A drawn photo with everything in it that questions ask for, as polygons in its pixels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assessment.core.vocabulary import QueryKind
from samples.scenes.shapes import Polygon, fill

LANGUAGES = ("en", "es", "fr", "de")


@dataclass(frozen=True, slots=True)
class Words:
    """The same words in the four languages."""

    en: str
    es: str
    fr: str
    de: str

    def in_each(self) -> dict[str, str]:
        """By the language's code."""
        return {language: getattr(self, language) for language in LANGUAGES}


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing in the picture; it has several polygons where something stands before it."""

    label: Words
    polygons: tuple[Polygon, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question, how it singles out what it asks for, and the names of the things it means.

    No names: the true answer is that the picture shows no such thing.
    """

    kind: QueryKind
    means: tuple[str, ...]
    words: Words


@dataclass(frozen=True, slots=True)
class Scene:
    """A drawn photo, the things in it by their names, and the questions to ask of it."""

    name: str
    jpeg: bytes
    width: int
    height: int
    things: Mapping[str, Thing]
    questions: tuple[Question, ...]

    def truth(self, question: Question) -> NDArray[np.bool_]:
        """What the question means, shape (height, width)."""
        cells = np.zeros((self.height, self.width), np.bool_)
        for name in question.means:
            for polygon in self.things[name].polygons:
                fill(cells, polygon)
        return cells
