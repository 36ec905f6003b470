"""The queue in the database: jobs are opened, taken under a lease, finished or put back.

Status changes only by compare-and-set on (status, fence). Two workers that race for a job both
send the same UPDATE; the database lets one of them match a row.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from threading import Event
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Count, F, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.utils import timezone

from assessment.core.vocabulary import JobKind, JobStatus
from assessment.models import Job
from claims.models import Carrier, Claim
from claims.services import claim_lock

# No job takes longer.
LONGEST_JOB_SECONDS = 900.0
# A job that fails so often has a fault of its own.
MAX_ATTEMPTS = 5
# An engine that is away is no fault of the job: it is asked for hours. A person who waits at the
# command line is told sooner.
MAX_WAITS = 60
MAX_WAITS_HELD = 8
# Most of what keeps an engine from answering is over in a moment: the first try anew comes soon.
FIRST_BACKOFF_SECONDS = 0.4
LONGEST_BACKOFF_SECONDS = 300.0
# By what part of it a delay that the server named is exceeded at most.
LONGEST_EXCESS = 0.2
# How far ahead a worker looks that waits for jobs to come due.
MOST_AWAITED = 8
# The command line's own jobs are everybody's once they are so long due: their process, which takes
# them up as soon as it can, is surely gone.
ABANDONED_AFTER = timedelta(hours=24)

# Whoever takes a job raises its fence, from 0 on.
FIRST_FENCE = 1

TERMINAL = (JobStatus.DONE, JobStatus.FAILED)

stopping = Event()
"""Set once this process is told to stop: what is under way is kept, and nothing is begun."""


class LeaseLostError(Exception):
    """Somebody else holds the job now; whatever was worked out must be dropped."""


class JobUnfinishedError(Exception):
    """A part of the job is done and kept, and the rest of it takes another turn."""


def job_open(
    *, kind: JobKind, subject_id: int, carrier: Carrier, holder: str = "", priority: int = 0
) -> None:
    """Ask for work, in the transaction of what makes it necessary.

    A job that waits is left as it is, one that runs is run once more when it ends, one that has
    ended is queued again.
    """
    asked = {"holder": holder, "run_after": timezone.now()}
    with transaction.atomic(savepoint=False):
        job = _locked(kind, subject_id)
        if job is None:
            _, made = Job.objects.get_or_create(
                kind=kind,
                subject_id=subject_id,
                defaults={"carrier": carrier, "priority": priority, **asked},
            )
            job = None if made else _locked(kind, subject_id)
        if job:
            _open_again(job, asked)


def _locked(kind: JobKind, subject_id: int) -> Job | None:
    """The job as it is, and stays until this transaction ends: it isn't taken, and doesn't end."""
    jobs = Job.objects.select_for_update().filter(kind=kind, subject_id=subject_id)
    return jobs.only("status").first()


def _open_again(job: Job, asked: Mapping[str, Any]) -> None:
    row = Job.objects.filter(pk=job.pk)
    if job.status == JobStatus.RUNNING:
        row.update(again=True)
    elif job.status in TERMINAL:
        row.update(status=JobStatus.QUEUED, again=False, attempts=0, waits=0, reason="", **asked)


def jobs_due(*, kind: JobKind, holder: str = "") -> QuerySet[Job]:
    """The jobs of a kind that may be taken now, most urgent first."""
    return _due(timezone.now(), holder).filter(kind=kind).order_by("-priority", "run_after", "id")


def jobs_due_by_kind() -> dict[JobKind, int]:
    """How many jobs any worker may take now, of each kind of which there are any."""
    due = _due(timezone.now(), "").values_list("kind").order_by("kind")
    counted = due.annotate(count=Count("pk"))
    return {JobKind(kind): count for kind, count in counted}


def jobs_due_within(seconds: float, *, kind: JobKind, holder: str = "") -> list[datetime]:
    """When the jobs of a kind that come due soon do so, the first ones first."""
    soon = _due(timezone.now() + timedelta(seconds=seconds), holder).filter(kind=kind)
    return list(soon.order_by("run_after").values_list("run_after", flat=True)[:MOST_AWAITED])


def _due(then: datetime, holder: str) -> QuerySet[Job]:
    """The jobs that wait and may be taken by then."""
    return Job.objects.filter(status=JobStatus.QUEUED, run_after__lte=then, holder=holder)


def job_take(*, kind: JobKind, holder: str = "") -> Job | None:
    """Take the most urgent due job under a lease, or None when there is none."""
    with transaction.atomic():
        # What another worker is taking at this moment is passed over: it will be gone.
        job = jobs_due(kind=kind, holder=holder).select_for_update(skip_locked=True).first()
        return job if job and _take(job) else None


def _take(job: Job) -> bool:
    lease_until = _lease_end()
    taken = Job.objects.filter(pk=job.pk, status=JobStatus.QUEUED, fence=job.fence).update(
        status=JobStatus.RUNNING,
        fence=F("fence") + 1,
        attempts=F("attempts") + 1,
        lease_until=lease_until,
    )
    if taken:
        job.status = JobStatus.RUNNING
        job.fence += 1
        job.attempts += 1
        job.lease_until = lease_until
    return bool(taken)


def job_was_taken_before(job: Job) -> bool:
    """Whether somebody was at this job, or did it once, before whoever has it now."""
    return job.fence > FIRST_FENCE


def job_is_ours(job: Job) -> bool:
    """Whether nobody has taken the job over since."""
    return _mine(job).exists()


def leases_extend(jobs: Sequence[Job]) -> None:
    """Keep jobs for one more lease; those that somebody else has taken over are left to them."""
    ours = [Q(pk=job.pk, fence=job.fence) for job in jobs]
    mine = Job.objects.filter(reduce(or_, ours), status=JobStatus.RUNNING)
    mine.update(lease_until=_lease_end())


def _lease_end() -> datetime:
    return timezone.now() + timedelta(seconds=settings.EAVES_LEASE_SECONDS)


def _mine(job: Job) -> QuerySet[Job]:
    return Job.objects.filter(pk=job.pk, status=JobStatus.RUNNING, fence=job.fence)


@contextmanager
def job_finishing(job: Job) -> Iterator[None]:
    """One transaction that ends the job and stores its results, or neither.

    Raises LeaseLostError when the job is no longer ours.
    """
    with transaction.atomic():
        _end(job)
        yield


def _end(job: Job) -> None:
    ended = _mine(job).update(
        status=Case(When(again=True, then=Value(JobStatus.QUEUED)), default=Value(JobStatus.DONE)),
        attempts=0,
        waits=0,
        again=False,
        lease_until=None,
        reason="",
        run_after=timezone.now(),
    )
    if not ended:
        raise LeaseLostError


@contextmanager
def claim_finishing(claim: Claim, job: Job) -> Iterator[None]:
    """As job_finishing, with the claim locked: what a job stores and what a person does at the
    same moment come one after the other.

    Claim, then job, then log: the same order everywhere, so that nobody waits in a ring. The job
    that judges the claim is opened, and the docket touched, by whoever holds the claim, and by
    nobody else.
    """
    with transaction.atomic():
        claim_lock(claim)
        _end(job)
        yield


@contextmanager
def job_failing(job: Job, reason: str) -> Iterator[None]:
    """One transaction that ends the job as failed and tells its subject so, or neither."""
    with transaction.atomic():
        failed = _mine(job).update(
            status=Case(
                When(again=True, then=Value(JobStatus.QUEUED)), default=Value(JobStatus.FAILED)
            ),
            attempts=0,
            waits=0,
            again=False,
            lease_until=None,
            reason=reason,
        )
        if not failed:
            raise LeaseLostError
        yield


def job_postpone(job: Job, reason: str) -> None:
    """Put a job that went wrong back, to be tried again after a growing delay."""
    # What went wrong in here is over less soon than what goes wrong on the way to an engine.
    _put_back(job, reason, _delay(_backoff(job.attempts + 3)))


def job_is_at_its_last_wait(job: Job) -> bool:
    """Whether a job whose engine is away again is given up and not put back."""
    return job.waits >= (MAX_WAITS_HELD if job.holder else MAX_WAITS)


def job_wait(job: Job, reason: str, *, delay: float = 0.0) -> None:
    """Put a job back that nobody could do now, to be tried after a growing delay and not before
    the one given; it has not been tried."""
    _put_back(
        job,
        reason,
        _delay(_backoff(job.waits + 1), least=delay),
        attempts=F("attempts") - 1,
        waits=F("waits") + 1,
    )


def job_put_off(job: Job, reason: str, *, delay: float) -> None:
    """Put a job back whose turn comes later, until exactly then; nothing has gone wrong.

    A job that was put back before because its engine was away keeps that reason.
    """
    kept = job.reason if job.waits else reason
    _put_back(job, kept, delay, attempts=F("attempts") - 1)


def job_go_on(job: Job, reason: str) -> None:
    """Put a job back that did a part of its work; others that are due come first."""
    _put_back(job, reason, 0.0, attempts=F("attempts") - 1)


def job_came_on(job: Job) -> None:
    """The job got something of its engine: how often that was away before is forgotten."""
    if job.waits:
        _mine(job).update(waits=0)
        job.waits = 0


def _put_back(job: Job, reason: str, seconds: float, **changes: F | Combinable) -> None:
    _mine(job).update(
        status=JobStatus.QUEUED,
        again=False,
        lease_until=None,
        reason=reason,
        run_after=timezone.now() + timedelta(seconds=seconds),
        **changes,
    )


def _delay(backoff: float, *, least: float = 0.0) -> float:
    """Seconds until the next try, at random: the second half of the backoff, or a little more than
    the least, so that jobs that came to grief together don't come back together."""
    part = random.random()  # noqa: S311
    return max(backoff * (1.0 + part) / 2.0, least * (1.0 + LONGEST_EXCESS * part))


def _backoff(times: int) -> float:
    """The longest delay after so many failures in a row, in seconds."""
    return float(min(LONGEST_BACKOFF_SECONDS, FIRST_BACKOFF_SECONDS * 2.0 ** (times - 1)))


def jobs_expired() -> list[Job]:
    """Take over the jobs whose worker has stopped saying that it lives."""
    expired = Job.objects.filter(status=JobStatus.RUNNING, lease_until__lt=timezone.now())
    return [job for job in expired if _take_over(job)]


def _take_over(job: Job) -> bool:
    # A heartbeat that came late, but came, keeps its job.
    taken = _mine(job).filter(lease_until__lt=timezone.now())
    job.fence += 1
    return bool(taken.update(fence=F("fence") + 1, lease_until=_lease_end()))


def jobs_release(holder: str) -> None:
    """Give what a process reserved for itself to any worker; it stops before its work is done."""
    Job.objects.filter(holder=holder).exclude(status__in=TERMINAL).update(holder="")


def jobs_release_abandoned() -> None:
    """Give jobs that were reserved for a process long gone to any worker."""
    Job.objects.filter(run_after__lt=timezone.now() - ABANDONED_AFTER).exclude(
        Q(holder="") | Q(status__in=TERMINAL)
    ).update(holder="")
