"""Where one object of an answer is: its box, its outline, and every doubt about them.

Everything here is in thousandths of the picture's sides; a region always lies in the picture.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from assessment.core.detection import Grid, Ring
from assessment.core.vocabulary import AnswerForm
from assessment.engines.cutout import UnreadableMaskError, read_cutout
from assessment.engines.nesting import distinct, holes_within, join_overlapping
from assessment.engines.outline import (
    LEAST_AGREEMENT,
    PICTURE,
    Frame,
    bounds,
    clip_rings,
    is_turned,
    join_pieces,
    numbers,
    read_frame,
    read_pieces,
    read_rings,
    swapped,
    with_area,
)
from assessment.engines.salvage import Value

REACH = 25.0
"""Half the side, in thousandths, of the box that stands in for a single point."""

SLACK = 20.0
"""Thousandths by which coordinates may leave the picture before their scale is in doubt."""

WHOLE = 1.0
"""What some models call the whole side; in thousandths nothing worth an outline is so small."""

LEAST_VISIBLE = 0.5
"""Share of a box in the picture; with less, its numbers aren't thousandths of this picture."""

ROUNDING = 2.0
"""Thousandths by which smaller boxes may leave their box, since each is rounded on its own."""

OUTLINES = ("mask", "segmentation_mask", "polygon")
OBJECT_KEYS = frozenset({"box_2d", "point", *OUTLINES})


class UnusableObjectError(Exception):
    """Why an object can't be placed, in words that follow its name."""


@dataclass(frozen=True, slots=True)
class Region:
    """A box, the outline in it, and a doubt for each thing that was lost or isn't certain.

    `from_point` says that the box was made up round a single point.
    """

    frame: Frame
    mask: Grid | tuple[Ring, ...] | None
    form: AnswerForm
    doubts: tuple[str, ...] = ()
    from_point: bool = False


def read_region(item: Mapping[str, Value]) -> Region:
    """Read the box and the outline of an object. Raises UnusableObjectError."""
    frame = read_frame(item.get("box_2d"))
    unread: list[str] = []
    for key in OUTLINES:
        if item.get(key) is None:
            continue
        try:
            region = _of_outline(item[key], frame, item.get("holes"))
        except UnreadableMaskError as error:
            unread.append(f"its {key.replace('_', ' ')} {error}")
        else:
            return replace(region, doubts=(*_kept(unread, "another outline"), *region.doubts))
    return _of_box(item, frame, *_kept(unread, "only its box"))


def _kept(unread: list[str], kept: str) -> tuple[str, ...]:
    return tuple(f"{reason}; {kept} was kept" for reason in unread)


def _of_outline(outline: Value, frame: Frame | None, holes: Value) -> Region:
    """Raises UnreadableMaskError if it is none, or can't be placed."""
    if frame is not None and (pieces := read_pieces(outline, frame)):
        return _of_pieces(pieces, frame)
    spelled = read_rings(outline)
    if rings := with_area(spelled):
        return _of_rings(rings, frame, holes, *_too_few(rings, spelled))
    if not isinstance(outline, str):
        raise UnreadableMaskError("is not an outline")
    return _of_grid(read_cutout(outline), _certain(frame), AnswerForm.MASK)


def _of_box(item: Mapping[str, Value], frame: Frame | None, *doubts: str) -> Region:
    """All that is known is the box, or even only a point."""
    if frame is None:
        doubts = (*doubts, "it came as a single point, and a small box stands in for it")
        return Region(_around(item.get("point")), None, AnswerForm.BOX, doubts, from_point=True)
    visible, outside = _visible(frame)
    return Region(visible, None, AnswerForm.BOX, doubts + outside)


def _around(point: Value) -> Frame:
    """The box in the picture that stands in for a point [y, x]."""
    found = numbers(point)
    if found is None or len(found) != 2:
        raise UnusableObjectError("it has neither a readable box nor an outline that can be placed")
    y, x = found
    if _reach(Frame(x, y, x, y), PICTURE) > 0:
        raise UnusableObjectError("its point lies outside the picture")
    return Frame(x - REACH, y - REACH, x + REACH, y + REACH).clipped(PICTURE)


def _of_pieces(pieces: list[Frame], frame: Frame) -> Region:
    grid = join_pieces(pieces, frame)
    if not grid.any():
        raise UnreadableMaskError("is blank in its box")
    region = _of_grid(grid, frame, AnswerForm.BOX)
    if all(_reach(piece, frame) <= ROUNDING for piece in pieces):
        return region
    doubt = "the smaller boxes in its mask reach out of its box, and were cut to it"
    return replace(region, doubts=(*region.doubts, doubt))


def _certain(frame: Frame | None) -> Frame:
    if frame is None:
        raise UnreadableMaskError("came without a readable box to place it in")
    return frame


def _of_grid(grid: Grid, frame: Frame, form: AnswerForm) -> Region:
    visible, outside = _visible(frame)
    return Region(visible, _crop(grid, frame, visible), form, outside)


def _crop(grid: Grid, frame: Frame, visible: Frame) -> Grid:
    """The cells of a grid over the frame that lie in the visible part, at least one each way."""
    rows, columns = grid.shape
    high, wide = (frame.bottom - frame.top) / rows, (frame.right - frame.left) / columns
    top = min(round((visible.top - frame.top) / high), rows - 1)
    left = min(round((visible.left - frame.left) / wide), columns - 1)
    bottom = max(round((visible.bottom - frame.top) / high), top + 1)
    right = max(round((visible.right - frame.left) / wide), left + 1)
    return np.ascontiguousarray(grid[top:bottom, left:right])


def _too_few(rings: list[Ring], spelled: list[Ring]) -> tuple[str, ...]:
    if len(rings) == len(spelled):
        return ()
    return ("not every part of its outline encloses an area; only those that do were kept",)


def _of_rings(rings: list[Ring], frame: Frame | None, holes: Value, *doubts: str) -> Region:
    around = bounds(rings)
    turned = frame is not None and is_turned(around, frame)
    outer, around = (swapped(rings), around.turned) if turned else (rings, around)
    visible, outside = _visible(around)
    whole = visible == around
    rims, tangled = _joined(outer if whole else clip_rings(outer))
    if not rims:
        raise UnusableObjectError("its outline encloses nothing in the picture")
    inner, unread = _holes(holes, rims, turned=turned)
    doubts += _disagreement(around, frame) + outside + tangled + unread
    seen = around if whole else bounds(rims)
    return Region(seen, (*rims, *inner), AnswerForm.POLYGON, doubts)


def _joined(rings: list[Ring]) -> tuple[list[Ring], tuple[str, ...]]:
    rings = distinct(rings)
    joined = join_overlapping(rings)
    if joined is None:
        return rings, ("parts of its outline cross one another, so its area is uncertain",)
    return joined, ()


def _disagreement(outline: Frame, frame: Frame | None) -> tuple[str, ...]:
    if frame is None:
        return ("it came without a readable box, so the order of its coordinates is a guess",)
    if outline.agreement(frame) < LEAST_AGREEMENT:
        return ("its box and its outline disagree; the outline was kept",)
    return ()


def _holes(value: Value, rims: list[Ring], *, turned: bool) -> tuple[list[Ring], tuple[str, ...]]:
    """The holes; one that leaves the outline would count as area, so it isn't taken."""
    if value is None or value == []:
        return [], ()
    rings = read_rings(value)
    holes = clip_rings(swapped(rings) if turned else rings)
    inside = holes_within(holes, rims)
    joined, tangled = _joined(inside)
    if holes and len(inside) == len(holes) == len(rings):
        return joined, tangled
    return joined, ("not all of its holes could be read, so its area may be too large", *tangled)


def _visible(frame: Frame) -> tuple[Frame, tuple[str, ...]]:
    """The part in the picture, and a doubt when the rest is more than a rounding."""
    if frame.area <= 0:
        raise UnusableObjectError("its box has no area")
    if max(frame.right, frame.bottom) <= WHOLE:
        raise UnusableObjectError(
            "its coordinates lie between 0 and 1, so they aren't thousandths of the picture"
        )
    visible = frame.clipped(PICTURE)
    if visible.area < LEAST_VISIBLE * frame.area:
        raise UnusableObjectError("its coordinates lie mostly outside the picture")
    if _reach(frame, PICTURE) > SLACK:
        return visible, ("its coordinates reach outside the picture, so its place is uncertain",)
    return visible, ()


def _reach(inner: Frame, outer: Frame) -> float:
    """How far a box leaves another one; negative where it doesn't."""
    return max(
        outer.left - inner.left,
        outer.top - inner.top,
        inner.right - outer.right,
        inner.bottom - outer.bottom,
    )
