"""Every fault of the table, over the real client, from the photo to what the adjuster reads."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from urllib.parse import quote

import pytest
from django.apps import apps
from django.utils import timezone
from django.utils.html import escape

from assessment import pipeline
from assessment.core.vocabulary import JobKind, JobStatus, Lane, Outcome
from assessment.models import Finding, Job, Segmentation, Triage
from assessment.selectors.claim_page import claim_state
from assessment.services import jobs
from assessment.services.jobs import FIRST_BACKOFF_SECONDS, LONGEST_EXCESS
from assessment.tasks import TASKS
from claims.models import Claim
from portal.claim_words import Line, question_lines
from standin.server import Standin
from tests.pipeline.faults import FAULTS
from tests.pipeline.faults.row import AGAIN, KEY, Fault
from tests.portal.claim_states import text_of
from tests.services.steps import stained_wall

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.service,
    # What google-genai warns of when it meets a reason that is younger than it.
    pytest.mark.filterwarnings("ignore:A_REASON_TO_COME is not a valid"),
]

STAIN_AREA = 120 * 80


@dataclass(frozen=True, slots=True)
class Course:
    """How it went: what was put off for how long (None if nothing was), and what was to read.

    `told` are the reasons as they were read first while it waited and then at the end; `lines` are
    all lines that were ever read, and `shown` the claim's page at the end.
    """

    delay: float | None
    told: list[str]
    lines: list[str]
    shown: str
    calls: int


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """All that anybody logs."""
    for name in ("", "httpx2", "httpcore2", "google_genai"):
        caplog.set_level(logging.DEBUG, logger=name)
    return caplog


@pytest.fixture
def run(settings, claim, user, client, monkeypatch) -> Callable[..., Course]:
    """A photo goes the whole way while the stand-in plays a fault; what is put off is due then.

    The second try is the last one.
    """
    monkeypatch.setattr(jobs, "MAX_WAITS", 1)
    client.force_login(user)

    def go(fault: Fault, *, passes: bool = True) -> Course:
        pipeline.query_ask(claim=claim, text="stains", by=None)
        pipeline.photo_submit(claim=claim, data=stained_wall(), name="wall.jpg", by=None)
        port = _free_port()
        settings.EAVES_ENGINE = "gemini"
        settings.EAVES_ENGINES = {
            "gemini": {
                "model": fault.model,
                "fallbacks": ["gemini-3.8-flash"],
                "api_key": KEY,
                "base_url": fault.address or f"http://127.0.0.1:{port}",
                "deadline": fault.deadline,
            }
        }
        TASKS[JobKind.PREPARE]("")
        script = fault.script if passes else fault.script[:1]
        with ExitStack() as stack:
            if fault.listens:
                standin = stack.enter_context(Standin(script, port=port))
            TASKS[JobKind.SEGMENT]("", seconds=0.0)
            waiting, delay = _lines(claim), _wait_over()
            if not fault.listens:
                standin = stack.enter_context(Standin(script, port=port))
            pipeline.work_off("")
        lines = [*waiting, *_lines(claim)]
        return Course(
            delay=delay,
            told=list(dict.fromkeys(line.reason for line in lines if line.reason)),
            lines=[line.text for line in lines],
            shown=text_of(client.get(f"/claims/{claim.number}/")),
            calls=len(standin.requests),
        )

    return go


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _lines(claim: Claim) -> list[Line]:
    """What the claim's page says beside its question, as it stands."""
    (question,) = claim_state(claim).questions
    return question_lines(question)


def _wait_over() -> float | None:
    """The question is due if it was put off; returns by how many seconds it was."""
    job = Job.objects.filter(kind=JobKind.SEGMENT, status=JobStatus.QUEUED).first()
    if job is None:
        return None
    Job.objects.filter(pk=job.pk).update(run_after=timezone.now())
    return (job.run_after - timezone.now()).total_seconds()


def stored() -> str:
    """Every value in the database."""
    models = apps.get_models(include_auto_created=True)
    rows = [row for model in models for row in model._default_manager.values_list()]
    return repr([[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in rows])


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_each_fault_becomes_what_the_table_says_and_never_no_damage(fault, run, log):
    course = run(fault)

    check_stored(fault, course)
    check_told(fault, course)
    check_nobody_reads_that_nothing_was_found(fault, course)
    assert "generateContent" in log.text or not course.calls
    check_the_key_is_nowhere(log.text + course.shown)


def check_stored(fault: Fault, course: Course) -> None:
    segmentation = Segmentation.objects.get()
    assert segmentation.status == fault.outcome
    assert (course.calls, segmentation.calls_made) == (fault.calls, fault.kept)
    assert Finding.objects.count() == fault.findings
    if fault.findings:
        largest = Finding.objects.order_by("-area_px")[0]
        assert largest.area_px == pytest.approx(STAIN_AREA, rel=0.15)


def check_told(fault: Fault, course: Course) -> None:
    assert course.told == ([fault.told] if fault.told else [])
    if fault.waits:
        assert course.delay is not None
        longest = max(fault.delay * (1 + LONGEST_EXCESS), FIRST_BACKOFF_SECONDS)
        assert fault.delay - 1 < course.delay <= longest
    else:
        assert course.delay is None
        assert escape(fault.told) in course.shown
    if fault.drift:
        assert Segmentation.objects.get().drift == fault.drift


def check_nobody_reads_that_nothing_was_found(fault: Fault, course: Course) -> None:
    assert not [line for line in [*course.lines, course.shown] if "Nothing found" in line]
    triage = Triage.objects.latest("number")
    assert triage.lane == Lane.DESK
    spoke = {reason["rule"] for reason in triage.reasons}
    assert "nothing_found" not in spoke
    assert fault.findings or spoke & {"unanswered", "failed", "incomplete"}


def check_the_key_is_nowhere(seen: str) -> None:
    everywhere = stored() + seen
    assert KEY not in everywhere
    assert quote(KEY, safe="") not in everywhere


@pytest.mark.parametrize("name", ["503, overloaded", "It is reset in the middle", "It drips"])
def test_a_fault_that_does_not_pass_is_given_up_and_says_so(name, run):
    (fault,) = [fault for fault in FAULTS if fault.name == name]
    course = run(fault, passes=False)

    segmentation = Segmentation.objects.get()
    assert (segmentation.status, segmentation.reason) == (Outcome.FAILED, AGAIN + fault.told)
    assert course.calls == 2
    check_nobody_reads_that_nothing_was_found(replace(fault, findings=0), course)
