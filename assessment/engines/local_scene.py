"""What kind of photo this is, so that no search is run where it can't judge."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

from assessment.engines.local_regions import Picture, Plane
from assessment.engines.local_surface import median_difference

WIDEST_SPREAD = 4.5
"""Largest median difference, L*a*b* units, from the fitted surface of a photo of one surface: walls
and roofs stay below 4.1, towns from the air and parts of them start at 4.8."""
SIZE = 512
"""Long side at which detail is judged, px: grain is gone, things remain."""
WINDOW = (9, 9)
"""Neighbourhood of a place of detail, px."""
BUSY_DEVIATION, BUSY_SHARE = 6.0, 0.3
"""Share of places whose L* varies by more than so much: below 0.2 on walls and portraits, 0.47
and more in photos of a whole town from above."""
CELLS = (4, 4)
EVEN = 0.25
"""Most that the level of detail varies between CELLS, as a share of its mean. Seen from straight
above nothing is nearer than anything else: 0.11 to 0.22; in other photos 0.17 to 1."""
LARGE = 64
"""A thing is large that is still there after a blur of the long side divided by this."""
SMALL_THINGS = 0.44
"""Largest share of the colours' variance in large things: 0.28 to 0.43 in towns at half a metre per
pixel; 0.46 and more in parks, streets, kitchens, and in photos of a drone, which flies lower."""


class _Detail(NamedTuple):
    busy: float
    unevenness: float


def shows_one_surface(picture: Picture) -> bool:
    """Whether a BGR picture shows mainly one wall, roof or ceiling."""
    return median_difference(picture) <= WIDEST_SPREAD


def shows_a_town_from_above(picture: Picture) -> bool:
    """Whether a BGR picture is full of small things everywhere, as a town is from high above."""
    small = _lab(picture)
    detail = _detail(np.ascontiguousarray(small[..., 0]))
    return (
        detail.busy > BUSY_SHARE
        and detail.unevenness <= EVEN
        and _share_of_large_things(small) <= SMALL_THINGS
        and not shows_one_surface(picture)
    )


def _lab(picture: Picture) -> Plane:
    scale = min(1.0, SIZE / max(picture.shape[:2]))
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_BGR2LAB), np.float32)


def _detail(light: Plane) -> _Detail:
    """Share of places that are busy, and how unevenly the detail lies over the photo."""
    variance = cv2.blur(light * light, WINDOW) - cv2.blur(light, WINDOW) ** 2
    levels = np.sqrt(np.maximum(cv2.resize(variance, CELLS, interpolation=cv2.INTER_AREA), 0))
    busy = float((variance > BUSY_DEVIATION**2).mean())
    return _Detail(busy, float(levels.std() / max(float(levels.mean()), 1e-6)))


def _share_of_large_things(lab: Plane) -> float:
    """Share of the colours' variance that is left without what is small."""
    blurred = cv2.GaussianBlur(lab, (0, 0), max(lab.shape[:2]) / LARGE)
    whole = float(lab.var(axis=(0, 1)).sum())
    return float(blurred.var(axis=(0, 1)).sum()) / max(whole, 1e-6)
