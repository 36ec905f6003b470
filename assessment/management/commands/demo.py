"""manage.py demo: the whole service once over photos that the project draws itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from rich.console import Console
from rich.table import Table

from assessment import pipeline
from assessment.core.scale import ReferenceLine
from assessment.core.vocabulary import Lane, Outcome, ReportStatus
from assessment.management.embedded import QueueWatch, database_ready, queue_commands
from assessment.models import Report, Segmentation, Triage
from assessment.selectors.claims import claim_is_open
from assessment.selectors.measuring import cover_of
from claims import files
from claims.models import Carrier, Claim, Membership, Peril, Role, User
from claims.services import ClaimFacts, claim_open
from config.embedded import kept_secret
from config.supervisor import Supervisor
from samples import Sample, draw_samples

EMAIL = "adjuster@eaves.example"
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
        console.print("See every record: make run, then http://127.0.0.1:8000/")
        console.print(f"Sign in as {EMAIL} with the password {demo_password()}")


def demo_password() -> str:
    """A password of this installation's own, so that no known one opens it."""
    return kept_secret(settings.DATA_DIR / "demo_password", strength=9)


def demo_adjuster() -> User:
    """The account of the demo, made on the first run."""
    carrier, _ = Carrier.objects.get_or_create(
        slug="northfield", defaults={"name": "Northfield Mutual Insurance"}
    )
    user = User.objects.filter(email=EMAIL).first()
    if user is None:
        user = User.objects.create_user(EMAIL, demo_password(), name="Dana Okafor", is_staff=True)
    Membership.objects.get_or_create(
        user=user, carrier=carrier, defaults={"role": Role.ADMINISTRATOR}
    )
    return user


def open_claim(adjuster: User, samples: tuple[Sample, ...]) -> Claim:
    """A new sample claim with its photos, their questions and reference lines."""
    carrier = Carrier.objects.get(slug="northfield")
    claim = claim_open(
        carrier=carrier,
        facts=ClaimFacts(
            number=f"DEMO-{carrier.claims.count() + 1:04d}",
            policy_number="HO-3 88-204417",
            insured="Marisol Alvarez",
            address="4127 Larkspur Lane, Fairhollow, TX",
            loss_date=date(2026, 5, 3),
            peril=Peril.WIND,
            limit=Decimal("320000"),
            deductible=Decimal("1000"),
        ),
        by=adjuster,
    )
    for sample in samples:
        _submit(claim, sample, adjuster)
    return claim


def _submit(claim: Claim, sample: Sample, adjuster: User) -> None:
    # One transaction: no worker may look at the photo before its scale is known.
    with transaction.atomic():
        photo = pipeline.photo_submit(claim=claim, data=sample.jpeg, name=sample.name, by=adjuster)
        x1, y1, x2, y2 = sample.reference_line
        line = ReferenceLine((x1, y1), (x2, y2), sample.length_m)
        pipeline.scale_give(photo=photo, line=line, by=adjuster)
        pipeline.query_ask(claim=claim, text=sample.question, by=adjuster, photos=[photo])


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
    findings = list(segmentation.findings.all())
    measured = cover_of(findings, segmentation.photo).measured
    if measured is None or not findings:
        return photo, question, str(len(findings)), "", "", truth
    interval = f"{measured.low:.3f} to {measured.high:.3f}"
    return photo, question, str(len(findings)), f"{measured.value:.3f} m2", interval, truth
