"""Parts of a photo as pictures of their own, cut from one decoding of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from assessment.core.detection import Box

QUALITY = 90

REDUCED = {
    8: cv2.IMREAD_REDUCED_COLOR_8,
    4: cv2.IMREAD_REDUCED_COLOR_4,
    2: cv2.IMREAD_REDUCED_COLOR_2,
    1: cv2.IMREAD_COLOR,
}
"""How a JPEG is decoded to a part of its size, in a part of the memory: its blocks of 8 by 8
pixels are decoded as smaller ones."""

Pixels = NDArray[np.uint8]


class UndecodableError(ValueError):
    """The bytes are no picture."""

    def __init__(self) -> None:
        super().__init__("It is no picture that can be decoded.")


def cuttings(jpeg: bytes, windows: Sequence[Box], longest: int) -> Iterator[bytes]:
    """The windows of a photo as JPEGs of at most `longest` pixels on the longer side, in order.

    The photo must be upright, the windows lie in its pixels. It is decoded once, in colour at 3
    bytes a pixel (of what is kept where all windows are shrunk), and held until the last window is
    taken. Raises UndecodableError.
    """
    factor = _factor(windows, longest)
    photo = cv2.imdecode(np.frombuffer(jpeg, np.uint8), REDUCED[factor]) if jpeg else None
    if photo is None:
        raise UndecodableError
    for window in windows:
        left, top, right, bottom = (round(edge / factor) for edge in window)
        yield _encoded(_within(np.asarray(photo[top:bottom, left:right], np.uint8), longest))


def pixels_of(jpeg: bytes) -> Pixels:
    """A JPEG as RGB (rows, columns, 3). Raises UndecodableError."""
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR_RGB) if jpeg else None
    if picture is None:
        raise UndecodableError
    return np.asarray(picture, np.uint8)


def _factor(windows: Sequence[Box], longest: int) -> int:
    """How much smaller the photo may be decoded, so that the smallest window still fills."""
    least = min((max(box.right - box.left, box.bottom - box.top) for box in windows), default=0)
    return next((factor for factor in REDUCED if least >= factor * longest), 1)


def _within(pixels: Pixels, longest: int) -> Pixels:
    rows, columns = pixels.shape[:2]
    scale = longest / max(rows, columns)
    if scale >= 1:
        return pixels
    size = (max(1, round(columns * scale)), max(1, round(rows * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _encoded(pixels: Pixels) -> bytes:
    _, jpeg = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return jpeg.tobytes()
