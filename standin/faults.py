"""A schedule of faults: a share of all requests fails, in ways weighted against each other.

It is a JSON object: `rate` from 0 to 1, and `faults`, a list of steps as in a script, each with a
`weight` if it isn't 1.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from standin.steps import Act, BadScriptError, Step, read_script


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to fail, and how often beside the others."""

    step: Step
    weight: float = 1.0


COMMON = (
    Fault(Step(Act.OVERLOADED), 3),
    Fault(Step(Act.QUOTA, retry_after=1), 3),
    Fault(Step(Act.RESET)),
    Fault(Step(Act.TORN_JSON)),
    Fault(Step(Act.CUT)),
    Fault(Step(Act.GARBLED)),
)
"""What a model in use is seen to do."""


@dataclass(frozen=True, slots=True)
class Faults:
    """What share of requests fails, 0 to 1, and how."""

    rate: float = 0.0
    ways: Sequence[Fault] = COMMON

    def drawn(self, rng: np.random.Generator) -> Step | None:
        """The fault that a request is met with, if any."""
        if rng.random() >= self.rate:
            return None
        weights = np.array([way.weight for way in self.ways])
        return self.ways[int(rng.choice(len(self.ways), p=weights / weights.sum()))].step


def read_faults(text: str) -> Faults:
    """Read a schedule. Raises BadScriptError."""
    try:
        told = json.loads(text)
    except ValueError as error:
        raise BadScriptError(f"The schedule of faults is not JSON: {error}.") from error
    if not isinstance(told, dict) or told.keys() - {"rate", "faults"}:
        raise BadScriptError('The schedule of faults must be an object of "rate" and "faults".')
    rate, ways = told.get("rate"), told.get("faults")
    if not isinstance(rate, int | float) or isinstance(rate, bool) or not 0 <= rate <= 1:
        raise BadScriptError('The "rate" of faults must be a number from 0 to 1.')
    if ways is None:
        return Faults(rate)
    if not isinstance(ways, list) or not ways:
        raise BadScriptError('The "faults" must be a list with at least one step.')
    weights = [way.pop("weight", 1) if isinstance(way, dict) else 1 for way in ways]
    if not all(_is_number(weight) and weight > 0 for weight in weights):
        raise BadScriptError('The "weight" of a fault must be a number above 0.')
    steps = read_script(json.dumps(ways))
    return Faults(rate, [Fault(*pair) for pair in zip(steps, weights, strict=True)])


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
