from __future__ import annotations

import numpy as np
import pytest

from assessment.core.detection import Box
from assessment.core.masks import LEVEL, LONGEST_GRID, PlacedGrid, filled, halved, placed
from tests.core.specimens import (
    BOW_TIE,
    BOW_TIE_AREA,
    INNER_SQUARE,
    INNERMOST_SQUARE,
    OVERLAPPING_SQUARE,
    PENTAGRAM,
    PENTAGRAM_TIPS_AREA,
    SQUARE,
    THIN_BAND,
)


def covered(shape: PlacedGrid) -> float:
    box = shape.box
    whole = (box.right - box.left) * (box.bottom - box.top)
    return float(shape.grid.mean()) / 255 * whole


@pytest.mark.parametrize(
    ("rings", "area"),
    [
        ([SQUARE], 10_000),
        ([SQUARE[::-1]], 10_000),
        ([SQUARE, INNER_SQUARE], 6_400),
        ([SQUARE, INNER_SQUARE, INNERMOST_SQUARE], 6_800),
        ([SQUARE, OVERLAPPING_SQUARE], 15_000),
        ([SQUARE, SQUARE], 0),
        ([BOW_TIE], BOW_TIE_AREA),
        ([PENTAGRAM], PENTAGRAM_TIPS_AREA),
    ],
)
def test_rings_fill_by_the_even_odd_rule(rings, area):
    assert covered(filled(rings)) == pytest.approx(area, rel=1e-4)


def test_the_box_of_a_fill_is_the_bounds_of_the_rings():
    assert filled([SQUARE, OVERLAPPING_SQUARE]).box == Box(100, 100, 250, 250)


def test_a_fill_can_be_cut_to_a_frame():
    shape = filled([SQUARE], within=Box(150, 120, 1000, 1000))
    assert shape.box == Box(150, 120, 200, 200)
    assert covered(shape) == pytest.approx(50 * 80)


def test_a_fill_outside_its_frame_is_blank():
    assert not filled([SQUARE], within=Box(500, 500, 600, 600)).grid.any()


@pytest.mark.parametrize("ring", [SQUARE[:0], SQUARE[:1], SQUARE[:2], SQUARE[[0, 1, 0, 1]]])
def test_a_ring_without_area_is_blank(ring):
    assert not filled([ring]).grid.any()


def test_a_band_thinner_than_half_a_cell_does_not_vanish():
    grid = filled([THIN_BAND], longest=64).grid
    assert (grid > LEVEL).any()


def test_a_fill_is_never_longer_than_asked():
    assert max(filled([PENTAGRAM], longest=200).grid.shape) == 200


def test_a_small_shape_gets_no_needlessly_fine_cells():
    assert filled([SQUARE / 50]).grid.shape == (8, 8)


def test_a_hostile_ring_gets_coarser_cells():
    ring = np.random.default_rng(1).random((30_000, 2)) * 4000
    assert max(filled([ring]).grid.shape) < LONGEST_GRID / 10


def test_halving_keeps_the_mean_and_the_place():
    grid = np.random.default_rng(2).integers(0, 256, (64, 32)).astype(np.uint8)
    coarse = halved(PlacedGrid(grid, Box(1, 2, 3, 4)))
    assert coarse.grid.shape == (32, 16)
    assert coarse.grid.mean() == pytest.approx(grid.mean(), abs=0.5)
    assert coarse.box == Box(1, 2, 3, 4)


def test_cells_need_not_be_square_in_the_image():
    wide = PlacedGrid(np.zeros((2, 4), np.uint8), Box(0, 0, 100, 10))
    assert placed(np.array([[2.0, 1.0]]), [wide], np.array([1])).tolist() == [[50.0, 5.0]]


def test_points_are_placed_by_the_grid_that_they_belong_to():
    grid = np.zeros((2, 2), np.uint8)
    shapes = [PlacedGrid(grid, Box(left, 0, left + 2, 2)) for left in (0, 10, 20)]
    points = placed(np.ones((3, 2)), shapes, np.array([1, 0, 2]))
    assert points.tolist() == [[1, 1], [21, 1], [21, 1]]
