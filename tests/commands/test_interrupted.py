"""`assess`, interrupted by Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from assessment import pipeline
from assessment.core.vocabulary import JobStatus, Outcome
from assessment.management.commands import assess as assess_command
from assessment.models import Job, Segmentation
from assessment.selectors.claims import claim_is_open
from assessment.services.work import jobs_recover
from claims.models import Claim
from standin.server import Standin
from standin.steps import Step

pytestmark = [pytest.mark.django_db, pytest.mark.service]

PATIENCE_SECONDS = 60


def test_an_interrupted_run_says_what_it_kept_and_any_worker_goes_on_with_it(
    roof_file, fake_engine
):
    def interrupt() -> None:
        fake_engine.before_answer = lambda: None
        raise KeyboardInterrupt

    fake_engine.before_answer = interrupt
    with pytest.raises(CommandError) as raised:
        call_command("assess", str(roof_file), "--query", "cracks", "--engine", "fake")
    claim = Claim.objects.get()
    # As a worker's sweep does once the lease has run out.
    Job.objects.filter(status=JobStatus.RUNNING).update(lease_until=timezone.now())
    jobs_recover()
    Job.objects.update(run_after=timezone.now())
    pipeline.work_off("")

    assert raised.value.returncode == 130
    assert str(raised.value) == (
        f"Stopped; claim {claim.number} keeps what came so far (photos: 1, answers: 0), "
        "and manage.py run goes on with its questions."
    )
    assert Segmentation.objects.get().status == Outcome.ANSWERED
    assert not claim_is_open(claim)


def test_a_run_that_is_interrupted_before_it_began_says_so(roof_file, monkeypatch):
    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(assess_command, "database_ready", interrupt)
    with pytest.raises(CommandError, match="before anything was asked") as raised:
        call_command("assess", str(roof_file), "--query", "cracks")

    assert raised.value.returncode == 130


def test_ctrl_c_while_the_model_thinks_ends_with_one_sentence_and_status_130(roof_file, tmp_path):
    with Standin([Step(wait=60)]) as standin:
        told = [_interrupted(roof_file, tmp_path / "var", standin, asked) for asked in (1, 2)]

    # The second finds what the first has left to the workers, and no broker.
    for status, sentence in told:
        assert status == 130
        assert sentence.startswith("CommandError: Stopped; claim CLI-")
        assert len(sentence.splitlines()) == 1


def _interrupted(photo: Path, data_dir: Path, standin: Standin, asked: int) -> tuple[int, str]:
    """Run the command until so many questions have been asked; its exit status and last words."""
    with subprocess.Popen(
        [sys.executable, "manage.py", "assess", photo, "--query", "damage"],
        cwd=settings.BASE_DIR,
        env={
            "PATH": os.environ["PATH"],
            "EAVES_DATA_DIR": str(data_dir),
            "EAVES_ENV_FILE": os.devnull,
            "GEMINI_API_KEY": "not-a-key",
            "GOOGLE_GEMINI_BASE_URL": standin.url,
        },
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        end = time.monotonic() + PATIENCE_SECONDS
        while len(standin.requests) < asked and time.monotonic() < end:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=PATIENCE_SECONDS)
    return process.returncode, told
