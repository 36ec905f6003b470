from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from shapely import MultiPolygon, Polygon

from assessment.core import polygons
from assessment.core.contours import contours
from assessment.core.detection import Box
from assessment.core.masks import LEVEL
from assessment.core.polygons import outline
from tests.core.specimens import ANNULUS, CIRCLE, CRACK, masked

UNTIMED = settings(deadline=None)
GRIDS = arrays.arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9)))
FULL = np.full((3, 3), 255, np.uint8)


def shapes(grids: list[np.ndarray]) -> list[MultiPolygon]:
    found = contours(grids)
    offsets = (found.rings, found.polygons, found.grids)
    return list(shapely.from_ragged_array(shapely.GeometryType.MULTIPOLYGON, found.points, offsets))


def crossed(grid: np.ndarray) -> int:
    """Pairs of neighbours of which one is inside; beyond the edge is outside."""
    inside = np.pad(grid > LEVEL, 1)
    return int(np.diff(inside, axis=0).sum() + np.diff(inside, axis=1).sum())


@pytest.mark.parametrize(("value", "reach"), [(255, 0.5), (128, 0.5 / 128)])
def test_an_outline_crosses_where_the_level_lies_between_two_cells(value, reach):
    (shape,) = shapes([np.array([[value]], np.uint8)])
    assert shape.bounds == pytest.approx((0.5 - reach, 0.5 - reach, 0.5 + reach, 0.5 + reach))


def test_a_neighbour_below_the_level_draws_the_outline_nearer():
    (bare, drawn) = shapes([np.array([[255, 0]], np.uint8), np.array([[255, 100]], np.uint8)])
    assert bare.bounds[2] == pytest.approx(1.0)
    assert drawn.bounds[2] == pytest.approx(0.5 + 127.5 / 155)


def test_cells_that_meet_at_a_corner_belong_together():
    (shape,) = shapes([np.array([[255, 0], [0, 255]], np.uint8)])
    assert len(shape.geoms) == 1
    assert shape.is_valid


def test_a_hole_that_meets_the_outside_at_a_corner_stays_a_hole():
    grid = FULL.copy()
    grid[1, 1] = grid[0, 0] = 0
    ((ring,),) = (shape.geoms for shape in shapes([grid]))
    assert len(ring.interiors) == 1


def test_a_line_one_cell_wide_is_walked_there_and_back():
    (shape,) = shapes([np.full((1, 5), 255, np.uint8)])
    assert shape.area == pytest.approx(4.5)


def test_holes_follow_their_own_shell():
    holed = np.pad(FULL, 1)
    holed[2, 2] = 0
    grid = np.hstack([np.pad(FULL, 1), holed, holed])
    (shape,) = shapes([np.vstack([grid, grid])])
    assert sorted(len(part.interiors) for part in shape.geoms) == [0, 0, 1, 1, 1, 1]
    assert all(Polygon(part.exterior).contains(part) for part in shape.geoms)


@UNTIMED
@given(st.lists(GRIDS, max_size=5))
def test_grids_that_are_outlined_together_come_out_as_they_do_alone(grids):
    together = shapes(grids)
    assert len(together) == len(grids)
    for grid, shape in zip(grids, together, strict=True):
        (alone,) = shapes([grid])
        assert shape.normalize().equals_exact(alone.normalize(), 1e-9)


@UNTIMED
@given(GRIDS)
def test_every_crossing_is_met_once(grid):
    found = contours([grid])
    assert len(found.points) == crossed(grid) + len(found.rings) - 1
    assert found.vertices().tolist() == [len(found.points)]


def test_grids_beyond_one_batch_keep_their_places(monkeypatch):
    monkeypatch.setattr(polygons, "MOST_CELLS", 100_000)
    grids = [CIRCLE.grid, np.zeros((1, 1), np.uint8), ANNULUS.grid, CRACK.grid[:100]]
    frame = [Box(0, 0, grid.shape[1], grid.shape[0]) for grid in grids]
    found = outline([masked(*pair) for pair in zip(grids, frame, strict=True)], 256, 256)
    expected = [shapely.area(each) for each in shapes(grids)]
    assert shapely.area(found) == pytest.approx(expected)


def random_grids(count: int, seed: int) -> list[np.ndarray]:
    """Noise, sharp noise of every density, near-level noise, and single cells."""
    chance = np.random.default_rng(seed)
    grids = []
    for number in range(count):
        size = chance.integers(1, 25, 2)
        match number % 4:
            case 0:
                grid = chance.integers(0, 256, size)
            case 1:
                grid = 255 * (chance.random(size) < chance.random())
            case 2:
                grid = chance.integers(126, 130, size)
            case _:
                grid = np.zeros(size, int)
                grid[chance.integers(size[0]), chance.integers(size[1])] = chance.integers(128, 256)
        grids.append(grid.astype(np.uint8))
    return grids


def test_no_outline_of_ten_thousand_random_masks_is_invalid():
    grids = random_grids(10_000, seed=4)
    chance = np.random.default_rng(5)
    sides = chance.uniform(-50, 1000, (len(grids), 4))
    boxes = [Box(left, top, left + wide + 51, top + high + 51) for left, top, wide, high in sides]
    found = outline([masked(*pair) for pair in zip(grids, boxes, strict=True)], 4000, 3000)
    assert shapely.is_valid(found).all()
    assert set(shapely.get_type_id(found)) == {shapely.GeometryType.MULTIPOLYGON}
    seen = np.array([(grid > LEVEL).any() for grid in grids])
    inside = np.array([min(box.right, box.bottom) > 0 for box in boxes])
    assert (shapely.area(found)[seen & inside] > 0).mean() > 0.99
    assert not shapely.area(found)[~seen].any()
