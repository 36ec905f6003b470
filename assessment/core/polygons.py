"""Detections -> outlines: shapely MultiPolygons in image pixels.

Outlines run between the cells of a grid at half height, keep their holes, are always valid and
never leave the photo. Nothing here repairs polygons whatever their size, which takes a
worker down: where too much crosses, it is filled on a bounded grid and outlined like any mask.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from assessment.core.contours import contours
from assessment.core.detection import Box, Detection, Ring
from assessment.core.masks import PlacedGrid, filled, halved, placed

EXACT_VERTICES = 2000
"""Rings of up to so many vertices in all are taken as they are, if they cross nothing."""

NODED_VERTICES = 150
"""Rings of up to so many vertices are cut exactly where they cross: as many as models draw, and
their crossings, which grow with the square, are still worked through in a tenth of a second."""

FARTHEST = 1_000_000.0
"""Pixels from the origin beyond which no photo reaches; arithmetic stays exact up to there."""

DECIMALS = 6
"""Drawn corners are rounded to a millionth of a pixel; finer ones make faces too thin to test."""

SMALLEST_SIDE = 0.01
"""Pixels; a box narrower than that shows nothing, and its outline would fall into itself."""

MOST_VERTICES = 100_000
"""Vertices of one outline, read or made; pure noise of 256 by 256 cells has fewer. Beyond, what
people do with an outline (check, simplify, draw) would take minutes."""

MOST_CELLS = 1 << 19
"""Cells outlined at once, eight usual masks: more saves no time, and takes memory."""


def outline(detections: Sequence[Detection], width: int, height: int) -> NDArray[np.object_]:
    """The outline of each detection: an array (n,) of valid MultiPolygons inside the photo.

    A grid is outlined at LEVEL by linear interpolation between the middles of its cells
    (marching squares). Rings fill by the even-odd rule: exactly, or on a grid if there is too
    much that crosses. A detection without mask is outlined by its box, and a mask with nothing
    in it gives an empty MultiPolygon. Raises ValueError for coordinates no photo can have.

    >>> from assessment.core.vocabulary import AnswerForm
    >>> grid = np.full((6, 6), 255, np.uint8)
    >>> grid[2:4, 2:4] = 0
    >>> box = Box(10, 10, 16, 16)
    >>> holed = Detection("hole in roof", box, grid, AnswerForm.MASK)
    >>> blank = Detection("nothing", box, np.zeros((6, 6), np.uint8), AnswerForm.MASK)
    >>> bare = Detection("gutter", box, None, AnswerForm.BOX, approximate=True)
    >>> shapely.area(outline([holed, blank, bare], 100, 100)).tolist()
    [32.0, 0.0, 36.0]
    >>> outline([], 100, 100).shape
    (0,)
    """
    frame = Box(0.0, 0.0, float(width), float(height))
    outlines = np.full(len(detections), None, dtype=np.object_)
    _check_reach(np.array([detection.box for detection in detections]))
    alone = {
        index: ring
        for index, each in enumerate(detections)
        if (ring := _only_ring(each)) is not None
    }
    outlines[list(alone)] = _simple(list(alone.values()))
    grids: dict[int, PlacedGrid] = {}
    for index, detection in enumerate(detections):
        if outlines[index] is not None:
            continue
        shape = _shape(detection, frame)
        if isinstance(shape, PlacedGrid):
            grids[index] = shape
        else:
            outlines[index] = shape
    outlines[list(grids)] = _outlined(list(grids.values()))
    return _clipped(outlines, frame)


def simplified(outlines: NDArray[np.object_], tolerance: float) -> NDArray[np.object_]:
    """Outlines (n,) with fewer vertices, none further than `tolerance` pixels off; for display.

    No part vanishes. Measure before simplifying, never after.

    >>> wavy = shapely.Polygon([(0, 0), (5, 0.1), (10, 0), (10, 10), (0, 10)],
    ...                        [[(4, 4), (6, 4), (6, 6), (5, 6.1), (4, 6)]])
    >>> fewer = simplified(np.array([MultiPolygon([wavy]), MultiPolygon()]), 0.5)
    >>> shapely.get_num_coordinates(fewer).tolist()
    [10, 0]
    """
    simple = shapely.simplify(outlines, tolerance, preserve_topology=True)
    parts, owner = shapely.get_parts(simple, return_index=True)
    whole = np.full(len(outlines), MultiPolygon(), dtype=np.object_)
    shapely.multipolygons(parts, indices=owner, out=whole)
    return whole


def _shape(detection: Detection, frame: Box) -> MultiPolygon | PlacedGrid:
    if detection.mask is None:
        return _box_outline(detection.box)
    if isinstance(detection.mask, tuple):
        return _ring_shape(detection.mask, frame)
    if not _has_sides(detection.box):
        return MultiPolygon()
    return PlacedGrid(detection.mask, detection.box)


def _only_ring(detection: Detection) -> Ring | None:
    """The one ring that a detection is, as most polygons are; None for all else."""
    rings = detection.mask
    return rings[0] if isinstance(rings, tuple) and len(rings) == 1 and len(rings[0]) > 2 else None


def _simple(rings: Sequence[Ring]) -> NDArray[np.object_]:
    """Rings (n,) as they are, all at once; None for each that crosses or touches itself."""
    if not rings:
        return np.empty(0, dtype=np.object_)
    points = np.concatenate([part for ring in rings for part in (ring, ring[:1])])
    _check_reach(points)
    ends = np.cumsum([0, *(len(ring) + 1 for ring in rings)])
    each = np.arange(len(rings) + 1)
    whole = np.asarray(
        shapely.from_ragged_array(
            shapely.GeometryType.MULTIPOLYGON, np.round(points, DECIMALS), (ends, each, each)
        )
    )
    whole[~shapely.is_valid(whole)] = None
    return whole


def _check_reach(coordinates: NDArray[np.float64]) -> None:
    # Written so that a number that isn't one fails the test, too.
    if not (np.abs(coordinates) <= FARTHEST).all():
        raise ValueError("An outline has coordinates that no photo can have; it was not measured.")


def _box_outline(box: Box) -> MultiPolygon:
    return MultiPolygon([shapely.box(*box)]) if _has_sides(box) else MultiPolygon()


def _has_sides(box: Box) -> bool:
    return min(box.right - box.left, box.bottom - box.top) >= SMALLEST_SIDE


def _ring_shape(rings: tuple[Ring, ...], frame: Box) -> MultiPolygon | PlacedGrid:
    for ring in rings:
        _check_reach(ring)
    rounded = [np.round(ring, DECIMALS) for ring in rings if len(ring) > 2]
    lines = [np.concatenate([ring, ring[:1]]) for ring in rounded]
    vertices = sum(map(len, lines))
    if vertices <= NODED_VERTICES or (vertices <= EXACT_VERTICES and _cross_nothing(lines)):
        exact = _even_odd(lines)
        if exact.is_valid:
            return exact
    return filled(rings, within=frame)


def _cross_nothing(lines: list[Ring]) -> bool:
    # Stops at the first crossing, so that it is cheap on exactly the rings that are not.
    return bool(shapely.MultiLineString(lines).is_simple)


def _even_odd(lines: list[Ring]) -> MultiPolygon:
    """Closed rings -> the faces between them that an odd number of turns encloses."""
    noded = shapely.unary_union(shapely.MultiLineString(lines))
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    odd = _inside(shapely.get_coordinates(shapely.point_on_surface(faces)), lines)
    return _multipolygon(shapely.union_all(faces[odd]))


def _inside(points: NDArray[np.float64], lines: list[Ring]) -> NDArray[np.bool_]:
    """Whether a ray from each point (n, 2) to the right meets an odd number of edges."""
    starts = np.concatenate([np.zeros((0, 2)), *(line[:-1] for line in lines)])
    ends = np.concatenate([np.zeros((0, 2)), *(line[1:] for line in lines)])
    x0, y0 = (starts[:, None] - points).transpose(2, 0, 1)
    x1, y1 = (ends[:, None] - points).transpose(2, 0, 1)
    meets = ((y0 > 0) != (y1 > 0)) & ((x0 * y1 > x1 * y0) == (y1 > y0))
    odd: NDArray[np.bool_] = meets.sum(axis=0) % 2 == 1
    return odd


def _outlined(grids: Sequence[PlacedGrid]) -> NDArray[np.object_]:
    """The grids' outlines: one array of MultiPolygons per batch, from one set of offsets."""
    nothing = np.empty(0, dtype=np.object_)
    return np.concatenate([nothing, *(_traced(batch) for batch in _batches(grids))])


def _batches(grids: Sequence[PlacedGrid]) -> Iterator[list[PlacedGrid]]:
    """The grids in order, as many at once as fit on a canvas of MOST_CELLS; at least one."""
    batch: list[PlacedGrid] = []
    height = width = 0
    for shape in grids:
        rows, columns = shape.grid.shape
        height, width = height + rows, max(width, columns)
        if batch and height * width > MOST_CELLS:
            yield batch
            batch, height, width = [], rows, columns
        batch.append(shape)
    if batch:
        yield batch


def _traced(batch: Sequence[PlacedGrid]) -> NDArray[np.object_]:
    found = contours([shape.grid for shape in batch])
    noisy = found.vertices() > MOST_VERTICES
    if noisy.any():
        # Noise, not damage: coarser cells keep its area and lose its detail.
        pairs = zip(batch, noisy, strict=True)
        return _traced([halved(shape) if is_noisy else shape for shape, is_noisy in pairs])
    points = placed(found.points, batch, found.vertices())
    return np.asarray(
        shapely.from_ragged_array(
            shapely.GeometryType.MULTIPOLYGON, points, (found.rings, found.polygons, found.grids)
        )
    )


def _clipped(outlines: NDArray[np.object_], frame: Box) -> NDArray[np.object_]:
    left, top, right, bottom = shapely.bounds(outlines).T
    beyond = (
        (left < frame.left) | (top < frame.top) | (right > frame.right) | (bottom > frame.bottom)
    )
    for index in np.flatnonzero(beyond):
        outlines[index] = _multipolygon(outlines[index].intersection(shapely.box(*frame)))
    return outlines


def _multipolygon(geometry: BaseGeometry) -> MultiPolygon:
    """The areas in a geometry; what an operation left as lines or points has none."""
    parts = shapely.get_parts(shapely.get_parts(geometry))
    return MultiPolygon(list(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]))
