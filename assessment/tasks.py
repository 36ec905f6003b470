"""Celery's doors, one per kind of job.

A message is a ticket, "there may be work of this kind": it names no job, so losing or doubling one
changes nothing. `holder` is for the process that runs its own jobs without a worker, `seconds` how
long to go on taking jobs.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from celery import Task, shared_task
from celery.signals import worker_process_shutdown, worker_shutdown, worker_shutting_down

from assessment.core.vocabulary import JobKind
from assessment.services.engines import engines_close
from assessment.services.jobs import stopping
from assessment.services.photos import photo_prepare
from assessment.services.reports import report_make
from assessment.services.segmentations import segmentation_run
from assessment.services.triage import claim_settle
from assessment.services.work import SLICE_SECONDS, jobs_work


@shared_task(name="assessment.prepare_photos")
def prepare_photos(holder: str = "", seconds: float = SLICE_SECONDS) -> int:
    return jobs_work(JobKind.PREPARE, photo_prepare, holder=holder, seconds=seconds)


@shared_task(name="assessment.segment_photos")
def segment_photos(holder: str = "", seconds: float = SLICE_SECONDS) -> int:
    return jobs_work(JobKind.SEGMENT, segmentation_run, holder=holder, seconds=seconds)


@shared_task(name="assessment.settle_claims")
def settle_claims(holder: str = "", seconds: float = SLICE_SECONDS) -> int:
    return jobs_work(JobKind.SETTLE, claim_settle, holder=holder, seconds=seconds)


@shared_task(name="assessment.render_reports")
def render_reports(holder: str = "", seconds: float = SLICE_SECONDS) -> int:
    # Imported here: it takes 22 MiB, of which a worker that only asks has no need.
    from assessment.reports.render import render

    return jobs_work(
        JobKind.REPORT, partial(report_make, render=render), holder=holder, seconds=seconds
    )


TASKS: Mapping[JobKind, Task[..., int]] = {
    JobKind.PREPARE: prepare_photos,
    JobKind.SEGMENT: segment_photos,
    JobKind.SETTLE: settle_claims,
    JobKind.REPORT: render_reports,
}


@worker_shutting_down.connect
def calls_end(**_: Any) -> None:
    """A worker that is told to stop keeps the calls under way and begins no other, so that it is
    over before it is killed; its threads hear of it, the processes of a pool don't."""
    stopping.set()


@worker_shutdown.connect
@worker_process_shutdown.connect
def connections_close(**_: Any) -> None:
    """A worker hangs up when it stops, and so does each process of its pool."""
    engines_close()
