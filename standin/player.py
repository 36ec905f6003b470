"""How the stand-in plays its part: what it knows, how fast and how well it answers or fails."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from assessment.core.vocabulary import AnswerForm
from standin.asked import Asked
from standin.chance import Chance
from standin.faults import Faults
from standin.memory import Memory
from standin.noise import Noise
from standin.sight import look
from standin.spelling import PLACEHOLDER, form_of, spell
from standin.steps import Act, Step
from standin.truth import Picture


@dataclass(frozen=True, slots=True)
class Manner:
    """How answers are given: after how many seconds (at least and at most), how far from the
    truth, and how often they fail. The same seed gives the same answers to the same requests."""

    latency: tuple[float, float] = (0.0, 0.0)
    noise: Noise = field(default_factory=Noise)
    faults: Faults = field(default_factory=Faults)
    seed: int = 0


class Player:
    """Answers from a truth, or from what stands out in a picture where there is none."""

    def __init__(self, truth: Sequence[Picture], manner: Manner) -> None:
        self._memory = Memory(truth) if truth else None
        self._manner = manner
        self._chance = Chance(manner.seed)

    def step(self, step: Step, path: str, body: Any) -> Step:
        """The step for a request: a fault in place of an answer when one is drawn, and later."""
        if step.do is not Act.LOOK or not (self._manner.faults.rate or any(self._manner.latency)):
            return step
        rng = self._chance.draw(b"step", path.encode(), json.dumps(body).encode())
        fault = self._manner.faults.drawn(rng)
        played = step if fault is None else fault
        return replace(played, wait=played.wait + rng.uniform(*self._manner.latency))

    def text(self, asked: Asked, mask: str | None = None) -> str:
        """What the model says of the picture, `mask` in place of each mask.

        Raises UnreadableImageError.
        """
        form = form_of(asked.served, asked.question)
        is_json = asked.generation.is_json
        if is_json and form is AnswerForm.MASK:
            mask = mask or PLACEHOLDER
        if self._memory is None:
            return spell(look(asked.image), form, mask=mask, fenced=not is_json)
        regions = self._memory.regions(asked.image, asked.question)
        rng = self._chance.draw(b"noise", asked.image, asked.question.encode())
        seen = self._manner.noise.over(regions, rng)
        return spell(seen, form, mask=mask, fenced=not is_json)
