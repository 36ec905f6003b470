"""What an answer shows -> findings: a thing that is known already gains a sighting."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from django.utils import timezone

from assessment.core.detection import Detection
from assessment.core.merge import OutlineArray, recognised
from assessment.core.printable import Size
from assessment.core.vocabulary import DamageType, FindingSource, damage_type_in
from assessment.models import DamageQuery, Finding, Segmentation, Sighting
from assessment.selectors.measuring import Region
from claims.models import Photo
from claims.models.numbering import next_number


def sightings_keep(segmentation: Segmentation, regions: Sequence[Region]) -> None:
    """Store what an answer shows: each region that shows anything is a sighting of one finding.

    Whatever was seen on the photo before, by whichever question and whatever it was called, is
    recognised by its outline; so is what one answer tells of twice. What people made of a finding
    stays as it is: a rejected one that is seen again is still rejected. The claim must be locked.
    """
    seen = [place for place, region in enumerate(regions) if not region.outline.is_empty]
    findings, outlines = _known(segmentation.photo)
    things = recognised(outlines, np.array([regions[place].outline for place in seen], object))
    first = next_number(segmentation.photo.findings.all())
    for place, thing in zip(seen, things, strict=True):
        if thing >= len(outlines) and thing not in findings:
            number = first + len(findings) - len(outlines)
            findings[thing] = _finding(segmentation, number, regions[place])
    Finding.objects.bulk_create(findings[thing] for thing in findings if thing >= len(outlines))
    Sighting.objects.bulk_create(
        _sighting(findings[thing], segmentation, place, regions[place])
        for place, thing in zip(seen, things, strict=True)
    )


def _known(photo: Photo) -> tuple[dict[int, Finding], OutlineArray]:
    """The outlines by which the photo's findings are known, and the finding of each by its place.

    They are all that engines drew, and what people made of it.
    """
    sighted = Sighting.objects.filter(finding__photo=photo).order_by("finding__number", "pk")
    rows = list(sighted.values_list("finding_id", "polygon"))
    rows += Finding.objects.filter(photo=photo, edited=True).values_list("pk", "polygon")
    outlines = shapely.from_wkb(np.array([bytes(polygon) for _, polygon in rows], object))
    return {place: Finding(pk=pk) for place, (pk, _) in enumerate(rows)}, outlines


def _finding(segmentation: Segmentation, number: int, region: Region) -> Finding:
    detection = region.detection
    return Finding(
        photo=segmentation.photo,
        segmentation=segmentation,
        number=number,
        changed_at=timezone.now(),
        label=_label(detection),
        damage_type=damage_type_of(detection, segmentation.query),
        form=detection.form,
        polygon=region.outline.wkb,
        area_px=region.outline.area,
        share=region.share,
        approximate=detection.approximate,
        source=FindingSource.ENGINE,
        boundary_px=region.boundary_px,
        **size_fields(region.size),
    )


def _sighting(
    finding: Finding, segmentation: Segmentation, position: int, region: Region
) -> Sighting:
    detection = region.detection
    return Sighting(
        finding=finding,
        segmentation=segmentation,
        position=position,
        label=_label(detection),
        damage_type=damage_type_of(detection, segmentation.query),
        form=detection.form,
        polygon=region.outline.wkb,
        refined=detection.refined,
    )


def storable(text: str) -> str:
    """Text as every database takes it: without NUL and without halves of characters."""
    return text.encode(errors="replace").decode().replace("\0", "")


def _label(detection: Detection) -> str:
    return storable(detection.label)[:500]


def damage_type_of(detection: Detection, query: DamageQuery) -> DamageType:
    """What the engine says it is, else what its label names, else what was asked for."""
    named = damage_type_in(detection.label)
    if detection.damage_type is None and named is DamageType.OTHER:
        return DamageType(query.damage_type)
    return detection.damage_type or named


def size_fields(size: Size) -> dict[str, float | str | None]:
    """A size as the columns of a finding."""
    printed = size.printed
    return {
        "area_m2": printed.value if printed else None,
        "area_m2_low": printed.low if printed else None,
        "area_m2_high": printed.high if printed else None,
        "basis": size.measured.basis if size.measured else "",
        "unmeasured": size.refusal,
    }
