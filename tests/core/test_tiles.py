from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.core.detection import Box
from assessment.core.tiles import (
    LARGE_SIDE,
    MOST_LARGE,
    MOST_TILES,
    SHOWN,
    halves,
    place_of,
    windows_of,
)
from assessment.core.vocabulary import WHOLE_PICTURE_KINDS, Detail, QueryKind

PHONE, CAMERA = (4032, 3024), (6000, 4000)
MP48, MP100, MP108 = (8064, 6048), (11552, 8736), (12000, 9000)

sides = st.integers(1, 13_000)
details = st.sampled_from([Detail.AUTO, Detail.TILES])


def covered(windows: list[Box], width: int, height: int) -> bool:
    """Whether every pixel lies in one of the windows; sides are cut at their edges."""
    across = sorted({0, width, *(int(x) for w in windows for x in (w.left, w.right))})
    down = sorted({0, height, *(int(y) for w in windows for y in (w.top, w.bottom))})
    cells = np.zeros((len(down) - 1, len(across) - 1), bool)
    for window in windows:
        left, right = across.index(int(window.left)), across.index(int(window.right))
        top, bottom = down.index(int(window.top)), down.index(int(window.bottom))
        cells[top:bottom, left:right] = True
    return bool(cells.all())


@given(sides, sides, details)
def test_windows_cover_the_photo_and_stay_inside(width, height, detail):
    windows = windows_of(width, height, detail)

    if windows:
        whole, *parts = windows
        assert whole == Box(0, 0, width, height)
        assert len(parts) <= (MOST_TILES if detail is Detail.TILES else MOST_LARGE)
        assert len({(w.right - w.left, w.bottom - w.top) for w in parts}) == 1
        assert all(0 <= w.left < w.right <= width for w in parts)
        assert all(0 <= w.top < w.bottom <= height for w in parts)
        assert covered(parts, width, height)


@given(sides, sides, details)
def test_neighbours_share_an_eighth_of_their_side_at_least(width, height, detail):
    parts = windows_of(width, height, detail)[1:]

    for low, high in (("left", "right"), ("top", "bottom")):
        spans = sorted({(getattr(part, low), getattr(part, high)) for part in parts})
        for (start, end), (following, _) in pairwise(spans):
            assert end - following >= math.floor((end - start) / 8)


@pytest.mark.parametrize(
    ("size", "tiles", "large"),
    [(PHONE, 20, 0), (CAMERA, 35, 0), (MP48, 63, 9), (MP100, 130, 12), (MP108, 140, 12)],
)
def test_how_many_parts_a_photo_is_looked_at_in(size, tiles, large):
    assert len(windows_of(size[0], size[1], Detail.TILES)[1:]) == tiles
    assert len(windows_of(size[0], size[1], Detail.AUTO)[1:]) == large
    assert windows_of(size[0], size[1], Detail.WHOLE) == []


@pytest.mark.parametrize("size", [PHONE, MP48, MP100, MP108])
def test_tiles_are_shown_at_the_resolution_of_the_photo(size):
    assert {w.right - w.left for w in windows_of(size[0], size[1], Detail.TILES)[1:]} == {SHOWN}


def test_parts_chosen_by_size_show_more_than_a_phones_photo_as_a_whole():
    for size in (MP48, MP100, MP108):
        side = max(w.right - w.left for w in windows_of(size[0], size[1], Detail.AUTO)[1:])
        assert LARGE_SIDE <= side < max(PHONE)


@pytest.mark.parametrize("size", [(1024, 1024), (800, 600), (1, 1)])
def test_a_photo_that_is_sent_in_full_is_not_cut_up(size):
    assert windows_of(size[0], size[1], Detail.TILES) == []
    assert halves(size[0], size[1], QueryKind.PLAIN) == []


@pytest.mark.parametrize("kind", sorted(WHOLE_PICTURE_KINDS))
def test_a_question_about_the_whole_picture_is_never_cut_up(kind):
    assert windows_of(11_552, 8736, Detail.AUTO, kind) == []
    assert halves(11_552, 8736, kind) == []


@given(sides, sides)
def test_halves_are_two_or_four_and_cover_the_photo(width, height):
    if parts := halves(width, height, QueryKind.PLAIN)[1:]:
        assert len(parts) in (2, 4)
        assert covered(parts, width, height)


@pytest.mark.parametrize(
    ("window", "place"),
    [
        (Box(0, 0, 500, 400), "the upper left part"),
        (Box(1000, 0, 2000, 400), "the upper middle part"),
        (Box(2600, 1300, 3000, 1700), "the right part"),
        (Box(2600, 2600, 3000, 3000), "the lower right part"),
    ],
)
def test_places_are_told_in_words(window, place):
    assert place_of(window, 3000, 3000) == place
