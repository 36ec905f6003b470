"""Outlines that come and go as GeoJSON."""

from __future__ import annotations

import json
import math

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.core.geojson import from_geojson, to_geojson
from assessment.core.measure import polygons

UNTIMED = settings(deadline=None)
BOW_TIE = [[0, 0], [9, 9], [9, 0], [0, 9], [0, 0]]


def test_an_outline_comes_back_from_geojson_bit_for_bit():
    ring = shapely.Point(0.1, 0.7).buffer(3.3) - shapely.Point(0.1, 0.7).buffer(1 / 3)
    shape = polygons(ring)
    assert from_geojson(json.loads(json.dumps(to_geojson(shape)))).equals_exact(shape, 0)


RING = [[0, 0], [9, 0], [9, 9], [0, 0]]


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ({}, "not a polygon"),
        ({"type": "Polygon"}, "not a polygon"),
        ({"type": ["Polygon"], "coordinates": [RING]}, "not a polygon"),
        ({"type": "LineString", "coordinates": RING}, "not a polygon"),
        ({"type": "MultiPolygon", "coordinates": [RING]}, "no place in a photo"),
        ({"type": "MultiPolygon", "coordinates": [[]]}, "not a polygon"),
        ({"type": "Polygon", "coordinates": {"0": RING}}, "not a polygon"),
        ({"type": "Polygon", "coordinates": [RING[:2]]}, "no place in a photo"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [9, 0], ["9", 9]]]}, "no place in a photo"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [9, 0], [9, True]]]}, "no place in a photo"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [9, 0], [9, 9, 9]]]}, "no place in a photo"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [9, 0], [9, math.nan]]]}, "no place"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [9, 0], [9, math.inf]]]}, "no place"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [9, 0], [9, 10**400]]]}, "no place"),
        ({"type": "Polygon", "coordinates": [RING * 30_000]}, "more than 100000 corners"),
        ({"type": "Polygon", "coordinates": [BOW_TIE]}, "crosses itself"),
    ],
)
def test_geojson_that_is_not_an_outline_is_refused_with_a_sentence(document, sentence):
    with pytest.raises(ValueError, match=sentence):
        from_geojson(document)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=20,
)


@UNTIMED
@given(st.sampled_from(["Polygon", "MultiPolygon"]), JSON)
def test_geojson_is_read_or_refused_and_never_crashes(kind, coordinates):
    try:
        shape = from_geojson({"type": kind, "coordinates": coordinates})
    except ValueError:
        return
    assert shape.is_valid
