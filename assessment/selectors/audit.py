"""Holding the reports against the log, as claims.selectors holds the claim file against it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assessment.core.vocabulary import ReportStatus
from assessment.models import Report
from claims.models import Carrier, Claim
from claims.selectors import claims_in_batches, file_fault, mentioned

# Each yields one line for each report that is ready: empty, or a sentence on its fault.


def reports_in_log(carrier: Carrier) -> Iterator[str]:
    """Does the log mention every report with its SHA-256?"""
    for claims in claims_in_batches(carrier):
        reports = _ready(claims)
        made = mentioned(claims, "report.made")
        for report in reports:
            told = (report.claim_id, report.sha256) in made
            yield "" if told else f"The log has lost how {_named(report)} was made."


def reports_intact(carrier: Carrier) -> Iterator[str]:
    """Does the PDF of every report still have its SHA-256?"""
    for claims in claims_in_batches(carrier):
        for report in _ready(claims):
            yield file_fault(f"The PDF of {_named(report)}", report.file, report.sha256)


def _ready(claims: Iterable[Claim]) -> list[Report]:
    reports = Report.objects.filter(claim__in=claims, status=ReportStatus.READY)
    # A dossier is large, and nothing here needs it.
    return list(reports.select_related("claim").defer("dossier").order_by("claim_id", "number"))


def _named(report: Report) -> str:
    return f"report {report.number} on claim {report.claim.number}"
