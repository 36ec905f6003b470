"""What kind of photo this is, so that no search is run where it can't judge."""

from __future__ import annotations

import cv2
import numpy as np

from assessment.engines.local_regions import Picture
from assessment.engines.local_surface import median_difference

WIDEST_SPREAD = 5.0
"""Largest median difference, L*a*b* units, from the fitted surface of a photo of one surface: walls
and roofs stay below 4, towns from the air start at 6."""
SIZE = 512
"""Long side at which detail is judged, px: grain is gone, things remain."""
BUSY_DEVIATION, BUSY_SHARE = 6.0, 0.3
"""Share of places whose L* varies by more than so much: below 0.2 on walls and portraits, 0.48
and more in photos from above."""


def shows_one_surface(picture: Picture) -> bool:
    """Whether a BGR picture shows mainly one wall, roof or ceiling."""
    return median_difference(picture) <= WIDEST_SPREAD


def shows_many_things(picture: Picture) -> bool:
    """Whether a BGR picture shows a scene full of detail, such as a street from the air."""
    return not shows_one_surface(picture) and _busy_share(picture) > BUSY_SHARE


def _busy_share(picture: Picture) -> float:
    scale = min(1.0, SIZE / max(picture.shape[:2]))
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_BGR2LAB)
    light, window = lab[..., 0], (9, 9)
    variance = cv2.blur(light * light, window) - cv2.blur(light, window) ** 2
    return float((variance > BUSY_DEVIATION**2).mean())
