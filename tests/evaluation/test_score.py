from __future__ import annotations

import numpy as np
import pytest

from assessment.core.masks import Patch
from assessment.evaluation.score import Estimate, Score, estimates, score
from assessment.evaluation.truth import Truth, patches_mask

SIDE = 40
NOTHING = np.zeros((SIDE, SIDE), np.bool_)


def square(left: int, top: int, side: int = 10) -> Patch:
    return Patch(left, top, np.ones((side, side), np.bool_))


def shown(*things: Patch, ignored=NOTHING, look_alike=NOTHING, counted=True) -> Truth:
    target = patches_mask(things, SIDE, SIDE)
    return Truth(target, ignored, look_alike, things if counted else None)


def estimate(name: str, *scores: Score) -> Estimate:
    found = estimates(scores)[name]
    assert found is not None
    return found


def test_two_things_taken_for_one_are_one_miss_and_half_the_pixels():
    got = score((square(0, 0),), shown(square(0, 0), square(20, 20)), 3)
    assert (got.iou, got.hits) == (0.5, 0)
    assert (got.found, got.things, got.matched) == (1, 2, 1)


def test_what_is_found_in_the_ignored_is_neither_right_nor_wrong():
    crowd = patches_mask((square(20, 20),), SIDE, SIDE)
    got = score((square(0, 0), square(21, 21, 8)), shown(square(0, 0), ignored=crowd), 3)
    assert (got.iou, got.found, got.matched) == (1.0, 1, 1)
    assert got.right == got.marked == got.there


def test_nothing_said_where_nothing_is_agrees():
    got = score((), shown(), 3)
    assert (got.iou, got.nothing_there, got.nothing_said) == (1.0, 1, 1)
    wrong = score((square(0, 0),), shown(), 3)
    assert (wrong.iou, wrong.nothing_there, wrong.nothing_said) == (0.0, 1, 0)


def test_things_that_nobody_counted_are_not_held_against_the_answer():
    got = score((square(0, 0),), shown(square(0, 0), counted=False), 3)
    assert (got.found, got.things) == (0, 0)
    assert estimates([got])["instance precision"] is None


@pytest.mark.parametrize(("shift", "met"), [(3, True), (5, False)])
def test_an_edge_is_met_within_the_tolerance_only(shift, met):
    got = score((square(10 + shift, 10, 20),), shown(square(10, 10, 20)), 3)
    assert (got.right == got.marked) is met


def test_a_look_alike_near_the_truth_is_nobodys():
    alike = patches_mask((square(10, 0), square(25, 25)), SIDE, SIDE)
    got = score((square(25, 25),), shown(square(0, 0), look_alike=alike), 3)
    assert got.look_alike_taken == 100
    assert got.look_alike == 170  # columns 10 to 12 lie within three pixels of the target


def test_cumulative_iou_weighs_pixels_and_mean_iou_weighs_cases():
    small = Score(answered=1, iou=1.0, common=1, either=1)
    large = Score(answered=1, iou=0.0, common=0, either=99)
    assert estimate("gIoU", small, large).value == 0.5
    assert estimate("cIoU", small, large).value == 0.01


def test_intervals_are_the_same_each_time_and_narrow_with_more_cases():
    some = [Score(answered=1, iou=iou) for iou in (0.2, 0.4, 0.6, 0.8)]
    few, many = estimate("gIoU", *some), estimate("gIoU", *some * 25)
    assert few == estimate("gIoU", *some)
    assert few.low is not None
    assert few.high is not None
    assert many.low is not None
    assert many.high is not None
    assert few.low < many.low < 0.5 < many.high < few.high


def test_where_nobody_answered_there_is_no_measure_but_the_one_that_says_so():
    assert estimates([Score(), Score()])["gIoU"] is None
    assert estimate("gIoU, unanswered as 0", Score(), Score()).value == 0


def test_no_cases_have_no_measures():
    assert set(estimates([]).values()) == {None}
