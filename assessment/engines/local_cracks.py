"""Cracks: thin dark lines that wander, told from texture, joints and edges.

The response of a bank of elongated second-derivative filters is divided by its own local level,
so that rough plaster doesn't count as a crack, and followed by hysteresis. What is short, bushy,
or as straight as a joint is dropped. From the ends of what is left, fainter lines are followed on.
"""

from __future__ import annotations

from typing import NamedTuple, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from assessment.engines.local_regions import Mask, Picture, Plane, is_green

LONG_SIDE = 2048
"""Longest side searched, px: a hairline of a 12 MP photo is still one pixel wide here."""
COARSEST = 500
"""Levels of half the size follow while the long side is at least this; wider cracks show there."""
SMOOTHED = 31
"""Side of the median that flattens light and stains, px: far wider than a crack."""
DEEPEST = 8.0
"""Depth, about 2 % of brightness each, beyond which darker says no more: pits must not win."""
ACROSS, ALONG = 0.8, 3.0
"""Deviations of the line filter, px: thin as a hairline, as long as it runs straight."""
DIRECTIONS = 16
"""One each 11 degrees: half of that off its own direction the filter still answers."""
NOISE_WINDOW = 33
"""Window of the local noise level, px: wider than a crack is, so that no crack is its own noise."""
NOISE_FLOOR = 0.1
"""Added to the noise level: on flawless paint, rounding must not look like a crack."""
WEAK, STRONG = 3.0, 6.0
"""Hysteresis, in multiples of the local noise level."""
SHORTEST = 50
"""Shortest crack kept, px of diagonal: chance lines up grain over less than that."""
LEANEST = 0.2
"""Least diagonal per crest pixel: a crack is a line, the rim of a pit is a bush."""
EDGE_SHARE, EDGE = 0.065, 70.0
"""Straight edge that is a joint, board or frame and no crack: so much of the long side, at most
so many px; the sides of a real crack turn sooner."""
EDGE_REACH = 9
"""Width of what such an edge vetoes, px: both edges of a joint and its shadow."""
RULED = 0.65
"""Share of a part's crest in one direction, or square to it, that was drawn by a ruler: frames,
panels, boards. Real cracks wander over three or more of the eight folded directions."""
FAINT = 2.5
"""A line that goes on from a crack need rise so little over the local noise level: it is expected
there, where elsewhere it would be chance."""
GAP = 8
"""Widest gap between a crack and the line that goes on from it, px."""
LEAST_FAINT, LEAN_FAINT = 30, 0.8
"""Shortest such line, px of diagonal, and its least diagonal per crest pixel: one clean stroke."""
STEPS = 2
"""How many such lines may follow each other: each is less sure than the one before."""
LEAVES = 0.08
"""Excess green of leaves and grass; weathered concrete stays well below it."""
DARKEST = 4.0
"""How dark a crack is at its darkest, in steps of about 2 %: where nothing else is, as in a clear
sky, a shade of less would do."""
HALF_WIDTH = 3
"""How far a crack reaches from its crest at one level, px; wider ones show one level up."""


class _Bank(NamedTuple):
    """The strongest line response of each pixel and the index of its direction."""

    response: Plane
    direction: NDArray[np.uint8]


def find_cracks(picture: Picture) -> Mask:
    """Mark the cracks of a BGR picture (H, W, 3); the mask has shape (H, W)."""
    gray = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)
    height, width = gray.shape
    near = np.zeros((height, width), np.uint8)
    level = gray
    while True:
        crests = cv2.dilate(_crests_of_cracks(level).astype(np.uint8), _disc(HALF_WIDTH))
        near |= np.asarray(cv2.resize(crests, (width, height), interpolation=cv2.INTER_NEAREST))
        if max(level.shape) < 2 * COARSEST:
            break
        level = np.asarray(cv2.pyrDown(level), np.uint8)
    return _opening(near.astype(np.bool_) & ~is_green(picture, LEAVES), gray)


def _crests_of_cracks(gray: Picture) -> Mask:
    bank = _line_responses(np.clip(_brighter(gray), -DEEPEST, DEEPEST).astype(np.float32))
    ratio = np.asarray(bank.response / (_noise_level(bank.response) + NOISE_FLOOR), np.float32)
    crests = _crests(ratio, bank.direction) & (ratio > FAINT)
    edges = _straight_edges(gray)
    parts = _thick(crests & (ratio > WEAK))
    parts[edges] = 0
    cracks = _crack_like(parts, crests, ratio > STRONG, bank.direction)
    return followed(cracks, crests & ~edges)


def followed(cracks: Mask, crests: Mask) -> Mask:
    """The crests (H, W) of cracks, with those of the faint, clean lines that go on from them."""
    parts = _thick(crests)
    parts[_thick(_thick(cracks) > 0) > 0] = 0
    count, labels, stats, _ = cv2.connectedComponentsWithStats(parts, connectivity=8)
    lengths = np.bincount(labels[crests & (parts > 0)], minlength=count)
    reach = np.hypot(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    clean = (reach >= LEAST_FAINT) & (reach > LEAN_FAINT * lengths)
    clean[0] = False
    for _ in range(STEPS):
        close = cv2.dilate(cracks.astype(np.uint8), _disc(GAP)) > 0
        met = np.zeros(count, np.bool_)
        met[np.unique(labels[close & crests])] = True
        cracks = cracks | (crests & (met & clean)[labels])
    return cracks


def _thick(crests: Mask) -> Picture:
    """Crests with all their neighbours, so that steps in a line don't break it."""
    return np.asarray(cv2.dilate(crests.astype(np.uint8), np.ones((3, 3), np.uint8)), np.uint8)


def _opening(near: Mask, gray: Picture) -> Mask:
    """What is at least half as dark as the darkest of the crack close by, without short rests."""
    darkness = np.where(near, np.maximum(-_brighter(gray), 0), 0).astype(np.float32)
    half = cv2.dilate(darkness, _disc(2 * HALF_WIDTH)) / 2
    dark = (near & (half > DARKEST / 2) & (darkness >= half)).astype(np.uint8)
    joined = cv2.dilate(dark, _disc(2 * HALF_WIDTH))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    reach = np.hypot(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    return np.asarray((dark > 0) & (reach >= SHORTEST)[labels], np.bool_)


def _disc(radius: int) -> Picture:
    side = 2 * radius + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)), np.uint8)


def _brighter(gray: Picture) -> Plane:
    """How much brighter than its surroundings each pixel is, in steps of about 2 %."""
    steps = np.log1p(gray.astype(np.float32)) * 45
    around = cv2.medianBlur(steps.astype(np.uint8), SMOOTHED)
    return np.asarray(steps - around, np.float32)


def _line_responses(depth: Plane) -> _Bank:
    best = np.full(depth.shape, -np.inf, np.float32)
    direction = np.zeros(depth.shape, np.uint8)
    for index in range(DIRECTIONS):
        kernel = _line_kernel(np.pi * index / DIRECTIONS)
        response = cv2.filter2D(depth, cv2.CV_32F, kernel, borderType=cv2.BORDER_REFLECT)
        better = response > best
        best[better] = response[better]
        direction[better] = index
    return _Bank(best, direction)


def _line_kernel(angle: float) -> Plane:
    """Negative second derivative of a Gaussian across a line, a Gaussian along it; sums to 0."""
    reach = int(np.ceil(3 * ALONG))
    rows, columns = np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(np.float32)
    along = columns * np.cos(angle) + rows * np.sin(angle)
    across = rows * np.cos(angle) - columns * np.sin(angle)
    bell = np.exp(-(across**2) / (2 * ACROSS**2) - along**2 / (2 * ALONG**2))
    kernel = (across**2 / ACROSS**2 - 1) * bell
    kernel -= kernel.mean()
    return np.asarray(kernel / np.abs(kernel).sum(), np.float32)


def _noise_level(response: Plane) -> Plane:
    """Median of the response's size around each pixel, found at a quarter of the size."""
    finest = 40  # steps per unit: the median filter takes bytes
    small = cv2.resize(np.abs(response), None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    coded = np.clip(small * finest, 0, 255).astype(np.uint8)
    level = cv2.medianBlur(coded, NOISE_WINDOW // 4 + 1).astype(np.float32) / finest
    height, width = response.shape
    return np.asarray(cv2.resize(level, (width, height)), np.float32)


def _crests(ratio: Plane, direction: NDArray[np.uint8]) -> Mask:
    """Pixels not lower than their two neighbours across the line."""
    crests = np.zeros(ratio.shape, np.bool_)
    for index in range(DIRECTIONS):
        angle = np.pi * index / DIRECTIONS
        right, down = -np.sin(angle), np.cos(angle)
        higher = (ratio >= _shifted(ratio, right, down)) & (ratio >= _shifted(ratio, -right, -down))
        crests |= (direction == index) & higher
    return crests


def _shifted(plane: Plane, right: float, down: float) -> Plane:
    height, width = plane.shape
    matrix = np.array([[1, 0, right], [0, 1, down]], np.float32)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(plane, matrix, (width, height), flags=flags), np.float32)


def _straight_edges(gray: Picture) -> Mask:
    veto = np.zeros(gray.shape, np.uint8)
    longest = min(EDGE_SHARE * max(gray.shape), EDGE)
    segments = cast("Plane | None", cv2.createLineSegmentDetector().detect(gray)[0])
    for left, top, right, bottom in np.reshape([] if segments is None else segments, (-1, 4)):
        if np.hypot(right - left, bottom - top) >= longest:
            ends = (int(left), int(top)), (int(right), int(bottom))
            cv2.line(veto, *ends, (1,), EDGE_REACH)
    return veto.astype(np.bool_)


def _crack_like(parts: Picture, crests: Mask, strong: Mask, direction: Picture) -> Mask:
    """The crests of those parts that are strong somewhere, long, lean and wandering."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(parts, connectivity=8)
    crests = crests & (parts > 0)
    lengths = np.bincount(labels[crests], minlength=count)
    seeds = np.bincount(labels[crests & strong], minlength=count)
    reach = np.hypot(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    keep = (reach >= SHORTEST) & (seeds > 0) & (reach > LEANEST * lengths)
    numbers = np.asarray(labels[crests], np.int64)
    keep &= _main_direction(numbers, direction[crests], count) < RULED * lengths
    return np.asarray(crests & keep[labels], np.bool_)


def _main_direction(labels: NDArray[np.int64], direction: Picture, count: int) -> NDArray[np.int64]:
    """How many crest pixels of each part run in its main direction or square to it."""
    folds = DIRECTIONS // 2
    cells = np.bincount(labels * folds + direction % folds, minlength=count * folds)
    return np.asarray(cells.reshape(count, folds).max(axis=1), np.int64)
