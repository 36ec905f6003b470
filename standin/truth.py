"""What is true of a set of pictures: a JSON file that anybody can write for photos of their own.

`docs/standin.md` explains the format. Coordinates are x, y in pixels from the upper left corner of
the upright picture.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import shapely
from PIL import Image, ImageOps
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from standin.views import View, view_of

NAME = "truth.json"
"""The file that a folder of pictures is expected to hold."""

FIRST_LANGUAGE = "en"

Words = str | dict[str, str]
"""One text, or the same text by language."""

Corners = Annotated[list[tuple[float, float]], Field(min_length=3)]


class BadTruthError(Exception):
    """A truth that can't be used; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing in a picture: its label by language, and its shape in the picture's pixels."""

    label: Mapping[str, str]
    shape: MultiPolygon


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question means, and the language it was put in."""

    language: str
    things: tuple[Thing, ...]

    def label(self, thing: Thing) -> str:
        """The thing's label in the question's language, or in the first that it has."""
        return thing.label.get(self.language) or next(iter(thing.label.values()))


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """One picture, and the answer to each question by its words, put in lower case."""

    name: str
    view: View
    answers: Mapping[str, Answer]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Polygon(_Strict):
    outline: Corners
    holes: list[Corners] = []


class _Object(_Strict):
    label: Words
    polygons: Annotated[list[_Polygon], Field(min_length=1)]


class _Question(_Strict):
    text: Words
    objects: list[str]
    kind: str = ""


class _Picture(_Strict):
    file: str
    objects: dict[str, _Object] = {}
    questions: list[_Question]


class _Document(_Strict):
    pictures: Annotated[list[_Picture], Field(min_length=1)]


def read_truth(path: Path) -> tuple[Picture, ...]:
    """Read a truth file, or the truth.json of a folder; pictures are sought beside it.

    Raises BadTruthError.
    """
    file = path / NAME if path.is_dir() else path
    try:
        document = json.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise BadTruthError(f"{file} can't be read: {error.strerror}.") from error
    except ValueError as error:
        raise BadTruthError(f"{file} is not JSON: {error}.") from error
    return truth_of(document, lambda name: (file.parent / name).read_bytes())


def truth_of(document: Any, picture: Callable[[str], bytes]) -> tuple[Picture, ...]:
    """A truth as it was read, `picture` giving the bytes of a named file. Raises BadTruthError."""
    try:
        told = _Document.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the document"
        raise BadTruthError(
            f"The truth's {place} is not as it should be: {first['msg']}."
        ) from error
    return tuple(_picture(each, picture) for each in told.pictures)


def in_words(text: str) -> str:
    """A question as it is compared: in lower case, single spaces, no stop at its end.

    >>> in_words(" The  Meter's label. ")
    "the meter's label"
    """
    return " ".join(text.split()).casefold().rstrip(" .?!")


def _picture(told: _Picture, read: Callable[[str], bytes]) -> Picture:
    try:
        with Image.open(io.BytesIO(read(told.file))) as image:
            view = view_of(ImageOps.exif_transpose(image).convert("L"))
    except OSError as error:
        reason = error.strerror or "it is no picture"
        raise BadTruthError(f"The picture {told.file} can't be read: {reason}.") from error
    things = {name: _thing(told.file, name, each) for name, each in told.objects.items()}
    answers: dict[str, Answer] = {}
    for question in told.questions:
        if unknown := set(question.objects) - things.keys():
            names = ", ".join(sorted(unknown))
            raise BadTruthError(f"A question about {told.file} names no object of it: {names}.")
        meant = tuple(things[name] for name in question.objects)
        for language, text in _by_language(question.text).items():
            answers[in_words(text)] = Answer(language, meant)
    return Picture(told.file, view, answers)


def _thing(file: str, name: str, told: _Object) -> Thing:
    polygons = [Polygon(each.outline, each.holes) for each in told.polygons]
    if not all(polygon.is_valid for polygon in polygons):
        raise BadTruthError(f'An outline of "{name}" in {file} crosses itself or its holes.')
    label = _by_language(told.label)
    if not all(label.values()):
        raise BadTruthError(f'"{name}" in {file} has an empty label.')
    return Thing(label, as_multipolygon(shapely.union_all(polygons)))


def _by_language(words: Words) -> dict[str, str]:
    return words if isinstance(words, dict) else {FIRST_LANGUAGE: words}


def as_multipolygon(shape: BaseGeometry) -> MultiPolygon:
    """The parts of a shape that have an area."""
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, Polygon)]
    return MultiPolygon([part for part in parts if part.area > 0])


def rings_of(polygon: Polygon) -> list[np.ndarray[Any, np.dtype[np.float64]]]:
    """Its outline and its holes as corners (n, 2), not closed."""
    lines = (polygon.exterior, *polygon.interiors)
    return [shapely.get_coordinates(line)[:-1] for line in lines]
