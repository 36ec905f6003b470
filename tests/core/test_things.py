from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.core.detection import Box, Detection
from assessment.core.things import Thing, joined, things_in
from assessment.core.tiles import windows_of
from assessment.core.vocabulary import AnswerForm, Detail

LEFT, RIGHT = Box(0, 0, 1024, 1024), Box(896, 0, 1920, 1024)
WHOLE = Box(0, 0, 1920, 1024)


def seen(window: Box, place: int, *shapes: Box, **more) -> list[Thing]:
    """What an engine answers of a window: the parts that lie in it of these, in photo pixels."""
    parts = [shapely.box(*shape).intersection(shapely.box(*window)) for shape in shapes]
    detections = [_detection(part.bounds, window, **more) for part in parts if part.area > 0]
    return things_in(detections, window, place)


def _detection(bounds: tuple[float, ...], window: Box, **more) -> Detection:
    left, right = bounds[0] - window.left, bounds[2] - window.left
    top, bottom = bounds[1] - window.top, bounds[3] - window.top
    ring = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
    box = Box(left, top, right, bottom)
    return Detection("stain", box, (ring,), AnswerForm.POLYGON, **more)


def test_a_thing_lies_on_the_photo_where_its_window_does():
    (thing,) = seen(RIGHT, 2, Box(1000, 100, 1100, 200))

    assert thing.detection.box == Box(104, 100, 204, 200)
    assert thing.outline.bounds == (1000, 100, 1100, 200)


def test_what_leaves_its_window_is_cut_there():
    detection = _detection((1900, 10, 2100, 20), RIGHT)

    assert things_in([detection], RIGHT)[0].outline.bounds == (1900, 10, 1920, 20)


def test_a_thing_on_a_seam_is_one():
    stain = Box(800, 100, 1100, 200)

    (thing,) = joined([*seen(LEFT, 1, stain), *seen(RIGHT, 2, stain)])

    assert thing.outline.area == pytest.approx(300 * 100)
    assert thing.windows == (1, 2)


def test_a_piece_of_which_nobody_saw_the_other_half_stays():
    (thing,) = joined([*seen(LEFT, 1, Box(800, 100, 1100, 200)), *seen(RIGHT, 2)])

    assert thing.outline.bounds == (800, 100, 1024, 200)


def test_a_thing_that_the_whole_photo_shows_has_the_outline_of_the_part_that_shows_more():
    rough, fine = Box(96, 96, 304, 304), Box(100, 100, 300, 300)

    (thing,) = joined([*seen(WHOLE, 0, rough), *seen(LEFT, 1, fine)])

    assert thing.outline.bounds == tuple(fine)
    assert thing.window == LEFT


def test_what_only_the_whole_photo_shows_of_a_thing_is_kept():
    rough = Box(800, 100, 1900, 200)

    (thing,) = joined([*seen(WHOLE, 0, rough), *seen(LEFT, 1, rough)])

    assert thing.outline.bounds == tuple(rough)


def test_two_things_of_one_answer_stay_two():
    stains = [Box(100, 100, 300, 300), Box(110, 100, 310, 300)]

    assert len(joined(seen(LEFT, 1, *stains))) == 2
    assert len(joined([*seen(WHOLE, 0, *stains), *seen(LEFT, 1, *stains)])) == 2


def test_a_thing_is_sure_where_a_sure_outline_holds_all_of_it():
    stain = Box(100, 100, 300, 300)

    (thing,) = joined([*seen(WHOLE, 0, stain, approximate=True), *seen(LEFT, 1, stain)])

    assert not thing.detection.approximate


def test_a_thing_is_a_guess_where_a_part_of_it_was_guessed():
    stain = Box(800, 100, 1100, 200)

    (thing,) = joined([*seen(LEFT, 1, stain), *seen(RIGHT, 2, stain, approximate=True)])

    assert thing.detection.approximate
    assert thing.outline.bounds == tuple(stain)


def test_an_empty_outline_is_alone():
    blank = Detection("nothing", Box(5, 5, 5, 5), None, AnswerForm.BOX)
    things = [*things_in([blank], LEFT, 1), *things_in([blank], RIGHT, 2)]

    assert [thing.outline.is_empty for thing in joined(things)] == [True, True]


def test_nothing_is_nothing():
    assert joined([]) == []


@settings(deadline=None)
@given(st.integers(0, 2900), st.integers(0, 2900), st.integers(1, 2800), st.integers(1, 2800))
def test_a_thing_that_every_tile_shows_its_part_of_is_whole_again(left, top, width, height):
    stain = Box(left, top, min(left + width, 3000), min(top + height, 3000))
    windows = windows_of(3000, 3000, Detail.TILES)[1:]

    (thing,) = joined(
        [each for place, window in enumerate(windows, 1) for each in seen(window, place, stain)]
    )

    assert thing.outline.symmetric_difference(shapely.box(*stain)).area < 1e-6
