"""The measurements as a page of Markdown."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path

from benchmarks.outlines.accuracy import Accuracy
from benchmarks.outlines.goals import Goal, Table
from benchmarks.outlines.methods import DECODING, EAVES

PACKAGES = (
    "numpy",
    "opencv-python-headless",
    "shapely",
    "supervision",
    "scikit-image",
    "rasterio",
)

TITLE = "Reading, outlining and measuring an answer"
HEAD = """\
Written by `make bench`; what is measured is said in [README.md](README.md).
"""


def page(
    times: Table,
    memory: Mapping[str, Mapping[str, float]],
    accuracies: Mapping[str, Mapping[str, Accuracy]],
    goals: Iterable[Goal],
) -> str:
    """The page. Memory by answer and method, accuracies by edge and method."""
    sections = [HEAD, *_machine(), "\n## Goals\n", *_goals(goals)]
    for answer, row in times.items():
        sections += [f"\n## Time, {answer}\n", *_times(row)]
    for answer, grown in memory.items():
        sections += [f"\n## Memory growth at the peak, {answer}\n", *_memory(grown)]
    for edge, found in accuracies.items():
        sections += [f"\n## Accuracy, {edge} masks\n", *_accuracies(found)]
    return "\n".join(sections) + "\n"


def _machine() -> Iterator[str]:
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    yield f"- Machine: {_processor()}, {os.cpu_count()} cores, {platform.system()}"
    yield f"- Load when it was done (1, 5, 15 minutes): {load}"
    yield f"- Python {platform.python_version()}; " + ", ".join(
        f"{package} {version(package)}" for package in PACKAGES
    )


def _processor() -> str:
    found = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    return found[1] if found else platform.machine()


def _goals(goals: Iterable[Goal]) -> Iterator[str]:
    yield from _head("", "goal", "result", "holds")
    for what, goal, result, holds in goals:
        yield _row(what, goal, result, "yes" if holds else "**no**")


def _times(row: Mapping[str, tuple[float, float]]) -> Iterator[str]:
    yield from _head("method", "median ms", "CPU ms", "x Eaves", "x bare decoding")
    for name, (wall, cpu) in row.items():
        ratios = (wall / row[other][0] for other in (EAVES, DECODING))
        yield _row(name, f"{wall:.2f}", f"{cpu:.2f}", *(f"{each:.2f}" for each in ratios))


def _memory(grown: Mapping[str, float]) -> Iterator[str]:
    yield from _head("method", "MiB")
    for name, growth in grown.items():
        yield _row(name, f"{growth:.1f}")


def _accuracies(found: Mapping[str, Accuracy]) -> Iterator[str]:
    kinds = next(iter(found.values())).errors
    yield from _head("mean area error, %", *kinds, "mean IoU", "IoU of cracks", "invalid")
    for name, each in found.items():
        ious = (f"{each.iou:.4f}", f"{each.ious['crack']:.4f}") if each.ious else ("-", "-")
        invalid = "-" if each.invalid is None else str(each.invalid)
        yield _row(name, *(f"{error:.3f}" for error in each.errors.values()), *ious, invalid)


def _head(*cells: str) -> Iterator[str]:
    yield _row(*cells)
    yield _row(*("---" for _ in cells))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
