"""What the panels of a claim's page are filled with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessment.core.vocabulary import Lane, Stage
from assessment.selectors.claim_page import ClaimState, PhotoEntry, Question
from assessment.selectors.claims import Total
from assessment.selectors.damage import Damage
from assessment.selectors.engine_pace import seconds_per_photo
from assessment.selectors.queue import queue_is_stuck
from claims.models import Carrier, Claim, ClaimStatus, Photo, PhotoStatus, Units
from portal.access import Member, Permission
from portal.claim_words import (
    Line,
    duration_named,
    failures,
    photo_note,
    photo_tag,
    photos_named,
    question_lines,
)
from portal.confidence import sureness_counted
from portal.cost_words import spent_told
from portal.measures import area_text
from portal.wording import DAMAGE_TYPES, LANE_TAGS, STAGE_TAGS, Tag

NOT_ROUTED = frozenset({Stage.WAITING_FOR_PHOTOS, Stage.ANALYSING})


@dataclass(frozen=True, slots=True)
class PhotoCard:
    """A photo in the list; `can_be_asked` says whether a question can be put to it now."""

    photo: Photo
    tag: Tag
    note: str
    can_be_asked: bool


@dataclass(frozen=True, slots=True)
class Looked:
    """A question: its words, for which photos if not for all, and what became of it.

    `again` is its id where it can be asked again, else None.
    """

    text: str
    chosen: str
    lines: list[Line]
    again: int | None


@dataclass(frozen=True, slots=True)
class Area:
    """An area in words, and what it leaves out; each empty where there is none."""

    text: str
    left_out: str


@dataclass(frozen=True, slots=True)
class DamageRow:
    """A row of the damage table; `damage` counts."""

    label: Any
    damage: Damage
    area_accepted: Area
    area_counting: Area


def state_context(claim: Claim, state: ClaimState, member: Member) -> dict[str, Any]:
    """What claim/{tag,standing,photos,damage,queries}.html ask for."""
    stage = Stage(state.docket.stage)
    is_decided = claim.status == ClaimStatus.DECIDED
    return {
        "claim": claim,
        "tag": STAGE_TAGS[stage],
        "is_decided": is_decided,
        "may_change": member.may(Permission.ASSESS) and not is_decided,
        # Once all is answered the claim is still to be routed.
        "is_working": state.is_open or stage is Stage.ANALYSING,
        "progress": state.progress,
        "failures": failures(state),
        "trouble": _trouble(state),
        "awaited": "" if is_decided else _awaited(stage, state),
        "routing": None if stage in NOT_ROUTED else state.routing,
        "routed_before": _routed_before(state.docket.lane) if is_decided else "",
        "reasons_title": _reasons_title(state.docket.lane, is_decided=is_decided),
        "to_check": sum(entry.proposed for entry in state.photos),
        "first_to_check": next((e.photo.number for e in state.photos if e.proposed), None),
        "cards": [_card(entry) for entry in state.photos],
        "looked_for": [
            _looked(each, lines) for each in state.questions if (lines := question_lines(each))
        ],
        "sureness": sureness_counted(state.sureness),
        "spent": spent_told(state.spent),
        "damage": [_damage_row(row, member.carrier.units) for row in state.damage],
    }


def _looked(question: Question, lines: list[Line]) -> Looked:
    chosen = photos_named(question.chosen) if question.chosen else ""
    again = question.question if question.can_be_asked_again else None
    return Looked(question.text, chosen, lines, again)


def _card(entry: PhotoEntry) -> PhotoCard:
    ready = entry.photo.status == PhotoStatus.READY
    return PhotoCard(entry.photo, photo_tag(entry), photo_note(entry), ready)


def _damage_row(row: Damage, units: str) -> DamageRow:
    return DamageRow(
        label=DAMAGE_TYPES[row.damage_type] if row.damage_type else _("All together"),
        damage=row,
        area_accepted=_area(row.area_accepted, units),
        area_counting=_area(row.area_counting, units),
    )


def _area(total: Total, units: str) -> Area:
    text = area_text(total.area, Units(units)) if total.area else ""
    return Area(text, _left_out(total))


def _left_out(total: Total) -> str:
    numbers = photos_named([each.photo for each in total.left_out])
    if len(total.left_out) == 1:
        told = {"photos": numbers, "reason": total.left_out[0].reason}
        return _("Without %(photos)s. %(reason)s") % told
    if total.left_out:
        return _("Without %(photos)s, where it is too uncertain to print.") % {"photos": numbers}
    return ""


def _routed_before(lane: str) -> str:
    """That a lane was chosen before the decision, and which; empty where none was."""
    if not lane:
        return ""
    return _("How the claim was routed before the decision: %(lane)s.") % {
        "lane": LANE_TAGS[Lane(lane)].label
    }


def _reasons_title(lane: str, *, is_decided: bool) -> str:
    if lane == Lane.STRAIGHT_THROUGH:
        if is_decided:
            return _("Why it could go straight through")
        return _("Why it may go straight through")
    return _("Why a person was needed") if is_decided else _("Why a person is needed")


def _awaited(stage: Stage, state: ClaimState) -> str:
    """What must happen before the rules can judge the claim; empty where they have."""
    if stage is Stage.WAITING_FOR_PHOTOS:
        return _("The claim is routed once there are photos and they have been looked at.")
    if stage is not Stage.ANALYSING:
        return ""
    if state.is_open:
        return _("The claim is routed once every photo is ready and every question is answered.")
    return _("Everything is answered. The rules are being applied.")


def _trouble(state: ClaimState) -> Line | None:
    """Why nothing moves, if nothing does."""
    if not state.is_open:
        return None
    asked = (each for entry in state.photos for each in entry.asked)
    reason = next((each.reason for each in asked if each.is_open and each.reason), "")
    if reason:
        text = _(
            "The engine that looks at photos can't be reached. Photos still come in, and "
            "questions are asked by themselves once it answers. You can draw findings by hand "
            "meanwhile."
        )
        return Line("working", "clock", text, reason)
    if queue_is_stuck():
        text = _(
            "Nothing is looked at now: no worker is at work. Photos still come in and are looked "
            "at once a worker runs. Tell whoever runs this service."
        )
        return Line("working", "clock", text)
    return None


def pace_text(carrier: Carrier, photos: int) -> str:
    """How long a question to that many photos is likely to take; empty where nobody knows."""
    seconds = seconds_per_photo(carrier) if photos else None
    if seconds is None:
        return ""
    return ngettext(
        "That takes about %(time)s for %(count)d photo, as the last answers did.",
        "That takes about %(time)s for %(count)d photos, as the last answers did.",
        photos,
    ) % {"time": duration_named(seconds * photos), "count": photos}


def ready_numbers(photos: Iterable[PhotoEntry]) -> list[int]:
    """The numbers of the photos that can be asked a question now."""
    return [each.photo.number for each in photos if each.photo.status == PhotoStatus.READY]
