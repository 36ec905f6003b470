"""manage.py assess: the whole pipeline on a few photos, without a server."""

from __future__ import annotations

import json
import secrets
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress

from assessment import pipeline
from assessment.core.scale import ReferenceLine, ScaleError, from_line
from assessment.core.vocabulary import JobStatus, ReportStatus
from assessment.management.embedded import database_ready
from assessment.management.summary import GivenPhoto, printed, summary_of, unanswered
from assessment.models import Job, Report
from claims import files
from claims.evidence.fingerprint import sha256
from claims.evidence.upload import UploadRefusedError
from claims.models import UNUSABLE, Carrier, Claim, Photo
from claims.services import ClaimFacts, claim_open

STANDARD_OUTPUT = "-"


def reference_line(text: str) -> ReferenceLine:
    """Read X1,Y1,X2,Y2=LENGTH: pixels of the upright photo, metres."""
    ends, _, length = text.partition("=")
    try:
        x1, y1, x2, y2 = (float(part) for part in ends.split(","))
        line = ReferenceLine((x1, y1), (x2, y2), float(length))
        from_line(line)
    except ScaleError as error:
        raise ArgumentTypeError(str(error)) from None
    except ValueError:
        raise ArgumentTypeError(
            f'"{text}" is not a line: write X1,Y1,X2,Y2=LENGTH, pixels and metres.'
        ) from None
    return line


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the command: its claim, and the name under which it holds its jobs."""

    claim: Claim
    holder: str


class Command(BaseCommand):
    help = (
        "Ask questions of photos and route the result, as the service would. Exit status: 0 when "
        "every question was answered, 3 when some were not, 2 on bad usage."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("photos", nargs="+", type=Path, metavar="PHOTO")
        parser.add_argument(
            "--query", action="append", required=True, metavar="TEXT", help="a question, repeatable"
        )
        parser.add_argument(
            "--engine",
            choices=sorted(settings.EAVES_ENGINES),
            default=settings.EAVES_ENGINE,
            help="who is asked (default: %(default)s)",
        )
        parser.add_argument(
            "--line",
            type=reference_line,
            metavar="X1,Y1,X2,Y2=LENGTH",
            help="a line in the (one) photo and its length in metres, for areas in square metres",
        )
        parser.add_argument("--json", metavar="FILE|-", help="write the result as JSON")
        parser.add_argument("--report", type=Path, metavar="FILE.pdf", help="write the PDF report")

    def handle(self, *_args: Any, **options: Any) -> None:
        contents = _read_all(options["photos"])
        if options["line"] and len(contents) > 1:
            raise CommandError("--line belongs to one photo: give one PHOTO with it.", returncode=2)
        _check_targets(options["photos"], options["json"], options["report"])
        database_ready()
        run = _open(options["query"], options["engine"])
        given = [self._submit(run, path, data) for path, data in contents]
        _set_line(run, given, options["line"])
        self._work_off(run)
        report = _report(run, options["report"])
        self._work_off(run)
        written = _written(report, options["report"])
        summary = summary_of(run.claim, given, options["engine"], written)
        self._show(summary, options["json"])
        if report and not written:
            raise CommandError(f"The report could not be made: {report.reason}")
        missing = unanswered(summary)
        if missing:
            raise CommandError(
                f"Questions without an answer: {missing}; the result says why.", returncode=3
            )

    def _submit(self, run: Run, path: Path, data: bytes) -> GivenPhoto:
        with suppress(UploadRefusedError):  # its sentence stands with the photo
            pipeline.photo_submit(
                claim=run.claim, data=data, name=path.name, by=None, holder=run.holder
            )
        return GivenPhoto(str(path), Photo.objects.get(claim=run.claim, sha256=sha256(data)))

    def _work_off(self, run: Run) -> None:
        jobs = Job.objects.filter(holder=run.holder)
        with Progress(
            console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True
        ) as progress:
            bar = progress.add_task("Assessing", total=None)

            def step() -> None:
                done = jobs.exclude(status__in=[JobStatus.QUEUED, JobStatus.RUNNING]).count()
                progress.update(bar, completed=done, total=jobs.count())

            pipeline.work_off(run.holder, on_step=step)

    def _show(self, summary: dict[str, Any], target: str | None) -> None:
        if target is None:
            self.stdout.write(printed(summary))
            return
        text = json.dumps(summary, indent=2, ensure_ascii=False)
        if target == STANDARD_OUTPUT:
            self.stdout.write(text)
        else:
            # A file's name need not be UTF-8; it comes out as it went in.
            _write(Path(target), f"{text}\n".encode(errors="surrogateescape"))


def _read_all(paths: Sequence[Path]) -> list[tuple[Path, bytes]]:
    try:
        return [(path, path.read_bytes()) for path in dict.fromkeys(paths)]
    except OSError as error:
        raise CommandError(
            f"{error.filename} can't be read: {error.strerror}.", returncode=2
        ) from None


def _check_targets(photos: Sequence[Path], json_file: str | None, report: Path | None) -> None:
    """Before anything is asked, let alone paid for: can the result be written?"""
    targets = [Path(json_file)] if json_file and json_file != STANDARD_OUTPUT else []
    targets += [report] if report else []
    for target in targets:
        if target.is_dir() or not target.parent.is_dir():
            raise CommandError(f"{target} can't be written: no such folder.", returncode=2)
        if target in photos or targets.count(target) > 1:
            raise CommandError(f"{target} would be overwritten; name another file.", returncode=2)


def _open(queries: Sequence[str], engine: str) -> Run:
    carrier, _ = Carrier.objects.get_or_create(
        slug="command-line", defaults={"name": "Command line"}
    )
    mark = secrets.token_hex(3)
    number = f"CLI-{timezone.now():%Y%m%d-%H%M%S}-{mark}"
    run = Run(claim_open(carrier=carrier, facts=ClaimFacts(number), by=None), f"cli-{mark}")
    try:
        for text in dict.fromkeys(queries):
            pipeline.query_ask(
                claim=run.claim, text=text, by=None, engine=engine, holder=run.holder
            )
    except ValidationError as error:
        raise CommandError(" ".join(error.messages), returncode=2) from None
    return run


def _set_line(run: Run, given: Sequence[GivenPhoto], line: ReferenceLine | None) -> None:
    if line is None or given[0].photo.status in UNUSABLE:
        return
    try:
        pipeline.scale_give(photo=given[0].photo, line=line, by=None, holder=run.holder)
    except ScaleError as error:
        raise CommandError(str(error), returncode=2) from None


def _report(run: Run, target: Path | None) -> Report | None:
    if target is None:
        return None
    return pipeline.report_request(claim=run.claim, by=None, holder=run.holder)


def _written(report: Report | None, target: Path | None) -> Path | None:
    if report is None or target is None:
        return None
    report.refresh_from_db()
    if report.status != ReportStatus.READY:
        return None
    _write(target, files.load(report.file))
    return target


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise CommandError(f"{path} can't be written: {error.strerror}.", returncode=2) from None
