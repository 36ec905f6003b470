"""Tiny datasets, drawn: a grey wall of 40 by 30 pixels with a dark square of 10 by 10 on it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from assessment.evaluation.case import Case, Fault

WIDTH, HEIGHT = 40, 30
SQUARE = [[5.0, 5.0], [15.0, 5.0], [15.0, 15.0], [5.0, 15.0]]
FLAT_SQUARE = [5.0, 5.0, 15.0, 5.0, 15.0, 15.0, 5.0, 15.0]
SQUARE_RUNS = [5 * HEIGHT + 5, *([10, 20] * 9), 10, HEIGHT * 25 + 15]
"""The square down the columns: 5 columns and 5 rows first."""


def photo(path: Path) -> Path:
    """Photos of other names have other bytes: the same bytes are asked once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.full((HEIGHT, WIDTH, 3), 150 + sum(path.stem.encode()) % 90, np.uint8)
    pixels[5:15, 5:15] = 60
    Image.fromarray(pixels).save(path)
    return path


def labels(*, target: int = 255, look_alike: int = 0) -> NDArray[np.uint8]:
    cells = np.zeros((HEIGHT, WIDTH), np.uint8)
    cells[5:15, 5:15] = target
    cells[25:28] = look_alike
    return cells


def mask(path: Path, cells: NDArray[np.uint8]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(cells).save(path)
    return path


def document(path: Path, content: Any, *, start: bytes = b"") -> Path:
    path.write_bytes(start + json.dumps(content).encode())
    return path


def annotation(number: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "id": number,
        "image_id": 1,
        "category_id": 1,
        "segmentation": [FLAT_SQUARE],
        "area": 100,
        "bbox": [5, 5, 10, 10],
        **changes,
    }


def coco(folder: Path, *annotations: dict[str, Any], start: bytes = b"") -> Path:
    photo(folder / "images" / "wall.jpg")
    content = {
        "images": [{"id": 1, "file_name": "wall.jpg", "width": WIDTH, "height": HEIGHT}],
        "categories": [{"id": 1, "name": "dent"}, {"id": 2, "name": "broken_glass"}],
        "annotations": list(annotations),
    }
    return document(folder / "instances.json", content, start=start)


def pair(folder: Path, name: str = "wall", cells: NDArray[np.uint8] | None = None) -> None:
    photo(folder / f"{name}.jpg")
    mask(folder / f"{name}.png", labels() if cells is None else cells)


def split(entries: list[Case | Fault]) -> tuple[list[Case], list[str]]:
    """The cases, and what was wrong."""
    cases = [each for each in entries if isinstance(each, Case)]
    return cases, [each.what for each in entries if isinstance(each, Fault)]
