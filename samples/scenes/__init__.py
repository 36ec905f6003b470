"""Photos of an insurance file that are drawn, with questions of every kind in four languages.

What each question means is known as polygons, so that the way from a question to its findings can
be measured without a model: `python -m samples.scenes FOLDER` writes photos, truth and a dataset.
"""

from __future__ import annotations

from samples.scenes.car import car
from samples.scenes.front import front
from samples.scenes.office import office
from samples.scenes.scene import LANGUAGES, Question, Scene, Thing, Words
from samples.scenes.slope import slope
from samples.scenes.street import street

__all__ = ["LANGUAGES", "Question", "Scene", "Thing", "Words", "draw_scenes"]


def draw_scenes(seed: int = 7) -> tuple[Scene, ...]:
    """Draw all scenes; the same seed draws the same pictures."""
    return tuple(scene(seed) for scene in (street, front, slope, car, office))
