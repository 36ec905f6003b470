"""Boxes around things of real photos whose outline is plain from their colour."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from PIL import Image, ImageOps

from assessment.core.detection import Box, Detection
from assessment.core.polygons import outline
from assessment.core.refine import refined
from assessment.core.vocabulary import AnswerForm

pytestmark = pytest.mark.shared


@pytest.mark.parametrize("name", ["IMG_0708.jpg", "IMG_0709.jpg", "IMG_1980.jpg"])
def test_a_box_around_the_red_square_becomes_the_square(shared_data: Path, name: str) -> None:
    with Image.open(shared_data / "area" / name) as file:
        photo = ImageOps.exif_transpose(file).convert("RGB")
    width, height = photo.size
    photo.thumbnail((1024, 1024))
    pixels = np.asarray(photo)
    red, green, blue = np.moveaxis(pixels.astype(int), 2, 0)
    is_square = (red > green + 60) & (red > blue + 60)
    rows, columns = (np.flatnonzero(is_square.sum(axis=axis) > 20) for axis in (1, 0))
    scale = width / photo.width
    box = Box(*(scale * side for side in (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1)))

    bare = Detection("red square", box, None, AnswerForm.BOX, approximate=True)
    found = refined(pixels, bare, width, height)

    assert found is not None
    (shape,) = outline([found], width, height)
    true_area = is_square.sum() * scale**2
    assert shape.area == pytest.approx(true_area, rel=0.05)
    assert shapely.box(*box).area > 1.2 * true_area
