"""How far the work on a claim is, in words for whoever waits for it."""

from __future__ import annotations

from django.utils import timezone

from assessment.core.vocabulary import OPEN_OUTCOMES, JobStatus, ReportStatus
from assessment.models import DamageQuery, Job, Report
from assessment.selectors.claims import segmentations_of
from claims.models import Claim, Photo, PhotoStatus


def progress_of(claim: Claim, holder: str) -> str:
    """What is being done to the claim by the process that holds its jobs, and n of m."""
    if Report.objects.filter(claim=claim, status=ReportStatus.QUEUED).exists():
        words = "Making the report"
    else:
        words = f"{_photos(claim)}, {_questions(claim)}"
    reason = _put_off(holder)
    return f"{words}; trying again: {reason}" if reason else words


def _photos(claim: Claim) -> str:
    photos = Photo.objects.filter(claim=claim)
    read = photos.exclude(status=PhotoStatus.RECEIVED)
    return f"{read.count()} of {photos.count()} photos read"


def _questions(claim: Claim) -> str:
    asked = segmentations_of(claim)
    done = asked.exclude(status__in=OPEN_OUTCOMES)
    # A photo that is still to be read will be asked each of them.
    unread = Photo.objects.filter(claim=claim, status=PhotoStatus.RECEIVED)
    to_come = unread.count() * DamageQuery.objects.filter(claim=claim).count()
    return f"{done.count()} of {asked.count() + to_come} questions done"


def _put_off(holder: str) -> str:
    """Why a job could not be done when it was tried; empty where none waits for another try."""
    later = Job.objects.filter(
        holder=holder, status=JobStatus.QUEUED, run_after__gt=timezone.now()
    ).exclude(reason="")
    return later.values_list("reason", flat=True).first() or ""
