"""Giving a photo its scale: everything on it is measured anew, and the claim judged anew."""

from __future__ import annotations

from django.db import transaction

from assessment.core.plane import Plane
from assessment.core.printable import size
from assessment.core.scale import ReferenceLine, check_line
from assessment.models import Finding
from assessment.selectors.measuring import outline_of, scale_of, scale_tag
from assessment.services.photos import settle_open
from assessment.services.sightings import size_fields
from claims.models import Photo, User
from claims.services import claim_lock_for_change, reference_line_set


class StaleScaleError(Exception):
    """Somebody else gave the photo another scale meanwhile."""


def scale_set(
    *,
    photo: Photo,
    line: ReferenceLine | None,
    by: User | None,
    holder: str = "",
    seen: str = "",
) -> None:
    """Set the reference line of a photo, or take it away; a drone's photo falls back to its flight.

    `seen` is the scale_tag that the person had before them, empty to replace whatever is there.
    Where the photo has just that line, nothing is done: it may be the same request once more.
    Raises ScaleError where the line can't bear a scale, StaleScaleError where another line was
    drawn meanwhile, and ClaimDecidedError.
    """
    if line is not None:
        check_line(line, photo.width, photo.height)
    with transaction.atomic():
        claim_lock_for_change(photo.claim)
        photo.refresh_from_db(fields=["reference_line"])
        if photo.reference_line == stored(line):
            return
        if seen and seen != scale_tag(photo):
            raise StaleScaleError
        photo.reference_line = stored(line)
        plane = scale_of(photo).plane
        for finding in Finding.objects.filter(photo=photo):
            finding_measure(finding, plane)
        settle_open(photo.claim, holder)
        reference_line_set(photo, photo.reference_line, by=by)


def stored(line: ReferenceLine | None) -> dict[str, object] | None:
    """A reference line as Photo.reference_line holds it."""
    if line is None:
        return None
    return {"start": list(line.start), "end": list(line.end), "length_m": line.length_m}


def finding_measure(finding: Finding, plane: Plane | None) -> None:
    """Write down what a finding measures on this plane."""
    told = size(outline_of(finding), plane, boundary_px=finding.boundary_px)
    Finding.objects.filter(pk=finding.pk).update(**size_fields(told))
