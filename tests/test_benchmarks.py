"""What the benchmarks measure with; the libraries beside Eaves aren't needed for it."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from benchmarks.outlines.accuracy import accuracy
from benchmarks.outlines.answers import HEIGHT, WIDTH, of_masks, of_polygons
from benchmarks.outlines.goals import LEAST_IOU, MOST_ERROR, goals
from benchmarks.outlines.methods import (
    DECODING,
    EAVES,
    MASKS,
    POLYGONS,
    SUPERVISION,
    Measured,
    decoding,
    eaves,
)
from benchmarks.outlines.shapes import KINDS, shapes
from benchmarks.outlines.timing import Times, timed


@pytest.mark.parametrize("shape", shapes(2 * len(KINDS)), ids=lambda shape: shape.kind)
def test_a_shape_is_what_its_formula_says(shape):
    assert shape.outline.is_valid
    assert shape.outline.area == pytest.approx(shape.area, rel=1e-5)
    assert (shape.sharp() == 255).sum() == pytest.approx(shape.area, rel=0.03)
    assert shape.soft().sum() / 255 == pytest.approx(shape.area, rel=0.005)


def test_a_shape_stays_clear_of_the_edge_of_its_mask():
    for shape in shapes(50):
        soft = shape.soft()
        assert not np.concatenate([soft[0], soft[-1], soft[:, 0], soft[:, -1]]).any()


def test_the_same_answer_comes_every_time():
    assert of_masks(5)[0] == of_masks(5)[0]
    assert of_polygons(5) == of_polygons(5)


def test_every_mask_and_polygon_is_read():
    text, truth = of_masks(5)
    assert len(eaves(text).areas) == len(decoding(text).areas) == len(truth.areas) == 5
    outlines = eaves(of_polygons(7)).outlines
    assert outlines is not None
    assert (shapely.area(outlines) > 0).all()
    assert shapely.within(outlines, shapely.box(0, 0, WIDTH, HEIGHT)).all()


@pytest.mark.parametrize("edge", ["soft", "sharp"])
def test_eaves_reaches_its_goals_of_accuracy(edge):
    text, truth = of_masks(50, soft=edge == "soft")
    found = accuracy(eaves(text), truth)
    assert found.invalid == 0
    assert found.iou >= LEAST_IOU[edge]
    if edge == "soft":
        assert all(error <= MOST_ERROR[kind] for kind, error in found.errors.items())


def test_a_filled_hole_and_a_crossing_outline_are_noticed():
    _, truth = of_masks(2)
    circle, annulus = truth.outlines
    rings = [annulus.exterior, *annulus.interiors]
    filled = shapely.MultiPolygon([shapely.Polygon(ring) for ring in rings])
    found = accuracy(Measured(shapely.area([circle, filled]), np.array([circle, filled])), truth)
    assert found.errors["circle"] < 0.001
    assert found.errors["annulus"] > 10
    assert found.invalid == 1


def test_pixel_counts_have_no_outline_to_judge():
    _, truth = of_masks(2)
    found = accuracy(Measured(truth.areas * 1.01), truth)
    assert found.errors == pytest.approx({"circle": 1.0, "annulus": 1.0})
    assert (found.ious, found.invalid) == ({}, None)


def test_every_method_is_timed_in_each_round():
    calls = []

    def method(text):
        calls.append(text)
        return Measured(np.zeros(1))

    times = timed({"one": method, "other": method}, "answer", rounds=2)
    assert calls == ["answer"] * 6
    assert set(times) == {"one", "other"}


@pytest.mark.parametrize(("own", "holds"), [(1.0, True), (40.0, False)])
def test_a_missed_goal_is_said(own, holds):
    row = {EAVES: Times(own, own), DECODING: Times(1, 1), SUPERVISION: Times(100, 100)}
    table = dict.fromkeys(("10 masks", "50 masks", "50 sharp masks", "50 polygons"), row)
    text, truth = of_masks(5)
    good = accuracy(eaves(text), truth)
    found = list(goals(table, {EAVES: own}, {"soft": good, "sharp": good}))
    timed_or_grown = [goal.holds for goal in found if "of " in goal.what or "memory" in goal.what]
    assert timed_or_grown == [holds] * 8


def test_eaves_and_the_limit_are_measured_in_both_forms():
    assert {EAVES, DECODING, SUPERVISION} <= MASKS.keys() & POLYGONS.keys()
