"""A bar on standard error for work whose steps are counted."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from assessment.management.waiting import waiting

Step = Callable[[str], None]


@contextmanager
def stepping(total: int) -> Iterator[Step]:
    """Yields what to call with the name of each step as it begins: a moving bar in a terminal, a
    line now and then elsewhere."""
    show = _bar if sys.stderr.isatty() else _lines
    with show(total) as step:
        yield step


@contextmanager
def _bar(total: int) -> Iterator[Step]:
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[name]}", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=total, name="")
        begun = 0

        def step(name: str) -> None:
            nonlocal begun
            progress.update(task, completed=begun, name=name)
            begun += 1

        yield step


@contextmanager
def _lines(total: int) -> Iterator[Step]:
    with waiting() as wait:
        begun = 0

        def step(name: str) -> None:
            nonlocal begun
            begun += 1
            wait.say(f"Case {begun} of {total}: {name}")

        yield step
