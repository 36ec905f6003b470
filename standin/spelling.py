"""Regions spelled as the models of each family spell them, in text."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from assessment.core.detection import Ring
from assessment.core.masks import covered
from assessment.core.vocabulary import AnswerForm
from standin.region import FULL, Part, Region

MASK_SIDE = 256
INSIDE = 255

MOST_POINTS = 150
"""Corners of an outline; a longer one is drawn more and more coarsely."""

PLACEHOLDER = "gimme_mask_for_this"
"""Seen in place of every mask where JSON mode was on."""


def form_of(model: str, question: str = "") -> AnswerForm:
    """The form that a model of this name answers in: the one it is asked for, if it has that."""
    name, asked = model.lower(), question.lower()
    if "robotics-er" in name:
        return AnswerForm.BOX
    if name.startswith("gemini-2.5") and "polygon" not in asked and "detect " not in asked:
        return AnswerForm.MASK
    return AnswerForm.BOX if "detect " in asked else AnswerForm.POLYGON


def spell(
    regions: Sequence[Region], form: AnswerForm, *, mask: str | None = None, fenced: bool = False
) -> str:
    """The answer's text, in a code fence or as bare JSON.

    `mask` stands in place of every mask; polygons and boxes it leaves as they are.
    """
    entries = [entry for region in regions for entry in _entries(region, form, mask)]
    text = json.dumps(entries, ensure_ascii=False)
    return f"```json\n{text}\n```" if fenced else text


def _entries(region: Region, form: AnswerForm, mask: str | None) -> Iterator[dict[str, Any]]:
    """One entry, or one for each part of an outline in several: a polygon has only one ring."""
    label = {"label": region.label}
    if form is AnswerForm.BOX:
        yield {"box_2d": region.box} | label
    elif form is AnswerForm.MASK:
        yield {"box_2d": region.box, "mask": mask or _png(region)} | label
    else:
        for part in region.parts:
            yield {"box_2d": Region("", (part,)).box} | _polygon(part) | label


def _png(region: Region) -> str:
    """The region's mask, cropped to its box and of the size that every model's masks have."""
    top, left, bottom, right = region.box
    scale = MASK_SIDE / np.maximum([right - left, bottom - top], 1)
    cells = np.zeros((MASK_SIDE, MASK_SIDE), np.uint8)
    for part in region.parts:
        rings = [(ring - (left, top)) * scale for ring in part.rings]
        patch = covered(rings, MASK_SIDE, MASK_SIDE)
        rows, columns = patch.cells.shape
        window = np.s_[patch.top : patch.top + rows, patch.left : patch.left + columns]
        cells[window][patch.cells] = INSIDE
    file = io.BytesIO()
    Image.fromarray(cells).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def _polygon(part: Part) -> dict[str, Any]:
    """The outline as [x, y], and its holes where it has any."""
    holes = [hole for hole in map(_points, part.holes) if len(hole) > 2]
    return {"mask": _points(part.outline)} | ({"holes": holes} if holes else {})


def _points(ring: Ring) -> list[list[int]]:
    tolerance, drawn = 0.5, _whole(ring)
    while len(drawn) > MOST_POINTS:
        drawn = _whole(cv2.approxPolyDP(ring.astype(np.float32), tolerance, closed=True))
        tolerance *= 1.5
    return [[int(x), int(y)] for x, y in drawn]


def _whole(ring: NDArray[Any]) -> NDArray[np.int64]:
    """The corners in whole thousandths, each once in a row."""
    corners = np.clip(np.rint(ring.reshape(-1, 2)), 0, FULL).astype(np.int64)
    moves: NDArray[np.bool_] = np.any(corners != np.roll(corners, 1, axis=0), axis=1)
    return np.asarray(corners[moves], np.int64)
