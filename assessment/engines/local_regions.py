"""Regions that stand out by their colour or their grain: debris from above, blue tarpaulins.

All masks are boolean (H, W) on the grid of the BGR picture (H, W, 3) they were found in.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Plane = NDArray[np.float32]
Mask = NDArray[np.bool_]

FINE = 2.0
"""Detail finer than this counts as grain, px (standard deviation)."""
NEIGHBOURHOOD = 10.0
"""Reach of a place in an aerial photo, px: half a house at 0.6 m per pixel."""
BLACK = 10.0
"""Added to brightness before dividing by it, so that deep shadow isn't full of contrast."""
GREEN = 0.02
"""Excess green above which a place in an aerial photo is vegetation."""
WEAK_DEBRIS, STRONG_DEBRIS = 0.12, 0.18
"""Hysteresis on relative contrast without direction; an intact suburb stays below the second."""
LEAST_DEBRIS = 400
"""Smallest region of debris, px: single cars on a road stay below it."""

TARPAULIN_HUES = (105, 125)
"""Blue of tarpaulins in OpenCV's half degrees; roofs of slate and shade have it unsaturated."""
TARPAULIN_SATURATION, TARPAULIN_VALUE = 100, 140
"""Least saturation and brightness, 0..255: paint is duller and window glass darker."""
LEAST_SHARE, LARGEST_SHARE = 5e-5, 0.3
"""Size of a tarpaulin, share of the picture: from 7 by 7 px of a megapixel, a roof from the air,
to what can hardly be anything but sky or water."""
LEAST_STEP, STEP_REACH = 20.0, 4
"""How much bluer (b* of L*a*b*) a tarpaulin is than what lies up to so many px beyond its outline:
35 and more of tarpaulins on roofs, 15 and less of sky behind haze and clouds, and of water."""
LEAST_SOLID = 0.6
"""Share of its convex hull that a tarpaulin fills: sky between leaves and clouds is ragged."""


def find_debris(picture: Picture) -> Mask:
    """Mark scattered debris in a photo from above: strong contrast without a common direction."""
    gray = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).astype(np.float32)
    score = _contrast(gray) * (1 - _coherence(gray))
    score[is_green(picture, GREEN)] = 0
    found = hysteresis(score > WEAK_DEBRIS, score > STRONG_DEBRIS)
    closed = cv2.morphologyEx(found.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    return without_specks(closed.astype(np.bool_), LEAST_DEBRIS)


def find_tarpaulins(picture: Picture) -> Mask:
    """Mark strongly blue regions; what reaches the upper edge may be the sky and is left out."""
    hsv = cv2.cvtColor(picture, cv2.COLOR_BGR2HSV)
    lowest = np.array([TARPAULIN_HUES[0], TARPAULIN_SATURATION, TARPAULIN_VALUE])
    highest = np.array([TARPAULIN_HUES[1], 255, 255])
    blue = cv2.inRange(hsv, lowest, highest)
    closed = cv2.morphologyEx(blue, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)) > 0
    sky = np.zeros_like(closed)
    sky[0] = closed[0]
    kept = closed & ~hysteresis(closed, sky)
    large = without_specks(kept, LARGEST_SHARE * closed.size)
    return _cut_out(without_specks(kept & ~large, LEAST_SHARE * closed.size), picture)


def _cut_out(mask: Mask, picture: Picture) -> Mask:
    """The parts that end in a clean outline, beyond which it is less blue."""
    lab = np.asarray(cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_BGR2LAB), np.float32)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    found = np.zeros(mask.shape, np.bool_)
    for number, (left, top, width, height, _) in enumerate(stats[1:].tolist(), start=1):
        rows = slice(max(top - STEP_REACH, 0), top + height + STEP_REACH)
        columns = slice(max(left - STEP_REACH, 0), left + width + STEP_REACH)
        part = labels[rows, columns] == number
        if _is_solid(part) and _step(part, lab[rows, columns, 2]) >= LEAST_STEP:
            found[rows, columns] |= part
    return found


def _is_solid(part: Mask) -> bool:
    hull = cv2.convexHull(np.argwhere(part).astype(np.int32))
    return bool(part.sum() >= LEAST_SOLID * cv2.contourArea(hull))


def _step(part: Mask, yellowness: Plane) -> float:
    """How much yellower (b*) it is around the part; 0 where nothing is around it."""
    cells, side = part.astype(np.uint8), 2 * STEP_REACH + 1
    rim = cv2.dilate(cells, np.ones((3, 3), np.uint8))
    around = (cv2.dilate(cells, np.ones((side, side), np.uint8)) > 0) & (rim == 0)
    if not around.any():
        return 0.0
    return float(np.median(yellowness[around]) - np.median(yellowness[part]))


def is_green(picture: Picture, least: float) -> Mask:
    """Mark places whose excess green, (2G - R - B) / (R + G + B), is more than `least`."""
    blue, green, red = np.moveaxis(picture.astype(np.float32), 2, 0)
    excess = (2 * green - red - blue) / (red + green + blue + 3 * BLACK)
    return _blurred(np.asarray(excess, np.float32), NEIGHBOURHOOD / 2) > least


def hysteresis(weak: Mask, strong: Mask) -> Mask:
    """The parts of `weak` that hold something `strong`."""
    count, labels = cv2.connectedComponents(weak.astype(np.uint8), connectivity=8)
    keep = np.zeros(count, np.bool_)
    keep[np.unique(labels[strong & weak])] = True
    return np.asarray(keep[labels], np.bool_)


def without_specks(mask: Mask, least: float) -> Mask:
    """The mask without its parts of fewer than `least` pixels."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    keep = stats[:, cv2.CC_STAT_AREA] >= least
    keep[0] = False
    return np.asarray(keep[labels], np.bool_)


def _blurred(plane: Plane, reach: float) -> Plane:
    return np.asarray(cv2.GaussianBlur(plane, (0, 0), reach), np.float32)


def _contrast(gray: Plane) -> Plane:
    """Deviation of the fine detail around each place, relative to the brightness there."""
    detail = gray - _blurred(gray, FINE)
    deviation = np.sqrt(_blurred(detail * detail, NEIGHBOURHOOD / 2))
    return np.asarray(deviation / (_blurred(gray, NEIGHBOURHOOD) + BLACK), np.float32)


def _coherence(gray: Plane) -> Plane:
    """How far the gradients around each place share one direction, 0..1 (structure tensor)."""
    right = cv2.Sobel(gray, cv2.CV_32F, 1, 0)
    down = cv2.Sobel(gray, cv2.CV_32F, 0, 1)
    products = (right * right, down * down, right * down)
    xx, yy, xy = (_blurred(np.asarray(p, np.float32), NEIGHBOURHOOD / 2) for p in products)
    return np.asarray(np.sqrt((xx - yy) ** 2 + 4 * xy**2) / (xx + yy + 1), np.float32)
