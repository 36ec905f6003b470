"""Regions that differ from the one surface that fills the photo: gaps in a covering, stains.

The surface's own colour is followed across the photo by a smooth fit, so that uneven light is no
damage. All masks are boolean (H, W) on the grid of the BGR picture (H, W, 3).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from assessment.engines.local_regions import Mask, Picture, Plane, hysteresis, without_specks

Colours = NDArray[np.float32]
"""CIE L*a*b*, shape (H, W, 3)."""

FIT_GRID = (64, 48)
"""Columns and rows on which the surface is fitted: light varies slowly."""
FIT_ROUNDS = 8
"""Rounds of the robust fit; it settles after five or six."""
FIT_TOLERANCE = 6.0
"""Colour difference at which a place stops counting as surface: twice a just visible one."""
PATTERN = 7.0
"""Standard deviation of the blur that averages shingles and boards into one colour, of 1000 px."""
PATTERN_SPREADS = 4.0
"""A gap differs by more than so many robust deviations of the covering's own pattern ..."""
LEAST_DIFFERENCE = 10.0
"""... and by no less than this: a clearly other colour."""
LEAST_GAP, LARGEST_GAP = 5e-4, 0.4
"""A gap's share of the photo: from one shingle to what leaves the covering in the majority."""
RECTANGULAR = 0.9
"""A region that fills its own rectangle to this share is a window, a vent or a board."""
LIGHT = 55.0
"""Least median L* of a surface on which a stain can be told from shade."""
SMOOTH = 3.0
"""Standard deviation of the blur against paint texture, px of 1000."""
STAIN_DEPTH = 4.0
"""Least depth (darker plus yellower, L*a*b* units) of a stain: just visible as a region."""
YELLOWER = 1.0
"""Least rise of b*: water leaves yellow and brown, shade leaves blue."""
DARK, NO_BLUER = 12.0, 1.0
"""What is darker by so much and bluer by no more is a stain without yellow, as soot and mould are;
a soft shadow indoors can't be told from it."""
LEAST_STAIN = 1e-3
"""Smallest stain, share of the photo."""
SHARPEST = 0.18
"""Share of its depth that a stain's outline steps over 2 px of 1000; an object's steps 0.27."""
LONGEST = 6.0
"""A region so many times longer than wide is a strip: a board, a gutter, a measuring staff."""
JOINED = 0.03
"""Parts nearer than this share of the long side are one thing: the panes of a window."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a search marks, and how many regions it can't judge although they may be damage."""

    marks: Mask
    unjudged: int = 0


def median_difference(picture: Picture) -> float:
    """Median colour difference (CIE76) between the photo and the one surface fitted to it."""
    return float(np.median(_difference(_colours(picture, PATTERN))))


def surface_is_light(picture: Picture) -> bool:
    """Whether the surface is bright enough for a stain to be told from shade."""
    return float(np.median(_colours(picture, SMOOTH)[..., 0])) >= LIGHT


def find_gaps(picture: Picture) -> Judgement:
    """Mark irregular regions, inside a covering, that have another colour than the covering.

    They are found in the colours of the averaged pattern, and judged by their shape together with
    the finer things around them: the trim around the panes makes a window of them. What reaches
    the photo's border, or is too large, may lie beside the covering: it is not judged, unless it
    has the shape of something built.
    """
    fine = _difference(_colours(picture, SMOOTH))
    other = _other(_difference(_colours(picture, PATTERN)))
    joined = _joined(other | _other(fine))
    rough = _irregular(_enclosed(other)) & _irregular(_enclosed(joined))
    reach = _disc(2 * PATTERN * _unit(picture))
    candidates = cv2.dilate(rough.astype(np.uint8), reach).astype(np.bool_)
    marks = without_specks(_half_depth(candidates, fine), LEAST_GAP * rough.size)
    # What fades in, such as a cloud or a shadow, was never cut out of anything.
    return Judgement(marks & ~_soft(marks, fine), _unjudged(other, joined))


def _unjudged(other: Mask, joined: Mask) -> int:
    """How many regions belong to something at the border or too large, and neither was built."""
    border = _at_border(joined)
    beyond = np.zeros(joined.shape, np.bool_)
    for part in _not_made(border | _enclosed(joined)):
        if (part & border).any() or part.mean() > LARGEST_GAP:
            beyond |= part
    # Judged as wholes: the fields of a measuring staff are a strip.
    wholes = _joined(other)
    regions = _not_made(_at_border(wholes) | _enclosed(wholes))
    return sum(bool((region & beyond).any()) for region in regions)


def _other(difference: Plane) -> Mask:
    """Where the colour is another one, given how much the surface's own pattern differs."""
    spread = 1.48 * float(np.median(difference))
    other = difference > max(LEAST_DIFFERENCE, PATTERN_SPREADS * spread)
    return without_specks(np.asarray(other, np.bool_), LEAST_GAP * other.size)


def find_stains(picture: Picture) -> Judgement:
    """Mark regions that fade in, darker and yellower or far darker, each out to half its depth.

    One that reaches the photo's border may be another surface: it is not judged, unless it has
    the shape of something built.
    """
    colours = _colours(picture, SMOOTH)
    residual = colours - _fitted(colours)
    darker, yellower = -residual[..., 0], residual[..., 2]
    depth = np.asarray(darker + yellower, np.float32)
    yellow = (depth > STAIN_DEPTH) & (yellower > YELLOWER)
    stained = yellow | ((darker > DARK) & (yellower > -NO_BLUER))
    least = LEAST_STAIN * depth.size
    at_border = _soft(without_specks(_at_border(stained), least), depth)
    candidates = without_specks(_enclosed(stained), least)
    return Judgement(
        marks=_soft(_half_depth(candidates, depth), depth),
        unjudged=sum(1 for _ in _not_made(at_border)),
    )


def _colours(picture: Picture, blur: float) -> Colours:
    lab = cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_BGR2LAB)
    return np.asarray(cv2.GaussianBlur(lab, (0, 0), blur * _unit(picture)), np.float32)


def _unit(picture: Picture) -> float:
    """One thousandth of the longest side, px."""
    return float(max(picture.shape[:2])) / 1000


def _difference(colours: Colours) -> Plane:
    return np.asarray(np.linalg.norm(colours - _fitted(colours), axis=2), np.float32)


def _fitted(colours: Colours) -> Colours:
    """The surface's colour everywhere: a quadratic in x and y, fitted with outliers let go."""
    small = cv2.resize(colours, FIT_GRID, interpolation=cv2.INTER_AREA).reshape(-1, 3)
    terms = _quadratic(FIT_GRID[1], FIT_GRID[0])
    weights = np.exp(-(np.linalg.norm(small - np.median(small, axis=0), axis=1) ** 2) / 800)
    for _ in range(FIT_ROUNDS):
        scaled = weights[:, None]
        solution = np.linalg.lstsq(terms * scaled, small * scaled, rcond=None)[0]
        off = np.linalg.norm(small - terms @ solution, axis=1)
        weights = 1 / (1 + (off / FIT_TOLERANCE) ** 2)
    height, width = colours.shape[:2]
    return np.asarray((_quadratic(height, width) @ solution).reshape(height, width, 3), np.float32)


def _quadratic(height: int, width: int) -> NDArray[np.float32]:
    """The six terms of a quadratic at the middle of each cell, shape (height * width, 6)."""
    y = (np.arange(height, dtype=np.float32)[:, None] + 0.5) / height * 2 - 1
    x = (np.arange(width, dtype=np.float32)[None, :] + 0.5) / width * 2 - 1
    one = np.ones((height, width), np.float32)
    terms = (one, x * one, y * one, x * y, x**2 * one, y**2 * one)
    return np.asarray(np.stack(terms, axis=-1).reshape(-1, 6), np.float32)


def _enclosed(mask: Mask) -> Mask:
    """The parts that don't touch the border, holes filled: what touches it is something else."""
    inside = mask & ~_at_border(mask)
    contours, _ = cv2.findContours(
        inside.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )
    filled = np.zeros(mask.shape, np.uint8)
    cv2.drawContours(filled, contours, -1, (1,), cv2.FILLED)
    return filled.astype(np.bool_)


def _at_border(mask: Mask) -> Mask:
    """The parts that touch the photo's border."""
    border = np.ones(mask.shape, np.bool_)
    border[1:-1, 1:-1] = False
    return hysteresis(mask, border)


def _disc(radius: float) -> Picture:
    side = 2 * round(radius) + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)), np.uint8)


def _joined(mask: Mask) -> Mask:
    """The mask with gaps closed that are narrower than JOINED."""
    disc = _disc(JOINED * max(mask.shape) / 2)
    return np.asarray(cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, disc) > 0)


def _parts(mask: Mask) -> Iterator[Mask]:
    count, labels = cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)
    for label in range(1, count):
        yield labels == label


def _irregular(mask: Mask) -> Mask:
    """The parts of a gap's size that are neither rectangles nor strips."""
    found = np.zeros(mask.shape, np.bool_)
    for part in _not_made(mask):
        if LEAST_GAP <= part.mean() <= LARGEST_GAP:
            found |= part
    return found


def _not_made(mask: Mask) -> Iterator[Mask]:
    """The parts that don't have the shape of something built."""
    return (part for part in _parts(mask) if not _is_made(part))


def _is_made(part: Mask) -> bool:
    """Whether it has the shape of something built: a rectangle or a strip."""
    points = np.column_stack(np.nonzero(part)).astype(np.float32)
    shorter, longer = sorted(side + 1 for side in cv2.minAreaRect(points)[1])
    return bool(len(points) >= RECTANGULAR * shorter * longer or longer >= LONGEST * shorter)


def _half_depth(candidates: Mask, depth: Plane) -> Mask:
    """Each candidate out to half the depth that its deepest twentieth exceeds, holes filled."""
    found = np.zeros(depth.shape, np.bool_)
    for part in _parts(candidates):
        found |= part & (depth >= float(np.percentile(depth[part], 95)) / 2)
    return _enclosed(found)


def _soft(mask: Mask, depth: Plane) -> Mask:
    """The parts that fade in, with no sharp outline."""
    steps = cv2.morphologyEx(depth, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    sharpest = SHARPEST / (max(depth.shape) / 1000)
    found = np.zeros(mask.shape, np.bool_)
    for part in _parts(mask):
        inner = cv2.erode(part.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        deepest = float(np.percentile(depth[part], 95))
        rim = steps[part & ~inner]
        # A region that fills the photo has its outline outside.
        if not rim.size or float(np.median(rim)) <= sharpest * deepest:
            found |= part
    return found
