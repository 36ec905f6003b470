"""What a person at work on one photo sees: findings, questions, and the photos beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import numpy as np
import shapely
from django.db.models import Count, Exists, F, OuterRef, Q
from shapely import MultiPolygon

from assessment.core.geojson import to_geojson
from assessment.core.polygons import simplified
from assessment.core.vocabulary import OPEN_OUTCOMES, ReviewStatus
from assessment.models import Finding, FindingRevision, Segmentation
from assessment.selectors.asked import NO_ANSWER, Asked, asked_in
from assessment.selectors.measuring import outline_of
from assessment.selectors.sightings import answers_on
from claims.models import AuditEntry, Claim, Photo, PhotoStatus, User

SHOWN_TOLERANCE_PX, SHOWN_DECIMALS = 1.0, 1
"""An outline on a screen may be off by a pixel of the photo, and no corner needs more figures."""


def findings_on(photo: Photo, numbers: range | None = None) -> list[Finding]:
    """Every finding on a photo by its number, those that people took back among them.

    With `numbers`, only those whose number lies in it.
    """
    found = Finding.objects.filter(photo=photo)
    if numbers is not None:
        found = found.filter(number__gte=numbers.start, number__lt=numbers.stop)
    return list(
        found.select_related("segmentation__query", "reviewer")
        # It can be long, and each finding would bring it along.
        .defer("segmentation__lost")
        .order_by("number")
    )


def findings_outside(photo: Photo, numbers: range) -> tuple[int, int]:
    """How many findings that count have a lower number, and how many a higher one."""
    there = Finding.objects.filter(photo=photo, removed=False)
    counted = there.aggregate(
        before=Count("pk", filter=Q(number__lt=numbers.start)),
        after=Count("pk", filter=Q(number__gte=numbers.stop)),
    )
    return counted["before"], counted["after"]


def first_outlines(findings: Iterable[Finding]) -> dict[int, MultiPolygon]:
    """What the engine drew, by the id of the finding, where a person has corrected it since."""
    edited = [finding.pk for finding in findings if finding.edited]
    revisions = FindingRevision.objects.filter(finding__in=edited, number=1)
    return {revision.finding_id: outline_of(revision) for revision in revisions}


def outlines_shown(outlines: Sequence[MultiPolygon]) -> list[dict[str, Any]]:
    """Outlines for a screen: GeoJSON MultiPolygons in image pixels, with few corners."""
    simple = simplified(np.array(outlines, dtype=np.object_), SHOWN_TOLERANCE_PX)
    rounded = shapely.transform(simple, lambda points: points.round(SHOWN_DECIMALS))
    # Rounding may make a thin part cross itself, and what is shown must be good to be drawn upon.
    shown = np.where(shapely.is_valid(rounded), rounded, simple)
    return [to_geojson(each) for each in shown]


def questions_on(photo: Photo) -> list[Asked]:
    """The questions put to a photo, in the order in which they were asked."""
    return asked_in(Segmentation.objects.filter(photo=photo).order_by("id"), answers_on([photo]))


class FrameState(StrEnum):
    """How far a photo of the filmstrip has come."""

    READY = "ready"
    WORKING = "working"
    """Being prepared, or asked."""
    REFUSED = "refused"
    FAILED = "failed"
    """It couldn't be prepared, or a question has no answer: not a photo without damage."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A photo of the filmstrip; `left` counts the findings that nobody has reviewed."""

    number: int
    state: FrameState
    left: int
    has_thumbnail: bool


def filmstrip(claim: Claim) -> list[Frame]:
    """All photos of a claim by their number; one query."""
    asked = Segmentation.objects.filter(photo=OuterRef("pk"))
    proposed = Q(findings__review=ReviewStatus.PROPOSED, findings__removed=False)
    photos = (
        Photo.objects.filter(claim=claim)
        .annotate(
            left=Count("findings", filter=proposed),
            at_work=Exists(asked.filter(status__in=OPEN_OUTCOMES)),
            has_gap=Exists(asked.filter(Q(status__in=NO_ANSWER) | ~Q(lost=[]))),
        )
        .order_by("number")
    )
    return [
        Frame(
            number=photo.number,
            state=_frame_state(photo.status, at_work=photo.at_work, has_gap=photo.has_gap),
            left=photo.left,
            has_thumbnail=bool(photo.thumbnail),
        )
        for photo in photos
    ]


def _frame_state(status: str, *, at_work: bool, has_gap: bool) -> FrameState:
    if status == PhotoStatus.REFUSED:
        return FrameState.REFUSED
    if status == PhotoStatus.RECEIVED or at_work:
        return FrameState.WORKING
    return FrameState.FAILED if status == PhotoStatus.FAILED or has_gap else FrameState.READY


def next_unreviewed(frames: Sequence[Frame], number: int) -> int | None:
    """The photo after this one that has findings left, from the first again after the last."""
    later = [frame for frame in frames if frame.number > number]
    earlier = [frame for frame in frames if frame.number < number]
    return next((frame.number for frame in [*later, *earlier] if frame.left), None)


@dataclass(frozen=True, slots=True)
class LastChange:
    """Who changed something last, and when."""

    by: User
    at: datetime


def last_changes(findings: Iterable[Finding]) -> dict[int, LastChange]:
    """Who changed findings last, by the id of the finding; those that nobody changed are left out.

    One query.
    """
    newest = FindingRevision.objects.filter(
        finding__in=[finding.pk for finding in findings],
        number=F("finding__revision"),
    ).select_related("by")
    return {each.finding_id: LastChange(each.by, each.at) for each in newest if each.by}


def scale_changed(photo: Photo) -> LastChange | None:
    """Who gave a photo its scale or took it away, last; None where nobody has."""
    entry = (
        AuditEntry.objects.filter(
            claim=photo.claim,
            subject=f"claim {photo.claim.number} photo {photo.number}",
            action__in=["photo.reference_line_set", "photo.reference_line_removed"],
        )
        .order_by("-sequence")
        .first()
    )
    person = User.objects.filter(email=entry.actor).first() if entry else None
    return LastChange(person, entry.at) if entry and person else None


def was_done(op: UUID) -> bool:
    """Whether an operation on a finding was already carried out."""
    return FindingRevision.objects.filter(op=op).exists()
