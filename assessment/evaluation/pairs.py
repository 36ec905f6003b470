"""A folder of photos, each with a mask of its name that ends in .png, all asked the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from assessment.evaluation.case import PLAIN, Case, Fault, MaskFile
from assessment.evaluation.documents import PHOTO_ENDINGS, photo_beside

MASK_ENDING = ".png"


def cases(dataset: Path) -> Iterator[Case | Fault]:
    """Each photo and its mask. The question is the folder's name in words, or that of a text file
    with the photo's name."""
    common = dataset.resolve().name.replace("_", " ").replace("-", " ")
    photos = {photo for photo in dataset.glob("*") if _is_photo(photo)}
    for photo in sorted(photos):
        mask = photo.with_suffix(MASK_ENDING)
        if mask.is_file():
            yield Case(photo.stem, photo, _question(photo) or common, PLAIN, MaskFile(mask))
        else:
            yield Fault(photo.name, "Left out, its mask is missing.")
    for mask in sorted(dataset.glob(f"*{MASK_ENDING}")):
        if photo_beside(mask) is None:
            yield Fault(mask.name, "Left out, its photo is missing.")


def _is_photo(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() in PHOTO_ENDINGS and path.suffix != MASK_ENDING


def _question(photo: Path) -> str:
    path = photo.with_suffix(".txt")
    return path.read_text("utf-8-sig", errors="replace").strip() if path.is_file() else ""
