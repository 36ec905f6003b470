"""Undamaged surfaces: whatever the local engine is asked about them, it marks nothing."""

from __future__ import annotations

import numpy as np
import pytest

from assessment.engines.base import EngineRefusedError, Request
from assessment.engines.local import LocalEngine
from tests.engines.surfaces import HEIGHT, SURFACES, WIDTH, as_jpeg

QUESTIONS = ("cracks", "missing shingles", "water stains", "storm damage", "blue tarpaulins")


def _answers(surface: str) -> dict[str, object]:
    """What is marked for each question, None where it is refused."""
    photo = as_jpeg(SURFACES[surface](np.random.default_rng(1)), 1)
    engine, answers = LocalEngine(), dict[str, object]()
    for question in QUESTIONS:
        try:
            answer = engine.ask(Request(photo, WIDTH, HEIGHT, question))
            answers[question] = engine.read(answer.text, WIDTH, HEIGHT).detections
        except EngineRefusedError:
            answers[question] = None
    return answers


@pytest.mark.parametrize("surface", SURFACES)
def test_nothing_is_marked_on_an_undamaged_surface(surface):
    assert not any(_answers(surface).values())


@pytest.mark.parametrize("surface", ["plaster", "concrete"])
def test_walls_are_judged_and_only_debris_is_refused(surface):
    refused = [question for question, found in _answers(surface).items() if found is None]
    assert refused == ["storm damage"]
