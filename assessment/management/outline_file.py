"""Outlines that the command line is given: GeoJSON, read within bounds and trusted in nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import shapely
from shapely import MultiPolygon

from assessment.core.geojson import from_geojson
from assessment.core.measure import polygons
from assessment.core.polygons import MOST_VERTICES

MOST_BYTES = 20_000_000
"""A hundred thousand corners with all their digits take five million."""

SLACK_PX = 1.0
"""How far an outline may leave the photo: tools differ by up to a pixel in where one begins."""


def read_outline(path: Path, width: int, height: int) -> MultiPolygon:
    """The union of all outlines in a file, for a photo of that size in pixels, cut to it.

    The file holds a GeoJSON geometry, Feature or FeatureCollection of (multi)polygons in pixels
    of the upright photo. Raises OSError where it can't be read, and ValueError with a sentence for
    anything else in it.
    """
    outline = polygons(shapely.union_all(_geometries(_document(path))))
    left, top, right, bottom = (0.0, 0.0, 0.0, 0.0) if outline.is_empty else outline.bounds
    beyond = max(-left, -top, right - width, bottom - height)
    if beyond > SLACK_PX:
        raise ValueError(
            f"The outline leaves the photo of {width} by {height} pixels by {beyond:.0f}. Its "
            "corners must be given in pixels of the upright photo, from its top left corner."
        )
    return polygons(outline & shapely.box(0, 0, width, height))


def _document(path: Path) -> Any:
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ValueError(f"The file is larger than {MOST_BYTES // 1_000_000} MB. Draw it simpler.")
    try:
        return json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise ValueError("The file is no JSON. Give the outline as GeoJSON.") from None


def _geometries(document: Any) -> list[MultiPolygon]:
    collected = isinstance(document, dict) and document.get("type") == "FeatureCollection"
    features = document.get("features") if collected else [document]
    if not isinstance(features, list):
        raise ValueError("The file is no GeoJSON: its collection lists no features.")
    geometries: list[MultiPolygon] = []
    left = MOST_VERTICES
    for feature in features:
        geometries.append(from_geojson(_geometry(feature), most_vertices=left))
        left -= int(shapely.get_num_coordinates(geometries[-1]))
    return geometries


def _geometry(feature: Any) -> Mapping[str, Any]:
    if isinstance(feature, dict) and feature.get("type") == "Feature":
        feature = feature.get("geometry")
    if not isinstance(feature, dict):
        raise ValueError("The file is no GeoJSON: it holds something that has no geometry.")
    return feature
