from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon

from assessment.core.agreement import Agreed, agreed
from assessment.core.merge import SEEN_AGAIN_IOU, OutlineArray

places = st.integers(0, 8).map(lambda step: 4.0 * step)
boxes = st.tuples(places, places, st.integers(8, 16), st.integers(8, 16))
answers = st.lists(st.lists(boxes, max_size=5), max_size=4)


def run_of(*shapes: tuple[float, float, float, float]) -> OutlineArray:
    """Outlines of one run, from left, top, width and height."""
    outlines = np.empty(len(shapes), object)
    outlines[:] = [
        MultiPolygon([shapely.box(left, top, left + width, top + height)])
        for left, top, width, height in shapes
    ]
    return outlines


def iou(one, other) -> float:
    return float(one.intersection(other).area / one.union(other).area)


WALL, LOWER, ELSEWHERE = (0, 0, 10, 10), (0, 2, 10, 10), (90, 90, 10, 10)


def test_what_every_run_outlines_alike_agrees_in_full():
    assert agreed([run_of(WALL)] * 3) == [Agreed(0, 0, 1.0)]


def test_agreement_is_never_more_than_all():
    """What this one has in common with itself comes out larger by a rounding."""
    corners = [(138.9, 103.9), (127.6, 105), (145.3, 111.8), (94, 94.8), (91.8, 57.9), (99.1, 92.1)]
    outlines = np.empty(1, object)
    outlines[:] = [MultiPolygon([shapely.Polygon(corners)])]

    assert agreed([outlines, outlines]) == [Agreed(0, 0, 1.0)]


def test_a_run_that_does_not_show_a_thing_counts_nought():
    assert agreed([run_of(WALL), run_of(), run_of(WALL)]) == [Agreed(0, 0, 0.5)]


def test_what_only_one_run_shows_is_a_thing_with_low_agreement():
    assert agreed([run_of(WALL), run_of(WALL, ELSEWHERE)])[1] == Agreed(1, 1, 0.0)


def test_the_outline_of_the_earliest_run_stands_for_a_thing():
    (thing,) = agreed([run_of(), run_of(LOWER), run_of(WALL)])

    assert (thing.run, thing.place) == (1, 0)
    assert thing.agreement == pytest.approx((0 + 8 / 12) / 2)


def test_the_pair_that_agrees_best_comes_together():
    (first, second) = agreed([run_of(WALL, LOWER), run_of(LOWER)])

    assert first == Agreed(0, 0, 0.0)
    assert second == Agreed(0, 1, 1.0)


def test_one_run_tells_nothing_of_agreement():
    assert agreed([run_of(WALL, ELSEWHERE)]) == [Agreed(0, 0, None), Agreed(0, 1, None)]


def test_a_run_that_had_no_look_at_a_place_says_nothing_of_it():
    runs = [run_of(WALL), run_of(), run_of(WALL)]

    assert agreed(runs, lambda other, run, place: other != 1) == [Agreed(0, 0, 1.0)]
    assert agreed(runs[:2], lambda other, run, place: False) == [Agreed(0, 0, None)]


def test_an_outline_of_nothing_is_alone_and_agrees_with_none():
    runs = [np.array([MultiPolygon()], object), run_of(WALL)]

    assert agreed(runs) == [Agreed(0, 0, 0.0), Agreed(1, 0, 0.0)]


@given(answers)
def test_nothing_is_voted_away(answers):
    runs = [run_of(*answer) for answer in answers]

    things = agreed(runs)

    stand_for = [runs[thing.run][thing.place] for thing in things]
    for shown in runs:
        for outline in shown:
            together = [thing for thing in stand_for if thing.intersects(outline)]
            assert together, "an outline lies where no thing is"
    assert len(things) >= max((len(shown) for shown in runs), default=0)


@given(answers)
def test_agreement_is_a_mean_over_the_other_runs(answers):
    runs = [run_of(*answer) for answer in answers]

    for run, place, agreement in agreed(runs):
        if len(runs) == 1:
            assert agreement is None
            continue
        outline = runs[run][place]
        best = [
            max((iou(outline, seen) for seen in shown), default=0.0)
            for other, shown in enumerate(runs)
            if other != run
        ]
        assert agreement is not None
        assert 0 <= agreement <= sum(best) / len(best) + 1e-9


@given(st.lists(boxes, max_size=5), st.lists(boxes, max_size=5))
def test_two_runs_agree_on_a_thing_to_half_at_least_or_not_at_all(first, second):
    for thing in agreed([run_of(*first), run_of(*second)]):
        assert thing.agreement is not None
        assert thing.agreement == 0 or thing.agreement >= SEEN_AGAIN_IOU - 1e-9


@given(answers)
def test_the_things_of_a_run_are_each_told_once(answers):
    things = [(thing.run, thing.place) for thing in agreed([run_of(*each) for each in answers])]

    assert things == sorted(set(things))
