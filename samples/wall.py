"""A rendered wall with a settlement crack."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from assessment.core.vocabulary import DamageType
from samples import paint
from samples.sample import Sample, as_jpeg

PX_PER_M = 800.0
RENDER: paint.Colour = (206, 195, 176)
CRACK: paint.Colour = (62, 54, 47)
STEP = 9.0
"""Length of one straight piece of a crack, px: about as coarse as the sand in the render."""
SUBPIXEL_BITS = 4

Path = NDArray[np.float64]


def cracked_wall(seed: int) -> Sample:
    """Draw the wall; the truth is the open crack with its two branches."""
    rng = np.random.default_rng([seed, 2])
    share = _crack(rng)
    picture = _render(rng)
    picture = paint.shade(picture, _lips(share))
    picture = paint.blend(picture, paint.plain(CRACK), share)
    staff = paint.Staff(180, 1080, 1.0, PX_PER_M)
    paint.lay_staff(picture, staff)
    truth = np.asarray(share >= 0.5, np.bool_)
    return Sample(
        name="wall-crack.jpg",
        title="Rendered wall, settlement crack",
        jpeg=as_jpeg(paint.photograph(picture, rng)),
        width=paint.WIDTH,
        height=paint.HEIGHT,
        question="cracks in the wall",
        damage_type=DamageType.CRACK,
        truth=truth,
        truth_m2=float(truth.sum()) / PX_PER_M**2,
        reference_line=staff.line,
        length_m=staff.length_m,
    )


def _render(rng: np.random.Generator) -> paint.Picture:
    rough = paint.relief(paint.grain(rng, (10, 5, 2.5)))
    weather = 4 * paint.clouds(rng, 300) + 2 * paint.clouds(rng, 80)
    return paint.shade(paint.plain(RENDER), 7 * rough + weather)


def _crack(rng: np.random.Generator) -> paint.Tone:
    """How much of each pixel is open crack, 0..1."""
    trunk = _walk(rng, start=(130.0, 150.0), heading=0.52, length=1500.0)
    share = np.zeros((paint.HEIGHT, paint.WIDTH), np.uint8)
    _open(share, trunk, widest=7.0)
    for at, turn, length in ((0.35, -0.9, 420.0), (0.6, 0.9, 380.0)):
        start = trunk[int(at * len(trunk))]
        branch = _walk(rng, start=(start[0], start[1]), heading=0.52 + turn, length=length)
        _open(share, branch, widest=4.5)
    return np.asarray(cv2.GaussianBlur(share, (0, 0), 0.5) / 255, np.float32)


def _walk(
    rng: np.random.Generator, start: tuple[float, float], heading: float, length: float
) -> Path:
    """Points (n, 2) of a line that wanders about its heading and keeps coming back to it."""
    count = int(length / STEP)
    wander = np.zeros(count)
    for step in range(1, count):
        wander[step] = 0.8 * wander[step - 1] + rng.normal(0, 0.28)
    angles = heading + wander
    steps = np.column_stack([np.cos(angles), np.sin(angles)]) * STEP
    return np.asarray(np.array(start) + np.cumsum(steps, axis=0), np.float64)


def _open(share: NDArray[np.uint8], path: Path, widest: float) -> None:
    """Draw a crack along the path, widest a third of the way and closed at its end."""
    way = np.linspace(0, 1, len(path))
    widths = np.maximum(widest * np.minimum(0.5 + 1.5 * way, (1 - way) * 1.5), 1.2)
    for here, there, width in zip(path[:-1], path[1:], widths, strict=False):
        side = np.array([here[1] - there[1], there[0] - here[0]]) / STEP * width / 2
        overlap = (there - here) * 0.15
        begin, end = here - overlap, there + overlap
        corners = np.array([begin + side, end + side, end - side, begin - side])
        fixed = np.rint(corners * 2**SUBPIXEL_BITS).astype(np.int32)
        cv2.fillConvexPoly(share, fixed, (255,), cv2.LINE_AA, SUBPIXEL_BITS)


def _lips(share: paint.Tone) -> paint.Tone:
    """The lower lip of the crack catches the light, the upper one loses it."""
    soft = cv2.GaussianBlur(share, (0, 0), 1.5)
    return np.asarray(14 * (np.roll(soft, 4, axis=0) - np.roll(soft, -4, axis=0)), np.float32)
