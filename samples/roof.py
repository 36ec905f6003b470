"""A slope of asphalt shingles after a storm, some of them gone."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from assessment.core.vocabulary import DamageType
from samples import paint
from samples.sample import Sample, as_jpeg

PX_PER_M = 230.0
COURSE, TAB = 33, 70
"""A three-tab shingle shows 143 mm of each course and is cut each 305 mm; in px."""
SLOT, LAP_SHADOW = 3, 5
"""Width of the cut between tabs and of the shadow below each course, px."""
GRANULES: tuple[paint.Colour, ...] = ((104, 96, 90), (122, 112, 102), (92, 88, 88))
DECK: paint.Colour = (196, 164, 118)
GAPS = ((0.30, 0.36, 0.13), (0.70, 0.27, 0.08), (0.62, 0.67, 0.10))
"""Where shingles are gone: centre and size as shares of the width and height."""
GUTTER = 1130
"""Row at which the gutter begins."""


@dataclass(frozen=True, slots=True, eq=False)
class _Courses:
    """Which tab each pixel belongs to, and where in its tab it lies."""

    row: NDArray[np.int64]
    column: NDArray[np.int64]
    from_top: NDArray[np.int64]
    from_left: NDArray[np.int64]


def missing_shingles(seed: int) -> Sample:
    """Draw the slope; the truth is the tabs that are gone."""
    rng = np.random.default_rng([seed, 1])
    courses = _courses(rng)
    gone = _gone(courses, rng)
    gone[GUTTER:] = False
    picture = paint.blend(_shingles(courses, rng), _deck(gone, rng), gone.astype(np.float32))
    _gutter(picture)
    staff = paint.Staff(240, 990, 2.0, PX_PER_M)
    paint.lay_staff(picture, staff)
    return Sample(
        name="roof-missing-shingles.jpg",
        title="Roof slope, shingles gone after a storm",
        jpeg=as_jpeg(paint.photograph(picture, rng)),
        width=paint.WIDTH,
        height=paint.HEIGHT,
        question="missing shingles on the roof slope",
        damage_type=DamageType.MISSING_COVERING,
        truth=gone,
        truth_m2=float(gone.sum()) / PX_PER_M**2,
        reference_line=staff.line,
        length_m=staff.length_m,
    )


def _courses(rng: np.random.Generator) -> _Courses:
    rows, columns = np.mgrid[: paint.HEIGHT, : paint.WIDTH]
    row = rows // COURSE
    starts = np.arange(row.max() + 1) % 2 * (TAB // 2) + rng.integers(-3, 4, row.max() + 1)
    shifted = columns + starts[row] + TAB
    return _Courses(row, shifted // TAB, rows % COURSE, shifted % TAB)


def _gone(courses: _Courses, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Whole tabs, those whose middle lies in one of the torn patches."""
    x = (courses.column - 0.5 - courses.row % 2 / 2) * TAB / paint.WIDTH
    y = (courses.row + 0.5) * COURSE / paint.HEIGHT
    ragged = rng.uniform(0.75, 1.25, (courses.row.max() + 1, courses.column.max() + 1))
    gone = np.zeros(x.shape, np.bool_)
    for across, down, size in GAPS:
        gone |= np.hypot(x - across, (y - down) * 0.9) < size * ragged[courses.row, courses.column]
    return gone


def _shingles(courses: _Courses, rng: np.random.Generator) -> paint.Picture:
    shape = (courses.row.max() + 1, courses.column.max() + 1)
    blend = np.array(GRANULES, np.float32)[rng.integers(0, len(GRANULES), shape)]
    blend += rng.normal(0, 4, (*shape, 1)).astype(np.float32)
    picture = blend[courses.row, courses.column]
    picture = paint.shade(picture, 7 * paint.grain(rng, (2, 4)) + 4 * paint.clouds(rng, 240))
    lap = np.where(courses.from_top < LAP_SHADOW, 0.45 + 0.1 * courses.from_top, 1)
    slot = np.where(courses.from_left < SLOT, 0.5, 1)
    return np.asarray(picture * (lap * slot)[..., None], np.float32)


def _deck(gone: NDArray[np.bool_], rng: np.random.Generator) -> paint.Picture:
    """Plywood, its veins along the sheet, in the shadow of the course above."""
    veins = cv2.GaussianBlur(paint.clouds(rng, 3), (0, 0), sigmaX=24, sigmaY=0.8)
    picture = paint.shade(paint.plain(DECK), 7 * veins / veins.std() + 3 * paint.clouds(rng, 60))
    rows = np.arange(paint.HEIGHT)
    picture[rows % 280 < 3] *= 0.55
    covered = (~gone).astype(np.float32)
    cast = np.roll(cv2.blur(covered, (5, 11)), (4, 2), axis=(0, 1))
    return np.asarray(picture * (1 - 0.5 * np.minimum(cast * 1.4, 1))[..., None], np.float32)


def _gutter(picture: paint.Picture) -> None:
    """A white gutter along the lower edge, rounded by its own shading."""
    height = paint.HEIGHT - GUTTER
    across = np.linspace(0, 1, height, dtype=np.float32)
    tone = 205 - 70 * (across - 0.25) ** 2 - 60 * (across > 0.86)
    picture[GUTTER:] = tone[:, None, None] * np.array((1, 1, 0.98), np.float32)
    picture[GUTTER - 8 : GUTTER] *= np.linspace(1, 0.4, 8, dtype=np.float32)[:, None, None]
