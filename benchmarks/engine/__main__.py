"""How Eaves asks Gemini, measured against the stand-in: python -m benchmarks.engine.

Needs redis-server, and a PostgreSQL server on which it makes a database of its own and drops it
again. Writes its part of benchmarks/RESULTS.md; with --look it only prints it.
"""

from __future__ import annotations

import argparse
import math
import os
import platform
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import version
from typing import TYPE_CHECKING

import django
from rich.console import Console

from benchmarks.engine.ground import ground
from benchmarks.engine.overhead import ROUNDS, Times, overhead
from benchmarks.results_page import put

if TYPE_CHECKING:
    from benchmarks.engine.questions import Run

SERVER = "postgresql://postgres@127.0.0.1:5432/postgres"
HELD = 64
RUNS = 3
PER_MINUTE = 150
MOST_OVER_IDEAL = 1.25
MOST_MIB = 250.0
BARE = "google-genai, generate_content"

ROWS: Mapping[str, Callable[[Run], str]] = {
    "seconds": lambda run: f"{run.seconds:.1f}",
    "ideal seconds, no limit": lambda run: f"{run.ideal:.1f}",
    "outcomes": lambda run: ", ".join(f"{run.outcomes[name]} {name}" for name in run.outcomes),
    "requests": lambda run: str(run.calls),
    "of these faults": lambda run: str(run.faults),
    "paid for twice": lambda run: str(run.repeated),
    "most within 60 s": lambda run: str(run.most_per_minute),
    "CPU seconds of the workers that ask": lambda run: f"{run.cpu:.1f}",
    "load before": lambda run: f"{run.load:.1f}",
}

TITLE = "Asking Gemini"
HEAD = """\
Written by `python -m benchmarks.engine`; what is measured is said in [README.md](README.md).
"""


def measure(server: str, rounds: int) -> Iterator[str]:
    """The lines of the page."""
    yield HEAD
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    yield f"- {os.cpu_count()} cores, {platform.system()}; load before (1, 5, 15 minutes): {load}"
    packages = ("google-genai", "httpx2", "celery", "django")
    yield f"- Python {platform.python_version()}; " + ", ".join(
        f"{name} {version(name)}" for name in packages
    )
    yield from one_call(overhead(rounds), rounds)
    with ground(server) as variables:
        os.environ.update(variables)
        django.setup()
        yield from many_questions()


def one_call(times: dict[str, Times], rounds: int) -> Iterator[str]:
    yield f"\n## One call, median of {rounds}, in turn\n"
    yield "| | ms | CPU ms | x the bare client | ms more |"
    yield "| --- | --- | --- | --- | --- |"
    least = times[BARE]
    for name, each in times.items():
        ratio, more = each.wall / least.wall, each.wall - least.wall
        yield f"| {name} | {each.wall:.2f} | {each.cpu:.2f} | {ratio:.2f} | {more:.2f} |"


def many_questions() -> Iterator[str]:
    from benchmarks.engine import questions

    questions.database_ready()
    yield (
        f"\n## {questions.QUESTIONS} questions, {questions.AT_ONCE} at once, "
        f"{questions.LATENCY:g} s each, one in {questions.FAULT_EVERY} a fault\n"
    )
    heads = [*["as fast as it goes"] * RUNS, f"at most {PER_MINUTE} a minute"]
    yield f"| | {' | '.join(heads)} |"
    yield f"| ---{' | ---' * len(heads)} |"
    runs = [questions.run_questions() for _ in range(RUNS)]
    paced = questions.run_questions(GEMINI_REQUESTS_PER_MINUTE=str(PER_MINUTE))
    for name, told in ROWS.items():
        yield f"| {name} | {' | '.join(told(run) for run in (*runs, paced))} |"
    over = [run.seconds / run.ideal for run in runs]
    told_over = ", ".join(f"{each:.2f}" for each in over)
    without = math.ceil(questions.QUESTIONS / questions.AT_ONCE) * questions.LATENCY
    yield (
        f"\nWho loses no time takes {without:g} s without a fault, and the ideal seconds with "
        f"those that came. As fast as it goes took {told_over} times as long as the latter, at "
        f"most {MOST_OVER_IDEAL:g} is the goal. "
        f"That holds: {said(max(over) <= MOST_OVER_IDEAL)}."
    )
    before, most = questions.memory_under_way(HELD)
    yield f"\n## A worker with {HELD} calls under way\n"
    yield "| before it was asked | the most | goal | holds |"
    yield "| --- | --- | --- | --- |"
    holds = said(most < MOST_MIB)
    yield f"| {before:.0f} MiB | {most:.0f} MiB | under {MOST_MIB:.0f} MiB | {holds} |"


def said(holds: bool) -> str:  # noqa: FBT001 - a word for a fact
    return "yes" if holds else "**no**"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--server", default=SERVER, help=f"PostgreSQL to make a database on ({SERVER})"
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"single calls ({ROUNDS})")
    parser.add_argument("--look", action="store_true", help="print only, write nothing")
    options = parser.parse_args()
    page = "\n".join(measure(options.server, options.rounds)) + "\n"
    Console().print(page, markup=False, highlight=False, soft_wrap=True)
    if not options.look:
        put(TITLE, page)


if __name__ == "__main__":
    main()
