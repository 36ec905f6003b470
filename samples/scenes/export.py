"""Scenes as files: what the stand-in answers from, and a dataset to evaluate an engine on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from samples.scenes.scene import Question, Scene, Thing
from samples.scenes.shapes import Polygon

Json = dict[str, Any]

TRUTH, ITEMS, MASKS = "truth.json", "items.json", "masks"


def truth_document(scenes: Sequence[Scene]) -> Json:
    """What is true of the scenes, as `python -m standin --truth` reads it (docs/standin.md)."""
    return {"pictures": [_picture(scene) for scene in scenes]}


def write_scenes(folder: Path, scenes: Sequence[Scene]) -> None:
    """Write photos, truth.json, and items.json with its masks for `evaluate --format converseg`.

    Raises OSError.
    """
    (folder / MASKS).mkdir(parents=True, exist_ok=True)
    for scene in scenes:
        (folder / scene.name).write_bytes(scene.jpeg)
        for number, question in enumerate(scene.questions, start=1):
            mask = np.where(scene.truth(question), np.uint8(255), np.uint8(0))
            Image.fromarray(mask).save(folder / _mask_name(scene, number))
    items = [item for scene in scenes for item in _items(scene)]
    _write(folder / TRUTH, truth_document(scenes))
    _write(folder / ITEMS, {"items": items})


def _items(scene: Scene) -> Iterator[Json]:
    for number, question in enumerate(scene.questions, start=1):
        for language, text in question.words.in_each().items():
            yield {
                "id": f"{Path(scene.name).stem}-{number}-{language}",
                "image": scene.name,
                "mask": _mask_name(scene, number),
                "prompt": text,
                "concept": question.kind.value,
                "language": language,
            }


def _mask_name(scene: Scene, number: int) -> str:
    return f"{MASKS}/{Path(scene.name).stem}-{number}.png"


def _picture(scene: Scene) -> Json:
    return {
        "file": scene.name,
        "objects": {name: _object(thing) for name, thing in scene.things.items()},
        "questions": [_question(question) for question in scene.questions],
    }


def _object(thing: Thing) -> Json:
    return {
        "label": thing.label.in_each(),
        "polygons": [_polygon(polygon) for polygon in thing.polygons],
    }


def _polygon(polygon: Polygon) -> Json:
    return {"outline": polygon.outline, "holes": polygon.holes}


def _question(question: Question) -> Json:
    return {
        "kind": question.kind.value,
        "text": question.words.in_each(),
        "objects": question.means,
    }


def _write(path: Path, document: Json) -> None:
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
