"""The scenes that Eaves draws, as a truth to answer from."""

from __future__ import annotations

from collections.abc import Sequence

from samples.scenes import Scene
from samples.scenes.export import truth_document
from standin.truth import Picture, truth_of


def scenes_truth(scenes: Sequence[Scene]) -> tuple[Picture, ...]:
    """What is true of drawn scenes."""
    pictures = {scene.name: scene.jpeg for scene in scenes}
    return truth_of(truth_document(scenes), pictures.__getitem__)
