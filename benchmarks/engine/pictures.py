"""Photos to ask about."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image

WIDTH, HEIGHT = 1024, 768
GRAIN = 6.0

CHANCE = np.random.default_rng(1)


def picture() -> bytes:
    """A photo of plaster, another one each time, as large as the copy that a model is sent."""
    grain = CHANCE.normal(0, GRAIN, (HEIGHT, WIDTH, 1)) + np.array([190.0, 185.0, 175.0])
    file = BytesIO()
    Image.fromarray(grain.clip(0, 255).astype(np.uint8)).save(file, "JPEG", quality=90)
    return file.getvalue()
