"""What people do with findings: accept, reject, correct, draw and take back.

Every change is a revision, and none is lost. A change names the revision that the person saw; if
another came between, nothing is written and the person is shown what there is now.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from shapely import MultiPolygon

from assessment.core.boundary import MOSTLY_KEPT, edited_sd, hand_sd, kept_share
from assessment.core.measure import share
from assessment.core.printable import size
from assessment.core.vocabulary import (
    AnswerForm,
    DamageType,
    FindingSource,
    RejectReason,
    ReviewStatus,
)
from assessment.models import Finding, FindingRevision
from assessment.selectors.measuring import outline_of, scale_of
from assessment.services.docket import docket_refresh
from assessment.services.photos import settle_open
from assessment.services.sightings import size_fields
from claims.models import Photo, PhotoStatus, User
from claims.models.numbering import next_number
from claims.services import claim_check_undecided, claim_lock, claim_log

# What a revision keeps of a finding.
KEPT = (
    "damage_type",
    "polygon",
    "boundary_px",
    "approximate",
    "edited",
    "review",
    "reason",
    "removed",
)
USED = "This operation was already used elsewhere. Nothing was changed; do it again."
OUTLINE = ("polygon", "boundary_px", "approximate", "edited")


class StaleFindingError(Exception):
    """Somebody else changed the finding meanwhile; `finding` is what it is now."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(f"Finding {finding.number} was changed meanwhile.")
        self.finding = finding


class ReviewError(ValueError):
    """What can't be done to a finding; the message is a sentence for the person."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a person wants of a finding; None leaves a thing as it is.

    `outline` lies within the photo (core.drawn); `original` asks for the outline as it was first
    recorded.
    """

    review: ReviewStatus | None = None
    reason: RejectReason | None = None
    damage_type: DamageType | None = None
    outline: MultiPolygon | None = None
    original: bool = False
    removed: bool | None = None


def finding_draw(
    *, photo: Photo, outline: MultiPolygon, damage_type: DamageType, by: User, op: UUID | None
) -> Finding:
    """Add what a person saw and outlined; it is accepted by being drawn.

    Drawn twice with the same `op`, it is the one that is there. Raises ReviewError and
    ClaimDecidedError; nothing is drawn then.
    """
    with transaction.atomic():
        claim_lock(photo.claim)
        if known := _done(op, number=1, finding__photo=photo):
            return known
        # Its scale may have changed since the person's page was made.
        photo = Photo.objects.select_related("claim__carrier").get(pk=photo.pk)
        claim_check_undecided(photo.claim)
        _check_ready(photo)
        finding = Finding(
            photo=photo,
            number=next_number(Finding.objects.filter(photo=photo)),
            form=AnswerForm.POLYGON,
            source=FindingSource.PERSON,
            review=ReviewStatus.ACCEPTED,
            reviewer=by,
            reviewed_at=timezone.now(),
        )
        _type_set(finding, damage_type)
        _outline_set(finding, outline)
        _measure(finding)
        finding.changed_at = timezone.now()
        finding.save()
        _revision_keep(finding, by, op)
        _follow_up(finding, by, "finding.drawn", {"damage_type": damage_type})
    return finding


def finding_change(
    *, finding: Finding, change: Change, seen: int, by: User, op: UUID | None
) -> Finding:
    """Change a finding of which the person saw revision `seen`.

    Sent twice with the same `op`, the change is made once. Raises StaleFindingError, ReviewError
    and ClaimDecidedError; nothing is changed then.
    """
    with transaction.atomic():
        claim_lock(finding.photo.claim)
        if known := _done(op, number__gt=1, finding=finding):
            return known
        finding = _findings().get(pk=finding.pk)
        claim_check_undecided(finding.photo.claim)
        if finding.revision != seen:
            raise StaleFindingError(finding)
        _check(finding, change)
        if finding.revision == 1 and not finding.revisions.exists():
            _revision_keep(finding, None, None)
        _apply(finding, change, by)
        finding.revision += 1
        finding.changed_at = timezone.now()
        finding.save()
        _revision_keep(finding, by, op)
        _follow_up(finding, by, *_told(finding, change))
    return finding


def _findings() -> QuerySet[Finding]:
    return Finding.objects.select_related("photo__claim__carrier")


def _done(op: UUID | None, **meant: Any) -> Finding | None:
    """The finding as it is, if this operation was carried out before; `meant` says upon what.

    The id is the browser's own: it must not open another claim's finding, nor pass for done what
    was not.
    """
    revision = FindingRevision.objects.filter(op=op).first() if op else None
    if revision is None:
        return None
    if not FindingRevision.objects.filter(pk=revision.pk, **meant).exists():
        raise ReviewError(USED)
    return _findings().get(pk=revision.finding_id)


def _check_ready(photo: Photo) -> None:
    if photo.status != PhotoStatus.READY:
        raise ReviewError("This photo can't be drawn on yet, or at all. Nothing was changed.")


def _check(finding: Finding, change: Change) -> None:
    if change == Change():
        raise ReviewError("Nothing was asked for, so nothing was changed.")
    if change.removed and finding.source != FindingSource.PERSON:
        raise ReviewError("What the analysis found stays on record. Reject it instead.")
    if finding.removed and change.removed is not False:
        raise ReviewError("This finding was taken back. Nothing was changed; bring it back first.")
    if change.damage_type is DamageType.NO_DAMAGE and not _was_no_damage(finding):
        raise ReviewError("This was found as damage. Reject it if it is none. Nothing was changed.")
    if change.reason and change.review is not ReviewStatus.REJECTED:
        raise ReviewError("A reason belongs to a rejection. Nothing was changed.")


def _was_no_damage(finding: Finding) -> bool:
    """Whether it was outlined for orientation once: only then may it be so again, by undoing."""
    no_damage = DamageType.NO_DAMAGE
    return (
        finding.damage_type == no_damage or finding.revisions.filter(damage_type=no_damage).exists()
    )


def _apply(finding: Finding, change: Change, by: User) -> None:
    if change.damage_type is not None:
        _type_set(finding, change.damage_type)
    if change.removed is not None:
        finding.removed = change.removed
    if change.review is not None:
        _review_set(finding, change.review, change.reason, by)
    if change.original:
        _outline_restore(finding)
    elif change.outline is not None:
        _outline_set(finding, change.outline)
        if finding.source == FindingSource.ENGINE:
            _outline_edited(finding, change.outline)
    if change.original or change.outline is not None:
        _measure(finding)


def _type_set(finding: Finding, damage_type: DamageType) -> None:
    finding.damage_type = damage_type
    # An engine's label is what it said; a person says no more than the type.
    if finding.source == FindingSource.PERSON:
        finding.label = damage_type.replace("_", " ")


def _review_set(
    finding: Finding, review: ReviewStatus, reason: RejectReason | None, by: User
) -> None:
    proposed = review is ReviewStatus.PROPOSED
    finding.review = review
    finding.reason = reason or ""
    finding.reviewer = None if proposed else by
    finding.reviewed_at = None if proposed else timezone.now()


def _outline_set(finding: Finding, outline: MultiPolygon) -> None:
    finding.polygon = outline.wkb
    finding.boundary_px = hand_sd(finding.photo.width, finding.photo.height)
    finding.approximate = False


def _outline_edited(finding: Finding, outline: MultiPolygon) -> None:
    """Where a person left an engine's outline as it was, it is as good as the engine drew it.

    However often it was edited, it is compared with what the engine drew.
    """
    first = finding.revisions.get(number=1)
    kept = kept_share(outline, outline_of(first))
    finding.edited = True
    finding.approximate = first.approximate and kept >= MOSTLY_KEPT
    finding.boundary_px = edited_sd(kept, engine_sd=first.boundary_px, drawn_sd=finding.boundary_px)


def _outline_restore(finding: Finding) -> None:
    first = finding.revisions.get(number=1)
    for name in OUTLINE:
        setattr(finding, name, getattr(first, name))


def _measure(finding: Finding) -> None:
    photo, outline = finding.photo, outline_of(finding)
    told = size(outline, scale_of(photo).plane, boundary_px=finding.boundary_px)
    finding.area_px = outline.area
    finding.share = share(outline, photo.width, photo.height)
    for name, value in size_fields(told).items():
        setattr(finding, name, value)


def _revision_keep(finding: Finding, by: User | None, op: UUID | None) -> None:
    revision = FindingRevision(
        finding=finding,
        number=finding.revision,
        op=op,
        by=by,
        at=finding.changed_at,
        **{name: getattr(finding, name) for name in KEPT},
    )
    try:
        with transaction.atomic():
            revision.save()
    except IntegrityError as error:
        # In another claim, whose lock is another, the same id was used at this very moment.
        raise ReviewError(USED) from error


def _follow_up(finding: Finding, by: User, action: str, said: dict[str, Any]) -> None:
    claim = finding.photo.claim
    settle_open(claim, "")
    docket_refresh(claim)
    part = f"photo {finding.photo.number} finding {finding.number}"
    claim_log(claim, by, action, {**said, "revision": finding.revision}, part=part)


def _told(finding: Finding, change: Change) -> tuple[str, dict[str, Any]]:
    """What the log says of a change: the act that tells most, and all that was changed."""
    said: dict[str, Any] = {}
    action = ""
    if change.original or change.outline is not None:
        action, said = "finding.outlined", {"area_px": finding.area_px, "original": change.original}
    if change.damage_type is not None:
        action, said = "finding.retyped", {**said, "damage_type": change.damage_type}
    if change.review is not None:
        action, said = f"finding.{change.review}", {**said, "reason": finding.reason}
    if change.removed is not None:
        action = "finding.removed" if change.removed else "finding.restored"
    return action, said
