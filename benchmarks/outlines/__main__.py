"""Measure everything and write its part of RESULTS.md: python -m benchmarks.outlines."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from rich.console import Console

from benchmarks.outlines.accuracy import Accuracy, accuracy
from benchmarks.outlines.answers import of_masks, of_polygons
from benchmarks.outlines.goals import goals
from benchmarks.outlines.memory import growth
from benchmarks.outlines.methods import DECODING, EAVES, MASKS, POLYGONS
from benchmarks.outlines.results import TITLE, page
from benchmarks.outlines.timing import Times, timed
from benchmarks.results_page import RESULTS, put

ROUNDS = {1: 25, 10: 15, 50: 9}


def measure_times(scale: float) -> dict[str, dict[str, Times]]:
    answers = {f"{count} mask{'s' * (count > 1)}": of_masks(count)[0] for count in ROUNDS}
    answers["50 sharp masks"] = of_masks(50, soft=False)[0]
    rounds = dict(zip(answers, [*ROUNDS.values(), ROUNDS[50]], strict=True))
    times = {
        name: timed(MASKS, text, max(1, round(rounds[name] * scale)))
        for name, text in answers.items()
    }
    times["50 polygons"] = timed(POLYGONS, of_polygons(50), max(1, round(ROUNDS[50] * scale)))
    return times


def measure_memory() -> dict[str, dict[str, float]]:
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder) / "1.txt", Path(folder) / "50.txt"
        small.write_text(of_masks(1)[0], encoding="utf-8")
        large.write_text(of_masks(50)[0], encoding="utf-8")
        masks = {name: growth("masks", name, small, large) for name in MASKS}
        small.write_text(of_polygons(1), encoding="utf-8")
        large.write_text(of_polygons(50), encoding="utf-8")
        polygons = {name: growth("polygons", name, small, large) for name in POLYGONS}
    return {"50 masks": masks, "50 polygons": polygons}


def measure_accuracy() -> dict[str, dict[str, Accuracy]]:
    found = {}
    for edge in ("soft", "sharp"):
        text, truth = of_masks(50, soft=edge == "soft")
        found[edge] = {
            name: accuracy(method(text), truth)
            for name, method in MASKS.items()
            if name != DECODING
        }
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="rounds, as a share of the usual")
    options = parser.parse_args()
    console = Console()
    console.print("Accuracy, memory, then time: a few minutes.")
    accuracies = measure_accuracy()
    memory = measure_memory()
    times = measure_times(options.scale)
    own = {edge: found[EAVES] for edge, found in accuracies.items()}
    reached = list(goals(times, memory["50 masks"], own))
    put(TITLE, page(times, memory, accuracies, reached))
    console.print(f"Written to {RESULTS}.")
    for goal in reached:
        console.print("holds" if goal.holds else "MISSED", goal.what, goal.result, sep="  ")


if __name__ == "__main__":
    main()
