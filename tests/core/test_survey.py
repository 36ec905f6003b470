from __future__ import annotations

import math
import time

import numpy as np
import pytest
import shapely
from shapely import MultiPolygon

from assessment.core.plane import DRAWS, Plane, ScaleError
from assessment.core.scale import ReferenceLine, line_plane
from assessment.core.survey import CLOSE, Survey
from tests.core.scenes import HEIGHT, WIDTH, Floats
from tests.core.test_coverage import WAYS

LINE = ReferenceLine((1000, 1200), (2000, 1300), 2.0)
WHOLE = np.array([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]], float)


def star(corners: int, radius: float = 600) -> Floats:
    """A star of five blunt rays around (2500, 1500)."""
    angles = np.arange(corners) * 2 * math.pi / corners
    radii = radius * (1 + 0.3 * np.sin(5 * angles))
    return np.column_stack([2500 + radii * np.cos(angles), 1500 + radii * np.sin(angles)])


def outlined(ring: Floats) -> MultiPolygon:
    return MultiPolygon([shapely.Polygon(ring)])


def fine(ring: Floats) -> Floats:
    """The ring with its sides cut in forty: a lens bends them, and the shoelace runs straight."""
    ahead = np.roll(ring, -1, axis=0) - ring
    parts = np.arange(40)[None, :, None] / 40
    return np.asarray((ring[:, None] + parts * ahead[:, None]).reshape(-1, 2))


def shoelace(plane: Plane, ring: Floats) -> Floats:
    """The area in a ring by every draw, corner by corner."""
    x, y = np.moveaxis(plane.alternatives(fine(ring)), 2, 0)
    return np.asarray(abs((x * np.roll(y, -1, 1) - y * np.roll(x, -1, 1)).sum(axis=1)) / 2)


def some_plane(way: str) -> tuple[Plane, Floats]:
    """A plane got that way, and a damage as the photo shows it."""
    rng = np.random.default_rng(7)
    while True:
        try:
            plane, camera, damage = WAYS[way](rng)
        except ScaleError:
            continue
        return plane, camera.photo(damage)


@pytest.mark.parametrize("way", WAYS)
def test_every_draw_of_every_way_has_the_area_that_its_corners_have(way):
    plane, ring = some_plane(way)
    surveyed = Survey(plane, outlined(ring).bounds).inside(outlined(ring))
    assert abs(surveyed / shoelace(plane, ring) - 1).max() < CLOSE / 5


@pytest.mark.parametrize("way", ["line", "drone"])
def test_an_outline_as_large_as_the_photo_is_still_measured_closely(way):
    plane, _ = some_plane(way)
    surveyed = Survey(plane, outlined(WHOLE).bounds).inside(outlined(WHOLE))
    told = np.isfinite(surveyed)
    assert told.mean() > 0.99
    assert abs(surveyed[told] / shoelace(plane, WHOLE)[told] - 1).max() < CLOSE


def test_a_hole_is_left_out_on_every_draw():
    plane, hole = line_plane(LINE, WIDTH, HEIGHT), star(50, 200)
    holed = MultiPolygon([shapely.Polygon(star(50), [hole])])
    survey = Survey(plane, holed.bounds)
    rest = survey.inside(outlined(star(50))) - survey.inside(outlined(hole))
    assert np.allclose(survey.inside(holed), rest, rtol=1e-9)


def test_a_strip_is_what_a_moved_edge_sweeps():
    plane, ring = some_plane("rectangle")
    outline = outlined(ring)
    grown = outline.buffer(0.01, join_style="mitre")
    survey = Survey(plane, outline.bounds)
    swept = (survey.inside(MultiPolygon([grown])) - survey.inside(outline)) / 0.01
    assert np.allclose(survey.strip(outline.boundary), swept, rtol=0.02)


def test_alternatives_with_the_horizon_in_the_outline_have_no_end():
    matrices = np.broadcast_to(np.eye(3), (DRAWS, 3, 3)).copy()
    matrices[: DRAWS // 2, 2, 0] = -1 / 2500
    outline = outlined(star(50))
    surveyed = Survey(Plane(np.eye(3), matrices, ""), outline.bounds).inside(outline)
    assert np.isinf(surveyed[: DRAWS // 2]).all()
    assert surveyed[DRAWS // 2 :] == pytest.approx(outline.area)


def test_two_thousand_corners_take_less_than_fifty_milliseconds():
    plane, outline = line_plane(LINE, WIDTH, HEIGHT), outlined(star(2000))

    def seconds() -> float:
        begun = time.process_time()
        survey = Survey(plane, outline.bounds)
        survey.inside(outline)
        survey.strip(outline.boundary)
        return time.process_time() - begun

    assert min(seconds() for _ in range(5)) < 0.05
