"""A modest eye: the few regions of a picture that stand out from the rest by brightness.

It is no damage detector. It makes the stand-in's answers depend on the picture that was sent.
"""

from __future__ import annotations

import io

import cv2
import numpy as np
from PIL import Image

from assessment.core.detection import Grid, Ring
from standin.region import FULL, Part, Region

LONGEST_SIDE = 256
"""Pixels of the copy that is looked at."""

MOST_PIXELS = 64_000_000

UNREADABLE = "Unable to process input image. Please retry or report the problem."

LEAST_CONTRAST = 40.0
"""Grey levels between the region and the rest; less is shading."""

LEAST_SHARE = 0.002
MOST_SHARE = 0.5
MOST_REGIONS = 3
INSIDE = 255

FINENESS = 4
"""Contours run through cell centres; on a raster this much finer that hardly matters."""

TOLERANCE = 3.0
"""Thousandths by which a drawn outline may cut a corner."""

LEAST_HOLE = 5.0
"""Area in square thousandths of a hole that is seen."""


class UnreadableImageError(Exception):
    """The bytes are no picture that can be looked at."""


def look(data: bytes) -> list[Region]:
    """The regions that stand out, largest first; none in an even picture.

    Raises UnreadableImageError.
    """
    grey = cv2.GaussianBlur(_grey(data), (5, 5), 0)
    _, bright = cv2.threshold(grey, 0, INSIDE, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    above = bright > 0
    if not above.any() or above.all():
        return []
    if float(grey[above].mean()) - float(grey[~above].mean()) < LEAST_CONTRAST:
        return []
    stands_out, label = (above, "bright area") if above.mean() <= 0.5 else (~above, "dark area")
    return [Region(label, (_outlined(grid),)) for grid in _largest(stands_out.astype(np.uint8))]


def decoded(data: bytes, draft: int | None = None) -> Image.Image:
    """The picture in grey, decoded no larger than `draft` needs. Raises UnreadableImageError."""
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP"]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise UnreadableImageError("The picture is too large.")
            if draft:
                image.draft("L", (draft, draft))
            return image.convert("L")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise UnreadableImageError(UNREADABLE) from error


def _grey(data: bytes) -> Grid:
    small = decoded(data, LONGEST_SIDE)
    small.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return np.array(small, dtype=np.uint8)


def _largest(mask: Grid) -> list[Grid]:
    """The largest connected parts of a grid of 0 and 1 that are neither specks nor everything."""
    _, numbers, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    areas = stats[:, cv2.CC_STAT_AREA]
    by_size = sorted(range(1, len(areas)), key=lambda number: -int(areas[number]))
    fitting = [n for n in by_size if LEAST_SHARE <= areas[n] / mask.size <= MOST_SHARE]
    return [np.where(numbers == n, np.uint8(INSIDE), np.uint8(0)) for n in fitting[:MOST_REGIONS]]


def _outlined(grid: Grid) -> Part:
    """The outline of one connected part, and its holes."""
    rows, columns = grid.shape
    fine = cv2.resize(grid, (columns * FINENESS, rows * FINENESS), interpolation=cv2.INTER_NEAREST)
    contours, _ = cv2.findContours(fine, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    scale = FULL / np.array([columns * FINENESS, rows * FINENESS])
    rings = [(contour.reshape(-1, 2) + 0.5) * scale for contour in contours]
    outline, *holes = sorted((_drawn(ring) for ring in rings), key=_area, reverse=True)
    return Part(outline, tuple(hole for hole in holes if _area(hole) > LEAST_HOLE))


def _drawn(ring: Ring) -> Ring:
    corners = cv2.approxPolyDP(ring.astype(np.float32), TOLERANCE, closed=True)
    return corners.reshape(-1, 2).astype(np.float64)


def _area(ring: Ring) -> float:
    return float(cv2.contourArea(ring.astype(np.float32)))
