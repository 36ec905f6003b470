"""Which part of which known picture was sent: the whole of it, or a tile, shrunk and compressed.

A whole picture is known by how it looks from afar, a tile by the features that it has in common
with the picture (Lowe, "Distinctive image features from scale-invariant keypoints", 2004), and
then both by comparing them cell by cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Grey = NDArray[np.uint8]

LONGEST_SIDE = 2048
"""Pixels of the copy of a known picture in which a tile is sought."""

TILE_SIDE = 480
"""Pixels of the copy of what was sent that is looked at; more shows little more."""

THUMB = 48
WHOLE_LIKENESS, TILE_LIKENESS = 0.93, 0.8
"""Least correlation with what is known. Sound copies were seen at 0.99 and 0.9 at least."""

SAME_SHAPE = 0.02
"""How far the sides' proportions of a shrunken whole may be off."""

RATIO = 0.8
"""A feature counts when its second best match is so much farther away (Lowe, 7.1)."""

LEAST_MATCHES = 8
FEATURES_PER_CELL = 0.002
"""So many of the strongest features are kept for each pixel of a copy."""

MOST_TURN = 0.02
"""Sine of the turn that chance may put into a match; tiles are cut upright."""


class Window(NamedTuple):
    """A part of a picture, as shares of its sides."""

    left: float
    top: float
    right: float
    bottom: float


WHOLE = Window(0.0, 0.0, 1.0, 1.0)


class _Features(NamedTuple):
    """Places (n, 2) as x, y in pixels, and what each looks like (n, 128)."""

    places: NDArray[np.float32]
    looks: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class View:
    """A picture as it is compared: its size in pixels, and a grey copy that may be smaller."""

    width: int
    height: int
    grey: Grey

    @cached_property
    def thumb(self) -> Grey:
        """How it looks from afar, whatever its proportions."""
        return cv2.resize(self.grey, (THUMB, THUMB), interpolation=cv2.INTER_AREA).astype(np.uint8)

    @cached_property
    def features(self) -> _Features:
        """What stands out in it."""
        most = round(self.grey.size * FEATURES_PER_CELL)
        points, looks = cv2.SIFT.create(nfeatures=most).detectAndCompute(self.grey, None)
        places = np.array([point.pt for point in points], np.float32).reshape(-1, 2)
        # An even picture has no features, for which OpenCV returns None.
        return _Features(places, np.array(looks if points else np.zeros((0, 128)), np.float32))


def view_of(image: Image.Image, longest: int = LONGEST_SIDE) -> View:
    """A view of a grey picture."""
    width, height = image.size
    small = image.copy()
    small.thumbnail((longest, longest), Image.Resampling.BOX)
    return View(width, height, np.asarray(small, np.uint8))


def found_in(sent: View, known: Sequence[View]) -> tuple[int, Window] | None:
    """Which of the known pictures was sent, and which part of it; None where it is none of them."""
    wholes = [(_likeness(sent.thumb, each.thumb), n) for n, each in enumerate(known)]
    best, number = max(wholes, default=(0.0, 0))
    if best >= WHOLE_LIKENESS and _same_shape(sent, known[number]):
        return number, WHOLE
    tiles = [(found, n) for n, each in enumerate(known) if (found := _tile_of(sent, each))]
    if not tiles:
        return None
    (_, window), number = max(tiles, key=lambda pair: pair[0][0])
    return number, window


def _same_shape(one: View, other: View) -> bool:
    return abs(one.width * other.height / (one.height * other.width) - 1) < SAME_SHAPE


def _tile_of(sent: View, known: View) -> tuple[float, Window] | None:
    """How much the sent tile is like a part of the known picture, and which part."""
    sent_places, known_places = _matched(sent.features, known.features)
    if len(sent_places) < LEAST_MATCHES:
        return None
    turned = np.array(
        cv2.estimateAffinePartial2D(
            sent_places, known_places, method=cv2.RANSAC, ransacReprojThreshold=3.0
        )[0]
    )
    # Where no such move explains the matches, OpenCV returns None.
    if turned.shape != (2, 3) or turned[0, 0] <= 0 or abs(turned[1, 0]) > MOST_TURN * turned[0, 0]:
        return None
    scale, (x, y) = float(turned[0, 0]), turned[:, 2]
    rows, columns = sent.grey.shape
    upright = np.array([[scale, 0, x], [0, scale, y]])
    part = cv2.warpAffine(
        known.grey, upright, (columns, rows), flags=cv2.INTER_AREA | cv2.WARP_INVERSE_MAP
    )
    likeness = _likeness(np.asarray(part, np.uint8), sent.grey)
    high, wide = known.grey.shape
    ends = (x / wide, y / high, (x + scale * columns) / wide, (y + scale * rows) / high)
    return (likeness, Window(*map(float, ends))) if likeness >= TILE_LIKENESS else None


def _matched(one: _Features, other: _Features) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The places in both of what looks alike and like nothing else."""
    if len(one.looks) < LEAST_MATCHES or len(other.looks) < LEAST_MATCHES:
        return one.places[:0], other.places[:0]
    pairs = cv2.BFMatcher(cv2.NORM_L2).knnMatch(one.looks, other.looks, k=2)
    good = [first for first, second in pairs if first.distance < RATIO * second.distance]
    return (
        one.places[[match.queryIdx for match in good]],
        other.places[[match.trainIdx for match in good]],
    )


def _likeness(one: Grey, other: Grey) -> float:
    """Correlation of two pictures of the same size; 0 where one is all even."""
    a, b = (each.astype(np.float32).ravel() - each.mean() for each in (one, other))
    size = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / size if size else 0.0
