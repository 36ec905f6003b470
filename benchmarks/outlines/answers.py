"""The texts that are read: answers about one photo of 12 megapixels, always the same ones."""

from __future__ import annotations

import base64
import io
import json
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from PIL import Image
from shapely.affinity import affine_transform

from assessment.core.detection import Box, Grid
from benchmarks.outlines.shapes import CELLS, Shape, shapes

WIDTH, HEIGHT = 4000, 3000
FULL = 1000


@dataclass(frozen=True)
class Truth:
    """What an answer shows: kinds, areas in square pixels, and outlines in pixels, one each."""

    kinds: list[str]
    areas: NDArray[np.float64]
    outlines: NDArray[np.object_]


def of_masks(count: int, *, soft: bool = True) -> tuple[str, Truth]:
    """An answer of PNG masks, each cropped to its box and sent as base64, and its truth."""
    drawn = shapes(count)
    chance = np.random.default_rng(2)
    frames = [_frame(chance) for _ in drawn]
    items = [
        {
            "box_2d": frame,
            "mask": _png(shape.soft() if soft else shape.sharp()),
            "label": f"damage {number}",
        }
        for number, (shape, frame) in enumerate(zip(drawn, frames, strict=True))
    ]
    return f"```json\n{json.dumps(items)}\n```", _truth(drawn, frames)


def of_polygons(count: int) -> str:
    """An answer of polygons of 60 to 150 vertices, [x, y] in thousandths of the photo."""
    chance = np.random.default_rng(3)
    items = []
    for number in range(count):
        ring = _ring(_frame(chance), int(chance.integers(60, 151)))
        (left, top), (right, bottom) = ring.min(axis=0), ring.max(axis=0)
        box = [int(side) for side in (top, left, bottom, right)]
        items.append({"box_2d": box, "label": f"damage {number}", "mask": ring.tolist()})
    return json.dumps({"boxes": items})


def _frame(chance: np.random.Generator) -> list[int]:
    """A box [ymin, xmin, ymax, xmax] of a fifteenth to two fifths of each side."""
    high, wide = chance.integers(70, 401, 2)
    top, left = chance.integers(0, FULL - high), chance.integers(0, FULL - wide)
    return [int(side) for side in (top, left, top + high, left + wide)]


def _png(grid: Grid) -> str:
    file = io.BytesIO()
    Image.fromarray(grid).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def _ring(frame: list[int], vertices: int) -> NDArray[np.int64]:
    """A wavy closed line in the box; rounded, as the answer's coordinates are."""
    top, left, bottom, right = frame
    turn = np.arange(vertices) * 2 * np.pi / vertices
    reach = 0.75 + 0.15 * np.sin(3 * turn) + 0.1 * np.sin(7 * turn)
    x = (left + right) / 2 + reach * np.cos(turn) * (right - left) / 2
    y = (top + bottom) / 2 + reach * np.sin(turn) * (bottom - top) / 2
    return np.rint(np.column_stack([x, y])).astype(np.int64)


def _truth(drawn: list[Shape], frames: list[list[int]]) -> Truth:
    boxes = [in_pixels(frame) for frame in frames]
    steps = [cell(box, (CELLS, CELLS)) for box in boxes]
    areas = [shape.area * wide * high for shape, (wide, high) in zip(drawn, steps, strict=True)]
    outlines = [
        affine_transform(shape.outline, (wide, 0, 0, high, box.left, box.top))
        for shape, box, (wide, high) in zip(drawn, boxes, steps, strict=True)
    ]
    shapely.prepare(outlines)
    return Truth([shape.kind for shape in drawn], np.array(areas), np.array(outlines))


def in_pixels(frame: list[int]) -> Box:
    """A box [ymin, xmin, ymax, xmax] in thousandths -> the box in pixels of the photo."""
    top, left, bottom, right = (side / FULL for side in frame)
    return Box(left * WIDTH, top * HEIGHT, right * WIDTH, bottom * HEIGHT)


def cell(box: Box, shape: tuple[int, ...]) -> tuple[float, float]:
    """Width and height in pixels of one cell of a grid (rows, columns) over the box."""
    rows, columns = shape
    return (box.right - box.left) / columns, (box.bottom - box.top) / rows
