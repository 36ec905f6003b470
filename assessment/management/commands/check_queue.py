"""manage.py check_queue: for monitors and liveness probes."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessment.selectors.engine_state import LATELY, engines_drift
from assessment.selectors.queue import queue_is_stuck

DRIFTED = (
    "Of the {} questions answered in the last {:.0f} hours, {} got an answer of another model or "
    "in another form than was asked for; the segmentations in the admin say which."
)
KIND = "  {0.questions} x {0.requested} -> {0.served}: {0.ways}"


class Command(BaseCommand):
    help = (
        "Exit with 1 when jobs have been due for a while and no worker is at work. Says, too, when "
        "answers are not what the engine was asked for."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        drift = engines_drift()
        if drift.drifted:
            hours = LATELY.total_seconds() / 3600
            self.stdout.write(DRIFTED.format(drift.answered, hours, drift.drifted))
        for kind in drift.kinds:
            self.stdout.write(KIND.format(kind))
        if queue_is_stuck():
            raise CommandError("Jobs are due and no worker is at work. Restart the workers.")
        self.stdout.write("The queue is moving or empty.")
