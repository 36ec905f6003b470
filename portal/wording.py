"""The trade's words as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessment.core.vocabulary import (
    Confidence,
    DamageType,
    DecisionKind,
    Detail,
    Lane,
    QueryKind,
    RejectReason,
    ReviewStatus,
    Stage,
)
from claims.models import Peril, Role


@dataclass(frozen=True, slots=True)
class Tag:
    """A word in a coloured frame: the CSS class of the frame, an icon of the sprite, the word."""

    kind: str
    icon: str
    label: Promise | str


LANE_TAGS: Mapping[Lane, Tag] = {
    Lane.STRAIGHT_THROUGH: Tag("fast", "check", _("Straight through")),
    Lane.FAST_TRACK: Tag("fast", "check", _("Fast lane")),
    Lane.DESK: Tag("review", "contrast", _("Needs review")),
    Lane.FIELD_INSPECTION: Tag("inspection", "map-pin", _("Field inspection")),
    Lane.SPECIALIST: Tag("specialist", "triangle", _("Specialist")),
}
STAGE_TAGS: Mapping[Stage, Tag] = {
    Stage.WAITING_FOR_PHOTOS: Tag("working", "image", _("Waiting for photos")),
    Stage.ANALYSING: Tag("working", "loader-circle", _("Analysing")),
    Stage.FAILED: Tag("failed", "circle-x", _("Analysis failed")),
    Stage.FAST: LANE_TAGS[Lane.FAST_TRACK],
    Stage.REVIEW: LANE_TAGS[Lane.DESK],
    Stage.INSPECTION: LANE_TAGS[Lane.FIELD_INSPECTION],
    Stage.SPECIALIST: LANE_TAGS[Lane.SPECIALIST],
    Stage.DECIDED: Tag("decided", "lock", _("Decided")),
}

DAMAGE_TYPES: Mapping[DamageType, Promise] = {
    DamageType.MISSING_COVERING: _("Missing covering"),
    DamageType.CRACK: _("Crack"),
    DamageType.STAIN: _("Stain"),
    DamageType.DEBRIS: _("Debris"),
    DamageType.TARPAULIN: _("Tarpaulin"),
    DamageType.HAIL_IMPACT: _("Hail impact"),
    DamageType.DENT: _("Dent"),
    DamageType.BROKEN_GLASS: _("Broken glass"),
    DamageType.BURN: _("Burn"),
    DamageType.OTHER: _("Other damage"),
    DamageType.NO_DAMAGE: _("No damage: for orientation"),
}

DAMAGE_CODES: Mapping[DamageType, str] = {
    DamageType.MISSING_COVERING: "MC",
    DamageType.CRACK: "CR",
    DamageType.STAIN: "ST",
    DamageType.DEBRIS: "DB",
    DamageType.TARPAULIN: "TP",
    DamageType.HAIL_IMPACT: "HI",
    DamageType.DENT: "DN",
    DamageType.BROKEN_GLASS: "BG",
    DamageType.BURN: "BU",
    DamageType.OTHER: "OT",
    DamageType.NO_DAMAGE: "ND",
}
"""Two letters beside an outline; the same in every language, as a key to the list."""

PERILS: Mapping[Peril, Promise] = {
    Peril.HAIL: _("Hail"),
    Peril.WIND: _("Wind"),
    Peril.WATER: _("Water"),
    Peril.FIRE: _("Fire"),
    Peril.IMPACT: _("Impact"),
    Peril.COLLISION: _("Collision"),
    Peril.OTHER: _("Other"),
}

ANY_PERIL = _("Whatever the cause")

QUERY_KINDS: Mapping[QueryKind, Promise] = {
    QueryKind.PLAIN: _("Plain"),
    QueryKind.RELATIONAL: _("By what is beside it"),
    QueryKind.ORDERING: _("By its place in a row"),
    QueryKind.COMPARATIVE: _("By comparison"),
    QueryKind.CONDITIONAL: _("By a condition"),
    QueryKind.ABSTRACT: _("By its meaning"),
    QueryKind.TEXT: _("By what is written there"),
}
"""How a question singles out what it asks for."""

CLOSENESS: Mapping[Detail, Promise] = {
    Detail.AUTO: _("As the photo's size asks for"),
    Detail.WHOLE: _("The photo as a whole"),
    Detail.TILES: _("Piece by piece, for small damage"),
}

DETAILS: Mapping[str, Promise] = {
    "policy_number": _("Policy number"),
    "insured": _("Insured"),
    "address": _("Address of the loss"),
    "loss_date": _("Date of loss"),
    "peril": _("What caused the loss"),
    "limit": _("Limit of the policy"),
    "deductible": _("Deductible"),
}
"""The details of a claim that can be corrected, in the order of their form."""

REVIEWS: Mapping[ReviewStatus, Promise] = {
    ReviewStatus.PROPOSED: _("To review"),
    ReviewStatus.ACCEPTED: _("Accepted"),
    ReviewStatus.REJECTED: _("Rejected"),
}

CONFIDENCES: Mapping[Confidence, Promise] = {
    Confidence.HIGH: _("High confidence"),
    Confidence.MEDIUM: _("Medium confidence"),
    Confidence.LOW: _("Low confidence"),
    Confidence.NOT_KNOWN: _("Confidence not known"),
}

REJECT_REASONS: Mapping[RejectReason, Promise] = {
    RejectReason.NOT_DAMAGE: _("Not damage"),
    RejectReason.OLD_DAMAGE: _("Old damage"),
    RejectReason.DUPLICATE: _("Duplicate"),
    RejectReason.WRONG_OUTLINE: _("Wrong outline"),
    RejectReason.OTHER: _("Other reason"),
}

DECISIONS: Mapping[DecisionKind, Promise] = {
    DecisionKind.APPROVE: _("Approve the assessment"),
    DecisionKind.FIELD_INSPECTION: _("Send an inspector"),
    DecisionKind.SPECIALIST: _("Send to a specialist"),
    DecisionKind.MORE_PHOTOS: _("Ask the policyholder for photos"),
}

IN_ENGLISH = "in-english"
"""The tag of a message whose sentence comes from below the portal, where English is spoken."""

DECIDED = _(
    "This claim is decided and can only be read. Nothing was changed. Reopen the claim, with a "
    "reason, to go on with it."
)
"""What somebody is told who tries to change a decided claim, as ClaimDecidedError says it."""

ROLES: Mapping[Role, Promise] = {
    Role.ADJUSTER: _("adjuster"),
    Role.MANAGER: _("manager"),
    Role.AUDITOR: _("auditor"),
    Role.ADMINISTRATOR: _("administrator"),
}
