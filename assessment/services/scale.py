"""Giving a photo its scale: everything on it is measured anew, and the claim judged anew."""

from __future__ import annotations

from django.db import transaction

from assessment.core.measure import area
from assessment.core.scale import ReferenceLine, Scale, from_line, within
from assessment.models import Finding
from assessment.selectors.measuring import outline_of
from assessment.services.photos import settle_open
from assessment.services.segmentations import measure_fields
from claims.models import Photo, User
from claims.services import claim_lock, reference_line_set


def scale_set(*, photo: Photo, line: ReferenceLine, by: User | None, holder: str = "") -> None:
    """Set the reference line of a photo. Raises ScaleError where the line can't bear a scale."""
    within(line, photo.width, photo.height)
    scale = from_line(line)
    with transaction.atomic():
        claim_lock(photo.claim)
        for finding in Finding.objects.filter(photo=photo):
            finding_measure(finding, scale)
        settle_open(photo.claim, holder)
        reference_line_set(photo, start=line.start, end=line.end, length_m=line.length_m, by=by)


def finding_measure(finding: Finding, scale: Scale) -> None:
    """Write down what a finding measures at this scale."""
    measured = area(outline_of(finding), scale, boundary_px=finding.boundary_px)
    Finding.objects.filter(pk=finding.pk).update(**measure_fields(measured))
