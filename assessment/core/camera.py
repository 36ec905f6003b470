"""A pinhole camera over a flat surface: what it may be assumed to be, and the matrices it makes."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from assessment.core.plane import Floats, Lens, evenly, normals

LENS_SD = 0.015
"""How far a lens shifts what lies at the middle of the picture's shorter edge, as a share of its
distance from the middle; 1 standard deviation, either way. Wide lenses of phones bend by 1 to 3 %
where the phone doesn't mend it."""

WIDEST, LONGEST = 0.6, 1.6
"""Focal length over the longer side of the picture, where nothing tells it: the main cameras of
phones and what lies around them (22 to 58 mm on a 36 mm frame). Any ratio in between is taken to
be as likely as any other."""


def lens(width: int, height: int, *, sd: float = LENS_SD) -> Lens:
    """The lenses that a photo of that size (pixels) may have been taken with.

    >>> lens(4000, 3000).radius
    2000.0
    """
    return Lens(np.array([width, height]) / 2, max(width, height) / 2, sd * normals("lens"))


def focal_lengths(width: int, height: int) -> Floats:
    """Focal lengths in pixels, (DRAWS,), for a photo of that size that doesn't tell its own.

    >>> lengths = focal_lengths(4000, 3000)
    >>> bool(2400 <= lengths.min() < lengths.max() <= 6400)
    True
    """
    longer = max(width, height)
    return np.asarray(longer * WIDEST * (LONGEST / WIDEST) ** evenly("focal length"))


def tilted(angle: ArrayLike, direction: ArrayLike) -> Floats:
    """Rotations (k, 3, 3) of a camera that looks past square-on by an angle, radians (k,).

    `direction` (k,) is where on the picture the surface comes nearer, radians from x towards y.
    Rodrigues' formula, about the axis in the picture that is square to the direction.

    >>> tilted([0.0], [1.0])[0].round(12).tolist()
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    """
    angle, direction = np.broadcast_arrays(np.asarray(angle), np.asarray(direction))
    across = np.zeros((angle.size, 3, 3))
    across[:, 0, 2], across[:, 1, 2] = -np.cos(direction), -np.sin(direction)
    across -= across.transpose(0, 2, 1)
    sine, versine = np.sin(angle)[:, None, None], 1 - np.cos(angle)[:, None, None]
    return np.asarray(np.eye(3) + sine * across + versine * (across @ across))


def looking_down(depression: ArrayLike, roll: ArrayLike) -> Floats:
    """Rotations (k, 3, 3) from a camera (x right, y down, z ahead) to the ground (x right, y back,
    z down), for an angle below the horizon and a turn of the camera to its right, radians (k,).

    >>> looking_down([np.pi / 2], [0.0])[0].round(12).tolist()
    [[1.0, 0.0, 0.0], [0.0, 1.0, -0.0], [0.0, 0.0, 1.0]]
    """
    depression, roll = np.broadcast_arrays(np.asarray(depression), np.asarray(roll))
    zero, one = np.zeros(depression.size), np.ones(depression.size)
    sine, cosine = np.sin(depression), np.cos(depression)
    pitched = np.array([[one, zero, -zero], [zero, sine, -cosine], [zero, cosine, sine]])
    sine, cosine = np.sin(roll), np.cos(roll)
    turned = np.array([[cosine, -sine, zero], [sine, cosine, zero], [zero, zero, one]])
    return np.asarray(np.moveaxis(pitched, 2, 0) @ np.moveaxis(turned, 2, 0))


def onto_surface(rotations: Floats, focal_px: ArrayLike, centre: ArrayLike) -> Floats:
    """Matrices (k, 3, 3) from homogeneous pixels to a surface one unit away from the camera.

    X = R K^-1 x: the ray of a pixel, cut where it has gone one unit along the surface's normal,
    which is the third axis after the rotation (Hartley and Zisserman, 2nd edition, 8.1). Multiply
    the first two rows by the camera's distance to get metres.

    >>> matrices = onto_surface(np.eye(3)[None], 1000.0, (500.0, 400.0))
    >>> (matrices[0] @ [1500, 400, 1]).tolist()
    [1000.0, 0.0, 1000.0]
    """
    x, y = np.asarray(centre, np.float64)
    inverse = np.zeros((len(rotations), 3, 3))
    inverse[:, 0, 0] = inverse[:, 1, 1] = 1.0
    inverse[:, 0, 2], inverse[:, 1, 2] = -x, -y
    inverse[:, 2, 2] = focal_px
    return np.asarray(rotations @ inverse)
