"""Fingerprints: the same bytes, and the same picture after small edits."""

from __future__ import annotations

import hashlib
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_SIDE = 32  # the picture is judged by 32 x 32 grey cells
_KEPT = 8  # of its frequencies the 8 x 8 lowest count: shape, not detail


def sha256(data: bytes) -> str:
    """The SHA-256 of the bytes as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def perceptual(picture: bytes | NDArray[np.uint8]) -> int:
    """A 64-bit fingerprint that survives resizing, recompression, blur and changes of contrast.

    `picture` is the upright working copy: a JPEG, or an array (rows, columns) of grey or
    (rows, columns, 3) of RGB. Each bit tells whether one low frequency of the discrete cosine
    transform lies above their median (Zauner, "Implementation and benchmarking of perceptual
    image hash functions", 2010). The result is unsigned, 0 <= value < 2**64. Turned and mirrored
    pictures count as others. Raises OSError for bytes that are no picture.
    """
    cells = np.asarray(_grey(picture).resize((_SIDE, _SIDE), Image.Resampling.LANCZOS), np.float64)
    low = (_COSINES @ cells @ _COSINES.T).ravel()
    return int.from_bytes(np.packbits(low > np.median(low)).tobytes())


def _grey(picture: bytes | NDArray[np.uint8]) -> Image.Image:
    if isinstance(picture, bytes):
        with Image.open(BytesIO(picture), formats=("JPEG",)) as opened:
            return opened.convert("L")
    return Image.fromarray(picture).convert("L")


def _cosines() -> NDArray[np.float64]:
    """The first rows (8, 32) of the type II cosine transform; scale doesn't matter to signs."""
    frequency = np.arange(_KEPT)[:, None]
    place = np.arange(_SIDE)[None, :]
    return np.cos(np.pi * frequency * (2 * place + 1) / (2 * _SIDE))


_COSINES = _cosines()
