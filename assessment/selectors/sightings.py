"""In which answers findings were seen, and under which labels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import F, Min, QuerySet

from assessment.core.vocabulary import DamageType, ReviewStatus
from assessment.models import Finding, Segmentation, Sighting
from claims.models import Photo


@dataclass(frozen=True, slots=True)
class AlsoSeen:
    """What a finding was called in an answer, and the question that this answered."""

    label: str
    query: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What a finding was called, and in answer to what, each once and the first first.

    `refined` says that the engine answered a box, and the finding still has the outline that was
    found within it here.
    """

    told: tuple[AlsoSeen, ...] = ()
    refined: bool = False

    @property
    def also(self) -> tuple[AlsoSeen, ...]:
        """Where else it was seen than where it was first."""
        return self.told[1:]


@dataclass(frozen=True, slots=True)
class Shown:
    """How many findings an answer shows; `known` of them had been found by another before."""

    findings: int = 0
    known: int = 0


def seen_of(findings: Iterable[Finding]) -> dict[int, Seen]:
    """Where each finding was seen, by its id; those that people drew are not among them."""
    by_id = {finding.pk: finding for finding in findings}
    sightings: dict[int, list[Sighting]] = {}
    rows = Sighting.objects.filter(finding__in=by_id).select_related("segmentation__query")
    for each in rows.defer("polygon", "segmentation__lost").order_by("pk"):
        sightings.setdefault(each.finding_id, []).append(each)
    return {pk: _seen(by_id[pk], each) for pk, each in sightings.items()}


def _seen(finding: Finding, sightings: list[Sighting]) -> Seen:
    told = (AlsoSeen(each.label, each.segmentation.query.text) for each in sightings)
    return Seen(tuple(dict.fromkeys(told)), sightings[0].refined and not finding.edited)


def findings_in(segmentation: Segmentation) -> QuerySet[Finding]:
    """The findings that the last answer shows, in its order."""
    return (
        Finding.objects.filter(
            sightings__segmentation=segmentation, sightings__round=segmentation.round
        )
        .annotate(place=Min("sightings__position"))
        .order_by("place")
    )


def answers_on(photos: Iterable[Photo]) -> Mapping[int, Shown]:
    """What the last answer to each question about these photos shows, by the segmentation's id."""
    rows = Sighting.objects.filter(
        segmentation__photo__in=[photo.pk for photo in photos], round=F("segmentation__round")
    )
    pairs = rows.values_list("segmentation_id", "finding_id", "finding__segmentation_id").distinct()
    answers: defaultdict[int, Shown] = defaultdict(Shown)
    for answer, _, first in pairs:
        shown = answers[answer]
        answers[answer] = Shown(shown.findings + 1, shown.known + (answer != first))
    return answers


def types_seen(findings: Iterable[Finding]) -> frozenset[DamageType]:
    """The kinds of damage that findings show.

    One that nobody has reviewed may be any kind that an answer called it: a burn mark must not be
    passed over because another question saw the same place first. Once a person looked, it is of
    the type that it has.
    """
    looked_at = {finding.pk: finding for finding in findings}
    photos = {finding.photo_id for finding in looked_at.values()}
    called = Sighting.objects.filter(finding__photo__in=photos).exclude(
        damage_type__in=[DamageType.OTHER, DamageType.NO_DAMAGE]
    )
    return frozenset(
        {DamageType(finding.damage_type) for finding in looked_at.values()}
        | {
            DamageType(kind)
            for pk, kind in called.values_list("finding_id", "damage_type")
            if pk in looked_at and looked_at[pk].review == ReviewStatus.PROPOSED
        }
    )
