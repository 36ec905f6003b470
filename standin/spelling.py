"""Regions spelled as the models of each family spell them, in text."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import cv2
import numpy as np
from PIL import Image

from assessment.core.detection import Grid
from assessment.core.vocabulary import AnswerForm
from standin.sight import Region

FULL = 1000
MASK_SIDE = 256
FINENESS = 4
"""Contours run through cell centres; on a raster this much finer that hardly matters."""

TOLERANCE = 3.0
"""Thousandths by which a drawn outline may cut a corner."""


def form_of(model: str, question: str = "") -> AnswerForm:
    """The form that a model of this name answers in: the one it is asked for, if it has that."""
    name, asked = model.lower(), question.lower()
    if "robotics-er" in name:
        return AnswerForm.BOX
    if name.startswith("gemini-2.5") and "polygon" not in asked and "detect " not in asked:
        return AnswerForm.MASK
    return AnswerForm.BOX if "detect " in asked else AnswerForm.POLYGON


def spell(regions: list[Region], form: AnswerForm, mask: str | None = None) -> str:
    """The answer's text: fenced where masks are asked for, bare JSON elsewhere.

    `mask` stands in place of every mask; polygons and boxes it leaves as they are.
    """
    entries = [_entry(region, form, mask) for region in regions]
    text = json.dumps(entries)
    return f"```json\n{text}\n```" if form is AnswerForm.MASK else text


def _entry(region: Region, form: AnswerForm, mask: str | None) -> dict[str, Any]:
    entry: dict[str, Any] = {"box_2d": _box(region)}
    if form is AnswerForm.MASK:
        entry["mask"] = mask or _png(region)
    elif form is AnswerForm.POLYGON:
        entry["mask"] = _polygon(region.grid)
    return entry | {"label": region.label}


def _box(region: Region) -> list[int]:
    rows, columns = region.grid.shape
    sides = (rows, columns, rows, columns)
    return [round(edge / side * FULL) for edge, side in zip(region.box, sides, strict=True)]


def _png(region: Region) -> str:
    top, left, bottom, right = region.box
    cutout = Image.fromarray(region.grid[top:bottom, left:right])
    file = io.BytesIO()
    cutout.resize((MASK_SIDE, MASK_SIDE), Image.Resampling.NEAREST).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def _polygon(grid: Grid) -> list[list[int]]:
    """The outer outline as [x, y]."""
    rows, columns = grid.shape
    fine = cv2.resize(grid, (columns * FINENESS, rows * FINENESS), interpolation=cv2.INTER_NEAREST)
    contours, _ = cv2.findContours(fine, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outline = max(contours, key=cv2.contourArea).reshape(-1, 2).astype(np.float64) + 0.5
    thousandths = (outline / (columns * FINENESS, rows * FINENESS) * FULL).astype(np.float32)
    drawn = cv2.approxPolyDP(thousandths.reshape(-1, 1, 2), TOLERANCE, closed=True)
    return [[round(float(x)), round(float(y))] for x, y in drawn.reshape(-1, 2)]
