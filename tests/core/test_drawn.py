from __future__ import annotations

import json
import math

import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assessment.core.drawn import MOST_DRAWN_VERTICES, SMALLEST_AREA, drawn
from assessment.core.geojson import from_geojson, to_geojson

WIDTH, HEIGHT = 400, 300
FRAME = shapely.box(0, 0, WIDTH, HEIGHT)
UNTIMED = settings(deadline=None)


def polygon(*rings):
    return {"type": "Polygon", "coordinates": [list(map(list, ring)) for ring in rings]}


def ring(left, top, right, bottom):
    return [[left, top], [right, top], [right, bottom], [left, bottom], [left, top]]


def star(corners, centre, radii):
    """A ring around a centre that crosses nothing."""
    turns = [2 * math.pi * corner / corners for corner in range(corners)]
    points = [
        [centre[0] + r * math.cos(turn), centre[1] + r * math.sin(turn)]
        for turn, r in zip(turns, radii, strict=True)
    ]
    return [*points, points[0]]


STARS = st.integers(3, 24).flatmap(
    lambda corners: st.builds(
        star,
        st.just(corners),
        st.tuples(st.floats(-100, 500), st.floats(-100, 400)),
        st.lists(st.floats(5, 300), min_size=corners, max_size=corners),
    )
)


def test_an_outline_within_the_photo_is_taken_as_it_is():
    outline = drawn(polygon(ring(10, 20, 30, 40)), WIDTH, HEIGHT)

    assert outline.equals(shapely.box(10, 20, 30, 40))


def test_an_opening_stays_open():
    outline = drawn(polygon(ring(10, 10, 50, 50), ring(20, 20, 30, 30)), WIDTH, HEIGHT)

    assert outline.area == 40 * 40 - 10 * 10


def test_an_outline_in_two_parts_stays_in_two():
    parts = [[ring(0, 0, 10, 10)], [ring(20, 20, 30, 30)]]

    outline = drawn({"type": "MultiPolygon", "coordinates": parts}, WIDTH, HEIGHT)

    assert len(outline.geoms) == 2


def test_what_lies_beyond_the_edge_is_cut_off():
    outline = drawn(polygon(ring(350, 250, 500, 500)), WIDTH, HEIGHT)

    assert outline.equals(shapely.box(350, 250, WIDTH, HEIGHT))


def test_an_outline_that_the_edge_cuts_in_two_is_two_areas():
    horseshoe = [
        [100, -10],
        [160, -10],
        [160, 50],
        [140, 50],
        [140, -5],
        [120, -5],
        [120, 50],
        [100, 50],
        [100, -10],
    ]

    outline = drawn(polygon(horseshoe), WIDTH, HEIGHT)

    assert [part.area for part in outline.geoms] == [1000, 1000]


@pytest.mark.parametrize(
    "rings",
    [
        ring(500, 10, 600, 50),
        ring(WIDTH, 0, WIDTH + 50, HEIGHT),
        ring(10, 10, 10.9, 10.9),
        ring(-50, 10, 0.001, 50),
    ],
    ids=["beside the photo", "along its edge", "a click", "a sliver"],
)
def test_an_outline_without_area_in_the_photo_is_refused(rings):
    with pytest.raises(ValueError, match="encloses no part of the photo; nothing was changed"):
        drawn(polygon(rings), WIDTH, HEIGHT)


@pytest.mark.parametrize(
    "rings",
    [
        [[[0, 0], [50, 50], [50, 0], [0, 50], [0, 0]]],
        [[[0, 0], [10, 10], [20, 20], [0, 0]]],
        [ring(0, 0, 50, 50), ring(40, 40, 60, 60)],
        [ring(0, 0, 50, 50), ring(0, 0, 50, 50)],
        [[[5, 5], [5, 5], [5, 5], [5, 5]]],
        [[[0, 0], [9, 9], [0, 0]]],
        [[[0, 0], [9, 9]]],
        [[]],
        [],
    ],
    ids=[
        "bow tie",
        "all on a line",
        "an opening that leaves it",
        "an opening as large",
        "a point",
        "there and back",
        "two corners",
        "a ring of nothing",
        "no ring",
    ],
)
def test_what_is_no_outline_is_refused_with_a_sentence(rings):
    with pytest.raises(ValueError, match="nothing was changed"):
        drawn({"type": "Polygon", "coordinates": rings}, WIDTH, HEIGHT)


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"type": "Polygon"},
        {"type": "Polygon", "coordinates": None},
        {"type": "Polygon", "coordinates": "0 0"},
        {"type": "Polygon", "coordinates": {"0": 1}},
        {"type": "Polygon", "coordinates": [[1, 2, 3]]},
        {"type": "LineString", "coordinates": [[0, 0], [9, 9]]},
        {"type": "GeometryCollection", "geometries": []},
        {"type": ["Polygon"], "coordinates": [ring(0, 0, 9, 9)]},
        polygon([[0, 0], [9, 0], [9, math.nan], [0, 0]]),
        polygon([[0, 0], [9, 0], [9, math.inf], [0, 0]]),
        polygon([[0, 0], [9, 0], [9, 10**400], [0, 0]]),
        polygon([[0, 0], [9, 0], [9, True], [0, 0]]),
        polygon([[0, 0], [9, 0], [9, "9"], [0, 0]]),
        polygon([[0, 0, 0], [9, 0, 0], [9, 9, 0], [0, 0, 0]]),
    ],
)
def test_a_document_that_is_no_polygon_is_refused_with_a_sentence(document):
    with pytest.raises(ValueError, match="nothing was changed"):
        drawn(document, WIDTH, HEIGHT)


def test_an_outline_of_very_many_corners_is_refused():
    many = star(MOST_DRAWN_VERTICES + 1, (200, 150), [100.0] * (MOST_DRAWN_VERTICES + 1))

    with pytest.raises(ValueError, match="more than 5000 corners"):
        drawn(polygon(many), WIDTH, HEIGHT)


@UNTIMED
@given(STARS)
def test_every_outline_is_valid_within_the_photo_or_refused(points):
    document = polygon(points)
    whole = shapely.Polygon(points)
    inside = whole.intersection(FRAME).area
    if inside < SMALLEST_AREA - 1e-6:
        with pytest.raises(ValueError, match="nothing was changed"):
            drawn(document, WIDTH, HEIGHT)
    elif whole.is_valid and inside > SMALLEST_AREA + 1e-6:
        outline = drawn(document, WIDTH, HEIGHT)
        assert outline.is_valid
        assert FRAME.buffer(1e-9).covers(outline)
        assert outline.area == pytest.approx(inside)


@UNTIMED
@given(STARS)
def test_an_outline_sent_back_as_it_came_is_the_same_outline(points):
    assume(shapely.Polygon(points).intersection(FRAME).area > 2 * SMALLEST_AREA)
    outline = drawn(polygon(points), WIDTH, HEIGHT)
    again = from_geojson(json.loads(json.dumps(to_geojson(outline))))

    assert again.equals_exact(outline, tolerance=0)
    assert drawn(to_geojson(outline), WIDTH, HEIGHT).area == pytest.approx(outline.area)
