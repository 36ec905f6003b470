"""COCO instances: a JSON file of images, categories and annotations, polygons or runs.

A case is a photo and a category annotated on it. A photo on which nothing is annotated is asked
for every category, and has none of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from assessment.evaluation.case import PLAIN, Case, Drawing, Fault, Shape
from assessment.evaluation.coco_shapes import Annotation, doubts, shape_of
from assessment.evaluation.documents import UnreadableError, misfit, photo_named, read_json

KEYS = ("images", "categories", "annotations")
E = TypeVar("E", bound=BaseModel)


class _Image(BaseModel):
    id: int
    file_name: str


class _Category(BaseModel):
    id: int
    name: str
    kind: str = PLAIN
    language: str = ""


def cases(dataset: Path) -> Iterator[Case | Fault]:
    """The cases of a file, or of all JSON files in a folder."""
    for path in sorted(dataset.glob("*.json")) if dataset.is_dir() else [dataset]:
        try:
            document, faults = read_json(path)
        except UnreadableError as error:
            yield Fault(path.name, str(error))
            continue
        yield from faults
        if isinstance(document, dict) and all(isinstance(document.get(key), list) for key in KEYS):
            yield from _cases(path, document)
        else:
            yield Fault(path.name, f"It lists no {', '.join(KEYS)}; nothing was taken from it.")


def _cases(path: Path, document: dict[str, Any]) -> Iterator[Case | Fault]:
    sheet = _Sheet(path)
    photos = {each.id: each for each in sheet.entries(_Image, document["images"])}
    categories = {each.id: each for each in sheet.entries(_Category, document["categories"])}
    for one in sheet.entries(Annotation, document["annotations"]):
        if one.image_id in photos and one.category_id in categories:
            sheet.add(one)
        else:
            sheet.note(one.id, "Left out, its image or category isn't listed.")
    yield from sheet.faults
    for photo in photos.values():
        if photo.id not in sheet.spoilt:
            yield from _of_photo(path, photo, sheet.shapes[photo.id], categories)


class _Sheet:
    """The shapes of a file by photo and category, its faults, and the photos left out by them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.faults: list[Fault] = []
        self.spoilt: set[int] = set()
        self.shapes: dict[int, dict[int, list[Shape]]] = defaultdict(lambda: defaultdict(list))

    def note(self, annotation: int, what: str) -> None:
        self.faults.append(Fault(f"{self.path.name}, annotation {annotation}", what))

    def entries(self, model: type[E], entries: Iterable[Any]) -> Iterator[E]:
        for number, entry in enumerate(entries, start=1):
            try:
                yield model.model_validate(entry)
            except ValidationError as error:
                kind = model.__name__.strip("_").lower()
                self.faults.append(Fault(f"{self.path.name}, {kind} {number}", misfit(error)))
                photo = entry.get("image_id") if isinstance(entry, dict) else None
                if isinstance(photo, int):
                    self.spoilt.add(photo)

    def add(self, one: Annotation) -> None:
        try:
            shape = shape_of(one)
        except ValueError as error:
            self.spoilt.add(one.image_id)
            self.note(one.id, f"Left out with its photo: {error}")
            return
        for sentence in doubts(one, shape):
            self.note(one.id, sentence)
        self.shapes[one.image_id][one.category_id].append(shape)


def _of_photo(
    path: Path,
    image: _Image,
    shapes: dict[int, list[Shape]],
    categories: dict[int, _Category],
) -> Iterator[Case | Fault]:
    photo = photo_named(image.file_name, _folders(path))
    if photo is None:
        yield Fault(f"{path.name}, {image.file_name}", "Left out, the photo is missing.")
        return
    for category in map(categories.__getitem__, shapes or categories):
        truth = Drawing(tuple(shapes.get(category.id, ())), counted=True)
        name, question = f"{photo.stem}, {category.name}", category.name.replace("_", " ")
        yield Case(name, photo, question, category.kind, truth, category.language)


def _folders(path: Path) -> Sequence[Path]:
    """Where the photos of an annotation file may lie, as datasets are laid out."""
    split = path.stem.removeprefix("instances_")
    return [
        root / folder
        for root in (path.parent, path.parent.parent)
        for folder in ("", "images", split)
    ]
