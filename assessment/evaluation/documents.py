"""The JSON files of datasets, read as they come: with signs before the text, in old encodings."""

from __future__ import annotations

import codecs
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from assessment.evaluation.case import Fault

PHOTO_ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".heic")


class UnreadableError(ValueError):
    """A file of a dataset can't be read at all; the message is a sentence."""


def read_json(path: Path) -> tuple[Any, list[Fault]]:
    """What a file holds, and what was wrong with how it is written.

    Raises UnreadableError where it can't be read or is no JSON.
    """
    faults = []
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableError(f"The file can't be read: {error.strerror}.") from None
    if data.startswith(codecs.BOM_UTF8):
        faults.append(Fault(path.name, "It begins with a byte order mark; read without it."))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        faults.append(Fault(path.name, "It is not UTF-8; read as Windows-1252."))
        text = data.decode("cp1252", "replace")
    try:
        return json.loads(text), faults
    except (ValueError, RecursionError):
        raise UnreadableError("The file is no JSON; nothing was taken from it.") from None


def photo_named(name: str, folders: Sequence[Path]) -> Path | None:
    """The first of the folders' files with this name."""
    return next((path for folder in folders if (path := folder / name).is_file()), None)


def photo_beside(path: Path) -> Path | None:
    """The photo that has the name of a file up to its ending."""
    named = (path.with_suffix(ending) for ending in PHOTO_ENDINGS)
    return next((photo for photo in named if photo.is_file() and photo != path), None)


def misfit(error: ValidationError) -> str:
    """What of an entry isn't as its format has it, in a sentence."""
    first = error.errors()[0]
    place = f"its {'.'.join(map(str, first['loc']))}" if first["loc"] else "the entry"
    return f"Left out, {place} isn't as the format has it: {first['msg']}."
