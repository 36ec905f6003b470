"""The PNG inside an answer: a mask cropped to its box, sent as base64.

Source of the form: Google's image understanding guide for Gemini 2.5 (a probability map cropped to
the box; above half is inside). The text comes from outside, so the size is read from the header
and bounded before anything is decoded.
"""

from __future__ import annotations

import base64
import binascii
import re
import struct

import cv2
import numpy as np

from assessment.core.detection import Grid

DATA_URI = re.compile(r"data:image/png;base64,", re.IGNORECASE)
BARE_PNG = "iVBORw0KGgo"
TOKENS = re.compile(r"<(?:start_of_mask|seg_\d)")

LONGEST_SIDE = 1024
"""Recorded masks are 256 by 256; nobody has seen a larger one."""

MOST_BYTES = 1 << 20
"""A binary mask of that side is a few kilobytes; a megabyte would be noise."""

HALF = 128
"""The first value above 127.5, half of the range."""

PLAIN_COLOURS = frozenset({0, 2, 3})
"""Grey, red-green-blue and palette; what has transparency is no mask."""

MOST_DEPTH = 8
SIGNATURE = b"\x89PNG\r\n\x1a\n"
HEADER = struct.Struct(">8s4x4sIIBB")


class UnreadableMaskError(Exception):
    """Why a mask can't be used, in words that finish the sentence "its mask ..."."""


def read_cutout(text: str) -> Grid:
    """Decode the mask in a string to a grid of 0..255, shape (rows, columns), on its own raster.

    Raises UnreadableMaskError with the reason.
    """
    data = _decoded(_payload(text))
    _check_header(data)
    grid = _grid(data)
    if grid.max() < HALF:
        raise UnreadableMaskError("is blank")
    return grid


def _payload(text: str) -> str:
    start = DATA_URI.search(text)
    if start:
        return text[start.end() :]
    if text.lstrip().startswith(BARE_PNG):
        return text
    if TOKENS.search(text):
        raise UnreadableMaskError("came as the model's internal mask tokens, which can't be read")
    raise UnreadableMaskError("is not an image")


def _decoded(payload: str) -> bytes:
    compact = "".join(payload.split()).rstrip("=")
    if len(compact) > MOST_BYTES * 4 // 3:
        raise UnreadableMaskError("is far larger than a mask can be")
    try:
        return base64.b64decode(compact + "=" * (-len(compact) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnreadableMaskError("is not valid base64") from error


def _check_header(data: bytes) -> None:
    if len(data) < HEADER.size:
        raise UnreadableMaskError("is cut short")
    signature, chunk, width, height, depth, colour = HEADER.unpack_from(data)
    if signature != SIGNATURE or chunk != b"IHDR":
        raise UnreadableMaskError("is not a PNG image")
    if not (0 < width <= LONGEST_SIDE and 0 < height <= LONGEST_SIDE):
        raise UnreadableMaskError(f"claims {width} by {height} cells, more than is accepted")
    if depth > MOST_DEPTH or colour not in PLAIN_COLOURS:
        raise UnreadableMaskError(f"has {depth} bits of colour type {colour}, which is no mask")


def _grid(data: bytes) -> Grid:
    # This decoder checks every checksum and refuses damage; Pillow fills in what it can't read.
    grid = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    if grid is None:
        raise UnreadableMaskError("is a damaged PNG image")
    return grid.astype(np.uint8, copy=False)
