"""Doing jobs: take one, do it, and see to it that whatever happens has an end with a reason."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

from django.db import transaction
from django.utils import timezone

from assessment.core.failures import PermanentError
from assessment.core.vocabulary import JobKind
from assessment.engines.base import EngineBusyError, EngineUnavailableError
from assessment.models import Job
from assessment.services.jobs import (
    MAX_ATTEMPTS,
    JobUnfinishedError,
    LeaseLostError,
    job_failing,
    job_go_on,
    job_is_at_its_last_wait,
    job_postpone,
    job_put_off,
    job_take,
    job_wait,
    jobs_due_within,
    jobs_expired,
    jobs_release_abandoned,
    stopping,
)
from assessment.services.leases import lease_kept
from assessment.services.photos import photo_give_up
from assessment.services.reports import report_give_up
from assessment.services.segmentations import segmentation_give_up
from assessment.services.triage import settle_give_up
from claims.models import Claim
from claims.services import claim_lock

logger = logging.getLogger(__name__)

# A ticket is good for so long; whoever asks again gets another.
SLICE_SECONDS = 10.0
# A job that comes due so soon is waited for: the next sweep may be two seconds away.
LINGER_SECONDS = 1.5
# Meanwhile somebody may ask for something new.
LOOK_SECONDS = 0.25
# What is due and can't be taken is being taken by somebody else.
SHORTEST_SECONDS = 0.01

IN_THE_LOG = (
    "Something went wrong inside the service. Whoever runs it finds what in its log, under job {}."
)

GIVE_UP: Mapping[JobKind, Callable[[Job, str], None]] = {
    JobKind.PREPARE: photo_give_up,
    JobKind.SEGMENT: segmentation_give_up,
    JobKind.SETTLE: settle_give_up,
    JobKind.REPORT: report_give_up,
}

# How a claim is found by the subject of a job.
CLAIM_OF: Mapping[JobKind, str] = {
    JobKind.PREPARE: "photos",
    JobKind.SEGMENT: "photos__segmentations",
    JobKind.SETTLE: "pk",
    JobKind.REPORT: "reports",
}


def jobs_work(
    kind: JobKind, run: Callable[[Job], None], *, holder: str = "", seconds: float = SLICE_SECONDS
) -> int:
    """Do due jobs of a kind until there is none or the time is over; returns how many.

    One that is due is done even in no time at all, but none once the process is told to stop.
    """
    end = time.monotonic() + seconds
    done = 0
    while not stopping.is_set() and (done == 0 or time.monotonic() < end):
        job = job_take(kind=kind, holder=holder) or _awaited(kind, holder, end)
        if job is None:
            break
        job_run(job, run)
        done += 1
    return done


def _awaited(kind: JobKind, holder: str, end: float) -> Job | None:
    """A job of that kind that comes due soon, once it is; None when none does before the end."""
    while time.monotonic() < end:
        soon = jobs_due_within(LINGER_SECONDS, kind=kind, holder=holder)
        with _lingering.entered(kind, most=len(soon)) as is_wanted:
            if not is_wanted:
                return None
            wait = (soon[0] - timezone.now()).total_seconds()
            pause = min(max(SHORTEST_SECONDS, wait), LOOK_SECONDS)
            time.sleep(min(pause, max(0.0, end - time.monotonic())))
        if stopping.is_set():
            return None
        if job := job_take(kind=kind, holder=holder):
            return job
    return None


class _Lingering:
    """How many threads of this process wait for jobs of each kind: no more than jobs come due."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: Counter[JobKind] = Counter()

    @contextmanager
    def entered(self, kind: JobKind, *, most: int) -> Iterator[bool]:
        """Whether one more is wanted while so many are enough."""
        with self._lock:
            is_wanted = self._waiting[kind] < most
            self._waiting[kind] += is_wanted
        try:
            yield is_wanted
        finally:
            with self._lock:
                self._waiting[kind] -= is_wanted


_lingering = _Lingering()


def job_run(job: Job, run: Callable[[Job], None]) -> None:
    """Do one job. What goes wrong is stored with it; nothing goes further than here."""
    try:
        with lease_kept(job):
            run(job)
    except LeaseLostError:
        logger.info("Job %s was taken over by another worker; its result is dropped.", job.pk)
    except JobUnfinishedError as error:
        job_go_on(job, str(error))
    except EngineBusyError as error:
        job_put_off(job, error.message, delay=error.retry_after or 0.0)
    except EngineUnavailableError as error:
        job_ask_later(job, error)
    except PermanentError as error:
        job_give_up(job, str(error))
    except Exception:
        logger.exception("Job %s (%s %s) failed.", job.pk, job.kind, job.subject_id)
        # What a program says of itself is for the log; people read the reason.
        job_retry(job, IN_THE_LOG.format(job.pk))


def job_ask_later(job: Job, error: EngineUnavailableError) -> None:
    """Put a job back whose engine is away, or end it when the engine stays away."""
    if job_is_at_its_last_wait(job):
        job_give_up(job, f"Tried {job.waits + 1} times, then given up. {error.message}")
    else:
        job_wait(job, error.message, delay=error.retry_after or 0.0)


def job_retry(job: Job, reason: str) -> None:
    """Put a job back, or end it when it was tried often enough."""
    if job.attempts >= MAX_ATTEMPTS:
        job_give_up(job, f"Tried {job.attempts} times, then given up. {reason}")
    else:
        job_postpone(job, reason)


def job_give_up(job: Job, reason: str) -> None:
    """End a job as failed; its subject says why."""
    logger.error("Job %s (%s %s) is given up: %s", job.pk, job.kind, job.subject_id, reason)
    kind = JobKind(job.kind)
    try:
        with transaction.atomic():
            claim_lock(Claim.objects.get(**{CLAIM_OF[kind]: job.subject_id}))
            with job_failing(job, reason):
                GIVE_UP[kind](job, reason)
    except LeaseLostError:
        logger.info("Job %s was taken over by another worker.", job.pk)
    except Exception:
        # Whatever keeps its subject from being told must not keep the job alive.
        logger.exception("Nobody could be told that job %s is given up.", job.pk)
        with suppress(LeaseLostError), job_failing(job, reason):
            pass


def jobs_recover() -> None:
    """Jobs whose worker died go back to the queue, or end when they keep killing it."""
    for job in jobs_expired():
        job_retry(job, "The worker stopped while it was at this.")
    jobs_release_abandoned()
