"""Photos of many megapixels, as they lie in the store, without the cost of taking them in."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from claims import files
from claims.models import Claim, Photo
from tests.factories import make_photo

WALL, STAIN = 190, 90
SMALL_SIDE = 1024

Stain = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels of the full size."""


def large_photo(claim: Claim, width: int, height: int, stains: Sequence[Stain]) -> Photo:
    """A photo of an even wall with dark stains, ready to be asked about."""
    pixels = np.full((height, width), WALL, np.uint8)
    for left, top, right, bottom in stains:
        pixels[top:bottom, left:right] = STAIN
    scale = SMALL_SIDE / max(width, height)
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    photo = make_photo(claim, _jpeg(small))
    photo.view = files.keep("derived", _jpeg(pixels), ".jpg")
    photo.width, photo.height = width, height
    photo.save()
    return photo


def _jpeg(pixels) -> bytes:
    _, jpeg = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 90])
    return jpeg.tobytes()
