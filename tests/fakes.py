"""An engine that answers what a test tells it to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from assessment.core.detection import Box, Detection
from assessment.core.vocabulary import AnswerForm
from assessment.engines.base import Answer, EngineError, Reading, Request, Usage


class FakeEngine:
    """Answers one square finding of 100 x 100 pixels; counts how often it was asked."""

    name = "fake"
    model = "fake-1"
    second_model = ""
    varies = True
    prompt_version = "fake-prompt-1"
    wants_full_size = False

    def __init__(self) -> None:
        self.examples: tuple[str, ...] = ()
        self.asked = 0
        self.before_answer: Callable[[], None] = lambda: None
        self.errors: list[EngineError] = []
        self.detections: tuple[Detection, ...] = (square(),)
        self.lost: tuple[str, ...] = ()
        self.bounds: Mapping[str, Usage] = {}

    def billed_at_most(self, request: Request) -> Mapping[str, Usage]:
        return self.bounds

    def ask(self, request: Request) -> Answer:
        self.asked += 1
        self.before_answer()
        if self.errors:
            raise self.errors.pop(0)
        return Answer("fake answer", self.model, "fake-1-served", Usage(7, 11))

    def read(self, text: str, width: int, height: int) -> Reading:
        return Reading(self.detections, self.lost)

    def close(self) -> None:
        """Nothing is held open."""


def square(left: float = 50, top: float = 50, side: float = 100, **more: Any) -> Detection:
    """A polygon detection: a square, upright."""
    box = Box(left, top, left + side, top + side)
    ring = np.array(
        [
            (box.left, box.top),
            (box.right, box.top),
            (box.right, box.bottom),
            (box.left, box.bottom),
        ]
    )
    fields: dict[str, Any] = {"label": "crack in plaster", **more}
    return Detection(box=box, mask=(ring,), form=AnswerForm.POLYGON, **fields)


def hairline(**more: Any) -> Detection:
    """A polygon detection two pixels wide: no area of it is sure enough to be printed."""
    long = Box(50, 50, 250, 52)
    ring = np.array([(50, 50), (250, 50), (250, 52), (50, 52)], np.float64)
    fields: dict[str, Any] = {"label": "crack in plaster", **more}
    return Detection(box=long, mask=(ring,), form=AnswerForm.POLYGON, **fields)
