"""The truth about a photo, drawn on its own pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from assessment.core.masks import Patch, covered
from assessment.evaluation.case import Drawing, MaskFile, Runs, Shape

Mask = NDArray[np.bool_]
MOST_VALUES = 8
"""A mask of more values than that is a picture, or was stored with loss."""


class TruthError(ValueError):
    """The truth of a case can't be used; the message is a sentence."""


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """What a photo shows of what is asked: masks (height, width) of what is to be found, of what
    doesn't count, and of what only looks like it. `things` are None where nobody counted them."""

    target: Mask
    ignored: Mask
    look_alike: Mask
    things: tuple[Patch, ...] | None = None


def truth_of(told: Drawing | MaskFile, width: int, height: int) -> Truth:
    """The truth on the pixels of an upright photo of that size. Raises TruthError."""
    if isinstance(told, MaskFile):
        return _of_file(told, width, height)
    return _of_shapes(told, width, height)


def mask_of_runs(runs: Runs) -> Mask:
    """The mask (height, width) that runs spell.

    >>> mask_of_runs(Runs((1, 2, 3), 2, 3)).astype(int).tolist()
    [[0, 1, 0], [1, 0, 0]]
    """
    inside = np.arange(len(runs.lengths)) % 2 == 1
    cells = np.repeat(inside, runs.lengths)
    return np.ascontiguousarray(cells.reshape(runs.width, runs.height).T)


def patches_mask(patches: tuple[Patch, ...], width: int, height: int) -> Mask:
    """All patches on one mask (height, width).

    >>> patches_mask((Patch(1, 0, np.ones((1, 2), np.bool_)),), 4, 2).astype(int).tolist()
    [[0, 1, 1, 0], [0, 0, 0, 0]]
    """
    mask = np.zeros((height, width), np.bool_)
    for patch in patches:
        _window(mask, patch)[patch.cells] = True
    return mask


def _of_file(told: MaskFile, width: int, height: int) -> Truth:
    try:
        with Image.open(told.path) as picture:
            labels = np.asarray(picture.convert("L"))
    except (OSError, Image.DecompressionBombError, SyntaxError):
        raise TruthError(f"Its mask {told.path.name} can't be read.") from None
    _check_size(labels.shape[1], labels.shape[0], width, height)
    values = np.unique(labels).tolist()
    highest = values[-1]
    if len(values) > MOST_VALUES or highest not in (0, 1, 255):
        some = ", ".join(map(str, values[:MOST_VALUES]))
        raise TruthError(
            f"Its mask {told.path.name} holds {len(values)} values ({some}); a mask marks what is "
            f"asked for by 255 and has at most {MOST_VALUES} values."
        )
    target = labels == max(highest, 1)
    return Truth(target, np.zeros_like(target), (labels > 0) & ~target)


def _of_shapes(told: Drawing, width: int, height: int) -> Truth:
    patches = [(shape, _patch(shape, width, height)) for shape in told.shapes]
    target, ignored = np.zeros((2, height, width), np.bool_)
    # The larger first: what lies on it is drawn over it.
    for shape, patch in sorted(patches, key=lambda pair: -int(pair[1].cells.sum())):
        _window(target, patch)[patch.cells] = not shape.ignored
        _window(ignored, patch)[patch.cells] = shape.ignored
    things = tuple(patch for shape, patch in patches if not shape.ignored and patch.cells.any())
    return Truth(target, ignored, np.zeros_like(target), things if told.counted else None)


def _patch(shape: Shape, width: int, height: int) -> Patch:
    if isinstance(shape.drawn, Runs):
        _check_size(shape.drawn.width, shape.drawn.height, width, height)
        return _trimmed(mask_of_runs(shape.drawn))
    parts = tuple(covered([ring], width, height) for ring in shape.drawn)
    if len(parts) == 1:
        return parts[0]
    return _trimmed(patches_mask(parts, width, height))


def _trimmed(mask: Mask) -> Patch:
    """A mask without the empty rows and columns around it."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not rows.size:
        return Patch(0, 0, np.zeros((0, 0), np.bool_))
    top, left = int(rows[0]), int(columns[0])
    return Patch(left, top, mask[top : int(rows[-1]) + 1, left : int(columns[-1]) + 1].copy())


def _window(mask: Mask, patch: Patch) -> Mask:
    rows, columns = patch.cells.shape
    return mask[patch.top : patch.top + rows, patch.left : patch.left + columns]


def _check_size(across: int, down: int, width: int, height: int) -> None:
    if (across, down) != (width, height):
        raise TruthError(
            f"Its mask has {across} by {down} pixels, the upright photo {width} by {height}."
        )
