"""How the queue is doing."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from assessment.core.vocabulary import JobStatus
from assessment.models import Job

# A worker needs a few seconds to start, and a sweep comes every two.
STUCK_AFTER = timedelta(seconds=20)


def queue_is_stuck() -> bool:
    """Whether jobs have been due for a while and nobody is at work on anything.

    However long the queue, a worker that works holds at least one lease that hasn't run out.
    """
    now = timezone.now()
    jobs = Job.objects.filter(holder="")
    running = jobs.filter(status=JobStatus.RUNNING)
    # Asked one by one: of either this or that, SQLite reads every job that was ever done.
    is_overdue = (
        jobs.filter(status=JobStatus.QUEUED, run_after__lt=now - STUCK_AFTER).exists()
        or running.filter(lease_until__lt=now - STUCK_AFTER).exists()
    )
    return is_overdue and not running.filter(lease_until__gte=now).exists()
