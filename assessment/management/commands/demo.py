"""manage.py demo: the whole service once over photos that the project draws itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from assessment import pipeline
from assessment.core.vocabulary import Lane, Outcome, ReportStatus
from assessment.management.embedded import QueueWatch, database_ready, queue_commands
from assessment.management.sample_claim import EMAIL, demo_adjuster, demo_password, open_claim
from assessment.models import Report, Segmentation, Triage
from assessment.selectors.claims import claim_is_open
from assessment.selectors.measuring import cover_of
from assessment.selectors.sightings import findings_in
from claims import files
from claims.models import Claim, User
from config.supervisor import Supervisor
from samples import Sample, draw_samples

# The four photos take seconds; a worker that hasn't answered by then won't.
PATIENCE_SECONDS = 240.0
POLL_SECONDS = 0.2
# A pipe has no width of its own; a table narrower than this breaks its words.
PIPE_COLUMNS = 120


class Command(BaseCommand):
    help = "Open a sample claim, assess it with a real worker and write its report."

    def handle(self, *_args: Any, **_options: Any) -> None:
        database_ready()
        samples = draw_samples()
        adjuster = demo_adjuster()
        with Supervisor(queue_commands()) as supervisor:
            watch = QueueWatch(supervisor)
            claim = open_claim(adjuster, samples)
            self.stdout.write(f"Claim {claim.number}: {len(samples)} photos handed to the worker.")
            self.stdout.flush()
            self._wait(watch, lambda: not settled(claim))
            report = pipeline.report_request(claim=claim, by=adjuster)
            self._wait(watch, lambda: not finished(report))
        if report.status == ReportStatus.FAILED:
            raise CommandError(f"The report could not be made: {report.reason}")
        self._show(claim, samples, save_pdf(report))
        self._show_way_in(adjuster)

    def _wait(self, watch: QueueWatch, unfinished: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        while unfinished():
            if time.monotonic() > end:
                raise CommandError("The worker did not finish in time; its log is above.")
            watch.tend()
            time.sleep(POLL_SECONDS)

    def _show(self, claim: Claim, samples: tuple[Sample, ...], pdf: Path) -> None:
        console = Console(width=None if self.stdout.isatty() else PIPE_COLUMNS)
        console.print(findings_table(claim, samples))
        triage = Triage.objects.filter(claim=claim).latest("number")
        console.print(f"Lane: [bold]{Lane(triage.lane).replace('_', ' ')}[/bold]")
        for reason in triage.reasons:
            console.print(f"  {reason['rule']}  {reason['sentence']}")
        console.print(f"Report: {pdf}")

    def _show_way_in(self, adjuster: User) -> None:
        self.stdout.write("See the claim: make run")
        self.stdout.write(f"Sign in as {EMAIL} with the password {demo_password(adjuster)}")


def settled(claim: Claim) -> bool:
    """Whether the claim has its lane and nothing is open any more."""
    return not claim_is_open(claim) and Triage.objects.filter(claim=claim).exists()


def finished(report: Report) -> bool:
    """Whether the report is there, or is known not to come."""
    report.refresh_from_db()
    return report.status != ReportStatus.QUEUED


def save_pdf(report: Report) -> Path:
    """A copy of the PDF where a person finds it."""
    path = Path(settings.DATA_DIR) / "demo" / f"{report.claim.number}.pdf"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(files.load(report.file))
    return path


def findings_table(claim: Claim, samples: tuple[Sample, ...]) -> Table:
    """What was asked, what was found, and what is true."""
    table = Table("Photo", "Looked for", "Findings", "Area", "95 %", "Truth")
    truths = {sample.name: sample for sample in samples}
    segmentations = Segmentation.objects.filter(photo__claim=claim).select_related("photo", "query")
    for segmentation in segmentations.order_by("photo__number", "query_id"):
        table.add_row(*_row(segmentation, truths[segmentation.photo.name]))
    return table


def _row(segmentation: Segmentation, sample: Sample) -> tuple[str, ...]:
    photo, question = segmentation.photo.name, segmentation.query.text
    truth = "" if sample.truth_m2 is None else f"{sample.truth_m2:.3f} m2"
    if segmentation.status != Outcome.ANSWERED:
        return photo, question, f"{segmentation.status}: {segmentation.reason}", "", "", truth
    findings = list(findings_in(segmentation))
    size = cover_of(findings, segmentation.photo).size
    measured = size.printed
    if measured is None or not findings:
        return photo, question, str(len(findings)), size.refusal and "too uncertain", "", truth
    interval = f"{measured.low:.3f} to {measured.high:.3f}"
    return photo, question, str(len(findings)), f"{measured.value:.3f} m2", interval, truth
