"""Several processes under one command: started together, kept alive, stopped cleanly."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

logger = logging.getLogger(__name__)

BASE_DIR = Path(__file__).resolve().parent.parent
# A worker finishes the job it is at; whoever takes longer is not going to.
STOP_SECONDS = 30.0
# A child that can't start must not be restarted in a tight loop.
RESTART_SECONDS = 1.0
TEND_SECONDS = 0.2

Command = Sequence[str]


class _StopRequestedError(Exception):
    """SIGINT or SIGTERM arrived."""


class Supervisor:
    """Runs named commands for as long as the `with` block lasts."""

    def __init__(self, commands: Mapping[str, Command]) -> None:
        self._commands = commands
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._started: dict[str, float] = {}

    def __enter__(self) -> Self:
        for name in self._commands:
            self._start(name)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for child in self._children.values():
            child.terminate()
        end = time.monotonic() + STOP_SECONDS
        for name, child in self._children.items():
            self._stopped(name, child, max(0.1, end - time.monotonic()))

    def tend(self) -> None:
        """Start again whatever has died."""
        for name, child in self._children.items():
            if child.poll() is None or time.monotonic() < self._started[name] + RESTART_SECONDS:
                continue
            logger.warning("The %s stopped (%s); starting it again.", name, child.returncode)
            self._start(name)

    def restart(self, name: str) -> None:
        """Kill a child that hangs, with all its own children, and start it again."""
        child = self._children[name]
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        self._start(name)

    def tend_until_stopped(self, tend: Callable[[], None]) -> None:
        """Tend until Ctrl-C or a SIGTERM."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _request_stop)
        try:
            while True:
                tend()
                time.sleep(TEND_SECONDS)
        except _StopRequestedError:
            # A second Ctrl-C must not cut the stopping short and leave processes behind.
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)

    def pid_of(self, name: str) -> int:
        """The process id of a child as it runs now."""
        return self._children[name].pid

    def _start(self, name: str) -> None:
        # A session of its own: Ctrl-C reaches the supervisor alone, which then stops them in order.
        self._children[name] = subprocess.Popen(  # noqa: S603 - commands of our own, below
            self._commands[name], cwd=BASE_DIR, start_new_session=True
        )
        self._started[name] = time.monotonic()

    def _stopped(self, name: str, child: subprocess.Popen[bytes], seconds: float) -> None:
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            logger.warning("The %s did not stop in time and is killed.", name)
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def _request_stop(_number: int, _frame: FrameType | None) -> None:
    raise _StopRequestedError


def web_command(host: str, port: int) -> Command:
    """The web server."""
    return [
        *(sys.executable, "-m", "gunicorn", "config.wsgi"),
        *("--bind", f"{host}:{port}"),
        *("--worker-class", "gthread", "--workers", "2", "--threads", "8"),
        *("--log-level", "warning"),
    ]


def worker_command(processes: int = 2) -> Command:
    """A Celery worker for every queue."""
    return [
        # As root Celery warns of pickled messages at length; ours are JSON, and say "look" only.
        *(sys.executable, "-W", "ignore:You're running the worker"),
        *("-m", "celery", "--quiet", "-A", "config", "worker"),
        *("--queues", "work,vision", "--pool", "prefork", "--concurrency", str(processes)),
        *("--loglevel", "WARNING", "--without-gossip", "--without-mingle"),
    ]


def beat_command(schedule: Path) -> Command:
    """The clock that sends the sweep."""
    return [
        *(sys.executable, "-m", "celery", "--quiet", "-A", "config", "beat"),
        *("--schedule", str(schedule), "--loglevel", "WARNING", "--pidfile="),
    ]
