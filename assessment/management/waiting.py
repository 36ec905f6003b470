"""Telling whoever waits at the command line what is being done, and for how long already."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from rich.console import Console
from rich.live import Live
from rich.text import Text

# Where nobody watches a terminal, a line so often shows in a log that all is well.
LINE_SECONDS = 10.0


class Waiting:
    """What is being done now, in words, and since when."""

    def __init__(self) -> None:
        self._words = "Starting"
        self._since = time.monotonic()

    def say(self, words: str) -> None:
        """Change the words."""
        self._words = words

    def line(self) -> str:
        """The words and the seconds since the beginning."""
        return f"{self._words} ({time.monotonic() - self._since:.0f} s)"


@contextmanager
def waiting() -> Iterator[Waiting]:
    """Say on standard error what is being done: one moving line in a terminal, else a few lines."""
    wait = Waiting()
    with _moving_line(wait) if sys.stderr.isatty() else _line_now_and_then(wait):
        yield wait


def _moving_line(wait: Waiting) -> AbstractContextManager[object]:
    return Live(
        console=Console(stderr=True),
        transient=True,
        get_renderable=lambda: Text(wait.line(), no_wrap=True, overflow="ellipsis"),
    )


@contextmanager
def _line_now_and_then(wait: Waiting) -> Iterator[None]:
    stream, over = sys.stderr, threading.Event()

    def repeat() -> None:
        while not over.wait(LINE_SECONDS):
            stream.write(f"{wait.line()}\n")
            stream.flush()

    thread = threading.Thread(target=repeat, name="waiting", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
