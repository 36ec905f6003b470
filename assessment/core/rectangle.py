"""A plane from a rectangle of known size: a door, a sheet of paper, a marker's border."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from assessment.core.camera import lens
from assessment.core.plane import Floats, Plane, ScaleError, normals
from assessment.core.scale import CLICK_SD_PX, LENGTH_SD, LONGEST_M, SHORTEST_M

CLICKS_ACROSS = 50.0
"""How many standard deviations of a corner a rectangle must at least be across.

A side of a pixels, with corners good to c, tells how fast the scale changes over the picture to
about 2 c / a^2 per pixel, and area changes three times as fast: one side away from its middle an
area is open by about 6 c / a (1 standard deviation). At 50 corners that is 12 %, a 95 % interval of
-21 to +28 %; at 16, a bank card at five metres (51 by 32 pixels, clicked), -50 to +140 %, and two
sides away it spans orders of magnitude."""

MOST_OBLIQUE_DEGREES = 60.0
"""Beyond this a surface is foreshortened to less than half, and errors along it double."""

SWAPPED_RATIO = 1.25
"""How many times more square-on the sides must look when swapped for a word about it."""

INTERCHANGED = (
    "Width and height look interchanged: the first side of the corners is the width. "
    "Check the numbers."
)


@dataclass(frozen=True, slots=True, eq=False)
class Rectangle:
    """Four corners (4, 2) in pixels of the upright photo, and the size in metres.

    `width_m` belongs to the side between the first and the second corner. Corners that don't go
    round are put in order, and the width then goes to the side that suits it better.
    """

    corners: Floats
    width_m: float
    height_m: float


def rectangle_plane(
    rectangle: Rectangle,
    width: int,
    height: int,
    *,
    corner_sd_px: float = CLICK_SD_PX,
    basis: str = "Scale from a rectangle of {size} m.",
) -> Plane:
    """The plane that a rectangle of known size gives to everything on its surface.

    Exact from four corners, for `matrix` and for each draw; draws move every corner by
    `corner_sd_px` and both sizes by LENGTH_SD, through a lens that may bend lines. `width` and
    `height` are of the upright photo, pixels. `basis` gets the size in place of {size}. Raises
    ScaleError for corners that are no rectangle's, for one that is too small or seen too
    obliquely, and for sizes that are none.

    >>> door = np.array([[300, 100], [700, 100], [700, 900], [300, 900]])
    >>> plane = rectangle_plane(Rectangle(door, 1.0, 2.0), 1200, 1000)
    >>> plane.metres([[300, 100], [700, 900], [900, 100]]).round(6).tolist()
    [[0.0, 0.0], [1.0, 2.0], [1.5, 0.0]]
    >>> card = Rectangle(door / 10, 0.0856, 0.054)
    >>> rectangle_plane(card, 1200, 1000)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    assessment.core.plane.ScaleError: The rectangle is only 40 pixels across, ...
    """
    rectangle, warnings = _in_order(_checked(rectangle, width, height))
    _check_breadth(rectangle.corners, corner_sd_px)
    size = np.array([rectangle.width_m, rectangle.height_m])
    matrix = _onto(rectangle.corners[None], size[None])[0]
    warnings += _check_view(matrix, rectangle)
    bent = lens(width, height)
    moved = rectangle.corners + corner_sd_px * normals("corners", 4, 2)
    sizes = size * (1 + LENGTH_SD * normals("rectangle sizes", 2))
    return Plane(
        matrix=matrix,
        draws=_onto(bent.straightened(moved), sizes),
        basis=basis.format(size=f"{size[0]:g} by {size[1]:g}")
        + f" Its corners are taken as good to {corner_sd_px:g} pixels, its sides to "
        f"{100 * LENGTH_SD:g} %.",
        warnings=warnings,
        lens=bent,
    )


def across(corners: ArrayLike) -> float:
    """How wide a four-sided figure is where it is narrowest, in pixels; corners (4, 2) in order.

    The least distance of a corner from a side that it isn't on.

    >>> across([[0, 0], [30, 0], [30, 20], [0, 20]])
    20.0
    >>> across([[0, 0], [10, 0], [20, 0], [30, 0]])
    0.0
    """
    points = np.asarray(corners, np.float64)
    sides = np.roll(points, -1, axis=0) - points
    lengths = np.hypot(*sides.T)
    if not lengths.all():
        return 0.0
    opposite = [np.roll(points, -ahead, axis=0) - points for ahead in (2, 3)]
    return float(min(abs(_cross(sides, each) / lengths).min() for each in opposite))


def _checked(rectangle: Rectangle, width: int, height: int) -> Rectangle:
    corners = np.asarray(rectangle.corners, np.float64)
    if corners.shape != (4, 2):
        raise ScaleError("A rectangle has four corners. Mark each of them once.")
    if not ((corners >= 0) & (corners <= [width, height])).all():
        raise ScaleError(
            f"A corner of the rectangle lies outside the photo of {width} by {height} pixels. "
            "Mark a rectangle that lies wholly within the photo."
        )
    for side in (rectangle.width_m, rectangle.height_m):
        if not SHORTEST_M <= side <= LONGEST_M:
            raise ScaleError(
                f"The sides of the rectangle must lie between {SHORTEST_M:g} and {LONGEST_M:g} "
                "metres. Check the numbers and their unit."
            )
    return Rectangle(corners, rectangle.width_m, rectangle.height_m)


def _in_order(rectangle: Rectangle) -> tuple[Rectangle, tuple[str, ...]]:
    """The rectangle with corners that go round, and a word about the sides where they didn't."""
    away = rectangle.corners - rectangle.corners.mean(axis=0)
    turn = np.argsort(np.arctan2(away[:, 1], away[:, 0]), kind="stable")
    first = int(np.flatnonzero(turn == 0)[0])
    order = np.roll(turn, -first)
    corners = rectangle.corners[order]
    if not _convex(corners):
        raise ScaleError(
            "The four corners don't make a rectangle: one lies within the others or in line with "
            "them. Mark the corners again."
        )
    if order[2] == 2:  # the corner across from the first is the third: they went round
        return Rectangle(rectangle.corners, rectangle.width_m, rectangle.height_m), ()
    turned = np.roll(corners, -1, axis=0)
    fitting = min(
        (corners, turned),
        key=lambda each: -_square_on(_matrix(Rectangle(each, *_size(rectangle))), each),
    )
    return Rectangle(fitting, rectangle.width_m, rectangle.height_m), (
        "The corners were not given in order, so width and height were put to the sides that suit "
        "them better. Check the measures.",
    )


def _check_breadth(corners: Floats, corner_sd_px: float) -> None:
    narrowest, least = across(corners), CLICKS_ACROSS * corner_sd_px
    if narrowest < least:
        raise ScaleError(
            f"The rectangle is only {narrowest:.0f} pixels across, and {least:.0f} are needed: the "
            "errors of its corners would grow too large beside it. Mark something larger, or use "
            "its longer side as a reference line."
        )


def _check_view(matrix: Floats, rectangle: Rectangle) -> tuple[str, ...]:
    seen = _square_on(matrix, rectangle.corners)
    exchanged = Rectangle(rectangle.corners, rectangle.height_m, rectangle.width_m)
    swapped = _square_on(_matrix(exchanged), rectangle.corners)
    doubt = (INTERCHANGED,) if swapped > SWAPPED_RATIO * seen else ()
    if seen < math.cos(math.radians(MOST_OBLIQUE_DEGREES)):
        raise ScaleError(
            " ".join(
                (
                    "By these sides the camera looked at the rectangle more than "
                    f"{MOST_OBLIQUE_DEGREES:g} degrees past square-on, too obliquely for a "
                    "dependable scale.",
                    *(doubt or ("Check the sides, or use a photo taken more squarely.",)),
                )
            )
        )
    return doubt


def _square_on(matrix: Floats, corners: Floats) -> float:
    """How much the middle of the rectangle is foreshortened: 1 seen square-on, 0 seen edge-on.

    The ratio of the singular values of the derivative of the mapping, which is the cosine of the
    angle past square-on (exactly so along the camera's axis).
    """
    middle = corners.mean(axis=0)
    step = across(corners) / 100
    around = middle + step * np.array([[-1, 0], [1, 0], [0, -1], [0, 1]])
    homogeneous = np.column_stack([around, np.ones(4)]) @ matrix.T
    metres = homogeneous[:, :2] / homogeneous[:, 2:]
    large, small = np.linalg.svd([metres[1] - metres[0], metres[3] - metres[2]], compute_uv=False)
    return float(small / large)


def _matrix(rectangle: Rectangle) -> Floats:
    return np.asarray(_onto(rectangle.corners[None], np.array([_size(rectangle)]))[0])


def _size(rectangle: Rectangle) -> tuple[float, float]:
    return rectangle.width_m, rectangle.height_m


def _onto(corners: Floats, sizes: Floats) -> Floats:
    """Homographies (k, 3, 3) that take corners (k, 4, 2) to rectangles of sizes (k, 2).

    The closed form from the unit square to a quadrilateral (Heckbert, "Fundamentals of texture
    mapping and image warping", 1989, 2.2.3), inverted and stretched; positive at the corners.
    """
    a, b, c, d = np.moveaxis(corners, 1, 0)
    beside, below, rest = b - c, d - c, a - b + c - d
    base = _cross(beside, below)
    g, h = _cross(rest, below) / base, _cross(beside, rest) / base
    square = np.empty((len(corners), 3, 3))
    square[:, :2, 0] = b - a + g[:, None] * b
    square[:, :2, 1] = d - a + h[:, None] * d
    square[:, :2, 2] = a
    square[:, 2] = np.column_stack([g, h, np.ones_like(g)])
    matrices = np.linalg.inv(square)
    matrices[:, :2] *= sizes[:, :, None]
    middle = np.append(corners[0].mean(axis=0), 1.0)
    return np.asarray(matrices * np.sign(matrices[:, 2] @ middle)[:, None, None])


def _convex(corners: Floats) -> bool:
    sides = np.roll(corners, -1, axis=0) - corners
    turns = _cross(sides, np.roll(sides, -1, axis=0))
    return bool((turns > 0).all() or (turns < 0).all())


def _cross(one: Floats, other: Floats) -> Floats:
    return np.asarray(one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0])
