"""What all sample photos are painted with: grain, relief, light, a lens and a measuring staff.

Pictures are RGB, float32, shape (H, W, 3), 0..255; tones are float32, shape (H, W).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 1600, 1200
LENS_BLUR = 0.6
"""Standard deviation of the blur that every lens adds, px."""
SENSOR_NOISE = 2.0
"""Standard deviation of the noise of a small sensor by day, in steps of brightness."""
STAFF_WIDTH = 30
"""Width of the measuring staff, px."""
STAFF_COLOURS = ((244, 242, 236), (200, 44, 36))
INKS = ((30, 30, 30), (250, 250, 250))

Picture = NDArray[np.float32]
Tone = NDArray[np.float32]
Colour = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Staff:
    """A measuring staff that lies flat in the picture from `left`, `top`, to the right."""

    left: int
    top: int
    length_m: float
    px_per_m: float

    @property
    def line(self) -> tuple[float, float, float, float]:
        """Its upper edge, from the first to the last mark: x1, y1, x2, y2 in pixels."""
        right = self.left + self.length_m * self.px_per_m
        return (float(self.left), float(self.top), right, float(self.top))


def plain(colour: Colour) -> Picture:
    """A picture all of one colour."""
    return np.full((HEIGHT, WIDTH, 3), colour, np.float32)


def clouds(rng: np.random.Generator, size: float) -> Tone:
    """Smooth random tone of unit deviation whose patches are about `size` px."""
    rows, columns = int(HEIGHT / size) + 4, int(WIDTH / size) + 4
    coarse = rng.standard_normal((rows, columns)).astype(np.float32)
    fine = cv2.resize(coarse, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    return np.asarray((fine - fine.mean()) / fine.std(), np.float32)


def grain(rng: np.random.Generator, sizes: tuple[float, ...]) -> Tone:
    """Random tone with patches of several sizes, each half as strong as the one before."""
    return np.asarray(sum(clouds(rng, size) / 2**k for k, size in enumerate(sizes)), np.float32)


def relief(height: Tone) -> Tone:
    """The light on a rough surface whose heights these are, lit from above left."""
    lit = cv2.Sobel(height, cv2.CV_32F, 1, 0) + cv2.Sobel(height, cv2.CV_32F, 0, 1)
    return np.asarray(lit / lit.std(), np.float32)


def shade(picture: Picture, tone: Tone) -> Picture:
    """The picture lighter or darker by that many steps."""
    return np.asarray(picture + tone[..., None], np.float32)


def blend(below: Picture, above: Picture, share: Tone) -> Picture:
    """`above` laid over `below` with that share, 0..1."""
    return np.asarray(below + (above - below) * share[..., None], np.float32)


def photograph(picture: Picture, rng: np.random.Generator) -> Picture:
    """What a camera makes of it: uneven light, darker corners, blur and sensor noise."""
    rows, columns = np.mgrid[-1 : 1 : HEIGHT * 1j, -1 : 1 : WIDTH * 1j].astype(np.float32)
    light = 1.03 - 0.05 * columns - 0.04 * rows - 0.05 * (rows**2 + columns**2)
    lit = cv2.GaussianBlur(picture * light[..., None], (0, 0), LENS_BLUR)
    luma = rng.normal(0, SENSOR_NOISE, (HEIGHT, WIDTH, 1))
    chroma = rng.normal(0, SENSOR_NOISE / 2, (HEIGHT, WIDTH, 3))
    return np.asarray(np.clip(lit + luma + chroma, 0, 255), np.float32)


def lay_staff(picture: Picture, staff: Staff) -> None:
    """Draw the staff into the picture: a field each ten centimetres, a tick each two."""
    board = _board(staff)
    height, width = board.shape[:2]
    top, left = staff.top, staff.left
    picture[top + 3 : top + height + 6, left + 3 : left + width + 4] *= 0.6
    picture[top : top + height, left : left + width] = board


def _board(staff: Staff) -> NDArray[np.uint8]:
    width = round(staff.length_m * staff.px_per_m)
    board = np.zeros((STAFF_WIDTH, width, 3), np.uint8)
    decimetre = staff.px_per_m / 10
    for field in range(round(staff.length_m * 10)):
        left = round(field * decimetre)
        board[:, left : round(left + decimetre)] = STAFF_COLOURS[field % 2]
        for tick in range(5):
            board[:10, round(left + tick * decimetre / 5)] = INKS[0]
        at = (left + 4, STAFF_WIDTH - 6)
        font = cv2.FONT_HERSHEY_SIMPLEX
        cv2.putText(board, str(field + 1), at, font, 0.4, INKS[field % 2], 1, cv2.LINE_AA)
    board[:2] = board[-2:] = INKS[0]
    return board
