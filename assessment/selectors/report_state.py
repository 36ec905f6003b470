"""How the newest report on a claim stands, and what happened to the claim since."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import astuple, dataclass
from datetime import datetime

from assessment.core.vocabulary import ReportStatus
from assessment.models import Finding, Report, Segmentation, Triage
from claims import files
from claims.models import AuditEntry, Claim

logger = logging.getLogger(__name__)

# What the log tells of, by what it changes in a report.
PHOTOS = ("photo.received", "photo.refused", "photo.failed")
SCALES = ("photo.reference_line_set", "photo.reference_line_removed")
QUESTIONS = ("query.asked", "query.asked_again")
DECISIONS = ("claim.decided", "claim.reopened")
DETAILS = ("claim.corrected",)


@dataclass(frozen=True, slots=True)
class Since:
    """What happened to a claim since a report on it was asked for; each a count.

    `routed` is 1 where the rules now give another lane or other reasons.
    """

    findings: int
    photos: int
    scales: int
    questions: int
    answers: int
    decisions: int
    details: int
    routed: int

    def __bool__(self) -> bool:
        return any(astuple(self))


@dataclass(frozen=True, slots=True)
class ReportState:
    """`newest` is the report asked for last, `ready` the last that can be had; None if there is
    none. `since` is what `ready` doesn't tell."""

    newest: Report | None
    ready: Report | None
    since: Since | None


class ReportDamagedError(Exception):
    """The stored PDF of a report is gone or no longer what it was; it must not be handed out."""


def report_state(claim: Claim) -> ReportState:
    """How the reports on a claim stand."""
    # A dossier is large, and nothing here needs it.
    reports = Report.objects.filter(claim=claim).select_related("requested_by").defer("dossier")
    newest = reports.order_by("-number").first()
    if newest is None:
        return ReportState(None, None, None)
    ready: Report | None = newest
    if newest.status != ReportStatus.READY:
        ready = reports.filter(status=ReportStatus.READY).order_by("-number").first()
    return ReportState(newest, ready, claim_since(claim, ready.requested_at) if ready else None)


def report_under_way(claim: Claim) -> Report | None:
    """The newest report if it is still to be rendered and nothing happened to the claim since."""
    newest = report_state(claim).newest
    if newest is None or newest.status != ReportStatus.QUEUED:
        return None
    return None if claim_since(claim, newest.requested_at) else newest


def claim_since(claim: Claim, moment: datetime) -> Since:
    """What happened to a claim after a moment."""
    told = Counter(
        AuditEntry.objects.filter(
            claim=claim,
            at__gt=moment,
            action__in=[*PHOTOS, *SCALES, *QUESTIONS, *DECISIONS, *DETAILS],
        ).values_list("action", flat=True)
    )
    return Since(
        findings=Finding.objects.filter(photo__claim=claim, changed_at__gt=moment).count(),
        answers=Segmentation.objects.filter(photo__claim=claim, closed_at__gt=moment).count(),
        photos=sum(told[action] for action in PHOTOS),
        scales=sum(told[action] for action in SCALES),
        questions=sum(told[action] for action in QUESTIONS),
        decisions=sum(told[action] for action in DECISIONS),
        details=sum(told[action] for action in DETAILS),
        routed=int(_routed_anew(claim, moment)),
    )


def _routed_anew(claim: Claim, moment: datetime) -> bool:
    triages = Triage.objects.filter(claim=claim).order_by("-number")
    newest = triages.first()
    if newest is None or newest.decided_at <= moment:
        return False
    before = triages.filter(decided_at__lte=moment).first()
    return before is None or (before.lane, before.reasons) != (newest.lane, newest.reasons)


def report_pdf(report: Report) -> bytes:
    """The PDF of a report that is ready. Raises ReportDamagedError; the fault is in the log."""
    try:
        return files.load(report.file)
    except (OSError, files.EvidenceChangedError) as error:
        logger.exception("The PDF of report %s can't be handed out.", report.pk)
        raise ReportDamagedError from error


def report_file_name(report: Report) -> str:
    """What a report is called on a person's own computer."""
    return f"PDR-{report.claim.number}-{report.number:02d}.pdf"
