"""ConverSeg (Sahoo and Gkioxari, 2026): an items.json that names photos, masks and prompts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationError,
)

from assessment.evaluation.case import PLAIN, Case, Fault, MaskFile
from assessment.evaluation.documents import UnreadableError, misfit, read_json

ITEMS = "items.json"
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Item(BaseModel):
    id: Annotated[str, BeforeValidator(str)]
    image: Words
    mask: Words
    prompt: Words
    kind: Annotated[str, Field(validation_alias=AliasChoices("kind", "concept"))] = PLAIN
    language: str = ""


def cases(dataset: Path) -> Iterator[Case | Fault]:
    """The items of a file, or of the items.json of a folder; files are sought from there."""
    path = dataset / ITEMS if dataset.is_dir() else dataset
    try:
        document, faults = read_json(path)
    except UnreadableError as error:
        yield Fault(path.name, str(error))
        return
    yield from faults
    for number, item in enumerate(_items(document), start=1):
        try:
            yield _case(path, _Item.model_validate(item))
        except ValidationError as error:
            yield Fault(f"{path.name}, item {number}", misfit(error))


def _items(document: Any) -> list[Any]:
    items = document.get("items") if isinstance(document, dict) else document
    return items if isinstance(items, list) else []


def _case(path: Path, item: _Item) -> Case | Fault:
    photo, mask = path.parent / item.image, path.parent / item.mask
    for file in (photo, mask):
        if not file.is_file():
            return Fault(f"{path.name}, {item.id}", f"Left out, {file.name} is missing.")
    return Case(item.id, photo, item.prompt, item.kind, MaskFile(mask), item.language)
