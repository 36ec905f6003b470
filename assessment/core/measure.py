"""Outline and plane -> area, or share of an element, each a median with its 95 % interval.

Whatever is measured is measured on every alternative of the plane, with the boundary moved in or
out on each; the middle of what comes out is the value, and 95 % of it lie in the interval.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import MultiPolygon

from assessment.core.plane import DRAWS, Floats, Plane, normals
from assessment.core.survey import Survey


@dataclass(frozen=True, slots=True)
class Measured:
    """A median with its 95 % interval, and how it was got."""

    value: float
    low: float
    high: float
    basis: str


def share(outline: MultiPolygon, width: int, height: int) -> float:
    """The part of a photo of that size (pixels) that an outline inside it covers, 0 to 1.

    Rounding may take the area of a full frame over the photo's; a share never gets above 1.

    >>> import shapely
    >>> share(MultiPolygon([shapely.box(0, 0, 4, 4) - shapely.box(1, 1, 3, 3)]), 10, 10)
    0.12
    >>> share(MultiPolygon(), 10, 10)
    0.0
    """
    return min(1.0, outline.area / (width * height))


def area(outline: MultiPolygon, plane: Plane, *, boundary_px: float) -> Measured:
    """The area in square metres, with the interval that plane and boundary leave open.

    On each draw: the area on that alternative of the plane, its holes left out, and b times the
    strip that the boundary (holes included) sweeps when it moves out by one pixel; b is normal
    with `boundary_px` as 1 standard deviation. That the boundary moves as a whole is the careful
    choice: moved piece by piece, errors would cancel. Never below zero. The upper end is infinite
    where too many alternatives put a part beyond the horizon. Raises ValueError where `boundary_px`
    is negative or not finite, ScaleError where the outline leaves the plane.

    >>> from assessment.core.scale import gsd_plane
    >>> ring = shapely.box(0, 0, 100, 100) - shapely.box(20, 20, 40, 40)
    >>> holed = area(MultiPolygon([ring]), gsd_plane(0.01), boundary_px=1.0)
    >>> round(holed.value, 3), round(holed.low, 3), round(holed.high, 3)
    (0.96, 0.866, 1.054)
    >>> nothing = area(MultiPolygon(), gsd_plane(0.01), boundary_px=1.0)
    >>> nothing.value, nothing.low, nothing.high
    (0.0, 0.0, 0.0)
    """
    drawn = areas(outline, plane, boundary_px=boundary_px)
    return summed_up(drawn, plane, boundary_px)


def areas(outline: MultiPolygon, plane: Plane, *, boundary_px: float) -> Floats:
    """As `area`, on each draw: (DRAWS,) square metres.

    >>> from assessment.core.scale import gsd_plane
    >>> areas(MultiPolygon([shapely.box(0, 0, 4, 4)]), gsd_plane(0.5), boundary_px=0)[:2].tolist()
    [4.0, 4.0]
    >>> areas(MultiPolygon(), gsd_plane(0.5), boundary_px=0).max()
    np.float64(0.0)
    """
    check_boundary(boundary_px)
    if outline.is_empty:
        return np.zeros(DRAWS)
    survey = _survey(outline, plane)
    inside = survey.inside(outline)
    return _moved(inside, survey.strip(outline.boundary), boundary_px * normals("boundary"))


def share_of(
    outline: MultiPolygon,
    element: MultiPolygon,
    plane: Plane,
    *,
    boundary_px: float,
    element_px: float,
) -> Measured:
    """The part of an element (a roof slope, a door) that an outline covers on its plane, 0 to 1.

    What of the outline lies beside the element doesn't count. Both are measured on the same
    alternatives, so that an error of the scale as a whole cancels. `boundary_px` and `element_px`
    are what the boundaries of outline and element are good to, 1 standard deviation, in pixels.
    Raises ValueError for an element without area, and as `area`.

    >>> from assessment.core.scale import gsd_plane
    >>> slope = MultiPolygon([shapely.box(0, 0, 100, 100) - shapely.box(40, 40, 60, 60)])
    >>> half = MultiPolygon([shapely.box(0, 0, 50, 100)])
    >>> share_of(half, slope, gsd_plane(0.1), boundary_px=0, element_px=0).value
    0.5
    >>> share_of(MultiPolygon(), slope, gsd_plane(0.1), boundary_px=1, element_px=1).high
    0.0
    """
    for each in (boundary_px, element_px):
        check_boundary(each)
    if element.is_empty:
        raise ValueError("The element has no area, so nothing can be a share of it. Outline it.")
    survey = _survey(element, plane)
    edge = element_px * normals("element boundary")
    whole = _moved(survey.inside(element), survey.strip(element.boundary), edge)
    common = polygons(outline & element)
    inner = _moved(
        survey.inside(common),
        survey.strip(outline.boundary & element),
        boundary_px * normals("boundary"),
    )
    covered = _moved(inner, survey.strip(element.boundary & outline), edge)
    shares = np.divide(covered, whole, out=np.ones(DRAWS), where=np.isfinite(whole) & (whole > 0))
    told = summed_up(np.minimum(shares, 1.0), plane, boundary_px)
    return Measured(
        told.value,
        told.low,
        told.high,
        f"{told.basis} The outline of the whole is assumed good to {element_px:.1f} pixels.",
    )


def count(outlines: Sequence[MultiPolygon]) -> int:
    """How many separate things outlines show: their parts, where a hole is none.

    >>> ring = MultiPolygon([shapely.box(0, 0, 4, 4) - shapely.box(1, 1, 3, 3)])
    >>> count([ring, MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(2, 2, 3, 3)])])
    3
    >>> count([MultiPolygon()]), count([])
    (0, 0)
    """
    return sum(len(each.geoms) for each in outlines)


def total(measures: Sequence[Measured]) -> Measured:
    """The sum of areas measured on different photos; nothing measured sums to zero, one is itself.

    Medians add, and the ends of the intervals add end to end, as if all errors went the same
    way. They partly do (one tape, one model, one habit of clicking), and where they don't, the
    true interval is narrower: errors of any correlation spread no wider than the sum of their
    spreads.

    >>> parts = [Measured(1.0, 0.5, 1.5, "Line A."), Measured(2.0, 1.0, 4.0, "Line B.")]
    >>> total(parts)  # doctest: +ELLIPSIS
    Measured(value=3.0, low=1.5, high=5.5, basis='Sum of 2 areas, ... Line A. Line B.')
    >>> total([]).value
    0.0
    """
    if len(measures) == 1:
        return measures[0]
    sentences = dict.fromkeys(each.basis for each in measures)
    summary = f"Sum of {len(measures)} areas, their intervals added end to end."
    return Measured(
        value=math.fsum(each.value for each in measures),
        low=math.fsum(each.low for each in measures),
        high=math.fsum(each.high for each in measures),
        basis=" ".join([summary, *sentences]),
    )


def summed_up(drawn: Floats, plane: Plane, boundary_px: float) -> Measured:
    """Median and 95 % interval of what was measured on each draw (DRAWS,).

    The quantiles of Hazen: with as many draws, the mean of the two beside the place.

    >>> from assessment.core.scale import gsd_plane
    >>> told = summed_up(np.arange(DRAWS) + 0.5, gsd_plane(0.5), 1.0)
    >>> told.low, told.value, told.high
    (50.0, 1000.0, 1950.0)
    """
    ordered = np.sort(drawn)
    places = np.rint(DRAWS * np.array([0.025, 0.5, 0.975])).astype(int)
    low, value, high = (float(each) for each in (ordered[places - 1] + ordered[places]) / 2)
    return Measured(
        value=value,
        low=low,
        high=high,
        basis=f"{plane.basis} The outline is assumed good to {boundary_px:.1f} pixels, "
        "1 standard deviation.",
    )


def polygons(geometry: shapely.Geometry) -> MultiPolygon:
    """What of a geometry has an area; lines and points that an operation left are dropped.

    >>> polygons(shapely.box(0, 0, 1, 1) & shapely.box(1, 0, 2, 1)).is_empty
    True
    """
    parts = shapely.get_parts(shapely.get_parts(geometry))
    return MultiPolygon(list(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]))


def check_boundary(boundary_px: float) -> None:
    """Raise ValueError unless the error of a boundary is a length.

    >>> check_boundary(2.0)
    >>> check_boundary(math.nan)
    Traceback (most recent call last):
    ValueError: The error of a boundary must be a length in pixels, zero or more.
    """
    if not 0 <= boundary_px < math.inf:
        raise ValueError("The error of a boundary must be a length in pixels, zero or more.")


def _survey(outline: MultiPolygon, plane: Plane) -> Survey:
    plane.area_per_pixel(shapely.get_coordinates(outline))
    return Survey(plane, outline.bounds)


def _moved(inside: Floats, strip: Floats, pixels: Floats) -> Floats:
    """Areas with their boundary moved out by some pixels, (DRAWS,) each; never below zero."""
    # Nothing is moved by nothing, even where a strip beyond the horizon is infinite.
    moved = np.multiply(pixels, strip, out=np.zeros(DRAWS), where=np.isfinite(strip))
    return np.maximum(inside + moved, 0.0)
