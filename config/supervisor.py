"""Several processes under one command: started together, kept alive, stopped cleanly."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Self

from config.address import Address

logger = logging.getLogger(__name__)

BASE_DIR = Path(__file__).resolve().parent.parent
# A worker finishes the job it is at; whoever takes longer is not going to.
STOP_SECONDS = 30.0
# A child that can't start must not be restarted in a tight loop.
RESTART_SECONDS = 1.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)

Command = Sequence[str]
_Handler = Callable[[int, FrameType | None], Any] | int | signal.Handlers | None


class _StopRequestedError(SystemExit):
    """SIGINT or SIGTERM arrived; the code is the one that a shell gives for it."""


class Supervisor:
    """Runs named commands for as long as the `with` block lasts.

    SIGINT and SIGTERM end the block: the commands are stopped, then the process exits with 128 and
    the signal's number. For the main thread only, the one that may handle signals.
    """

    def __init__(self, commands: Mapping[str, Command]) -> None:
        self._commands = commands
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._started: dict[str, float] = {}
        self._handlers: dict[signal.Signals, _Handler] = {}
        self._asked_by = 0
        self._patient = False

    def __enter__(self) -> Self:
        for number in STOP_SIGNALS:
            self._handlers[number] = signal.signal(number, self._request_stop)
        try:
            for name in self._commands:
                self._start(name)
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._end()

    def tend(self) -> None:
        """Start again whatever has died."""
        for name, child in self._children.items():
            if child.poll() is None or time.monotonic() < self._started[name] + RESTART_SECONDS:
                continue
            logger.warning("The %s stopped (%s); starting it again.", name, child.returncode)
            self._start(name)

    def restart(self, name: str) -> None:
        """Kill a child that hangs, with all its own children, and start it again."""
        _kill(self._children[name])
        self._start(name)

    @contextmanager
    def until_stopped(self) -> Iterator[None]:
        """Ctrl-C or a SIGTERM ends this block, and what follows it goes on."""
        with suppress(_StopRequestedError):
            yield

    def pid_of(self, name: str) -> int:
        """The process id of a child as it runs now."""
        return self._children[name].pid

    def _start(self, name: str) -> None:
        # A child must be known before a signal may end the block, or nobody would stop it.
        self._patient = True
        # A session of its own: Ctrl-C reaches the supervisor alone, which then stops them in order.
        self._children[name] = subprocess.Popen(  # noqa: S603 - commands of our own, below
            self._commands[name], cwd=BASE_DIR, start_new_session=True
        )
        self._started[name] = time.monotonic()
        self._patient = False
        if self._asked_by:
            raise _StopRequestedError(128 + self._asked_by)

    def _request_stop(self, number: int, _frame: FrameType | None) -> None:
        # Only the first counts: a second must not cut the stopping short.
        if self._asked_by:
            return
        self._asked_by = number
        if not self._patient:
            raise _StopRequestedError(128 + number)

    def _end(self) -> None:
        self._patient = True
        for child in self._children.values():
            child.terminate()
        end = time.monotonic() + STOP_SECONDS
        for name, child in self._children.items():
            _see_off(name, child, max(0.1, end - time.monotonic()))
        for number, handler in self._handlers.items():
            signal.signal(number, handler)


def _see_off(name: str, child: subprocess.Popen[bytes], seconds: float) -> None:
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        logger.warning("The %s did not stop in time and is killed.", name)
        _kill(child)


def _kill(child: subprocess.Popen[bytes]) -> None:
    # It may have ended by itself, and been noticed, with nobody left in its group.
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def web_command(address: Address) -> Command:
    """The web server."""
    return [
        *(sys.executable, "-m", "gunicorn", "config.wsgi"),
        *("--bind", str(address)),
        *("--worker-class", "gthread", "--workers", "2", "--threads", "8"),
        *("--log-level", "warning"),
    ]


def worker_command(processes: int = 2) -> Command:
    """A Celery worker for every queue."""
    return [
        # As root Celery warns of pickled messages at length; ours are JSON, and say "look" only.
        *(sys.executable, "-W", "ignore:You're running the worker"),
        *("-m", "celery", "--quiet", "-A", "config", "worker"),
        *("--queues", "work,vision,sweep", "--pool", "prefork", "--concurrency", str(processes)),
        *("--loglevel", "WARNING", "--without-gossip", "--without-mingle"),
        "--without-heartbeat",
    ]


def beat_command(schedule: Path) -> Command:
    """The clock that sends the sweep."""
    return [
        *(sys.executable, "-m", "celery", "--quiet", "-A", "config", "beat"),
        *("--schedule", str(schedule), "--loglevel", "WARNING", "--pidfile="),
    ]
