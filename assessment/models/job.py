"""The queue. A job is a row; a message only says that there may be rows."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from assessment.core.vocabulary import JobKind, JobStatus
from assessment.models.choices import choices, known
from claims.models import Carrier
from claims.models.tenancy import CarrierOwned


class Job(CarrierOwned):
    """One thing to be done to one subject (a photo, segmentation, claim or report, by its id).

    Whoever takes a job raises `fence`; results are accepted only from the holder of the current
    fence, so a worker that was thought dead can finish without doing harm. `again` notes that the
    same work was asked for while it ran. `attempts` counts the times it was tried, `waits` those
    it was put back because nobody could do it then. `holder` reserves the job for one process (the
    command line runs its own jobs); empty means that any worker may take it.
    """

    kind = models.CharField(max_length=20, choices=choices(JobKind))
    subject_id = models.BigIntegerField()
    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=20, choices=choices(JobStatus), default=JobStatus.QUEUED)
    priority = models.SmallIntegerField(default=0)
    run_after = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    waits = models.PositiveSmallIntegerField(default=0)
    fence = models.PositiveBigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    again = models.BooleanField(default=False)
    holder = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    carrier_path: ClassVar[str] = "carrier"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject_id"], name="job_one_per_subject"),
            known("kind", JobKind, "job_kind_known"),
            known("status", JobStatus, "job_status_known"),
            models.CheckConstraint(
                condition=~models.Q(status=JobStatus.RUNNING) | models.Q(lease_until__isnull=False),
                name="job_running_has_lease",
            ),
            models.CheckConstraint(
                condition=~models.Q(status=JobStatus.FAILED) | ~models.Q(reason=""),
                name="job_failed_says_why",
            ),
        ]
        indexes = [
            # "The most urgent due job of a kind": services.jobs.job_take.
            models.Index(
                fields=["kind", "-priority", "run_after", "id"],
                condition=models.Q(status=JobStatus.QUEUED),
                name="job_due",
            ),
            # "Leases that ran out": services.jobs.jobs_expired.
            models.Index(
                fields=["lease_until"],
                condition=models.Q(status=JobStatus.RUNNING),
                name="job_leased",
            ),
            # "What waits for an engine that is away": selectors.engine_state.
            models.Index(
                fields=["carrier", "run_after"],
                condition=models.Q(waits__gt=0),
                name="job_put_back",
            ),
            # "Jobs whose process is gone": services.jobs.jobs_release_abandoned.
            models.Index(fields=["run_after"], condition=~models.Q(holder=""), name="job_held"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}: {self.status}"
