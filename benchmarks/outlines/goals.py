"""The goals, and whether the measurements reach them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from benchmarks.outlines.accuracy import Accuracy
from benchmarks.outlines.methods import DECODING, EAVES, SUPERVISION
from benchmarks.outlines.timing import Times

SMOOTH = ("circle", "annulus", "ellipse")
MASK_SHARE, POLYGON_SHARE = 1 / 10, 1 / 50
MOST_DECODING = 3.5
MOST_MEMORY = 10.0
MOST_ERROR = {**dict.fromkeys(SMOOTH, 0.05), "25 holes": 0.1, "crack": 0.5}
LEAST_IOU = {"soft": 0.995, "sharp": 0.97}

Table = Mapping[str, Mapping[str, Times]]
"""Times by answer, then by method."""


class Goal(NamedTuple):
    what: str
    goal: str
    result: str
    holds: bool


def goals(
    times: Table, memory: Mapping[str, float], accuracies: Mapping[str, Accuracy]
) -> Iterator[Goal]:
    """Every goal beside its result. `accuracies` are Eaves' own, of soft and of sharp masks."""
    for answer in ("10 masks", "50 masks", "50 sharp masks"):
        yield _at_most(f"{answer}, of supervision's time", times[answer], SUPERVISION, MASK_SHARE)
        yield _at_most(f"{answer}, of bare decoding", times[answer], DECODING, MOST_DECODING)
    polygons = times["50 polygons"]
    yield _at_most("50 polygons, of supervision's time", polygons, SUPERVISION, POLYGON_SHARE)
    grown = memory[EAVES]
    yield Goal(
        "50 masks, memory growth",
        f"at most {MOST_MEMORY:g} MiB",
        f"{grown:.1f} MiB",
        grown <= MOST_MEMORY,
    )
    for kind, error in accuracies["soft"].errors.items():
        goal = MOST_ERROR[kind]
        yield Goal(
            f"area error, {kind}, soft masks",
            f"at most {goal:g} %",
            f"{error:.3f} %",
            error <= goal,
        )
    for edge, found in accuracies.items():
        least = LEAST_IOU[edge]
        yield Goal(
            f"mean IoU, {edge} masks", f"at least {least:g}", f"{found.iou:.4f}", found.iou >= least
        )
        yield Goal(
            f"invalid outlines, {edge} masks", "none", f"{found.invalid}", found.invalid == 0
        )


def _at_most(what: str, times: Mapping[str, Times], other: str, most: float) -> Goal:
    ratio = times[EAVES].wall / times[other].wall
    cpu = times[EAVES].cpu / times[other].cpu
    if most < 1:
        shown, goal = f"1/{1 / ratio:.0f} (CPU 1/{1 / cpu:.0f})", f"at most 1/{1 / most:.0f}"
    else:
        shown, goal = f"{ratio:.1f} x (CPU {cpu:.1f} x)", f"at most {most:g} x"
    return Goal(what, goal, shown, ratio <= most)
