"""How long each method takes: in turn, round after round, in one process."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Mapping
from typing import NamedTuple

from benchmarks.outlines.methods import Method


class Times(NamedTuple):
    """Median milliseconds: on the wall, and of work done, which a busy machine stretches less."""

    wall: float
    cpu: float


def timed(methods: Mapping[str, Method], text: str, rounds: int) -> dict[str, Times]:
    """The medians over so many rounds, each of every method once, after one that isn't counted."""
    taken: dict[str, list[Times]] = {name: [] for name in methods}
    for number in range(rounds + 1):
        for name, method in methods.items():
            once = _once(method, text)
            if number:
                taken[name].append(once)
    return {name: _median(times) for name, times in taken.items()}


def _once(method: Method, text: str) -> Times:
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    method(text)
    return Times((time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000)


def _median(times: list[Times]) -> Times:
    return Times(*(statistics.median(each) for each in zip(*times, strict=True)))
