"""A picture with known things in it, drawn small: a yard with a shed, a ladder and a hatch."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from standin.truth import Picture, read_truth

WIDTH, HEIGHT = 800, 600
SHED = [[100, 100], [400, 100], [400, 400], [100, 400]]
WINDOW = [[200, 200], [300, 200], [300, 300], [200, 300]]
LADDER = [[600, 50], [640, 50], [640, 550], [600, 550]]

TRUTH: dict[str, Any] = {
    "pictures": [
        {
            "file": "yard.png",
            "objects": {
                "shed": {
                    "label": {"en": "shed", "de": "Schuppen"},
                    "polygons": [{"outline": SHED, "holes": [WINDOW]}],
                },
                "ladder": {"label": "ladder", "polygons": [{"outline": LADDER}]},
            },
            "questions": [
                {"text": {"en": "the shed", "de": "der Schuppen"}, "objects": ["shed"]},
                {"text": "everything", "objects": ["ladder", "shed"]},
                {"text": "the car", "objects": []},
            ],
        }
    ]
}


def yard(seed: int = 1) -> Image.Image:
    """The yard, its ground strewn with stones that tell each part of it from every other."""
    rng = np.random.default_rng(seed)
    image = Image.new("RGB", (WIDTH, HEIGHT), (150, 140, 120))
    pen = ImageDraw.Draw(image)
    for x, y, size, tone in rng.integers((0, 0, 4, 60), (WIDTH, HEIGHT, 26, 240), (500, 4)):
        corners = [(x, y), (x + size, y + size // 3), (x + size // 2, y + size)]
        pen.polygon([(int(a), int(b)) for a, b in corners], fill=(int(tone),) * 3)
    pen.polygon([(x, y) for x, y in LADDER], outline=(90, 50, 20), width=6)
    pen.polygon([(x, y) for x, y in SHED], outline=(80, 20, 20), width=8)
    return image


def jpeg(image: Image.Image, size: tuple[int, int] | None = None) -> bytes:
    """As a client sends it: shrunk, and compressed."""
    file = io.BytesIO()
    (image.resize(size, Image.Resampling.LANCZOS) if size else image).save(file, "JPEG", quality=80)
    return file.getvalue()


def known(folder: Path, truth: Any = TRUTH) -> tuple[Picture, ...]:
    """The truth, read from a folder that holds it."""
    yard().save(folder / "yard.png")
    (folder / "truth.json").write_text(json.dumps(truth), encoding="utf-8")
    return read_truth(folder)
