"""Parts of a photo as pictures of their own, cut from one decoding of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from assessment.core.detection import Box
from claims.evidence.metadata import READER_ERRORS, quiet_readers

QUALITY = 90

REDUCED = (8, 4, 2)
"""By so much a JPEG can be shrunk as it is decoded, in a part of the memory and time: its blocks of
8 by 8 pixels are decoded as smaller ones."""

Pixels = NDArray[np.uint8]


class UndecodableError(ValueError):
    """The bytes are no picture."""

    def __init__(self) -> None:
        super().__init__("It is no picture that can be decoded.")


def cuttings(jpeg: bytes, windows: Sequence[Box], longest: int) -> Iterator[bytes]:
    """The windows of a photo as JPEGs of at most `longest` pixels on the longer side, in order.

    The photo must be upright, the windows lie in its pixels. It is decoded once, at 4 bytes a pixel
    (of what is left where all windows are shrunk), and held until the last window is taken. Raises
    UndecodableError.
    """
    factor = _factor(windows, longest)
    photo = _decoded(jpeg, factor)
    for window in windows:
        left, top, right, bottom = (round(edge / factor) for edge in window)
        part = photo.crop((left, top, min(right, photo.width), min(bottom, photo.height)))
        yield _encoded(_within(part, longest))


def pixels_of(jpeg: bytes) -> Pixels:
    """A JPEG as RGB (rows, columns, 3). Raises UndecodableError."""
    return np.asarray(_decoded(jpeg), np.uint8)


def _factor(windows: Sequence[Box], longest: int) -> int:
    """How much smaller the photo may be decoded, so that the smallest window still fills."""
    least = min((max(box.right - box.left, box.bottom - box.top) for box in windows), default=0)
    return next((factor for factor in REDUCED if least >= factor * longest), 1)


def _decoded(jpeg: bytes, factor: int = 1) -> Image.Image:
    try:
        with quiet_readers():
            photo = Image.open(BytesIO(jpeg), formats=["JPEG"])
        if factor > 1:
            photo.draft("RGB", (photo.width // factor, photo.height // factor))
        photo.load()
        # Converting copies, and a copy of this is large.
        return photo if photo.mode == "RGB" else photo.convert("RGB")
    except READER_ERRORS as error:
        raise UndecodableError from error


def _within(picture: Image.Image, longest: int) -> Image.Image:
    scale = longest / max(picture.size)
    if scale >= 1:
        return picture
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.LANCZOS)


def _encoded(picture: Image.Image) -> bytes:
    file = BytesIO()
    picture.save(file, "JPEG", quality=QUALITY)
    return file.getvalue()
