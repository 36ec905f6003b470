"""Every fault of the table, over the real client, from the photo to what the adjuster reads."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.apps import apps
from django.utils import timezone

from assessment import pipeline
from assessment.core.vocabulary import OPEN_OUTCOMES, JobKind, Lane, Outcome
from assessment.models import Call, Finding, Job, Segmentation, Triage
from assessment.selectors.claim_page import claim_state
from assessment.services import jobs
from assessment.services.engines import engine_named
from assessment.tasks import TASKS
from claims.models import Claim
from portal.claim_words import Line, photo_tag, question_lines
from standin.server import Standin
from tests.pipeline.faults import FAULTS
from tests.pipeline.faults.row import AGAIN, KEY, Fault
from tests.services.steps import stained_wall

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.service,
    # What google-genai warns of when it meets a reason that is younger than it.
    pytest.mark.filterwarnings("ignore:A_REASON_TO_COME is not a valid"),
]

ALL = pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
PASSING = pytest.mark.parametrize(
    "fault", [fault for fault in FAULTS if fault.waits], ids=lambda fault: fault.name
)
NOTHING_FOUND = "Nothing found"


@pytest.fixture
def everything_logged(caplog) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG):
        for name in ("httpx2", "httpcore2", "google_genai"):
            caplog.set_level(logging.DEBUG, logger=name)
        yield caplog


@pytest.fixture
def ask(settings, claim):
    """One question about one photo, to be answered by this address."""

    def configure(fault: Fault, address: str) -> None:
        engine = {"model": fault.model, "fallbacks": ["gemini-3.8-flash"], "api_key": KEY}
        settings.EAVES_ENGINES = {
            "gemini": {**engine, "base_url": address, "deadline": fault.deadline}
        }
        settings.EAVES_ENGINE = "gemini"
        engine_named.cache_clear()

    return configure


def told_of(claim: Claim) -> list[Line]:
    """What the claim's page says beside the question, as it stands."""
    (question,) = claim_state(claim).questions
    return question_lines(question)


def reasons_in(lines: list[Line]) -> list[str]:
    return [line.reason for line in lines if line.reason]


def one_turn() -> None:
    """Every job that is due is done, once."""
    for kind in (JobKind.PREPARE, JobKind.SEGMENT):
        TASKS[kind]("", seconds=0.0)


def wait_over(job: Job) -> float:
    """What was put off is due; returns by how many seconds it was."""
    seconds = (job.run_after - timezone.now()).total_seconds()
    Job.objects.filter(pk=job.pk).update(run_after=timezone.now() - timedelta(seconds=1))
    return seconds


@ALL
def test_explore(fault, claim, ask):
    with Standin(fault.script) as standin:
        ask(fault, fault.address or standin.url)
        pipeline.query_ask(claim=claim, text="stains", by=None)
        pipeline.photo_submit(claim=claim, data=stained_wall(), name="wall.jpg", by=None)
        one_turn()
        told = reasons_in(told_of(claim))
        job = Job.objects.filter(kind=JobKind.SEGMENT, status="queued").first()
        wait = wait_over(job) if job else 0
        ask(fault, standin.url)
        pipeline.work_off("")
    s = Segmentation.objects.get()
    told += [x for x in reasons_in(told_of(claim)) if x not in told]
    got = (
        s.status,
        " ".join(told),
        len(standin.requests),
        Call.objects.count(),
        Finding.objects.count(),
        bool(job),
    )
    want = (fault.outcome, fault.told, fault.calls, fault.kept, fault.findings, fault.waits)
    assert got == want, s.drift
