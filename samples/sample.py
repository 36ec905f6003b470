"""A sample photo with all that is true of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image

from assessment.core.vocabulary import DamageType

CAPTURED = datetime(2026, 5, 9, 10, 30)  # noqa: DTZ001 - a camera's clock knows no zone
QUALITY = 90
"""JPEG quality of the sample photos: that of a phone camera, about half a megabyte each."""

Line = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """A drawn photo, the question to ask of it and the true answer.

    `truth` is the damaged area, boolean (height, width). `reference_line` is x1, y1, x2, y2 in
    pixels along the measuring staff in the picture, `length_m` its length in metres, and
    `truth_m2` the damaged area at that scale.
    """

    name: str
    title: str
    jpeg: bytes
    width: int
    height: int
    question: str
    damage_type: DamageType
    truth: NDArray[np.bool_]
    truth_m2: float | None
    reference_line: Line
    length_m: float


def as_jpeg(picture: NDArray[np.float32]) -> bytes:
    """Encode an RGB picture (H, W, 3), 0..255, with a capture time and without a position."""
    exif = Image.Exif()
    taken = CAPTURED.strftime("%Y:%m:%d %H:%M:%S")
    exif[ExifTags.Base.DateTime] = taken
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken
    file = BytesIO()
    pixels = np.clip(np.rint(picture), 0, 255).astype(np.uint8)
    Image.fromarray(pixels).save(file, "JPEG", quality=QUALITY, exif=exif)
    return file.getvalue()
