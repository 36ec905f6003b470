"""The type of the report, shipped with it, and which signs it can print.

Fonts of the machine are never used, so that a report looks the same everywhere. A sign that no
shipped face has, or that would be invisible or turn the reading direction, is printed as its code
point in brackets: a name is then hard to read, but never wrong or missing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TypeVar, cast

from fontTools.ttLib import TTFont, woff2

FOLDER = Path(__file__).parent / "fonts"
LONGEST_TEXT = 500
"""Signs printed of any one text: a label longer than this is an accident or an attack."""

Printed = TypeVar("Printed")


@dataclass(frozen=True, slots=True)
class Face:
    """One file of a family. `fallback` marks the family that stands in for all the others."""

    family: str
    weight: int
    file: str
    fallback: bool = False

    @property
    def address(self) -> str:
        """Its name inside the document that is rendered."""
        return f"font:{self.file}"


FACES = (
    Face("Source Sans 3", 400, "SourceSans3-Regular.woff2", fallback=True),
    Face("Source Sans 3", 600, "SourceSans3-Semibold.woff2", fallback=True),
    Face("Source Sans 3", 700, "SourceSans3-Bold.woff2", fallback=True),
    Face("Source Serif 4", 400, "SourceSerif4-Regular.woff2"),
    Face("Source Serif 4", 600, "SourceSerif4-Semibold.woff2"),
    Face("Source Code Pro", 400, "SourceCodePro-Regular.woff2"),
    Face("Source Code Pro", 600, "SourceCodePro-Semibold.woff2"),
)


def rules() -> str:
    """The @font-face rules of all faces."""
    return "\n".join(
        f'@font-face{{font-family:"{face.family}";font-weight:{face.weight};'
        f'src:url("{face.address}") format("truetype")}}'
        for face in FACES
    )


@cache
def files() -> Mapping[str, bytes]:
    """Every face by its address, unpacked once: it costs more than laying out a short report."""
    return {face.address: _unpacked(FOLDER / face.file) for face in FACES}


def _unpacked(file: Path) -> bytes:
    plain = BytesIO()
    woff2.decompress(BytesIO(file.read_bytes()), plain)
    return plain.getvalue()


@cache
def signs() -> frozenset[int]:
    """Code points that every face of the fallback family has."""
    fallback = (files()[face.address] for face in FACES if face.fallback)
    return frozenset.intersection(*(_signs_of(face) for face in fallback))


def _signs_of(face: bytes) -> frozenset[int]:
    with TTFont(BytesIO(face), lazy=True) as font:
        return frozenset(font.getBestCmap() or ())


def printable(text: str) -> str:
    """The text in signs that can be printed, on one line, at most LONGEST_TEXT long.

    >>> printable("Łucja 王")
    'Łucja [U+738B]'
    """
    composed = " ".join(unicodedata.normalize("NFC", text).split())
    rest = len(composed) - LONGEST_TEXT
    kept = f"{composed[:LONGEST_TEXT]}… [{rest} more signs]" if rest > 0 else composed
    return "".join(_sign(sign) for sign in kept)


def _sign(sign: str) -> str:
    invisible = unicodedata.category(sign).startswith("C")
    return f"[U+{ord(sign):04X}]" if invisible or ord(sign) not in signs() else sign


def legible(value: Printed) -> Printed:
    """The same value with every text in it made printable; dataclasses and tuples are entered."""
    # A StrEnum is one of our own words and stays what it is.
    if isinstance(value, str) and not isinstance(value, StrEnum):
        return cast(Printed, printable(value))
    if isinstance(value, tuple):
        return cast(Printed, tuple(legible(item) for item in value))
    if is_dataclass(value) and not isinstance(value, type):
        texts = {field.name: legible(getattr(value, field.name)) for field in fields(value)}
        return cast(Printed, type(value)(**texts))
    return value
