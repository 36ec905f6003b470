"""Reports: freeze the dossier when one is asked for, render it in a job of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.db import transaction
from django.utils import timezone

from assessment.core.vocabulary import JobKind, ReportStatus
from assessment.models import Job, Report
from assessment.selectors.claim_dossier import claim_dossier
from assessment.selectors.dossier import DOSSIER, Dossier
from assessment.selectors.report_state import report_under_way
from assessment.services.jobs import job_finishing, job_open
from claims import files
from claims.models import Claim, User
from claims.models.numbering import next_number
from claims.services import claim_lock, claim_log

Render = Callable[[Dossier, Mapping[str, bytes]], bytes]


def report_open(
    *, claim: Claim, by: User | None, template_version: str, holder: str = ""
) -> Report:
    """Freeze the claim as it stands into a new report, to be rendered by a job.

    One that waits to be rendered and lacks nothing is that report.
    """
    with transaction.atomic():
        claim_lock(claim)
        waiting = report_under_way(claim)
        if waiting:
            return waiting
        made_at = timezone.now()
        number = next_number(Report.objects.filter(claim=claim))
        dossier = claim_dossier(
            claim, number=number, made_at=made_at, by=by, template_version=template_version
        )
        report = Report.objects.create(
            claim=claim,
            number=number,
            dossier=DOSSIER.dump_json(dossier).decode(),
            template_version=template_version,
            requested_by=by,
            requested_at=made_at,
        )
        job_open(kind=JobKind.REPORT, subject_id=report.pk, carrier=claim.carrier, holder=holder)
    return report


def report_make(job: Job, *, render: Render) -> None:
    """Render the frozen dossier and keep the PDF under its hash."""
    report = _report(job)
    dossier = DOSSIER.validate_json(report.dossier)
    pdf = render(dossier, _pictures(dossier))
    name = files.keep("reports", pdf, ".pdf")
    digest = name.rpartition("/")[2].removesuffix(".pdf")
    with job_finishing(job):
        Report.objects.filter(pk=report.pk).update(
            status=ReportStatus.READY, file=name, sha256=digest
        )
        claim_log(
            report.claim,
            report.requested_by,
            "report.made",
            {"sha256": digest, "template_version": report.template_version},
            part=f"report {report.number}",
        )


def report_give_up(job: Job, reason: str) -> None:
    """The report can't be made; its dossier is kept, so it can be tried again."""
    Report.objects.filter(pk=job.subject_id).update(status=ReportStatus.FAILED, reason=reason)


def _report(job: Job) -> Report:
    return Report.objects.select_related("claim__carrier", "requested_by").get(pk=job.subject_id)


def _pictures(dossier: Dossier) -> dict[str, bytes]:
    return {photo.picture: files.load(photo.picture) for photo in dossier.photos if photo.picture}
