"""The undamaged front of a house: siding, two windows, a door."""

from __future__ import annotations

import cv2
import numpy as np

from assessment.core.vocabulary import DamageType
from samples import paint
from samples.sample import Sample, as_jpeg

PX_PER_M = 240.0
SIDING: paint.Colour = (158, 172, 178)
TRIM: paint.Colour = (238, 238, 234)
BOARD = 29
"""A lap board shows 120 mm; in px."""
EAVE, FOUNDATION, LAWN = 70, 1030, 1110
"""Rows at which the wall begins and ends, and the lawn begins."""
FRAME = 14
"""Width of the trim around an opening, px."""
WINDOWS = ((190, 320, 470, 690), (1130, 320, 1410, 690))
DOOR = (690, 390, 910, 1030)
"""Openings as left, top, right, bottom, px."""

Opening = tuple[int, int, int, int]


def sound_elevation(seed: int) -> Sample:
    """Draw the front of the house; nothing is damaged, the truth is empty."""
    rng = np.random.default_rng([seed, 4])
    picture = _siding(rng)
    for window in WINDOWS:
        _window(picture, window, rng)
    _door(picture, DOOR)
    _eave(picture)
    _ground(picture, rng)
    staff = paint.Staff(120, 960, 2.0, PX_PER_M)
    paint.lay_staff(picture, staff)
    return Sample(
        name="elevation-undamaged.jpg",
        title="Front elevation, no damage",
        jpeg=as_jpeg(paint.photograph(picture, rng)),
        width=paint.WIDTH,
        height=paint.HEIGHT,
        question="missing siding on the wall",
        damage_type=DamageType.MISSING_COVERING,
        truth=np.zeros((paint.HEIGHT, paint.WIDTH), np.bool_),
        truth_m2=0.0,
        reference_line=staff.line,
        length_m=staff.length_m,
    )


def _siding(rng: np.random.Generator) -> paint.Picture:
    boards = np.arange(paint.HEIGHT) // BOARD
    tones = rng.normal(0, 1.5, boards.max() + 1).astype(np.float32)[boards]
    within = (np.arange(paint.HEIGHT) % BOARD / BOARD).astype(np.float32)
    profile = tones + 7 * (within - 0.5) - 46 * (within > 1 - 3 / BOARD)
    veins = cv2.GaussianBlur(paint.clouds(rng, 2), (0, 0), sigmaX=12, sigmaY=0.6)
    tone = profile[:, None] + 1.8 * veins / veins.std() + 2 * paint.clouds(rng, 300)
    return paint.shade(paint.plain(SIDING), np.asarray(tone, np.float32))


def _frame(picture: paint.Picture, opening: Opening) -> None:
    """Trim around an opening, and the shadow it throws on the siding."""
    left, top, right, bottom = opening
    shadow = np.s_[top - FRAME + 6 : bottom + FRAME + 7, left - FRAME + 6 : right + FRAME + 7]
    picture[shadow] *= 0.72
    corners = (left - FRAME, top - FRAME), (right + FRAME, bottom + FRAME)
    cv2.rectangle(picture, *corners, TRIM, cv2.FILLED)
    cv2.rectangle(picture, (left, top), (right, bottom), (120, 122, 122), cv2.FILLED)


def _window(picture: paint.Picture, opening: Opening, rng: np.random.Generator) -> None:
    left, top, right, bottom = opening
    _frame(picture, opening)
    rows, columns = np.mgrid[top + 3 : bottom, left + 3 : right].astype(np.float32)
    sky = np.clip((rows - top) / (bottom - top), 0, 1)
    glass = np.array((96, 118, 140), np.float32) - sky[..., None] * np.array((58, 62, 66))
    reflex = 22 * np.exp(-(((columns - left) * 0.8 + (rows - top) * 0.6 - 190) ** 2) / 1800)
    trees = 9 * paint.clouds(rng, 50)[top + 3 : bottom, left + 3 : right] * sky
    picture[top + 3 : bottom, left + 3 : right] = glass + (reflex + trees)[..., None]
    _bars(picture, opening)


def _bars(picture: paint.Picture, opening: Opening) -> None:
    """The sash across the middle and one upright bar."""
    left, top, right, bottom = opening
    middle, centre = (top + bottom) // 2, (left + right) // 2
    cv2.rectangle(picture, (left, middle - 8), (right, middle + 8), TRIM, cv2.FILLED)
    cv2.rectangle(picture, (centre - 4, top), (centre + 4, bottom), TRIM, cv2.FILLED)
    picture[middle + 9 : middle + 13, left:right] *= 0.7


def _door(picture: paint.Picture, opening: Opening) -> None:
    left, top, right, bottom = opening
    _frame(picture, opening)
    cv2.rectangle(picture, (left + 3, top + 3), (right - 3, bottom), (122, 46, 40), cv2.FILLED)
    for column in (left + 24, left + 120):
        for row, height in ((top + 30, 160), (top + 220, 190), (top + 440, 160)):
            far = (column + 76, row + height)
            cv2.rectangle(picture, (column, row), far, (96, 34, 30), cv2.FILLED)
            cv2.rectangle(picture, (column + 6, row + 6), far, (132, 54, 47), cv2.FILLED)
    cv2.circle(picture, (right - 18, top + 345), 8, (204, 178, 110), cv2.FILLED, cv2.LINE_AA)


def _eave(picture: paint.Picture) -> None:
    """Soffit and fascia, and their shadow on the wall."""
    picture[:EAVE] = np.array(TRIM, np.float32) * 0.93
    picture[: EAVE // 2] = np.array(TRIM, np.float32)
    picture[EAVE - 6 : EAVE] *= 0.6
    fall = np.linspace(0.62, 1, 60, dtype=np.float32)[:, None, None]
    picture[EAVE : EAVE + 60] *= fall


def _ground(picture: paint.Picture, rng: np.random.Generator) -> None:
    concrete = paint.shade(paint.plain((150, 147, 141)), 5 * paint.grain(rng, (6, 3)))
    picture[FOUNDATION:LAWN] = concrete[FOUNDATION:LAWN]
    picture[FOUNDATION : FOUNDATION + 8] *= 0.6
    blades = cv2.GaussianBlur(paint.clouds(rng, 2), (0, 0), sigmaX=0.7, sigmaY=5)
    tone = 16 * blades / blades.std() + 8 * paint.clouds(rng, 60)
    lawn = paint.shade(paint.plain((86, 112, 54)), np.asarray(tone, np.float32))
    picture[LAWN:] = lawn[LAWN:]
