"""What the stand-in knows by heart: of a known picture and a known question it tells the truth."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from threading import Lock

import numpy as np
import shapely
from shapely import MultiPolygon

from standin.question import Box, question_in
from standin.region import FULL, Part, Region
from standin.sight import decoded
from standin.truth import Answer, Picture, as_multipolygon, rings_of
from standin.views import TILE_SIDE, Window, found_in, view_of

LEAST_AREA = 4.0
"""Square thousandths: what a tile shows less of isn't seen."""

SAME = 0.6
"""Intersection over union of boxes above which a thing is the one that is known already."""

REMEMBERED = 512
"""Pictures that are recognised at once when they are sent again."""

MOST_TOLD = 25
"""Objects in an answer: models tell of no more than they are asked for."""


class Memory:
    """The pictures of a truth, and how to tell of them."""

    def __init__(self, pictures: Sequence[Picture]) -> None:
        self._pictures = pictures
        self._lock = Lock()
        self._place = lru_cache(REMEMBERED)(self._placed)

    def regions(self, image: bytes, prompt: str) -> list[Region]:
        """What the prompt asks for in the picture sent, the largest first.

        Nothing where the picture or the question is unknown. Raises UnreadableImageError.
        """
        place = self._recognised(image)
        if place is None:
            return []
        number, window = place
        picture = self._pictures[number]
        found = question_in(prompt, picture.answers)
        if found is None:
            return []
        answer = picture.answers[found.words]
        told = sorted(_told(answer, picture, window), key=lambda pair: -pair[0])
        regions = [region for _, region in told if not _is_known(region, found.known)]
        return regions[:MOST_TOLD]

    def _recognised(self, image: bytes) -> tuple[int, Window] | None:
        # One at a time: the same photo is often sent several times at once, and then known.
        with self._lock:
            return self._place(_Sent(image))

    def _placed(self, sent: _Sent) -> tuple[int, Window] | None:
        view = view_of(decoded(sent.image), TILE_SIDE)
        return found_in(view, [picture.view for picture in self._pictures])


class _Sent:
    """A picture that was sent; two with the same bytes are the same."""

    def __init__(self, image: bytes) -> None:
        self.image = image
        self._digest = hashlib.sha256(image).digest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Sent) and self._digest == other._digest

    def __hash__(self) -> int:
        return hash(self._digest)


def _told(answer: Answer, picture: Picture, window: Window) -> Iterator[tuple[float, Region]]:
    """What of an answer the window shows, and how large each is there."""
    for thing in answer.things:
        shape = _within(thing.shape, picture, window)
        if shape.area >= LEAST_AREA:
            yield shape.area, Region(answer.label(thing), _parts(shape))


def _within(shape: MultiPolygon, picture: Picture, window: Window) -> MultiPolygon:
    """A shape in thousandths of the window, without what lies outside of it."""
    left, top = window.left * picture.view.width, window.top * picture.view.height
    across = (window.right - window.left) * picture.view.width
    down = (window.bottom - window.top) * picture.view.height
    scale = np.array([FULL / across, FULL / down])
    moved = shapely.transform(shape, lambda corners: (corners - (left, top)) * scale)
    return as_multipolygon(shapely.intersection(moved, shapely.box(0, 0, FULL, FULL)))


def _parts(shape: MultiPolygon) -> tuple[Part, ...]:
    rings = [rings_of(polygon) for polygon in shape.geoms if polygon.area >= LEAST_AREA / 2]
    return tuple(Part(outline, tuple(holes)) for outline, *holes in rings)


def _is_known(region: Region, known: Sequence[Box]) -> bool:
    return any(_iou(region.box, box) > SAME for box in known)


def _iou(one: Box, other: Box) -> float:
    a, b = (shapely.box(left, top, right, bottom) for top, left, bottom, right in (one, other))
    either = shapely.union(a, b).area
    return float(shapely.intersection(a, b).area / either) if either else 0.0
