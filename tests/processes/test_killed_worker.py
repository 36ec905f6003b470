"""A real Celery worker over the real broker, killed while it is at work."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest
from django.conf import settings
from django.db import connection

from assessment import pipeline
from assessment.core.vocabulary import JobKind, JobStatus, Outcome, ReportStatus
from assessment.management.embedded import QueueWatch, queue_commands
from assessment.models import Finding, Job, Segmentation, Triage
from assessment.selectors.claims import claim_is_open
from claims.models import Claim, Photo, PhotoStatus
from claims.selectors import audit_verify
from config.supervisor import Supervisor
from standin.server import Standin
from standin.steps import Step
from tests.factories import jpeg, make_carrier, make_claim

pytestmark = [pytest.mark.service, pytest.mark.usefixtures("log_can_be_emptied")]

PHOTOS = 4
# Two objects in each answer, so that a doubled one can't hide.
ANSWER = """[
  {"box_2d": [100, 100, 300, 300], "label": "crack", "mask": [[100,100],[300,100],[300,300]]},
  {"box_2d": [500, 500, 700, 700], "label": "crack", "mask": [[500,500],[700,500],[700,700]]}
]"""
PATIENCE_SECONDS = 120


class Tended(NamedTuple):
    supervisor: Supervisor
    watch: QueueWatch


@pytest.fixture
def slow_gemini() -> Iterator[Standin]:
    """A model that thinks long enough to be caught thinking."""
    with Standin([Step(wait=0.7)], answer=ANSWER) as standin:
        yield standin


@pytest.fixture
def worker(monkeypatch, slow_gemini) -> Iterator[Tended]:
    """Worker and beat as `make run` starts them, over the database and broker of this test."""
    name = connection.settings_dict["NAME"]
    url = f"sqlite:///{name}" if connection.vendor == "sqlite" else _url_of(str(name))
    for variable, value in {
        "DATABASE_URL": url,
        "BROKER_URL": settings.CELERY_BROKER_URL,
        "EAVES_DATA_DIR": str(settings.DATA_DIR),
        "EAVES_LEASE_SECONDS": "2",
        "SECRET_KEY": "only for tests",
        "GEMINI_API_KEY": "not-a-key",
        "GOOGLE_GEMINI_BASE_URL": slow_gemini.url,
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }.items():
        monkeypatch.setenv(variable, value)
    with Supervisor(queue_commands()) as supervisor:
        yield Tended(supervisor, QueueWatch(supervisor))


def _url_of(name: str) -> str:
    server = connection.settings_dict
    return f"postgres://{server['USER']}@{server['HOST']}:{server['PORT']}/{name}"


def wait_until(done: Callable[[], bool], worker: Tended) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not done():
        assert time.monotonic() < end, list(Job.objects.values_list("kind", "status", "reason"))
        worker.watch.tend()
        time.sleep(0.05)


def asking(gemini: Standin, *, more_than: int) -> bool:
    running = Job.objects.filter(kind=JobKind.SEGMENT, status=JobStatus.RUNNING)
    return len(gemini.requests) > more_than and running.exists()


def settled(claim: Claim) -> bool:
    open_jobs = Job.objects.exclude(status__in=[JobStatus.DONE, JobStatus.FAILED])
    return not (claim_is_open(claim) or open_jobs.exists())


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def kill_worker(worker: Tended) -> None:
    os.killpg(worker.supervisor.pid_of("worker"), signal.SIGKILL)


def kill_pool(worker: Tended) -> None:
    """The pool's processes alone: with the file broker this leaves the worker hanging."""
    for child in children_of(worker.supervisor.pid_of("worker")):
        os.kill(child, signal.SIGKILL)


@pytest.mark.parametrize("kill", [kill_worker, kill_pool])
def test_a_claim_completes_and_nothing_is_doubled_when_the_worker_is_killed(
    worker, slow_gemini, kill
):
    carrier = make_carrier()
    claim = make_claim(carrier)
    for seed in range(PHOTOS):
        pipeline.photo_submit(claim=claim, data=jpeg(seed=seed), name=f"{seed}.jpg", by=None)
    pipeline.query_ask(claim=claim, text="cracks", by=None, engine="gemini")

    for asked_before in (0, 2):
        wait_until(partial(asking, slow_gemini, more_than=asked_before), worker)
        kill(worker)
    wait_until(lambda: settled(claim), worker)
    report = pipeline.report_request(claim=claim, by=None)
    wait_until(lambda: settled(claim), worker)

    report.refresh_from_db()
    assert Photo.objects.filter(status=PhotoStatus.READY).count() == PHOTOS
    assert list(Segmentation.objects.values_list("status", flat=True)) == [Outcome.ANSWERED] * 4
    assert Finding.objects.count() == 2 * PHOTOS
    assert Triage.objects.count() == 1
    assert report.status == ReportStatus.READY
    assert audit_verify(carrier).fault == ""
    # Killed in mid-call, at least one question was put again; none that was answered was.
    assert PHOTOS < len(slow_gemini.requests) <= PHOTOS + 4
