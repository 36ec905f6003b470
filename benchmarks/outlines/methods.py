"""What is compared: each takes an answer's text and gives the areas of what it shows.

The others are imported when they are used, so that each has a fresh process to itself, and so
that whoever has only some of them can still run the rest.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import cv2
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon

from assessment.core.detection import Box, Grid
from assessment.core.polygons import outline
from assessment.engines.answer import read_answer
from benchmarks.outlines.answers import HEIGHT, WIDTH, cell, in_pixels

HALF = 127.5
EAVES = "Eaves"
DECODING = "bare decoding"
SUPERVISION = "supervision, mask_to_polygons"


class Measured(NamedTuple):
    """Areas in square pixels (n,), and outlines in pixels (n,), or none from pixel counting."""

    areas: NDArray[np.float64]
    outlines: NDArray[np.object_] | None = None


Method = Callable[[str], Measured]


def eaves(text: str) -> Measured:
    reading = read_answer(text, WIDTH, HEIGHT)
    return _measured(outline(reading.detections, WIDTH, HEIGHT))


def decoding(text: str) -> Measured:
    """The limit: the least that anybody must do, json, base64 and PNG, and nothing with it."""
    return Measured(np.array([float(grid[0, 0]) for _, grid in _decoded(text)]))


def decoding_polygons(text: str) -> Measured:
    """The limit: json and an array for each polygon."""
    rings = [np.array(item["mask"], dtype=float) for item in json.loads(text)["boxes"]]
    return Measured(np.array([ring[0, 0] for ring in rings]))


def supervision_outlines(text: str) -> Measured:
    return _contoured(_supervision(text, "GOOGLE_GEMINI_2_5"))


def supervision_polygons(text: str) -> Measured:
    return _contoured(_supervision(text, "GOOGLE_GEMINI_3_6"))


def supervision_count(text: str) -> Measured:
    found = _supervision(text, "GOOGLE_GEMINI_2_5")
    return Measured(np.asarray(found.area, dtype=np.float64))


def _supervision(text: str, model: str) -> Any:
    import supervision

    return supervision.Detections.from_vlm(
        supervision.VLM[model], text, resolution_wh=(WIDTH, HEIGHT)
    )


def _contoured(found: Any) -> Measured:
    import supervision

    outlines = []
    for mask in found.mask:
        rings = supervision.mask_to_polygons(mask)
        outlines.append(MultiPolygon([Polygon(ring) for ring in rings]))
    return _measured(np.array(outlines))


def scikit_image(text: str) -> Measured:
    """Marching squares; holes are joined to their shells by GEOS."""
    from skimage.measure import find_contours

    outlines = []
    for box, grid in _decoded(text):
        wide, high = cell(box, grid.shape)
        rings = find_contours(np.pad(grid, 1), HALF)
        placed = [
            ring[:, ::-1] * [wide, high] + [box.left - wide / 2, box.top - high / 2]
            for ring in rings
        ]
        outlines.append(shapely.build_area(shapely.MultiLineString(placed)))
    return _measured(np.array(outlines))


def rasterio_raster(text: str) -> Measured:
    """The edges of the mask's own cells."""
    return _rasterio(_decoded(text))


def rasterio_box(text: str) -> Measured:
    """The edges of the photo's pixels, over which the mask is resized."""
    return _rasterio(_resized(text))


def _rasterio(grids: Iterator[tuple[Box, Grid]]) -> Measured:
    from rasterio.features import shapes
    from rasterio.transform import Affine

    outlines = []
    for box, grid in grids:
        wide, high = cell(box, grid.shape)
        inside = (grid > HALF).astype(np.uint8)
        found = shapes(
            inside, mask=inside.astype(bool), transform=Affine(wide, 0, box.left, 0, high, box.top)
        )
        parts: list[Any] = [shapely.geometry.shape(each) for each, _ in found]
        outlines.append(MultiPolygon(parts))
    return _measured(np.array(outlines))


def opencv_raster(text: str) -> Measured:
    """Through the middles of the mask's own cells, holes kept."""
    return _opencv(_decoded(text))


def opencv_box(text: str) -> Measured:
    """Through the middles of the photo's pixels, over which the mask is resized."""
    return _opencv(_resized(text))


def _opencv(grids: Iterator[tuple[Box, Grid]]) -> Measured:
    outlines = []
    for box, grid in grids:
        scale = np.array(cell(box, grid.shape))
        inside = (grid > HALF).astype(np.uint8)
        found, nesting = cv2.findContours(inside, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
        rings = [(each[:, 0] + 0.5) * scale + [box.left, box.top] for each in found]
        outlines.append(MultiPolygon(list(_polygons(rings, nesting))))
    return _measured(np.array(outlines))


def _polygons(rings: list[NDArray[np.float64]], nesting: Any) -> Iterator[Polygon]:
    for index, ring in enumerate(rings):
        if nesting[0, index, 3] < 0 and len(ring) > 2:
            holes = [
                rings[inner]
                for inner in range(len(rings))
                if nesting[0, inner, 3] == index and len(rings[inner]) > 2
            ]
            yield Polygon(ring, holes)


def _decoded(text: str) -> Iterator[tuple[Box, Grid]]:
    for item in json.loads(text.removeprefix("```json\n").removesuffix("\n```")):
        data = base64.b64decode(item["mask"].partition(",")[2])
        grid: Any = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
        yield in_pixels(item["box_2d"]), grid


def _resized(text: str) -> Iterator[tuple[Box, Grid]]:
    for box, grid in _decoded(text):
        size = (round(box.right - box.left), round(box.bottom - box.top))
        resized: Any = cv2.resize(grid, size, interpolation=cv2.INTER_LINEAR)
        yield box, resized


def _measured(outlines: NDArray[np.object_]) -> Measured:
    return Measured(shapely.area(outlines), outlines)


MASKS: Mapping[str, Method] = {
    EAVES: eaves,
    DECODING: decoding,
    SUPERVISION: supervision_outlines,
    "supervision, pixel count": supervision_count,
    "scikit-image find_contours": scikit_image,
    "rasterio shapes, mask raster": rasterio_raster,
    "rasterio shapes, photo raster": rasterio_box,
    "OpenCV contours, mask raster": opencv_raster,
    "OpenCV contours, photo raster": opencv_box,
}

POLYGONS: Mapping[str, Method] = {
    EAVES: eaves,
    DECODING: decoding_polygons,
    SUPERVISION: supervision_polygons,
}
