"""The local engine's answer as text, and back: written once, stored raw, read apart."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Annotated, Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assessment.core.detection import Box, Detection, Grid
from assessment.core.vocabulary import AnswerForm, DamageType
from assessment.engines.base import GarbledAnswerError, Reading
from assessment.engines.local_regions import Mask

Pixel = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Sentence = Annotated[str, Field(min_length=1)]
NEAR = 0.015
"""Parts nearer to each other than this share of the long side are one region."""
UNREADABLE = (
    "The local engine's answer can't be read: {}. The answer itself was kept, nothing was taken "
    "from it. Ask the question again."
)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Region(_Strict):
    label: str
    damage_type: DamageType
    box: tuple[Pixel, Pixel, Pixel, Pixel]
    mask: str


class LocalAnswer(_Strict):
    """All regions found in a photo of this size, and a sentence for each thing not judged.

    Two empty lists say "looked, found nothing".
    """

    format: Literal["eaves-local-2"] = "eaves-local-2"
    width: int
    height: int
    regions: tuple[_Region, ...]
    lost: tuple[Sentence, ...]


def regions_of(
    mask: Mask, label: str, damage_type: DamageType, size: tuple[int, int]
) -> list[_Region]:
    """One region for each group of near parts, its box in px of a photo of (width, height)."""
    rows, columns = mask.shape
    across, down = size[0] / columns, size[1] / rows
    groups = _groups(mask)
    regions = []
    for group in range(1, int(groups.max()) + 1):
        part = groups == group
        left, top, width, height = cv2.boundingRect(part.astype(np.uint8))
        box = (left * across, top * down, (left + width) * across, (top + height) * down)
        png = _as_png(part[top : top + height, left : left + width])
        regions.append(_Region(label=label, damage_type=damage_type, box=box, mask=png))
    return regions


def _groups(mask: Mask) -> NDArray[np.int32]:
    """The mask's parts numbered from 1; parts of a broken line or a torn patch share a number."""
    side = 2 * round(NEAR * max(mask.shape) / 2) + 1
    near = cv2.dilate(mask.astype(np.uint8), np.ones((side, side), np.uint8))
    _, labels = cv2.connectedComponents(near, connectivity=8)
    return np.where(mask, labels, 0).astype(np.int32)


def as_text(size: tuple[int, int], regions: Sequence[_Region], lost: Sequence[str] = ()) -> str:
    """The answer for a photo of (width, height) px as JSON; `lost` holds whole sentences."""
    width, height = size
    answer = LocalAnswer(width=width, height=height, regions=tuple(regions), lost=tuple(lost))
    return answer.model_dump_json()


def as_reading(text: str, width: int, height: int) -> Reading:
    """Read an answer strictly. Raises GarbledAnswerError for anything but a whole one."""
    try:
        answer = LocalAnswer.model_validate_json(text)
    except ValidationError as error:
        raise GarbledAnswerError(UNREADABLE.format("it isn't in this engine's format")) from error
    if (answer.width, answer.height) != (width, height):
        raise GarbledAnswerError(UNREADABLE.format("it is about a photo of another size"))
    detections = tuple(_detection(region, width, height) for region in answer.regions)
    return Reading(detections, answer.lost)


def _detection(region: _Region, width: int, height: int) -> Detection:
    box = Box(*region.box)
    slack = 1e-6 * max(width, height)  # a box is a product of floats
    inside = box.right <= width + slack and box.bottom <= height + slack
    if not (inside and box.left < box.right and box.top < box.bottom):
        raise GarbledAnswerError(UNREADABLE.format("a box lies outside the photo"))
    return Detection(
        label=region.label,
        box=box,
        mask=_from_png(region.mask),
        form=AnswerForm.MASK,
        damage_type=region.damage_type,
        approximate=True,
    )


def _as_png(grid: Mask) -> str:
    _, data = cv2.imencode(".png", grid.astype(np.uint8) * 255)
    return base64.b64encode(data.tobytes()).decode("ascii")


def _from_png(text: str) -> Grid:
    try:
        data = np.frombuffer(base64.b64decode(text, validate=True), np.uint8)
        grid = cv2.imdecode(data, cv2.IMREAD_UNCHANGED)
    except (ValueError, cv2.error) as error:
        raise GarbledAnswerError(UNREADABLE.format("a mask is no PNG")) from error
    if grid is None or grid.ndim != 2 or grid.dtype != np.uint8:
        raise GarbledAnswerError(UNREADABLE.format("a mask is no grey PNG"))
    return np.asarray(grid, np.uint8)
