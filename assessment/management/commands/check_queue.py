"""manage.py check_queue: for monitors and liveness probes."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessment.selectors.queue import queue_is_stuck


class Command(BaseCommand):
    help = "Exit with 1 when jobs have been due for a while and no worker is at work."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if queue_is_stuck():
            raise CommandError("Jobs are due and no worker is at work. Restart the workers.")
        self.stdout.write("The queue is moving or empty.")
