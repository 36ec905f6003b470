"""manage.py assess: the whole pipeline on a few photos, without a server."""

from __future__ import annotations

import json
import os
import secrets
import signal
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from assessment import pipeline
from assessment.core.legible import is_legible
from assessment.core.scale import ReferenceLine, ScaleError, check_length
from assessment.core.vocabulary import OPEN_OUTCOMES, Detail, ReportStatus
from assessment.engines.base import EngineMisconfiguredError
from assessment.management import scale_options
from assessment.management.embedded import broker_ready, database_ready
from assessment.management.given import look_at, read_photo
from assessment.management.progress import progress_of
from assessment.management.summary import GivenPhoto, printed, summary_of, unanswered
from assessment.management.waiting import Waiting, waiting
from assessment.models import Report
from assessment.models.segmentation import MOST_RUNS
from assessment.selectors.claims import segmentations_of
from assessment.services.again import rounds_begun_anew
from assessment.services.engines import engine_named
from assessment.services.jobs import jobs_release
from assessment.services.photos import QueryAskedError
from claims import files
from claims.evidence.fingerprint import sha256
from claims.evidence.upload import UploadRefusedError, display_name
from claims.models import UNUSABLE, Carrier, Claim, Photo
from claims.services import ClaimFacts, claim_log

STANDARD_OUTPUT = "-"
INTERRUPTED = 128 + signal.SIGINT


def reference_line(text: str) -> ReferenceLine:
    """Read X1,Y1,X2,Y2=LENGTH, and refuse at once what no photo can be scaled by."""
    line = scale_options.reference_line(text)
    try:
        check_length(line)
    except ScaleError as error:
        raise ArgumentTypeError(str(error)) from None
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
            "--detail",
            choices=[str(detail) for detail in Detail],
            help="look at each photo as a whole, by tiles, or by its size (default: as is known of "
            "the question, else by the photo's size)",
        )
        parser.add_argument(
            "--runs",
            type=int,
            choices=range(1, MOST_RUNS + 1),
            metavar="N",
            help=f"put each question N times, 1 to {MOST_RUNS}, and tell how the answers agree",
        )
        parser.add_argument(
            "--line",
            type=reference_line,
            metavar="X1,Y1,X2,Y2=LENGTH",
            help="a line in the (one) photo and its length in metres, for areas in square metres",
        )
        parser.add_argument(
            "--again",
            action="store_true",
            help="ask, and pay, also where an earlier run brought the answer to the same",
        )
        parser.add_argument("--json", metavar="FILE|-", help="write the result as JSON")
        parser.add_argument("--report", type=Path, metavar="FILE.pdf", help="write the PDF report")

    def handle(self, *_args: Any, **options: Any) -> None:
        run = None
        try:
            _check(options)
            database_ready()
            # What an earlier run left to the workers may be due: its tickets must not fail here.
            broker_ready()
            asked_at_once = [] if options["again"] else options["query"]
            run = _open(asked_at_once, **_how(options))
            self._assess(run, options)
        except KeyboardInterrupt:
            raise CommandError(_farewell(run), returncode=INTERRUPTED) from None

    def _assess(self, run: Run, options: dict[str, Any]) -> None:
        with waiting() as wait:
            given = _submit_all(run, list(dict.fromkeys(options["photos"])), wait)
            if options["again"]:
                _work_off(run, wait)
                _ask_anew(run, options["query"], **_how(options))
            _set_line(run, given, options["line"])
            _work_off(run, wait)
            report = _report(run, options["report"])
            _work_off(run, wait)
        written = _written(report, options["report"])
        summary = summary_of(run.claim, given, options["engine"], written)
        self._show(summary, options["json"], written)
        if report and not written:
            raise CommandError(f"The report could not be made: {report.reason}")
        missing = unanswered(summary)
        if missing:
            raise CommandError(
                f"Questions without an answer: {missing}; the result says why.", returncode=3
            )

    def _show(self, summary: dict[str, Any], target: str | None, report: Path | None) -> None:
        if target is None:
            self.stdout.write(printed(summary))
            return
        text = json.dumps(summary, indent=2, ensure_ascii=False)
        if target == STANDARD_OUTPUT:
            self.stdout.write(text)
        else:
            # A file's name need not be UTF-8; it comes out as it went in.
            _write(Path(target), f"{text}\n".encode(errors="surrogateescape"))
            files = " and ".join([target, str(report)] if report else [target])
            shown = os.fsencode(files).decode(errors="replace")
            self.stdout.write(f"Kept as claim {summary['claim']}; written: {shown}")


def _check(options: dict[str, Any]) -> None:
    """Before anything is opened, asked or paid for: does what was typed make sense?"""
    photos = list(dict.fromkeys(options["photos"]))
    if options["line"] and len(photos) > 1:
        raise CommandError("--line belongs to one photo: give one PHOTO with it.", returncode=2)
    if not all(is_legible(text) for text in options["query"]):
        raise CommandError("--query is empty: ask something in words.", returncode=2)
    try:
        engine_named(options["engine"])
    except EngineMisconfiguredError as error:
        raise CommandError(error.message, returncode=2) from None
    refusals = [refusal for path in photos if (refusal := _refusal(path))]
    if len(refusals) == len(photos):
        raise CommandError(" ".join(refusals), returncode=2)
    _check_targets(photos, options["json"], options["report"])


def _refusal(path: Path) -> str:
    try:
        look_at(path)
    except UploadRefusedError as refusal:
        return f"{path}: {refusal}"
    except OSError as error:
        raise CommandError(f"{path} can't be read: {error.strerror}.", returncode=2) from None
    return ""


def _check_targets(photos: Sequence[Path], json_file: str | None, report: Path | None) -> None:
    """Can the result be written?"""
    targets = [Path(json_file)] if json_file and json_file != STANDARD_OUTPUT else []
    targets += [report] if report else []
    for target in targets:
        if target.is_dir():
            raise CommandError(f"{target} is a folder; name a file in it.", returncode=2)
        if not target.parent.is_dir():
            raise CommandError(f"{target} can't be written: no such folder.", returncode=2)
        if target in photos or targets.count(target) > 1:
            raise CommandError(f"{target} would be overwritten; name another file.", returncode=2)


def _open(queries: Sequence[str], **how: Any) -> Run:
    carrier, _ = Carrier.objects.get_or_create(
        slug="command-line", defaults={"name": "Command line"}
    )
    mark = secrets.token_hex(3)
    number = f"CLI-{timezone.now():%Y%m%d-%H%M%S}-{mark}"
    with transaction.atomic():
        claim = pipeline.claim_start(carrier=carrier, facts=ClaimFacts(number), by=None)
        run = Run(claim, holder=f"cli-{mark}")
        _ask_all(run, queries, **how)
    return run


def _how(options: dict[str, Any]) -> dict[str, Any]:
    """In which way every question is put."""
    detail = options["detail"] and Detail(options["detail"])
    return {"engine": options["engine"], "detail": detail, "runs": options["runs"]}


def _ask_anew(run: Run, queries: Sequence[str], **how: Any) -> None:
    """Ask the photos, which are ready, and take nothing that is stored for the answer."""
    with transaction.atomic():
        _ask_all(run, queries, **how)
        rounds_begun_anew(run.claim)


def _ask_all(run: Run, queries: Sequence[str], **how: Any) -> None:
    for text in dict.fromkeys(query.strip() for query in queries):
        _ask(run, text, **how)


def _ask(run: Run, text: str, **how: Any) -> None:
    try:
        pipeline.query_ask(claim=run.claim, text=text, by=None, holder=run.holder, **how)
    except QueryAskedError:
        # The same words in other capitals: one question.
        return
    except ValidationError as error:
        sentences = " ".join(error.messages)
        raise CommandError(f'--query "{text}" can\'t be asked: {sentences}', returncode=2) from None


def _submit_all(run: Run, paths: Sequence[Path], wait: Waiting) -> list[GivenPhoto]:
    given: list[GivenPhoto] = []
    for number, path in enumerate(paths, start=1):
        wait.say(f"Taking in photo {number} of {len(paths)}")
        one = _submit(run, path)
        earlier = (each.file for each in given if one.photo and each.photo == one.photo)
        given.append(replace(one, same_as=next(earlier, "")))
    return given


def _submit(run: Run, path: Path) -> GivenPhoto:
    try:
        data = read_photo(path)
    except UploadRefusedError as refusal:
        told = {"name": display_name(path.name), "reason": str(refusal)}
        claim_log(run.claim, None, "photo.refused", told)
        return GivenPhoto(str(path), None, refusal=str(refusal))
    with suppress(UploadRefusedError):  # its sentence stands with the photo
        pipeline.photo_submit(
            claim=run.claim, data=data, name=path.name, by=None, holder=run.holder
        )
    return GivenPhoto(str(path), Photo.objects.get(claim=run.claim, sha256=sha256(data)))


def _work_off(run: Run, wait: Waiting) -> None:
    def step() -> None:
        wait.say(progress_of(run.claim, run.holder))

    step()
    pipeline.work_off(run.holder, on_step=step)


def _farewell(run: Run | None) -> str:
    """What becomes of an interrupted run: its jobs are anybody's who has a worker running."""
    if run is None:
        return "Stopped before anything was asked or kept."
    jobs_release(run.holder)
    photos = Photo.objects.filter(claim=run.claim).count()
    answers = segmentations_of(run.claim).exclude(status__in=OPEN_OUTCOMES).count()
    return (
        f"Stopped; claim {run.claim.number} keeps what came so far (photos: {photos}, answers: "
        f"{answers}), and manage.py run goes on with its questions."
    )


def _set_line(run: Run, given: Sequence[GivenPhoto], line: ReferenceLine | None) -> None:
    photo = given[0].photo
    if line is None or photo is None or photo.status in UNUSABLE:
        return
    try:
        pipeline.scale_give(photo=photo, line=line, by=None, holder=run.holder)
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
