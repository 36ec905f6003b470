from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from assessment.engines.cutout import UnreadableMaskError, read_cutout
from tests.engines.answers import bomb, data_uri, disc, png

GRID = disc(64)
FILE = png(GRID)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB"])
def test_a_mask_of_any_plain_colour_reads_the_same(mode):
    np.testing.assert_array_equal(read_cutout(data_uri(_saved(mode))), GRID)


@pytest.mark.parametrize("mode", ["LA", "RGBA", "I;16"])
def test_a_picture_with_transparency_or_deep_colour_is_no_mask(mode):
    with pytest.raises(UnreadableMaskError, match="which is no mask"):
        read_cutout(data_uri(_saved(mode)))


def test_a_cut_mask_is_never_read_in_part():
    whole = len(FILE) - len(b"\0\0\0\0IEND....")
    for length in range(whole):
        with pytest.raises(UnreadableMaskError):
            read_cutout(data_uri(FILE[:length]))


def test_a_damaged_mask_is_refused_or_reads_as_it_was():
    chance = np.random.default_rng(1)
    refused = 0
    for place in chance.integers(0, len(FILE), 500):
        damaged = bytearray(FILE)
        damaged[place] ^= int(chance.integers(1, 256))
        try:
            grid = read_cutout(data_uri(bytes(damaged)))
        except UnreadableMaskError:
            refused += 1
        else:
            np.testing.assert_array_equal(grid, GRID)
    assert refused > 400


def test_a_mask_of_more_cells_than_any_is_refused_before_it_is_decoded():
    with pytest.raises(UnreadableMaskError, match="60000 by 60000 cells"):
        read_cutout(data_uri(bomb(60_000, 60_000)))


def _saved(mode: str) -> bytes:
    file = io.BytesIO()
    image = Image.fromarray(GRID.astype(np.uint16) * 257 if mode == "I;16" else GRID)
    (image if mode == "I;16" else image.convert(mode)).save(file, "PNG")
    return file.getvalue()
