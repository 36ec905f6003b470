"""Getting an installation without a server ready to work."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from config.supervisor import Command, beat_command, worker_command


def database_ready() -> None:
    """Bring an embedded database up to date; a server's is its operator's to migrate."""
    if connection.vendor == "sqlite":
        Path(settings.DATA_DIR).mkdir(parents=True, exist_ok=True)
        call_command("migrate", verbosity=0)


def queue_commands() -> Mapping[str, Command]:
    """The worker and its clock, over an empty broker.

    A file broker is private to one run: what an earlier one left in it are tickets, and the first
    sweep sends new ones.
    """
    if settings.CELERY_BROKER_URL.startswith("filesystem"):
        shutil.rmtree(settings.BROKER_DIR, ignore_errors=True)
        for folder in ("messages", "control"):
            (settings.BROKER_DIR / folder).mkdir(parents=True, mode=0o700)
    return {
        "worker": worker_command(),
        "beat": beat_command(settings.DATA_DIR / "beat-schedule"),
    }
