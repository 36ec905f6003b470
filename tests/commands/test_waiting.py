from __future__ import annotations

import io
import sys
from threading import Event

import pytest

from assessment import pipeline
from assessment.core.vocabulary import JobStatus
from assessment.engines.base import EngineUnavailableError
from assessment.management import waiting as waited
from assessment.management.progress import progress_of
from assessment.management.waiting import waiting
from assessment.models import Job
from tests.factories import jpeg

PATIENCE_SECONDS = 10


class Watched(io.StringIO):
    """A standard error that tells when something was written to it."""

    def __init__(self, *, terminal: bool) -> None:
        super().__init__()
        self.terminal = terminal
        self.written = Event()

    def isatty(self) -> bool:
        return self.terminal

    def write(self, text: str) -> int:
        length = super().write(text)
        self.written.set()
        return length


def test_a_long_wait_is_told_in_lines_where_nobody_watches_a_terminal(monkeypatch):
    monkeypatch.setattr(waited, "LINE_SECONDS", 0.01)
    stream = Watched(terminal=False)
    monkeypatch.setattr(sys, "stderr", stream)
    with waiting() as wait:
        wait.say("1 of 2 photos read")
        stream.written.clear()
        assert stream.written.wait(PATIENCE_SECONDS)

    assert "1 of 2 photos read (0 s)\n" in stream.getvalue()


def test_a_short_wait_needs_no_words(capsys):
    with waiting() as wait:
        wait.say("1 of 2 photos read")

    assert capsys.readouterr().err == ""


def test_in_a_terminal_one_line_moves(monkeypatch):
    stream = Watched(terminal=True)
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    with waiting() as wait:
        wait.say("1 of 2 photos [read]")

    assert "1 of 2 photos [read] (0 s)" in stream.getvalue()


@pytest.mark.django_db
@pytest.mark.service
def test_progress_counts_photos_and_all_the_questions_they_will_be_asked(claim, fake_engine):
    for text in ("cracks", "stains"):
        pipeline.query_ask(claim=claim, text=text, by=None, holder="me")
    for seed in range(3):
        pipeline.photo_submit(claim=claim, data=jpeg(seed=seed), name="a.jpg", by=None, holder="me")
    told = [progress_of(claim, "me")]
    pipeline.work_off("me", on_step=lambda: told.append(progress_of(claim, "me")))

    assert told[:3] == [
        "0 of 3 photos read, 0 of 6 questions done",
        "1 of 3 photos read, 0 of 6 questions done",
        "1 of 3 photos read, 1 of 6 questions done",
    ]
    assert told[-1] == "3 of 3 photos read, 6 of 6 questions done"


@pytest.mark.django_db
@pytest.mark.service
def test_progress_says_why_something_is_tried_again(claim, fake_engine):
    fake_engine.errors = [EngineUnavailableError("The model is overloaded.")]
    pipeline.query_ask(claim=claim, text="cracks", by=None, holder="me")
    pipeline.photo_submit(claim=claim, data=jpeg(), name="a.jpg", by=None, holder="me")
    told = []

    def step() -> None:
        told.append(progress_of(claim, "me"))
        # Nobody waits for it here.
        Job.objects.filter(status=JobStatus.QUEUED).update(run_after="2026-01-01T00:00Z")

    pipeline.work_off("me", on_step=step)

    assert told[:2] == [
        "1 of 1 photos read, 0 of 1 questions done",
        "1 of 1 photos read, 0 of 1 questions done; trying again: The model is overloaded.",
    ]
    assert told[-1] == "1 of 1 photos read, 1 of 1 questions done"


@pytest.mark.django_db
@pytest.mark.service
def test_progress_says_when_the_report_is_being_made(claim):
    pipeline.report_request(claim=claim, by=None, holder="me")

    assert progress_of(claim, "me") == "Making the report"
