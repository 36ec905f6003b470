"""What an engine saw in the windows of a photo, as outlines on the photo: each thing once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely import MultiPolygon

from assessment.core.detection import Box, Detection
from assessment.core.merge import OutlineArray, matched, one_outline
from assessment.core.polygons import outline

GUESSED = 0.01
"""The part of an outline that may be a guess before all of it is called one."""


@dataclass(frozen=True, slots=True, eq=False)
class Thing:
    """A detection as its engine gave it, in the pixels of the window that it was shown, and its
    outline in those of the photo.

    What is seen in several windows has the outline of them all, and `window` is the one whose
    detection is trusted most; `windows` are the places of all of them. `agreement` is as in
    core.agreement.Agreed.
    """

    detection: Detection
    outline: MultiPolygon
    window: Box
    windows: tuple[int, ...] = (0,)
    agreement: float | None = None


def things_in(detections: Sequence[Detection], window: Box, place: int = 0) -> list[Thing]:
    """What was seen in a window of the photo, the `place`-th, in its order."""
    left, top, right, bottom = window
    shapes = outline(detections, round(right - left), round(bottom - top))
    on_photo = shapely.transform(shapes, lambda corners: corners + np.array([left, top]))
    return [
        Thing(detection, shape, window, (place,))
        for detection, shape in zip(detections, on_photo, strict=True)
    ]


def outlines_of(things: Sequence[Thing]) -> OutlineArray:
    """The outlines (n,) of things, in image pixels."""
    outlines = np.empty(len(things), object)
    outlines[:] = [thing.outline for thing in things]
    return outlines


def joined(things: Sequence[Thing]) -> list[Thing]:
    """What one run saw in all its windows, each thing once, in their order.

    A thing on a seam is whole again, and one that the whole photo shows as well has the outline of
    the window that shows more of it. It is a guess where a guess drew more than GUESSED of it. What
    no other window shows again stays as it is.
    """
    sources = np.array([thing.windows[0] for thing in things], np.intp)
    shown = np.array([thing.window for thing in things], np.float64).reshape(-1, 4)
    groups = matched(outlines_of(things), sources, shown)
    return [_one([things[place] for place in group]) for group in groups]


def _one(things: Sequence[Thing]) -> Thing:
    """One thing from those that are the same, one of each window."""
    if len(things) == 1:
        return things[0]
    trusted = sorted(things, key=_trust)
    shape = _outline_of(trusted)
    sure = _outline_of([thing for thing in trusted if not thing.detection.approximate])
    guessed = sure.area < (1 - GUESSED) * shape.area
    return replace(
        trusted[0],
        detection=replace(trusted[0].detection, approximate=guessed),
        outline=shape,
        windows=tuple(place for thing in things for place in thing.windows),
    )


def _trust(thing: Thing) -> tuple[bool, float]:
    """Sorts first what isn't a guess, and then what was shown largest."""
    left, top, right, bottom = thing.window
    return thing.detection.approximate, max(right - left, bottom - top)


def _outline_of(things: Sequence[Thing]) -> MultiPolygon:
    if not things:
        return MultiPolygon()
    return one_outline(
        outlines_of(things), np.array([thing.window for thing in things], np.float64)
    )
