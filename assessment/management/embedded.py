"""Getting an installation without a server ready to work."""

from __future__ import annotations

import atexit
import logging
import os
import shutil
import time
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from assessment.selectors.queue import STUCK_AFTER, queue_is_stuck
from config.supervisor import Command, Supervisor, beat_command, worker_command

logger = logging.getLogger(__name__)

CHECK_SECONDS = 5.0


def database_ready() -> None:
    """Bring an embedded database up to date; a server's is its operator's to migrate."""
    if connection.vendor == "sqlite":
        Path(settings.DATA_DIR).mkdir(parents=True, exist_ok=True)
        call_command("migrate", verbosity=0)


class QueueWatch:
    """Tends the worker, and starts it again when it is there but does nothing.

    Killed at the wrong moment (out of memory, say), a pool process takes with it the lock by which
    all of them read; the worker then looks alive for ever. Work is safe in the database, so the
    worker may be killed at any time.
    """

    def __init__(self, supervisor: Supervisor) -> None:
        self._supervisor = supervisor
        self._next = 0.0

    def tend(self) -> None:
        self._supervisor.tend()
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + CHECK_SECONDS
        if queue_is_stuck():
            logger.warning("Jobs are due and nobody is at work: starting the worker again.")
            self._supervisor.restart("worker")
            # It takes a while to start, and longer to look stuck again.
            self._next = time.monotonic() + STUCK_AFTER.total_seconds()


def broker_ready() -> None:
    """An empty broker folder that goes when this process ends.

    A folder is private to one run, so that two don't take each other's tickets; what an earlier run
    left behind are tickets, too, and the first sweep sends new ones.
    """
    _clear(settings.BROKER_DIR)
    for run in settings.BROKER_DIR.parent.glob("*"):
        if run.name.isdecimal() and not _is_running(int(run.name)):
            _clear(run)
    for folder in ("messages", "control"):
        (settings.BROKER_DIR / folder).mkdir(parents=True, mode=0o700)
    atexit.register(_clear, settings.BROKER_DIR)


def queue_commands() -> Mapping[str, Command]:
    """The worker and its clock, over a broker folder of their own."""
    broker_ready()
    # The commands send and take in this folder, not in ones named after themselves.
    os.environ["EAVES_RUN"] = settings.BROKER_DIR.name
    return {
        "worker": worker_command(),
        "beat": beat_command(settings.BROKER_DIR / "beat-schedule"),
    }


def _clear(run: Path) -> None:
    shutil.rmtree(run, ignore_errors=True)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        # Somebody else's process.
        return True
    return True
