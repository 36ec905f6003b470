from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from assessment.core.vocabulary import JobKind, JobStatus
from assessment.models import Job
from assessment.selectors.queue import STUCK_AFTER, queue_is_stuck
from assessment.services.jobs import job_open

pytestmark = [pytest.mark.django_db, pytest.mark.service]

LONG_AGO = STUCK_AFTER + timedelta(seconds=1)


def job(carrier, subject_id=1, **fields):
    job_open(kind=JobKind.REPORT, subject_id=subject_id, carrier=carrier)
    Job.objects.filter(subject_id=subject_id).update(**fields)


def test_an_empty_queue_is_not_stuck(db):
    assert not queue_is_stuck()


def test_a_job_that_just_became_due_is_no_reason_for_alarm(carrier):
    job(carrier)

    assert not queue_is_stuck()


def test_a_job_long_due_with_nobody_at_work_is_stuck(carrier):
    job(carrier, run_after=timezone.now() - LONG_AGO)

    assert queue_is_stuck()
    with pytest.raises(CommandError, match="no worker is at work"):
        call_command("check_queue")


def test_a_long_queue_with_somebody_at_work_is_not_stuck(carrier, capsys):
    job(carrier, 1, run_after=timezone.now() - LONG_AGO)
    job(carrier, 2, status=JobStatus.RUNNING, lease_until=timezone.now() + timedelta(minutes=1))

    assert not queue_is_stuck()
    call_command("check_queue")
    assert "moving" in capsys.readouterr().out


def test_a_lease_that_ran_out_long_ago_and_was_not_taken_back_is_stuck(carrier):
    job(carrier, status=JobStatus.RUNNING, lease_until=timezone.now() - LONG_AGO)

    assert queue_is_stuck()


def test_a_job_reserved_for_another_process_is_not_the_workers_to_do(carrier):
    job(carrier, run_after=timezone.now() - LONG_AGO, holder="cli-1")

    assert not queue_is_stuck()
