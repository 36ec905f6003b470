"""What an answer shows -> findings: a thing that is known already gains a sighting."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import shapely
from django.db.models import Prefetch
from django.utils import timezone

from assessment.core.detection import Detection
from assessment.core.merge import OutlineArray, recognised
from assessment.core.naming import damage_type_in
from assessment.core.printable import Size
from assessment.core.vocabulary import (
    DamageType,
    FindingSource,
    RejectReason,
    ReviewStatus,
)
from assessment.models import DamageQuery, Finding, Segmentation, Sighting
from assessment.selectors.measuring import Region


class _Look(NamedTuple):
    """What decides, beside its outline, whether a finding is what somebody saw again.

    `only` is the one type that it is known as, any where it is None; a `closed` one is never seen
    again.
    """

    approximate: bool
    damage_type: DamageType
    only: DamageType | None = None
    closed: bool = False


class _Known(NamedTuple):
    """The findings that engines drew on a photo: an outline of each, or two, and its look.

    `before` are the sightings that this round of the question told already, in their order; `last`
    is the highest number of any finding of the photo.
    """

    findings: list[Finding]
    outlines: OutlineArray
    looks: list[_Look]
    before: list[Sighting]
    last: int


class _Seen(NamedTuple):
    """The region at a `place` of an answer, which shows something, as it is stored."""

    place: int
    region: Region
    label: str
    damage_type: DamageType
    polygon: bytes


def sightings_keep(segmentation: Segmentation, regions: Sequence[Region]) -> None:
    """Store what an answer shows: each region that shows anything is a sighting of one finding.

    What an engine saw on the photo before, by whichever question, is recognised by its outline; so
    is what one answer tells of twice. Where further looks were taken at what was answered in part,
    this round's sightings stay, and only news are added.

    What people made of a finding stays as it is, and news are a finding of their own for somebody
    to look at: a sure outline where there was a guess, another kind of damage where a person has
    judged, anything where a person found the outline wrong. So is damage where a thing was outlined
    for orientation: a broken window that another question saw as one of the windows must count.
    What people drew is not recognised; areas are unions, and count it once. The claim must be
    locked.
    """
    known = _known(segmentation)
    seen = _news(regions, segmentation, known.before)
    looks = [*known.looks, *map(_look, seen)]
    things = recognised(
        known.outlines,
        np.array([each.region.outline for each in seen], object),
        may_be=lambda thing, place: _may_be(looks[thing], looks[place]),
    )
    findings = dict(enumerate(known.findings))
    for each, thing in zip(seen, things, strict=True):
        if thing not in findings:
            number = known.last + 1 + len(findings) - len(known.findings)
            findings[thing] = _finding(segmentation, number, each)
    Finding.objects.bulk_create(
        finding for thing, finding in findings.items() if thing >= len(known.findings)
    )
    after = known.before[-1].position + 1 if known.before else 0
    Sighting.objects.bulk_create(
        _sighting(findings[thing], segmentation, after + each.place, each)
        for each, thing in zip(seen, things, strict=True)
    )


def _news(
    regions: Sequence[Region], segmentation: Segmentation, before: Sequence[Sighting]
) -> list[_Seen]:
    """The regions that show anything and weren't told of before.

    How well the runs agree is written down anew of those that were.
    """
    told: defaultdict[tuple[str, bytes], deque[Sighting]] = defaultdict(deque)
    for sighting in before:
        told[sighting.label, bytes(sighting.polygon)].append(sighting)
    news = []
    for place, region in enumerate(regions):
        label, polygon = _label(region.detection), region.outline.wkb
        if same := told[label, polygon]:
            same.popleft().agreement = region.agreement
        elif not region.outline.is_empty:
            kind = damage_type_of(region.detection, segmentation.query)
            news.append(_Seen(place, region, label, kind, polygon))
    Sighting.objects.bulk_update(before, ["agreement"])
    return news


def _may_be(known: _Look, seen: _Look) -> bool:
    if known.closed or (known.approximate and not seen.approximate):
        return False
    if (known.damage_type is DamageType.NO_DAMAGE) != (seen.damage_type is DamageType.NO_DAMAGE):
        return False
    return known.only is None or known.only == seen.damage_type


def _known(segmentation: Segmentation) -> _Known:
    """Each finding as it was first seen and, where a person corrected it, as it is now.

    It is no more than that, whatever further looks it had: they were compared with it, too.
    """
    findings: list[Finding] = []
    polygons: list[bytes] = []
    before: list[Sighting] = []
    last = 0
    for finding in segmentation.photo.findings.order_by("number").prefetch_related(
        Prefetch("sightings", Sighting.objects.order_by("pk"), to_attr="looks")
    ):
        last = finding.number
        if finding.source != FindingSource.ENGINE:
            continue
        before += [look for look in finding.looks if _is_of(look, segmentation)]
        shapes = [sighting.polygon for sighting in finding.looks[:1]]
        shapes += [finding.polygon] if finding.edited else []
        findings += [finding] * len(shapes)
        polygons += [bytes(shape) for shape in shapes]
    outlines = shapely.from_wkb(np.array(polygons, object))
    before.sort(key=lambda sighting: sighting.position)
    return _Known(findings, outlines, list(map(_look_of, findings)), before, last)


def _is_of(sighting: Sighting, segmentation: Segmentation) -> bool:
    """Whether this round of the question told it."""
    told_by = (sighting.segmentation_id, sighting.round)
    return told_by == (segmentation.pk, segmentation.round)


def _look_of(finding: Finding) -> _Look:
    kind = DamageType(finding.damage_type)
    judged = finding.review != ReviewStatus.PROPOSED
    wrong = finding.reason in (RejectReason.WRONG_OUTLINE, RejectReason.DUPLICATE)
    return _Look(finding.approximate, kind, only=kind if judged else None, closed=wrong)


def _look(seen: _Seen) -> _Look:
    return _Look(seen.region.detection.approximate, seen.damage_type)


def _finding(segmentation: Segmentation, number: int, seen: _Seen) -> Finding:
    region, detection = seen.region, seen.region.detection
    return Finding(
        photo=segmentation.photo,
        segmentation=segmentation,
        number=number,
        changed_at=timezone.now(),
        label=seen.label,
        damage_type=seen.damage_type,
        form=detection.form,
        polygon=seen.polygon,
        area_px=region.outline.area,
        share=region.share,
        approximate=detection.approximate,
        source=FindingSource.ENGINE,
        boundary_px=region.boundary_px,
        **size_fields(region.size),
    )


def _sighting(finding: Finding, segmentation: Segmentation, position: int, seen: _Seen) -> Sighting:
    return Sighting(
        finding=finding,
        segmentation=segmentation,
        round=segmentation.round,
        position=position,
        label=seen.label,
        damage_type=seen.damage_type,
        form=seen.region.detection.form,
        polygon=seen.polygon,
        refined=seen.region.detection.refined,
        agreement=seen.region.agreement,
    )


def storable(text: str) -> str:
    """Text as every database takes it: without NUL and without halves of characters."""
    return text.encode(errors="replace").decode().replace("\0", "")


def _label(detection: Detection) -> str:
    return storable(detection.label)[:500]


def damage_type_of(detection: Detection, query: DamageQuery) -> DamageType:
    """What the engine says it is, else what its label names, else what was asked for.

    A label that repeats the question names nothing of its own: "the wall with the most fire damage"
    is a wall.
    """
    if detection.damage_type is not None:
        return detection.damage_type
    repeats = detection.label.strip().casefold() == query.text.casefold()
    named = DamageType.OTHER if repeats else damage_type_in(detection.label)
    return DamageType(query.damage_type) if named is DamageType.OTHER else named


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
