"""A painted ceiling with a water stain."""

from __future__ import annotations

import cv2
import numpy as np

from assessment.core.vocabulary import DamageType
from samples import paint
from samples.sample import Sample, as_jpeg

PX_PER_M = 500.0
PAINT: paint.Colour = (226, 222, 214)
STAIN: paint.Colour = (160, 118, 62)
STRENGTH = 0.55
"""How much of the stain's own colour its darkest part has."""
CENTRE = (0.57, 0.42)
RADIUS = 270.0
"""Mean radius of the stain, px; its outline wanders by a fifth of that."""
SOFT = 16.0
"""Distance over which the stain fades, px."""
CORNICE = 96
"""Height of the moulding along the upper edge of the picture, px."""


def stained_ceiling(seed: int) -> Sample:
    """Draw the ceiling; the truth is where the stain has half its depth or more."""
    rng = np.random.default_rng([seed, 3])
    depth = _depth(rng)
    picture = paint.blend(_ceiling(rng), paint.plain(STAIN), STRENGTH * depth)
    _cornice(picture)
    staff = paint.Staff(140, 1060, 1.0, PX_PER_M)
    paint.lay_staff(picture, staff)
    truth = np.asarray(depth >= 0.5, np.bool_)
    return Sample(
        name="ceiling-water-stain.jpg",
        title="Ceiling below a leak, water stain",
        jpeg=as_jpeg(paint.photograph(picture, rng)),
        width=paint.WIDTH,
        height=paint.HEIGHT,
        question="water stain on the ceiling",
        damage_type=DamageType.STAIN,
        truth=truth,
        truth_m2=float(truth.sum()) / PX_PER_M**2,
        reference_line=staff.line,
        length_m=staff.length_m,
    )


def _depth(rng: np.random.Generator) -> paint.Tone:
    """The stain's depth, 0..1: a soft outline, a darker tide mark inside it, paler within."""
    rows, columns = np.mgrid[: paint.HEIGHT, : paint.WIDTH].astype(np.float32)
    x, y = CENTRE[0] * paint.WIDTH, CENTRE[1] * paint.HEIGHT
    outline = RADIUS * (1 + 0.15 * paint.clouds(rng, 230) + 0.04 * paint.clouds(rng, 60))
    inside = (outline - np.hypot((columns - x) * 0.8, rows - y)) / SOFT
    edge = 1 / (1 + np.exp(-2 * np.clip(inside, -20, 20)))
    tide = np.exp(-((inside - 2) ** 2) / 3)
    second = np.exp(-((inside - 8) ** 2) / 8)
    body = 0.66 + 0.34 * tide + 0.12 * second + 0.03 * paint.clouds(rng, 90)
    return np.asarray(np.clip(edge * body, 0, 1), np.float32)


def _ceiling(rng: np.random.Generator) -> paint.Picture:
    """Rolled paint over plasterboard, with the faint band of one filled joint."""
    rolled = paint.relief(paint.grain(rng, (5, 3)))
    joint = np.exp(-(((np.arange(paint.HEIGHT) - 820) / 28) ** 2)).astype(np.float32)
    tone = 1.6 * rolled + 1.2 * paint.clouds(rng, 400) - 1.5 * joint[:, None]
    return paint.shade(paint.plain(PAINT), np.asarray(tone, np.float32))


def _cornice(picture: paint.Picture) -> None:
    """A white plaster moulding: a row of rounds and flats, each with its own light."""
    rows = np.arange(CORNICE, dtype=np.float32)
    profile = 232 + 10 * np.sin(rows / CORNICE * 14) - 26 * (np.abs(rows % 32 - 30) < 2)
    picture[:CORNICE] = profile[:, None, None] * np.array((1, 0.99, 0.97), np.float32)
    fall = np.linspace(0.72, 1, 26, dtype=np.float32)[:, None, None]
    picture[CORNICE : CORNICE + 26] *= fall
    cv2.line(picture, (0, CORNICE), (paint.WIDTH, CORNICE), (150, 146, 138), 2)
