"""Answers as models write them, small enough to read."""

from __future__ import annotations

import base64
import io
import json
import struct
import zlib

import numpy as np
from PIL import Image

from assessment.core.detection import Detection, Grid
from assessment.engines.answer import read_answer
from assessment.engines.base import Reading

WIDTH, HEIGHT = 2000, 1000


def data_uri(data: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(data).decode()


def png(grid: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(grid).save(file, "PNG")
    return file.getvalue()


def disc(side: int = 16) -> np.ndarray:
    y, x = np.mgrid[:side, :side] - (side - 1) / 2
    return np.where(x * x + y * y < (side / 2) ** 2, 255, 0).astype(np.uint8)


def bomb(width: int, height: int) -> bytes:
    """A PNG whose header claims that many cells."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    data = zlib.compress(bytes(1000))
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


BOX = [100, 200, 500, 600]
"""y from 100 to 500, x from 200 to 600."""

MASK = data_uri(png(disc()))
TOKENS = "<start_of_mask><seg_35><seg_65><seg_4>"

DIAMOND = [[400, 100], [600, 300], [400, 500], [200, 300]]
"""[x, y], within BOX."""

DIAMOND_IN_PIXELS = [[800.0, 100.0], [1200.0, 300.0], [800.0, 500.0], [400.0, 300.0]]

MASKED = {"box_2d": BOX, "mask": MASK, "label": "hole in the roof"}
BOXED = {"box_2d": BOX, "label": "tarpaulin"}
DRAWN = {"box_2d": BOX, "mask": DIAMOND, "label": "missing shingles"}

THREE = json.dumps([MASKED, BOXED | {"box_2d": [600, 10, 700, 90]}, DRAWN])
FENCED = f"Here are the masks:\n```json\n{THREE}\n```\nLet me know if you need more."


def read(answer: object) -> Reading:
    text = answer if isinstance(answer, str) else json.dumps(answer)
    return read_answer(text, WIDTH, HEIGHT)


def only(answer: object) -> Detection:
    (detection,) = read(answer).detections
    return detection


def grid(detection: Detection) -> Grid:
    assert isinstance(detection.mask, np.ndarray)
    return detection.mask


def rings(detection: Detection) -> list[list[list[float]]]:
    assert isinstance(detection.mask, tuple)
    return [ring.tolist() for ring in detection.mask]
