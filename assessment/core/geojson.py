"""Outlines as GeoJSON: written exactly, read within bounds and trusted in nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import shapely
from shapely import MultiPolygon

from assessment.core.polygons import FARTHEST, MOST_VERTICES


def to_geojson(geometry: MultiPolygon) -> dict[str, Any]:
    """A GeoJSON geometry of lists and numbers, in image pixels, exact to the last bit.

    >>> ring, hole = shapely.box(0, 0, 3, 3).exterior, shapely.box(1, 1, 2, 2).exterior
    >>> document = to_geojson(MultiPolygon([shapely.Polygon(ring, [hole])]))
    >>> [len(rings) for rings in document["coordinates"]]
    [2]
    >>> to_geojson(MultiPolygon())
    {'type': 'MultiPolygon', 'coordinates': []}
    """
    document: dict[str, Any] = json.loads(shapely.to_geojson(geometry))
    return document


def from_geojson(
    document: Mapping[str, Any], *, most_vertices: int = MOST_VERTICES
) -> MultiPolygon:
    """Read a GeoJSON Polygon or MultiPolygon in image pixels, trusting nothing in it.

    Raises ValueError, with a sentence for the person who drew it, for anything else: another
    type, positions that aren't two finite numbers a photo can have, too many vertices, rings
    that cross. A polygon that crosses itself is refused, not repaired.

    >>> holed = [[[0, 0], [3, 0], [3, 3], [0, 0]], [[2, 1], [2.5, 1], [2.5, 2], [2, 1]]]
    >>> from_geojson({"type": "Polygon", "coordinates": holed}).area
    4.25
    >>> from_geojson({"type": "MultiPolygon", "coordinates": []}).is_empty
    True
    >>> from_geojson({"type": "Point", "coordinates": [1, 2]})
    Traceback (most recent call last):
    ValueError: The outline is not a polygon; nothing was changed. Draw a closed area.
    """
    polygons = _ring_lists(document)
    _check_vertices([ring for rings in polygons for ring in rings], most_vertices)
    geometry = MultiPolygon([(rings[0], rings[1:]) for rings in polygons])
    if not geometry.is_valid:
        raise ValueError(
            "The outline crosses itself; nothing was changed. Move the corner that crosses."
        )
    return geometry


def _ring_lists(document: Mapping[str, Any]) -> list[list[list[Any]]]:
    coordinates: Any = document.get("coordinates")
    polygons: Any = [coordinates] if document.get("type") == "Polygon" else coordinates
    if document.get("type") not in ("Polygon", "MultiPolygon") or not _are_rings(polygons):
        raise ValueError("The outline is not a polygon; nothing was changed. Draw a closed area.")
    return list(polygons)


def _are_rings(polygons: Any) -> bool:
    return isinstance(polygons, list) and all(
        isinstance(rings, list) and rings and all(isinstance(ring, list) for ring in rings)
        for rings in polygons
    )


def _check_vertices(rings: list[list[Any]], most: int) -> None:
    if sum(map(len, rings)) > most:
        raise ValueError(
            f"The outline has more than {most} corners; nothing was changed. Draw it simpler."
        )
    if not all(len(ring) > 2 and all(map(_is_position, ring)) for ring in rings):
        raise ValueError(
            "The outline has a corner that is no place in a photo; nothing was changed. "
            "Draw it again."
        )


def _is_position(position: Any) -> bool:
    return isinstance(position, list) and len(position) == 2 and all(map(_is_number, position))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= FARTHEST
