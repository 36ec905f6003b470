"""The photo workbench in the words of its script: dictionaries that go out as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from assessment.core.overlay import Outline, Picture, draw
from assessment.core.vocabulary import (
    DamageType,
    DecisionKind,
    FindingSource,
    ReviewStatus,
)
from assessment.models import Finding
from assessment.selectors.asked import Asked
from assessment.selectors.decisions import decision_in_force
from assessment.selectors.measuring import PhotoScale, flight_scale, scale_of, scale_tag
from assessment.selectors.workbench import (
    Frame,
    LastChange,
    findings_outside,
    last_changes,
    questions_on,
    scale_changed,
)
from claims.models import Claim, ClaimStatus, Photo
from portal.access import Member, Permission
from portal.finding_data import findings_data
from portal.wording import DAMAGE_CODES, DAMAGE_TYPES, DECISIONS, REJECT_REASONS, ROLES

JUST_NOW_SECONDS = 60

LISTED = 100
"""Findings on one page without a script: a form for each of a thousand takes seconds to open."""


def photo_data(member: Member, photo: Photo, numbers: range | None = None) -> dict[str, Any]:
    """All that the workbench shows of a photo, those findings that were taken back included.

    With `numbers`, of the findings only those whose number lies in it.
    """
    return {
        "photo": {
            "number": photo.number,
            "name": photo.name,
            "width": photo.width,
            "height": photo.height,
            "view": picture_url(photo, "view"),
            "working": picture_url(photo, "working"),
        },
        "locked": locked(member, photo.claim),
        "units": member.carrier.units,
        **scale_data(photo),
        "queries": [question_data(asked) for asked in questions_on(photo)],
        "damage_types": [
            {"value": kind.value, "label": str(label), "code": DAMAGE_CODES[kind]}
            for kind, label in DAMAGE_TYPES.items()
        ],
        "reject_reasons": [
            {"value": reason.value, "label": str(label)} for reason, label in REJECT_REASONS.items()
        ],
        "findings": findings_data(member, photo, numbers),
    }


def locked(member: Member, claim: Claim) -> str:
    """Why nothing may be changed, as a sentence; empty where it may."""
    if not member.may(Permission.ASSESS):
        return _("Your role, %(role)s, may look at this photo and change nothing.") % {
            "role": ROLES[member.role]
        }
    decision = decision_in_force(claim) if claim.status == ClaimStatus.DECIDED else None
    if decision is None:
        return ""
    return _(
        "%(who)s decided this claim on %(when)s: %(decision)s. It can only be read now; "
        "a manager can reopen it."
    ) % {
        "who": decision.by,
        "when": date_format(timezone.localtime(decision.at), "DATETIME_FORMAT"),
        "decision": DECISIONS[DecisionKind(decision.kind)],
    }


def question_data(asked: Asked) -> dict[str, Any]:
    """A question and what became of it; open ones are all "working"."""
    return {
        "text": asked.text,
        "state": "working" if asked.is_open else asked.outcome.value,
        "findings": asked.found,
        "known": asked.known,
        "reason": asked.reason,
        "lost": list(asked.lost),
    }


def scale_data(photo: Photo) -> dict[str, Any]:
    """The scale of a photo with the reference line that gives it, and the line's tag.

    `own_scale` is what a drone's photo tells of its scale, which holds where there is no line.
    """
    line = photo.reference_line
    return {
        "scale": {**line, **_told_of(scale_of(photo))} if line else None,
        "own_scale": _told_of(flight_scale(photo)),
        "scale_tag": scale_tag(photo),
    }


def _told_of(scale: PhotoScale) -> dict[str, Any]:
    """How a scale was got and what to beware of with it, or why there is none, in sentences."""
    plane = scale.plane
    return {
        "basis": plane.basis if plane else "",
        "warnings": list(plane.warnings) if plane else [],
        "reason": scale.reason,
    }


def finding_conflict(member: Member, finding: Finding) -> str:
    """Who was first, as a sentence."""
    change = last_changes([finding]).get(finding.pk)
    if change is None:
        return _("This finding has changed since you saw it.")
    if change.by == member.user:
        return _("This finding was changed by you in another tab %(ago)s.") % _told(change)
    return _("%(who)s changed this finding %(ago)s.") % _told(change)


def scale_conflict(member: Member, photo: Photo) -> str:
    """Who was first to give the photo another scale, as a sentence."""
    change = scale_changed(photo)
    if change is None:
        return _("The scale of this photo has changed since you saw it.")
    if change.by == member.user:
        sentence = _("The scale of this photo was changed by you in another tab %(ago)s.")
        return sentence % _told(change)
    return _("%(who)s changed the scale of this photo %(ago)s.") % _told(change)


def _told(change: LastChange) -> dict[str, str]:
    return {"who": str(change.by), "ago": _ago(change.at)}


def _ago(at: datetime) -> str:
    if (timezone.now() - at).total_seconds() < JUST_NOW_SECONDS:
        return _("a moment ago")
    return _("%(time)s ago") % {"time": timesince(at, depth=1)}


def picture_url(photo: Photo, size: str) -> str:
    """The address of a copy of the photo; empty where there is none."""
    if not getattr(photo, size):
        return ""
    names = {"number": photo.claim.number, "photo": photo.number, "size": size}
    return reverse("portal:picture", kwargs=names)


def overlay(photo: Photo, findings: Sequence[dict[str, Any]]) -> SafeString:
    """The outlines of findings (as findings_data tells them) to lay over a copy of the photo."""
    title = _("Photo %(number)d with the outlines of its findings") % {"number": photo.number}
    outlines = [
        Outline(
            number=finding["number"],
            polygon=finding["polygon"],
            damage_type=DamageType(finding["damage_type"]),
            source=FindingSource(finding["source"]),
            review=ReviewStatus(finding["review"]),
            approximate=finding["approximate"],
        )
        for finding in findings
        if not finding["removed"]
    ]
    svg = draw(Picture(photo.width, photo.height, title=title), outlines)
    return mark_safe(svg)  # noqa: S308  # every text in it went through html.escape


def photo_url(claim: Claim, number: int) -> str:
    """The page of a photo."""
    return reverse("portal:photo", kwargs={"number": claim.number, "photo": number})


def listed_from(first: int) -> range:
    """The numbers of the findings that a page without a script lists from `first` on."""
    return range(first, first + LISTED)


def finding_url(claim: Claim, photo: int, finding: int) -> str:
    """Where the page of a photo lists a finding."""
    first = finding - (finding - 1) % LISTED
    page = photo_url(claim, photo)
    return f"{page}#finding-{finding}" if first == 1 else f"{page}?from={first}#finding-{finding}"


def pages_beside(photo: Photo, numbers: range) -> dict[str, int]:
    """How many findings stand on the pages before and after, and where these begin."""
    before, after = findings_outside(photo, numbers)
    return {
        "before": before,
        "before_from": max(1, numbers.start - LISTED),
        "after": after,
        "after_from": numbers.stop,
    }


def frame_data(claim: Claim, frame: Frame, current: int) -> dict[str, Any]:
    """A photo of the filmstrip."""
    names = {"number": claim.number, "photo": frame.number, "size": "thumbnail"}
    return {
        "number": frame.number,
        "url": photo_url(claim, frame.number),
        "thumbnail": reverse("portal:picture", kwargs=names) if frame.has_thumbnail else "",
        "left": frame.left,
        "state": frame.state.value,
        "current": frame.number == current,
    }
