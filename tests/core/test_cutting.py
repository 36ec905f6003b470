from __future__ import annotations

import cv2
import numpy as np
import pytest

from assessment.core.cutting import UndecodableError, cuttings, pixels_of
from assessment.core.detection import Box
from assessment.core.tiles import SHOWN, windows_of
from assessment.core.vocabulary import Detail

RED = (200, 30, 30)


def photo(width: int, height: int, spot: Box) -> bytes:
    """A JPEG of a grey wall with a red spot."""
    pixels = np.full((height, width, 3), 190, np.uint8)
    left, top, right, bottom = map(int, spot)
    pixels[top:bottom, left:right] = RED[::-1]
    _, jpeg = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 95])
    return jpeg.tobytes()


def spot_in(jpeg: bytes) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what is red."""
    pixels = pixels_of(jpeg).astype(int)
    rows, columns = np.nonzero(pixels[..., 0] - pixels[..., 2] > 80)
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


def test_a_part_shows_the_photo_pixel_by_pixel():
    jpeg = photo(1500, 1100, Box(700, 400, 780, 500))

    (part,) = cuttings(jpeg, [Box(600, 300, 1400, 1000)], SHOWN)

    assert pixels_of(part).shape == (700, 800, 3)
    assert spot_in(part) == pytest.approx((100, 100, 180, 200), abs=1)


def test_colours_are_those_of_the_photo():
    part = next(cuttings(photo(64, 64, Box(0, 0, 64, 64)), [Box(0, 0, 64, 64)], SHOWN))

    assert pixels_of(part)[32, 32] == pytest.approx(RED, abs=4)


def test_a_large_part_is_shrunk_and_shows_things_where_they_are():
    spot = Box(2000, 1500, 2600, 2100)
    jpeg = photo(6144, 4096, spot)
    windows = windows_of(6144, 4096, Detail.AUTO)[1:]

    part = next(cuttings(jpeg, windows, SHOWN))

    window = windows[0]
    assert max(pixels_of(part).shape) == SHOWN
    scale = SHOWN / (window.right - window.left)
    expected = [scale * (edge - start) for edge, start in zip(spot, window[:2] * 2, strict=True)]
    assert spot_in(part) == pytest.approx(expected, abs=1.5)


def test_the_parts_come_in_the_order_of_the_windows():
    jpeg = photo(300, 100, Box(0, 0, 100, 100))
    windows = [Box(0, 0, 100, 100), Box(200, 0, 300, 100)]

    red, grey = (pixels_of(part)[50, 50] for part in cuttings(jpeg, windows, SHOWN))

    assert int(red[0]) - int(red[2]) > 80
    assert grey == pytest.approx((190, 190, 190), abs=3)


@pytest.mark.parametrize("data", [b"", b"no picture", b"\xff\xd8\xff"])
def test_what_is_no_picture_is_refused(data):
    with pytest.raises(UndecodableError):
        next(cuttings(data, [Box(0, 0, 10, 10)], SHOWN))
    with pytest.raises(UndecodableError):
        pixels_of(data)
