"""What a person drew -> an outline that can be measured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import shapely
from shapely import MultiPolygon

from assessment.core.geojson import from_geojson

MOST_DRAWN_VERTICES = 5000
"""Corners of one outline that a person can have drawn, or have kept of an engine's."""

SMALLEST_AREA = 1.0
"""Square pixels; less is a slip of the hand."""


def drawn(document: Mapping[str, Any], width: int, height: int) -> MultiPolygon:
    """A GeoJSON Polygon or MultiPolygon as an outline within a photo of that size (pixels).

    What lies beyond the photo's edge is cut off. Raises ValueError, with a sentence for the person
    who drew it, where no area of the photo is left or the document is none (see from_geojson).

    >>> square = [[[-10, -10], [10, -10], [10, 10], [-10, 10], [-10, -10]]]
    >>> drawn({"type": "Polygon", "coordinates": square}, 400, 300).bounds
    (0.0, 0.0, 10.0, 10.0)
    >>> drawn({"type": "MultiPolygon", "coordinates": []}, 400, 300)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ValueError: The outline encloses no part of the photo; nothing was changed. ...
    """
    outline = from_geojson(document, most_vertices=MOST_DRAWN_VERTICES)
    inside = shapely.intersection(outline, shapely.box(0, 0, width, height))
    areas = shapely.get_parts(shapely.get_parts(inside))
    areas = areas[shapely.get_type_id(areas) == shapely.GeometryType.POLYGON]
    kept = MultiPolygon(list(areas))
    if kept.area < SMALLEST_AREA:
        raise ValueError(
            "The outline encloses no part of the photo; nothing was changed. "
            "Draw an area within the picture."
        )
    return kept
