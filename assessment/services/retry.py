"""Trying again what was given up: failed questions, photos and reports of a claim."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, Q

from assessment.core.vocabulary import JobKind, Outcome, ReportStatus
from assessment.models import Call, Report, Segmentation
from assessment.services.docket import docket_refresh
from assessment.services.jobs import job_open
from claims.models import Claim, Photo, PhotoStatus, User
from claims.services import claim_lock_for_change, claim_log


def claim_try_again(*, claim: Claim, by: User | None) -> int:
    """Open again whatever failed in a claim; returns how many things that is.

    A question that was answered in part is opened for the looks that an answer may still come to.
    What an engine refused stays refused: it said so. An answer that came is read again, and is not
    asked for again. Raises ClaimDecidedError.
    """
    with transaction.atomic():
        claim_lock_for_change(claim)
        opened = _photos(claim) + _questions(claim) + _reports(claim)
        if opened:
            docket_refresh(claim)
            claim_log(claim, by, "claim.tried_again", {"opened": opened})
    return opened


def _photos(claim: Claim) -> int:
    failed = Photo.objects.filter(claim=claim, status=PhotoStatus.FAILED)
    ids = list(failed.values_list("pk", flat=True))
    failed.update(status=PhotoStatus.RECEIVED, refusal="")
    return _open(claim, JobKind.PREPARE, ids)


def _questions(claim: Claim) -> int:
    in_part = Q(status=Outcome.ANSWERED, unasked__gt=0)
    failed = Segmentation.objects.filter(Q(status=Outcome.FAILED) | in_part, photo__claim=claim)
    ids = list(failed.values_list("pk", flat=True))
    # Nothing is in these, and nothing was paid for them; with them gone they are asked anew.
    Call.objects.filter(segmentation__in=ids, round=F("segmentation__round"), empty=True).delete()
    Segmentation.objects.filter(pk__in=ids).update(status=Outcome.QUEUED, reason="")
    return _open(claim, JobKind.SEGMENT, ids)


def _reports(claim: Claim) -> int:
    failed = Report.objects.filter(claim=claim, status=ReportStatus.FAILED)
    ids = list(failed.values_list("pk", flat=True))
    failed.update(status=ReportStatus.QUEUED, reason="")
    return _open(claim, JobKind.REPORT, ids)


def _open(claim: Claim, kind: JobKind, ids: list[int]) -> int:
    for subject_id in ids:
        job_open(kind=kind, subject_id=subject_id, carrier=claim.carrier)
    return len(ids)
