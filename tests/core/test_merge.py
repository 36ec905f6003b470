from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon

from assessment.core.merge import SAME_IOU, matched, one_outline, recognised, same_things, union
from assessment.core.polygons import outline
from assessment.engines.answer import read_answer
from tests.core.specimens import ANNULUS, CIRCLE, FRAME, OVERLAPPING_SQUARE, SQUARE, masked, ringed


def test_damage_seen_twice_counts_once():
    shapes = outline([masked(CIRCLE.grid), masked(CIRCLE.grid)], *FRAME)
    assert union(shapes).area == pytest.approx(CIRCLE.area_px, rel=1e-4)


def test_overlapping_damage_counts_its_overlap_once():
    assert union(outline([ringed(SQUARE), ringed(OVERLAPPING_SQUARE)], *FRAME)).area == 17_500


def test_a_hole_in_one_outline_is_kept_unless_another_fills_it():
    annulus, circle = outline([masked(ANNULUS.grid), masked(CIRCLE.grid)], *FRAME)
    assert len(union([annulus, annulus]).geoms[0].interiors) == 1
    assert not union([annulus, circle]).geoms[0].interiors


def test_empty_outlines_add_nothing():
    shape = MultiPolygon([shapely.box(0, 0, 2, 2)])
    assert union([MultiPolygon(), shape, MultiPolygon()]).area == 4.0
    assert union([MultiPolygon()]).area == 0.0


@pytest.mark.shared
def test_a_real_answer_with_duplicates_covers_less_than_the_sum_of_its_masks(shared_data):
    """Two pairs of its fifteen masks show the same thing under different labels."""
    answer = (shared_data / "gemini" / "cookbook_cupcakes_flash25_0520_masks15.json").read_text()
    shapes = outline(read_answer(answer, 1000, 1000).detections, 1000, 1000)
    assert shapely.is_valid(shapes).all()
    assert shapely.area(shapes).sum() / union(shapes).area == pytest.approx(1.119, abs=0.005)


def boxes(*sides: tuple[float, float, float, float]) -> np.ndarray:
    return np.array([MultiPolygon([shapely.box(*each)]) for each in sides], dtype=object)


def test_outlines_that_agree_are_one_thing_and_neighbours_are_not():
    seen = boxes((0, 0, 10, 10), (1, 0, 11, 10), (9, 0, 19, 10), (0, 0, 10, 40))
    assert same_things(seen) == [[0, 1], [2], [3]]


def test_a_part_of_a_larger_thing_is_a_thing_of_its_own():
    assert same_things(boxes((0, 0, 100, 100), (10, 10, 20, 20))) == [[0], [1]]


def test_what_touches_only_at_an_edge_is_not_the_same():
    assert same_things(boxes((0, 0, 10, 10), (10, 0, 20, 10)), iou=0.0) == [[0], [1]]


def test_a_thing_cut_by_the_seam_of_two_tiles_is_one():
    tiles = np.array([[0.0, 0.0, 600.0, 600.0], [500.0, 0.0, 1100.0, 600.0]])
    seen = boxes((400, 100, 600, 120), (500, 101, 800, 121))
    assert same_things(seen, tiles) == [[0, 1]]
    assert one_outline(seen, tiles).bounds == (400, 100, 800, 121)


def test_two_things_beside_each_other_across_a_seam_stay_two():
    tiles = np.array([[0.0, 0.0, 600.0, 600.0], [500.0, 0.0, 1100.0, 600.0]])
    seen = boxes((400, 100, 600, 120), (500, 140, 800, 160))
    assert same_things(seen, tiles) == [[0], [1]]


def test_a_thing_over_three_tiles_is_one():
    tiles = np.array([[x, 0.0, x + 600, 600.0] for x in (0.0, 500.0, 1000.0)])
    seen = boxes((100, 10, 600, 20), (500, 10, 1100, 20), (1000, 10, 1500, 20))
    assert same_things(seen, tiles) == [[0, 1, 2]]
    assert one_outline(seen, tiles).area == pytest.approx(1400 * 10)


@settings(deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 40)] * 2, *[st.integers(1, 30)] * 2), max_size=25))
def test_every_outline_is_in_one_group_and_every_agreement_within_one(sides):
    seen = boxes(*((x, y, x + w, y + h) for x, y, w, h in sides))
    groups = same_things(seen)
    assert sorted(place for group in groups for place in group) == list(range(len(seen)))
    home = {place: number for number, group in enumerate(groups) for place in group}
    for one in range(len(seen)):
        for other in range(one):
            common = seen[one].intersection(seen[other]).area
            either = seen[one].union(seen[other]).area
            # Just at the threshold the last bit decides.
            if common > (SAME_IOU + 0.001) * either:
                assert home[one] == home[other]


@pytest.mark.shared
def test_the_duplicates_of_a_real_answer_become_one_thing_each(shared_data):
    answer = (shared_data / "gemini" / "cookbook_cupcakes_flash25_0520_masks15.json").read_text()
    shapes = outline(read_answer(answer, 1000, 1000).detections, 1000, 1000)
    groups = same_things(shapes)
    assert sorted(map(len, groups)) == [1] * 11 + [2, 2]
    things = [one_outline(shapes[group]) for group in groups]
    assert shapely.area(things).sum() == pytest.approx(union(shapes).area, rel=0.02)


def test_outlines_that_drift_do_not_vanish_into_the_first():
    """Each agrees with the next by three quarters, the last with the first not at all."""
    drifting = boxes(*((12 * step, 0, 12 * step + 100, 40) for step in range(12)))
    assert len(same_things(drifting)) == 1

    things = recognised(np.array([], dtype=object), drifting)

    kept = union(drifting[sorted(set(things))])
    assert kept.area > 0.9 * union(drifting).area


def test_a_thing_is_the_one_that_agrees_best():
    known = boxes((0, 0, 100, 100), (5, 0, 105, 100))
    assert recognised(known, boxes((6, 0, 106, 100), (1, 0, 101, 100))) == [1, 0]


def boxes_of(*bounds: tuple[float, float, float, float]):
    outlines = np.empty(len(bounds), object)
    outlines[:] = [MultiPolygon([shapely.box(*each)]) for each in bounds]
    return outlines


def test_of_several_outlines_that_could_be_the_same_the_best_is_matched():
    outlines = boxes_of((0, 0, 10, 10), (0, 3, 10, 13), (0, 0, 10, 11))

    assert matched(outlines, np.array([1, 2, 2])) == [[0, 2], [1]]


def test_a_match_is_handed_on_to_a_third_answer():
    outlines = boxes_of((0, 0, 10, 10), (0, 3, 10, 13), (0, 6, 10, 16))

    assert matched(outlines, np.array([1, 2, 3])) == [[0, 1, 2]]


def test_what_is_handed_on_brings_no_two_outlines_of_one_answer_together():
    outlines = boxes_of((0, 0, 10, 10), (0, 3, 10, 13), (0, 6, 10, 16))

    assert matched(outlines, np.array([1, 2, 1])) == [[0, 1], [2]]


def test_outlines_in_two_windows_match_by_what_both_were_shown():
    windows = np.array([[0.0, 0.0, 60.0, 100.0], [40.0, 0.0, 100.0, 100.0]])
    wall = boxes_of((10, 50, 60, 52), (40, 50, 90, 52))

    assert matched(wall, np.array([0, 1]), windows) == [[0, 1]]
    assert matched(wall, np.array([0, 1])) == [[0], [1]]


@given(
    st.lists(
        st.tuples(st.integers(0, 20), st.integers(0, 20), st.integers(1, 9), st.integers(0, 3)),
        max_size=12,
    )
)
def test_each_outline_is_in_one_group_and_no_answer_twice_in_any(squares):
    outlines = boxes_of(*((x, y, x + side, y + side) for x, y, side, _ in squares))
    sources = np.array([source for *_, source in squares], np.intp)

    groups = matched(outlines, sources)

    assert sorted(place for group in groups for place in group) == list(range(len(squares)))
    assert all(group == sorted(group) for group in groups)
    assert all(len({int(sources[place]) for place in group}) == len(group) for group in groups)
