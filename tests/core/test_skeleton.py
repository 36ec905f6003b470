from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, affinity

from assessment.core.measure import polygons
from assessment.core.skeleton import skeleton
from assessment.core.thinning import thinned

ANGLES = range(0, 180, 15)
WIDTHS = (1, 2, 3, 10)


def around(*lines: list[tuple[float, float]], width: float) -> tuple[MultiPolygon, float]:
    """A crack of a width along lines, and how long they are."""
    line = shapely.MultiLineString(lines)
    shape = line.buffer(width / 2, cap_style="flat", join_style="mitre")
    return MultiPolygon([shape]), line.length


def wave(width: float) -> tuple[MultiPolygon, float]:
    x = np.linspace(0, 1000, 400)
    return around(list(zip(x, 300 + 50 * np.sin(x / 60), strict=True)), width=width)


def ring(radius: float, width: float) -> MultiPolygon:
    outer, inner = (
        shapely.Point(500, 500).buffer(radius + way * width / 2, quad_segs=64) for way in (1, -1)
    )
    return polygons(outer - inner)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("angle", ANGLES)
def test_a_straight_crack_is_as_long_at_any_angle(angle, width):
    bar = affinity.rotate(shapely.box(1000, 1000, 1400, 1000 + width), angle)
    assert skeleton(MultiPolygon([bar])).length == pytest.approx(400, rel=0.01)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_bent_crack_is_as_long_as_its_stretches(width):
    shape, length = around([(100, 100), (400, 150), (500, 420), (900, 430)], width=width)
    assert skeleton(shape).length == pytest.approx(length, rel=0.01)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_winding_crack_is_as_long_as_its_line(width):
    shape, length = wave(width)
    assert skeleton(shape).length == pytest.approx(length, rel=0.005)


@pytest.mark.parametrize("width", WIDTHS)
def test_all_branches_of_a_fork_count(width):
    fork = (400, 150)
    shape, length = around([(100, 100), fork], [fork, (700, 400)], [fork, (720, 20)], width=width)
    lines = skeleton(shape)
    assert lines.length == pytest.approx(length, rel=0.01)
    assert sum(sum(each.free) for each in lines.branches) == 3


@pytest.mark.parametrize("width", WIDTHS)
def test_cracks_that_cross_count_both(width):
    shape, length = around([(0, 500), (1000, 520)], [(480, 0), (530, 1000)], width=width)
    lines = skeleton(shape)
    assert lines.length == pytest.approx(length, rel=0.01)
    assert sum(sum(each.free) for each in lines.branches) == 4


@pytest.mark.parametrize("width", WIDTHS)
def test_a_ring_is_as_long_as_its_middle_and_has_no_end(width):
    (branch,) = skeleton(ring(100, width)).branches
    assert math.dist(branch.points[0], branch.points[-1]) < width
    assert skeleton(ring(100, width)).length == pytest.approx(200 * math.pi, rel=0.01)
    assert branch.free == (False, False)


def test_a_crack_thinner_than_the_cells_of_its_grid_stays_whole():
    shape, length = around([(0, 0), (4000, 3000)], width=0.5)
    lines = skeleton(shape)
    assert lines.cell > 0.5
    assert len(lines.branches) == 1
    assert lines.length == pytest.approx(length, rel=0.005)


def test_separate_parts_are_added():
    parts = [shapely.box(100, 100 * n, 400, 100 * n + 5) for n in range(1, 5)]
    lines = skeleton(MultiPolygon(parts))
    assert len(lines.branches) == 4
    assert lines.length == pytest.approx(1200, rel=0.01)


def test_rough_sides_make_no_branches():
    rng = np.random.default_rng(3)
    x = np.arange(0, 800, 4.0)
    upper, lower = (300 + way + rng.uniform(-1, 1, len(x)) for way in (-5, 5))
    sides = np.concatenate([np.column_stack([x, upper]), np.column_stack([x, lower])[::-1]])
    lines = skeleton(MultiPolygon([shapely.Polygon(sides)]))
    assert len(lines.branches) == 1
    assert lines.length == pytest.approx(796, rel=0.01)


def test_flaws_in_the_outline_are_not_gone_around():
    flawed = MultiPolygon([shapely.box(0, 0, 400, 8)])
    for x in range(20, 400, 20):
        flawed = polygons(flawed - shapely.box(x, 3, x + 3, 5))
    assert skeleton(flawed).length == pytest.approx(400, rel=0.01)


def test_what_is_as_wide_as_long_is_no_longer_than_wide():
    assert skeleton(MultiPolygon([shapely.Point(50, 50).buffer(20)])).length < 41
    assert skeleton(MultiPolygon([shapely.box(0, 0, 40, 40)])).length < 57


def random_shape(seed: int) -> NDArray[np.uint8]:
    noise = np.random.default_rng(seed).random((60, 80)).astype(np.float32)
    cells = (cv2.GaussianBlur(noise, (0, 0), 2.5) > 0.5).astype(np.uint8)
    cells[[0, -1]] = cells[:, [0, -1]] = 0
    return cells


@pytest.mark.parametrize("seed", range(10))
def test_thinning_keeps_every_part_and_every_hole_apart(seed):
    cells = random_shape(seed)
    lines = thinned(cells)
    assert not (lines > cells).any()
    for shape, connectivity in ((lambda each: each, 8), (lambda each: 1 - each, 4)):
        counts = [cv2.connectedComponents(shape(each), connectivity=connectivity)[0]
                  for each in (cells, lines)]  # fmt: skip
        assert counts[0] == counts[1]


@pytest.mark.parametrize("seed", range(10))
def test_lines_are_one_cell_wide(seed):
    lines = thinned(random_shape(seed)).astype(bool)
    full = lines[:-1, :-1] & lines[1:, :-1] & lines[:-1, 1:] & lines[1:, 1:]
    assert full.sum() <= 2


def test_pure_noise_is_thinned_within_a_bounded_grid():
    rng = np.random.default_rng(1)
    dots = [shapely.box(x, y, x + 2, y + 2) for x, y in 3 * rng.integers(0, 400, (4000, 2))]
    lines = skeleton(polygons(shapely.union_all(dots)))
    assert all(np.isfinite(each.points).all() for each in lines.branches)
