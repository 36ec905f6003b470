"""Undamaged surfaces, drawn: what an engine must not take for damage. RGB as floats, 0..255."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Picture = NDArray[np.float32]
WIDTH, HEIGHT = 1024, 768


def as_jpeg(picture: Picture, seed: int) -> bytes:
    """The picture as a camera takes it: uneven light, a lens's blur, noise."""
    rng = np.random.default_rng([seed, 9])
    rows, columns = np.mgrid[-1 : 1 : HEIGHT * 1j, -1 : 1 : WIDTH * 1j].astype(np.float32)
    light = 1.02 - 0.06 * columns - 0.04 * rows - 0.05 * (rows**2 + columns**2)
    lit = cv2.GaussianBlur(picture * light[..., None], (0, 0), 0.7)
    noisy = lit + rng.normal(0, 2, (HEIGHT, WIDTH, 1))
    file = BytesIO()
    pixels = np.clip(np.rint(noisy), 0, 255).astype(np.uint8)
    Image.fromarray(pixels).save(file, "JPEG", quality=92)
    return file.getvalue()


def plaster(rng: np.random.Generator) -> Picture:
    """Roughcast: bumps of a few pixels, lit from one side."""
    bumps = _clouds(rng, 5) + 0.5 * _clouds(rng, 2.5)
    lit = cv2.Sobel(bumps, cv2.CV_32F, 1, 0) + cv2.Sobel(bumps, cv2.CV_32F, 0, 1)
    return np.asarray(_plain((205, 198, 186)) + (9 * lit / lit.std())[..., None], np.float32)


def concrete(rng: np.random.Generator) -> Picture:
    """Cast in a mould: cloudy, with pores."""
    picture = _plain((168, 168, 164)) + (4 * _clouds(rng, 60) + 3 * _clouds(rng, 3))[..., None]
    for x, y, size in zip(
        rng.integers(0, WIDTH, 150),
        rng.integers(0, HEIGHT, 150),
        rng.gamma(2, 0.8, 150),
        strict=True,
    ):
        centre = (int(x), int(y))
        cv2.circle(picture, centre, max(1, round(size)), (80, 80, 78), cv2.FILLED, cv2.LINE_AA)
    return np.asarray(picture, np.float32)


def brick(rng: np.random.Generator) -> Picture:
    """Stretcher bond with light joints."""
    picture = _plain((188, 182, 172))
    for course, top in enumerate(range(0, HEIGHT, 44)):
        for left in range(-64 * (course % 2), WIDTH, 128):
            tone = np.array((158, 84, 66)) + rng.normal(0, 7)
            corners = (left + 4, top + 4), (left + 123, top + 39)
            cv2.rectangle(picture, *corners, tuple(tone.tolist()), cv2.FILLED)
    return np.asarray(picture + (6 * _clouds(rng, 4))[..., None], np.float32)


def shingles(rng: np.random.Generator) -> Picture:
    """Asphalt shingles: tabs of slightly different greys, slots, and the shade of each course."""
    picture = _plain((92, 92, 96))
    for course, top in enumerate(range(0, HEIGHT, 48)):
        for left in range(-(36 * (course % 2)), WIDTH, 72):
            tone = np.array((98, 97, 100)) + rng.normal(0, 5)
            corners = (left + 2, top), (left + 69, top + 47)
            cv2.rectangle(picture, *corners, tuple(tone.tolist()), cv2.FILLED)
        picture[top + 44 : top + 48] *= 0.7
    return np.asarray(picture + (9 * _clouds(rng, 1.5))[..., None], np.float32)


def car_paint(rng: np.random.Generator) -> Picture:
    """A door: a horizon reflected in a curved panel, darker below it, and fine metal flakes."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    horizon = HEIGHT * 0.45 + 40 * np.sin(columns / WIDTH * 2)
    mirrored = 1 / (1 + np.exp((rows - horizon) / 60))
    tone = 60 * mirrored + 1.5 * _clouds(rng, 1.5)
    return np.asarray(_plain((120, 24, 30)) + tone[..., None], np.float32)


def sky(rng: np.random.Generator) -> Picture:
    """Blue, paler towards the horizon, with soft clouds."""
    rows = np.linspace(0, 1, HEIGHT, dtype=np.float32)[:, None, None]
    clear = _plain((70, 120, 200)) * (1 - rows) + _plain((190, 210, 230)) * rows
    cover = np.clip(_clouds(rng, 130) + 0.5 * _clouds(rng, 50) - 0.6, 0, 1)[..., None]
    return np.asarray(clear * (1 - cover) + 245 * cover, np.float32)


SURFACES: Mapping[str, Callable[[np.random.Generator], Picture]] = {
    drawn.__name__: drawn for drawn in (plaster, concrete, brick, shingles, car_paint, sky)
}


def _plain(colour: tuple[float, float, float]) -> Picture:
    return np.full((HEIGHT, WIDTH, 3), colour, np.float32)


def _clouds(rng: np.random.Generator, size: float) -> NDArray[np.float32]:
    """Smooth chance of unit deviation whose patches are about so many pixels."""
    coarse = rng.standard_normal((int(HEIGHT / size) + 4, int(WIDTH / size) + 4))
    fine = cv2.resize(coarse.astype(np.float32), (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    return np.asarray((fine - fine.mean()) / fine.std(), np.float32)
