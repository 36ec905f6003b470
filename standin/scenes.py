"""The scenes that Eaves draws, as a truth to answer from."""

from __future__ import annotations

from samples.scenes import draw_scenes
from samples.scenes.export import truth_document
from standin.truth import Picture, truth_of


def drawn_truth(seed: int = 7) -> tuple[Picture, ...]:
    """What is true of the scenes that are drawn with this seed."""
    scenes = draw_scenes(seed)
    pictures = {scene.name: scene.jpeg for scene in scenes}
    return truth_of(truth_document(scenes), pictures.__getitem__)
