from __future__ import annotations

from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from assessment.engines.base import EngineRefusedError, Request
from assessment.engines.local import LocalEngine

pytestmark = pytest.mark.shared

Mask = NDArray[np.bool_]
AFTER = "damage/joplin_tornado_post.tif"
BEFORE = "area/joplin_pre_0.6m.tif"
CRACK, SEAM = 255, 204
TOLERANCE = 3
"""Distance at which a marked pixel still counts as on the line, px."""
LAWN = np.s_[190:270, 760:940]
ROAD = np.s_[104:122, 60:980]
BLOCKS = np.s_[470:610, 20:390]
"""Places of the tile after the tornado, seen by eye: grass, the highway, destroyed blocks."""


def _marked(path: Path, question: str) -> Mask:
    with Image.open(path) as opened:
        photo = opened.convert("RGB")
    file = BytesIO()
    photo.save(file, "JPEG", quality=95)
    engine = LocalEngine()
    answer = engine.ask(Request(file.getvalue(), *photo.size, question))
    marked = np.zeros((photo.height, photo.width), np.bool_)
    for detection in engine.read(answer.text, *photo.size).detections:
        left, top, right, bottom = (round(side) for side in detection.box)
        mask = cv2.resize(np.asarray(detection.mask), (right - left, bottom - top))
        marked[top:bottom, left:right] |= mask > 127
    return marked


def _near(mask: Mask) -> Mask:
    distance = cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray((distance <= TOLERANCE) & bool(mask.any()), np.bool_)


@pytest.fixture(scope="module")
def after(shared_data):
    return _marked(shared_data / AFTER, "homes with weather damage")


def test_a_third_of_the_tile_after_the_tornado_is_debris(after):
    assert 0.25 <= after.mean() <= 0.45


def test_destroyed_blocks_are_marked_and_lawn_and_highway_are_not(after):
    assert after[BLOCKS].mean() > 0.6
    assert after[LAWN].mean() < 0.02
    assert after[ROAD].mean() < 0.05


def test_an_intact_town_has_hardly_any_debris(shared_data):
    assert _marked(shared_data / BEFORE, "debris").mean() < 0.02


def test_the_tarpaulin_after_the_tornado_is_found(shared_data):
    marked = _marked(shared_data / AFTER, "blue tarpaulins")
    assert marked[555:605, 510:565].any()
    assert marked.mean() < 0.002


@pytest.mark.parametrize("photo", [AFTER, BEFORE])
@pytest.mark.parametrize("question", ["cracks", "stains", "missing shingles"])
def test_searches_of_one_surface_are_refused_from_the_air(shared_data, photo, question):
    with pytest.raises(EngineRefusedError):
        _marked(shared_data / photo, question)


def test_hairline_cracks_are_told_from_texture_and_seams(shared_data):
    right = marked_pixels = seen = cracked = on_seams = seams = 0
    for path in sorted((shared_data / "damage/cracks").glob("*.jpg")):
        label = np.asarray(Image.open(path.with_suffix(".png")).convert("L"))
        crack, marked = label == CRACK, _marked(path, "cracks")
        seam = (label == SEAM) & ~_near(crack)
        right += (marked & _near(crack)).sum()
        marked_pixels += marked.sum()
        seen += (crack & _near(marked)).sum()
        cracked += crack.sum()
        on_seams += (seam & _near(marked)).sum()
        seams += seam.sum()
    precision, recall = right / marked_pixels, seen / cracked
    assert precision > 0.83
    assert 2 * precision * recall / (precision + recall) > 0.58
    assert on_seams / seams < 0.05


OTHERS = (
    "area/IMG_0708.jpg",
    "area/IMG_1980.jpg",
    "drone/DJI_0032.JPG",
    "drone/DJI_0033.JPG",
    "duplicates/aaa-orig.jpg",
    "duplicates/sharpen-a-lot.jpg",
    "duplicates/unrelated/q0122.jpg",
    "formats/Channel_digital_image_CMYK_color.jpg",
    "formats/empty_gps.jpg",
    "formats/thompson-springs.jpg",
    "gemini/cupcakes_620.png",
    "orientation/Landscape_1.jpg",
)
"""Parks, kitchens, cliffs, cats: nothing is damaged, and none is a town from high above."""


@pytest.mark.parametrize("photo", OTHERS)
def test_photos_of_anything_else_are_refused_but_for_tarpaulins(shared_data, photo):
    for question in ("cracks", "stains", "missing shingles", "storm damage"):
        with pytest.raises(EngineRefusedError):
            _marked(shared_data / photo, question)
    assert _marked(shared_data / photo, "blue tarpaulins").mean() < 0.006


def test_debris_is_refused_on_a_concrete_wall(shared_data):
    with pytest.raises(EngineRefusedError, match="from above"):
        _marked(shared_data / "damage/cracks/DSC00573.jpg", "debris")
