"""A folder of photos, each with a mask of its name that ends in .png, all asked the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from assessment.evaluation.case import PLAIN, Case, Fault, MaskFile
from assessment.evaluation.documents import PHOTO_ENDINGS, photo_beside

MASK_ENDING = ".png"


def cases(dataset: Path) -> Iterator[Case | Fault]:
    """Each photo and its mask. The question is the folder's name in words, or the first line of a
    text file with the photo's name, whose others may say `kind: ...` and `language: ...`."""
    common = dataset.resolve().name.replace("_", " ").replace("-", " ")
    photos = {photo for photo in dataset.glob("*") if _is_photo(photo)}
    for photo in sorted(photos):
        mask = photo.with_suffix(MASK_ENDING)
        if mask.is_file():
            question, told = _question(photo)
            kind, language = told.get("kind", PLAIN), told.get("language", "")
            yield Case(photo.stem, photo, question or common, kind, MaskFile(mask), language)
        else:
            yield Fault(photo.name, "Left out, its mask is missing.")
    for mask in sorted(dataset.glob(f"*{MASK_ENDING}")):
        if photo_beside(mask) is None:
            yield Fault(mask.name, "Left out, its photo is missing.")


def _is_photo(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() in PHOTO_ENDINGS and path.suffix != MASK_ENDING


def _question(photo: Path) -> tuple[str, dict[str, str]]:
    """The question and what else is said of it; nothing where there is no such file."""
    path = photo.with_suffix(".txt")
    text = path.read_text("utf-8-sig", errors="replace") if path.is_file() else ""
    question, *others = text.strip().splitlines() or [""]
    said = (line.partition(":") for line in others)
    return question.strip(), {name.strip().lower(): value.strip() for name, _, value in said}
