from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessment.core.vocabulary import JobKind, JobStatus
from assessment.engines.base import EngineBusyError, EngineUnavailableError
from assessment.models import Job
from assessment.services import jobs, leases, work
from assessment.services.jobs import (
    MAX_ATTEMPTS,
    LeaseLostError,
    job_finishing,
    job_open,
    job_take,
)

pytestmark = [pytest.mark.django_db, pytest.mark.service]

NO_SUCH_SUBJECT = 10**9


@pytest.fixture
def queued(carrier):
    def make(subject_id=1, **fields) -> Job:
        job_open(kind=JobKind.REPORT, subject_id=subject_id, carrier=carrier, **fields)
        return Job.objects.get(kind=JobKind.REPORT, subject_id=subject_id)

    return make


def take(**wanted) -> Job:
    job = job_take(kind=JobKind.REPORT, **wanted)
    assert job is not None
    return job


def lease_runs_out(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def finish(job: Job) -> None:
    with job_finishing(job):
        pass


def test_a_job_is_taken_once(queued):
    queued()

    assert take().attempts == 1
    assert job_take(kind=JobKind.REPORT) is None


def test_the_most_urgent_job_is_taken_first(queued):
    queued(1)
    queued(2, priority=5)

    assert take().subject_id == 2


def test_a_job_that_is_not_due_yet_is_left_alone(queued):
    job = queued()
    Job.objects.filter(pk=job.pk).update(run_after=timezone.now() + timedelta(minutes=1))

    assert job_take(kind=JobKind.REPORT) is None


def test_a_reserved_job_is_taken_only_by_its_holder(queued):
    queued(holder="cli-1")

    assert job_take(kind=JobKind.REPORT) is None
    assert job_take(kind=JobKind.REPORT, holder="cli-2") is None
    assert take(holder="cli-1").subject_id == 1


def test_a_reserved_job_is_everybodys_once_its_process_is_surely_gone(queued):
    job = queued(holder="cli-1")
    Job.objects.filter(pk=job.pk).update(run_after=timezone.now() - timedelta(hours=25))

    work.jobs_recover()

    assert take().pk == job.pk


def test_a_worker_that_lost_its_lease_cannot_store_its_result(queued):
    queued()
    slow = take()
    lease_runs_out(slow)
    work.jobs_recover()
    Job.objects.update(run_after=timezone.now())
    fast = take()

    with pytest.raises(LeaseLostError):
        finish(slow)
    finish(fast)
    assert Job.objects.get(pk=fast.pk).status == JobStatus.DONE


def test_work_asked_for_while_it_runs_is_done_once_more(queued):
    queued()
    job = take()
    queued()

    finish(job)

    assert Job.objects.get(pk=job.pk).status == JobStatus.QUEUED
    finish(take())
    assert Job.objects.get(pk=job.pk).status == JobStatus.DONE


def test_work_that_was_done_can_be_asked_for_again(queued):
    queued()
    finish(take())
    queued()

    assert take().attempts == 1


def test_a_job_whose_worker_died_goes_back_to_the_queue(queued):
    queued()
    lease_runs_out(take())

    work.jobs_recover()
    Job.objects.update(run_after=timezone.now())

    again = take()
    assert again.attempts == 2
    assert Job.objects.get(pk=again.pk).reason == "The worker stopped while it was at this."


def test_a_job_that_keeps_killing_its_worker_ends_with_its_reason(queued):
    queued()
    for _ in range(MAX_ATTEMPTS):
        lease_runs_out(take())
        work.jobs_recover()
        Job.objects.update(run_after=timezone.now())

    ended = Job.objects.get()
    assert ended.status == JobStatus.FAILED
    assert "worker stopped" in ended.reason
    assert job_take(kind=JobKind.REPORT) is None


def test_a_job_that_was_opened_long_ago_stays_with_its_process_until_it_is_due(queued):
    job = queued(holder="cli-1")
    long_ago, later = (timezone.now() + timedelta(hours=hours) for hours in (-25, 1))
    Job.objects.filter(pk=job.pk).update(created_at=long_ago, run_after=later)

    work.jobs_recover()

    assert Job.objects.get().holder == "cli-1"


def test_a_lease_that_holds_is_not_taken_back(queued):
    queued()
    job = take()

    work.jobs_recover()

    assert Job.objects.get(pk=job.pk).status == JobStatus.RUNNING


def test_a_server_that_names_a_delay_is_asked_soon_after_and_not_before(queued):
    queued()

    def overloaded(job):
        raise EngineUnavailableError("Overloaded.", retry_after=120)

    before = timezone.now()
    work.jobs_work(JobKind.REPORT, overloaded, seconds=0.0)

    job = Job.objects.get()
    assert job.status == JobStatus.QUEUED
    waited = (job.run_after - before).total_seconds()
    assert 120 <= waited <= 120 * 1.2 + (timezone.now() - before).total_seconds()


def test_the_wait_between_tries_grows(queued):
    def unavailable(job):
        raise EngineUnavailableError("Gone.")

    waits = []
    queued()
    for _ in range(3):
        before = timezone.now()
        work.jobs_work(JobKind.REPORT, unavailable, seconds=0.0)
        waits.append((Job.objects.get().run_after - before).total_seconds())
        Job.objects.update(run_after=timezone.now())

    assert 0.2 <= waits[0] <= 0.5
    assert 0.4 <= waits[1] <= 0.9
    assert 0.8 <= waits[2] <= 1.7


def busy(job):
    raise EngineBusyError("Its turn comes later.", retry_after=30)


def test_a_job_whose_turn_comes_later_is_put_off_until_exactly_then(queued):
    queued()
    before = timezone.now()

    work.jobs_work(JobKind.REPORT, busy, seconds=0.0)

    job = Job.objects.get()
    wait = (job.run_after - before).total_seconds()
    assert (job.status, job.reason) == (JobStatus.QUEUED, "Its turn comes later.")
    assert 30 <= wait < 30 + (timezone.now() - before).total_seconds()


def test_waiting_for_a_turn_uses_up_neither_tries_nor_waits(queued):
    queued(holder="cli-1")
    for _ in range(2 * jobs.MAX_WAITS_HELD):
        work.jobs_work(JobKind.REPORT, busy, holder="cli-1", seconds=0.0)
        Job.objects.update(run_after=timezone.now())

    job = Job.objects.get()
    assert (job.status, job.attempts, job.waits) == (JobStatus.QUEUED, 0, 0)


def test_a_job_that_waited_for_an_engine_that_was_away_keeps_that_reason(queued):
    def away(job):
        raise EngineUnavailableError("Away.")

    queued()
    for run in (away, busy):
        work.jobs_work(JobKind.REPORT, run, seconds=0.0)
        Job.objects.update(run_after=timezone.now())

    job = Job.objects.get()
    assert (job.waits, job.reason) == (1, "Away.")


def test_a_job_that_comes_due_in_a_moment_is_waited_for(queued):
    job = queued()
    due = timezone.now() + timedelta(seconds=0.4)
    Job.objects.filter(pk=job.pk).update(run_after=due)
    done_at = []

    def note(job):
        done_at.append(timezone.now())
        finish(job)

    assert work.jobs_work(JobKind.REPORT, note) == 1
    assert done_at[0] >= due


def test_a_worker_that_is_told_to_stop_leaves_what_is_due_to_others(queued):
    queued()
    jobs.stopping.set()

    assert work.jobs_work(JobKind.REPORT, finish) == 0
    assert take().fence == jobs.FIRST_FENCE


def test_a_worker_that_is_told_to_stop_does_not_wait_for_what_comes_due(queued):
    job = queued()
    soon = timezone.now() + timedelta(seconds=0.2)
    Job.objects.filter(pk=job.pk).update(run_after=soon)
    threading.Timer(0.05, jobs.stopping.set).start()

    assert work.jobs_work(JobKind.REPORT, finish) == 0


def test_a_job_that_comes_due_later_is_left_to_the_next_ticket(queued):
    job = queued()
    later = timezone.now() + timedelta(seconds=work.LINGER_SECONDS + 60)
    Job.objects.filter(pk=job.pk).update(run_after=later)

    assert work.jobs_work(JobKind.REPORT, finish) == 0


def test_no_more_wait_for_jobs_than_come_due():
    lingering = work._Lingering()
    with (
        lingering.entered(JobKind.REPORT, most=1) as first,
        lingering.entered(JobKind.REPORT, most=1) as second,
        lingering.entered(JobKind.SETTLE, most=1) as other,
    ):
        assert (first, second, other) == (True, False, True)
    with lingering.entered(JobKind.REPORT, most=1) as again:
        assert again


def test_a_bug_in_a_job_is_stored_and_does_not_stop_the_next_one(queued, caplog):
    queued(1)
    queued(2)
    seen = []

    def buggy(job):
        seen.append(job.subject_id)
        if job.subject_id == 1:
            raise RuntimeError("a bug")
        finish(job)

    work.jobs_work(JobKind.REPORT, buggy)

    assert seen == [1, 2]
    job = Job.objects.get(subject_id=1)
    assert job.reason.startswith("Something went wrong inside the service.")
    assert f"under job {job.pk}" in job.reason
    assert f"Job {job.pk} " in caplog.text
    assert "RuntimeError: a bug" in caplog.text


def test_the_database_refuses_a_failed_job_without_a_reason(queued):
    job = queued()

    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(status=JobStatus.FAILED, reason="")


def test_the_database_refuses_a_running_job_without_a_lease(queued):
    job = queued()

    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(status=JobStatus.RUNNING)


def test_an_engine_that_is_away_does_not_use_up_the_attempts_of_a_job(queued):
    queued()

    def away(job):
        raise EngineUnavailableError("Away.")

    for _ in range(2 * MAX_ATTEMPTS):
        work.jobs_work(JobKind.REPORT, away, seconds=0.0)
        Job.objects.update(run_after=timezone.now())

    job = Job.objects.get()
    assert (job.status, job.attempts, job.waits) == (JobStatus.QUEUED, 0, 2 * MAX_ATTEMPTS)


def test_a_person_at_the_command_line_is_told_soon_that_the_engine_is_away(queued):
    queued(holder="cli-1")

    def away(job):
        raise EngineUnavailableError("Away.")

    for _ in range(jobs.MAX_WAITS_HELD + 1):
        work.jobs_work(JobKind.REPORT, away, holder="cli-1", seconds=0.0)
        Job.objects.update(run_after=timezone.now())

    assert Job.objects.get().status == JobStatus.FAILED


def test_a_job_whose_subject_cannot_be_told_ends_and_the_others_are_recovered(
    queued, carrier, caplog
):
    job_open(kind=JobKind.SEGMENT, subject_id=NO_SUCH_SUBJECT, carrier=carrier)
    lost = job_take(kind=JobKind.SEGMENT)
    assert lost is not None
    Job.objects.filter(pk=lost.pk).update(attempts=MAX_ATTEMPTS)
    lease_runs_out(lost)
    queued()
    lease_runs_out(take())

    work.jobs_recover()

    assert Job.objects.get(pk=lost.pk).status == JobStatus.FAILED
    assert Job.objects.get(kind=JobKind.REPORT).status == JobStatus.QUEUED
    assert "Nobody could be told" in caplog.text


def test_a_heartbeat_that_came_late_but_came_keeps_its_job(queued):
    queued()
    job = take()
    lease_runs_out(job)
    late = Job.objects.get(pk=job.pk)
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() + timedelta(minutes=1))

    assert not jobs._take_over(late)


@pytest.mark.usefixtures("log_can_be_emptied")
def test_a_lease_is_renewed_for_as_long_as_the_work_goes_on(settings, carrier):
    settings.EAVES_LEASE_SECONDS = 0.6
    job_open(kind=JobKind.REPORT, subject_id=1, carrier=carrier)
    job = take()
    with leases.lease_kept(job):
        time.sleep(1.2)
        work.jobs_recover()

    finish(job)
    assert Job.objects.get(pk=job.pk).status == JobStatus.DONE


@pytest.mark.usefixtures("log_can_be_emptied")
def test_one_thread_renews_the_leases_of_all_jobs_of_a_process(settings, queued):
    settings.EAVES_LEASE_SECONDS = 0.6
    queued(1)
    queued(2)
    first, second = take(), take()
    with leases.lease_kept(first), leases.lease_kept(second):
        time.sleep(0.9)
        assert [each.name for each in threading.enumerate()].count("leases") == 1
        kept = Job.objects.filter(lease_until__gt=timezone.now())
        assert kept.count() == 2


@pytest.mark.usefixtures("log_can_be_emptied")
def test_a_job_that_takes_too_long_is_not_kept_and_the_others_are(settings, queued, monkeypatch):
    settings.EAVES_LEASE_SECONDS = 0.6
    queued(1)
    queued(2)
    hung, other = take(), take()
    monkeypatch.setattr(leases, "LONGEST_JOB_SECONDS", 0.0)
    with leases.lease_kept(hung):
        monkeypatch.setattr(leases, "LONGEST_JOB_SECONDS", 60.0)
        with leases.lease_kept(other):
            time.sleep(0.9)
            assert [job.pk for job in jobs.jobs_expired()] == [hung.pk]


def test_a_lease_that_somebody_else_took_over_is_left_to_them(queued):
    queued()
    job = take()
    Job.objects.filter(pk=job.pk).update(fence=job.fence + 1)
    lease_runs_out(job)

    jobs.leases_extend([job])

    assert not Job.objects.filter(lease_until__gt=timezone.now()).exists()
