"""What people say of findings: as the workbench's script sends it, and as a plain form does."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from shapely import MultiPolygon

from assessment.core.drawn import drawn
from assessment.core.scale import ReferenceLine
from assessment.core.vocabulary import DamageType, RejectReason, ReviewStatus
from assessment.services.review import Change
from claims.models import Photo
from portal.json import Body, RefusedError


class OpBody(Body):
    """An operation; `op` is the id that the browser gave it, so that it is carried out once."""

    op: UUID


class DrawBody(OpBody):
    """A finding that a person drew; `polygon` is GeoJSON in pixels of the upright photo."""

    damage_type: DamageType
    polygon: dict[str, Any]


class LineBody(OpBody):
    """A reference line: its ends as x, y in pixels of the upright photo, and metres."""

    start: tuple[float, float]
    end: tuple[float, float]
    length_m: float

    def line(self) -> ReferenceLine:
        return ReferenceLine(self.start, self.end, self.length_m)


class ChangeBody(OpBody):
    """What a person wants of a finding; what is left out stays as it is."""

    review: ReviewStatus | None = None
    reason: RejectReason | Literal[""] | None = None
    damage_type: DamageType | None = None
    polygon: dict[str, Any] | None = None
    original: Literal[True] | None = None
    removed: bool | None = None

    def change(self, photo: Photo) -> Change:
        """The change of a finding on that photo. Raises RefusedError."""
        if self.original and self.polygon is not None:
            raise RefusedError(_("An outline is drawn or restored, not both. Nothing was changed."))
        return Change(
            review=self.review,
            reason=self.reason or None,
            damage_type=self.damage_type,
            outline=None if self.polygon is None else outline_on(photo, self.polygon),
            original=bool(self.original),
            removed=self.removed,
        )


def outline_on(photo: Photo, polygon: dict[str, Any]) -> MultiPolygon:
    """What was drawn on a photo. Raises RefusedError where it is no outline."""
    try:
        return drawn(polygon, photo.width, photo.height)
    except ValueError as error:
        raise RefusedError(str(error)) from error


class ReviewForm(forms.Form):
    """Accept or reject a finding, or put it back, without a script."""

    review = forms.TypedChoiceField(
        coerce=ReviewStatus, choices=[(each.value, each.value) for each in ReviewStatus]
    )
    reason = forms.TypedChoiceField(
        coerce=RejectReason,
        choices=[(each.value, each.value) for each in RejectReason],
        required=False,
        empty_value=None,
    )
    revision = forms.IntegerField(min_value=1)

    def change(self) -> Change:
        """What was chosen; a reason counts only beside a rejection."""
        review, reason = self.cleaned_data["review"], self.cleaned_data["reason"]
        return Change(review=review, reason=reason if review is ReviewStatus.REJECTED else None)
