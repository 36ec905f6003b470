"""ReasonSeg (Lai et al., "LISA", 2024): a folder of photos, each with a JSON file of its name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from pydantic import BaseModel, FiniteFloat, ValidationError

from assessment.evaluation.case import Case, Drawing, Fault, Shape
from assessment.evaluation.documents import UnreadableError, misfit, photo_beside, read_json

DEPRECATED = "flag"
"""A label that the dataset's own evaluation passes over."""


class _Shape(BaseModel):
    label: str
    points: list[tuple[FiniteFloat, FiniteFloat]]


class _Entry(BaseModel):
    text: list[str]
    shapes: list[_Shape]
    is_sentence: bool = False
    kind: str = ""
    language: str = ""


def cases(dataset: Path) -> Iterator[Case | Fault]:
    """Each photo with the first of its questions, as the published evaluation asks them."""
    for path in sorted(dataset.glob("*.json")):
        try:
            document, faults = read_json(path)
            yield from faults
            yield from _case(path, _Entry.model_validate(document))
        except UnreadableError as error:
            yield Fault(path.name, str(error))
        except ValidationError as error:
            yield Fault(path.name, misfit(error))


def _case(path: Path, entry: _Entry) -> Iterator[Case | Fault]:
    photo = photo_beside(path)
    if photo is None:
        yield Fault(path.name, "Left out, its photo is missing.")
        return
    if not entry.text or not entry.text[0].strip():
        yield Fault(path.name, "Left out, it asks nothing.")
        return
    labelled = [shape for shape in entry.shapes if shape.label.lower() != DEPRECATED]
    yield from _doubts(path, labelled)
    shapes = tuple(
        Shape((np.array(shape.points),), ignored="ignore" in shape.label.lower())
        for shape in labelled
        if len(shape.points) > 2
    )
    kind = entry.kind or ("sentence" if entry.is_sentence else "phrase")
    yield Case(path.stem, photo, entry.text[0].strip(), kind, Drawing(shapes), entry.language)


def _doubts(path: Path, shapes: list[_Shape]) -> Iterator[Fault]:
    for shape in shapes:
        if len(shape.points) < 3:
            yield Fault(path.name, f'A shape "{shape.label}" has no area; passed over.')
        elif shape.label.lower() != "target" and "ignore" not in shape.label.lower():
            yield Fault(path.name, f'A shape is labelled "{shape.label}"; taken for a target.')
