"""A modest eye: the few regions of a picture that stand out from the rest by brightness.

It is no damage detector. It makes the stand-in's answers depend on the picture that was sent.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image

from assessment.core.detection import Grid

LONGEST_SIDE = 256
"""Pixels of the copy that is looked at."""

MOST_PIXELS = 64_000_000

LEAST_CONTRAST = 40.0
"""Grey levels between the region and the rest; less is shading."""

LEAST_SHARE = 0.002
MOST_SHARE = 0.5
MOST_REGIONS = 3
INSIDE = 255


class UnreadableImageError(Exception):
    """The bytes are no picture that can be looked at."""


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """One region: a grid of 0 or 255 over the whole picture, shape (rows, columns)."""

    label: str
    grid: Grid

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Rows and columns of the grid that it spans: top, left, bottom, right; ends excluded."""
        rows, columns = np.nonzero(self.grid.any(axis=1))[0], np.nonzero(self.grid.any(axis=0))[0]
        return int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1


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
    return [Region(label, grid) for grid in _largest(stands_out.astype(np.uint8))]


def _grey(data: bytes) -> Grid:
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP"]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise UnreadableImageError("The picture is too large.")
            image.draft("L", (LONGEST_SIDE, LONGEST_SIDE))
            small = image.convert("L")
            small.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            return np.array(small, dtype=np.uint8)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise UnreadableImageError("Unable to process input image.") from error


def _largest(mask: Grid) -> list[Grid]:
    """The largest connected parts of a grid of 0 and 1 that are neither specks nor everything."""
    _, numbers, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    areas = stats[:, cv2.CC_STAT_AREA]
    by_size = sorted(range(1, len(areas)), key=lambda number: -int(areas[number]))
    fitting = [n for n in by_size if LEAST_SHARE <= areas[n] / mask.size <= MOST_SHARE]
    return [np.where(numbers == n, np.uint8(INSIDE), np.uint8(0)) for n in fitting[:MOST_REGIONS]]
