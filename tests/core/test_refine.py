from __future__ import annotations

import time
from dataclasses import replace

import cv2
import numpy as np
import pytest
import shapely

from assessment.core.boundary import boundary_sd
from assessment.core.detection import Box, Detection
from assessment.core.polygons import outline
from assessment.core.refine import LEAST_SIDE, SLACK, Point, refined
from assessment.core.vocabulary import AnswerForm

SIZE = (640, 480)
BOX = Box(195, 145, 405, 335)
STAIN = shapely.affinity.scale(shapely.Point(300, 240).buffer(1, 64), 100, 90)
"""A stain, and the box that a model draws around it."""


def wall(shape=STAIN, *, shade: float = 90, grain: float = 8, seed: int = 0):
    """A picture of SIZE, grey and grained, in which a shape is darker."""
    canvas = np.zeros(SIZE[::-1], np.uint8)
    cv2.fillPoly(canvas, [np.rint(shapely.get_coordinates(shape)).astype(np.int32)], [1])
    noise = np.random.default_rng(seed).normal(0, grain, (*canvas.shape, 3))
    return np.clip(190 - shade * canvas[..., None] + noise, 0, 255).astype(np.uint8)


def boxed(box: Box = BOX, **more) -> Detection:
    return Detection("stain", box, None, AnswerForm.BOX, approximate=True, **more)


def drawn(ring) -> Detection:
    box = Box(*ring.min(axis=0), *ring.max(axis=0))
    return Detection("stain", box, (ring,), AnswerForm.POLYGON, approximate=True)


def outlined(detection: Detection | None, size=SIZE):
    assert detection is not None
    (found,) = outline([detection], *size)
    return found


def iou(one, other) -> float:
    return float(one.intersection(other).area / one.union(other).area)


def test_a_box_becomes_the_outline_of_what_it_holds():
    found = outlined(refined(wall(), boxed(), *SIZE))
    assert iou(shapely.box(*BOX), STAIN) < 0.75
    assert iou(found, STAIN) > 0.95


def test_a_refined_box_stays_an_approximate_answer_in_the_form_of_a_box():
    found = refined(wall(), boxed(), *SIZE)
    assert found is not None
    assert (found.form, found.approximate, found.refined) == (AnswerForm.BOX, True, True)
    assert found.label == "stain"


def test_the_same_photo_gives_the_same_outline_whatever_was_drawn_by_lot_before():
    cv2.setRNGSeed(99)
    first = outlined(refined(wall(), boxed(), *SIZE))
    cv2.setRNGSeed(7)
    assert outlined(refined(wall(), boxed(), *SIZE)).equals_exact(first, 0)


def test_an_outline_leaves_its_box_by_no_more_than_the_slack():
    tight = Box(215, 160, 385, 320)
    found = refined(wall(), boxed(tight), *SIZE)
    left, top, right, bottom = outlined(found).bounds
    wide, high = SLACK * (tight.right - tight.left), SLACK * (tight.bottom - tight.top)
    assert left >= tight.left - wide
    assert top >= tight.top - high
    assert right <= tight.right + wide
    assert bottom <= tight.bottom + high


def test_a_picture_that_shows_no_edge_keeps_the_box():
    assert refined(wall(shade=0), boxed(), *SIZE) is None


def test_what_fills_a_corner_of_the_box_only_is_not_what_the_model_meant():
    small = shapely.box(200, 150, 260, 200)
    assert refined(wall(small), boxed(), *SIZE) is None


def test_a_line_across_the_box_is_not_cut_out():
    crack = shapely.LineString([(196, 146), (404, 334)]).buffer(2)
    assert refined(wall(crack), boxed(), *SIZE) is None


def test_a_box_around_the_whole_photo_has_nothing_to_tell_apart():
    assert refined(wall(), boxed(Box(0, 0, *SIZE)), *SIZE) is None


def test_a_box_of_a_few_pixels_stays_a_box():
    side = LEAST_SIDE - 1.0
    assert refined(wall(), boxed(Box(300, 240, 300 + side, 240 + side)), *SIZE) is None


@pytest.mark.parametrize("box", [Box(900, 900, 950, 950), Box(100, 100, 100, 100)])
def test_a_box_that_shows_nothing_of_the_photo_stays_a_box(box):
    assert refined(wall(), boxed(box), *SIZE) is None


def test_the_box_that_stands_in_for_a_point_is_not_refined():
    assert refined(wall(), boxed(from_point=True), *SIZE) is None


def test_a_mask_of_the_engine_is_left_alone():
    masked = replace(boxed(), mask=np.full((4, 4), 255, np.uint8), form=AnswerForm.MASK)
    assert refined(wall(), masked, *SIZE) is None


def test_a_smaller_copy_will_do():
    copy = cv2.resize(wall(), (320, 240), interpolation=cv2.INTER_AREA)
    assert iou(outlined(refined(copy, boxed(), *SIZE)), STAIN) > 0.93


def test_a_rough_outline_is_drawn_to_the_edge():
    rough = shapely.get_coordinates(STAIN.buffer(9).simplify(18))[:-1]
    found = outlined(refined(wall(), drawn(rough), *SIZE))
    assert iou(shapely.Polygon(rough), STAIN) < 0.93
    assert iou(found, STAIN) > 0.95


def test_a_rough_outline_that_the_photo_contradicts_is_kept():
    elsewhere = shapely.get_coordinates(shapely.Point(300, 240).buffer(100))[:-1]
    corner = shapely.box(205, 225, 250, 255)
    assert refined(wall(corner), drawn(elsewhere), *SIZE) is None


def test_points_inside_and_outside_choose_between_two_things():
    left, right = shapely.box(200, 150, 290, 330), shapely.box(310, 150, 400, 330)
    picture = np.minimum(wall(left), wall(right, seed=1))
    both = outlined(refined(picture, boxed(), *SIZE))
    assert iou(both, left.union(right)) > 0.9
    holding = [Point(250, 240), Point(350, 240)]
    assert outlined(refined(picture, boxed(), *SIZE, points=holding)).equals_exact(both, 1)
    assert refined(picture, boxed(), *SIZE, points=[Point(600, 20)]) is None


def test_a_point_outside_is_left_out():
    found = outlined(refined(wall(), boxed(), *SIZE, points=[Point(300, 240, inside=False)]))
    assert not found.contains(shapely.Point(300, 240))


def test_of_a_hundred_megapixels_only_the_box_is_looked_at():
    # Broadcast, so that reading all of it would show in time and in memory alike.
    tile = np.broadcast_to(wall()[:1, :1], (10_000, 10_000, 3))
    started = time.perf_counter()
    refined(tile, boxed(Box(1000, 1000, 2000, 2000)), 10_000, 10_000)
    assert time.perf_counter() - started < 5


def test_a_refined_outline_is_surer_than_its_box_and_less_sure_than_a_mask():
    found = refined(wall(), boxed(), *SIZE)
    assert found is not None
    mask = replace(found, form=AnswerForm.MASK, refined=False)
    three = [mask, found, boxed()]
    shapes = outline(three, *SIZE)
    sureness = [boundary_sd(*each, *SIZE) for each in zip(three, shapes, strict=True)]
    assert sureness == sorted(sureness)
    assert sureness[1] < 0.6 * sureness[2]
