"""The trade's words as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessment.core.vocabulary import Lane
from claims.models import Role


@dataclass(frozen=True, slots=True)
class Tag:
    """A word in a coloured frame: the CSS class of the frame, an icon of the sprite, the word."""

    kind: str
    icon: str
    label: Promise


LANE_TAGS: Mapping[Lane, Tag] = {
    Lane.STRAIGHT_THROUGH: Tag("fast", "check", _("Straight through")),
    Lane.FAST_TRACK: Tag("fast", "check", _("Fast lane")),
    Lane.DESK: Tag("review", "contrast", _("Needs review")),
    Lane.FIELD_INSPECTION: Tag("inspection", "map-pin", _("Field inspection")),
    Lane.SPECIALIST: Tag("specialist", "triangle", _("Specialist")),
}
ANALYSING = Tag("working", "loader-circle", _("Analysing"))
NO_PHOTOS = Tag("working", "image", _("No photos yet"))

ROLES: Mapping[Role, Promise] = {
    Role.ADJUSTER: _("adjuster"),
    Role.MANAGER: _("manager"),
    Role.AUDITOR: _("auditor"),
    Role.ADMINISTRATOR: _("administrator"),
}
