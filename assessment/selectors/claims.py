"""Reads that span a whole claim."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import QuerySet

from assessment.core.measure import Measured, total
from assessment.core.triage import Facts
from assessment.core.vocabulary import OPEN_OUTCOMES, DamageType, Outcome, ReviewStatus
from assessment.models import DamageQuery, Finding, Segmentation
from assessment.selectors.confidence import sureness_of
from assessment.selectors.dossier import LeftOut
from assessment.selectors.measuring import Cover, cover_of
from assessment.selectors.sightings import types_seen
from claims.models import UNUSABLE, Claim, ClaimStatus, Photo, PhotoStatus


def claim_is_open(claim: Claim) -> bool:
    """Whether a photo is still to be prepared or a question still to be answered."""
    # In this order: a photo that is prepared between the two is seen, or its questions are.
    return (
        Photo.objects.filter(claim=claim, status=PhotoStatus.RECEIVED).exists()
        or segmentations_of(claim).filter(status__in=OPEN_OUTCOMES).exists()
    )


def segmentations_of(claim: Claim) -> QuerySet[Segmentation]:
    """Every question asked of the claim's photos."""
    return Segmentation.objects.filter(photo__claim=claim)


def query_in_words(claim: Claim, words: str) -> DamageQuery | None:
    """The claim's own question in these words, whatever their capitals; None if there is none."""
    # Compared here: SQLite knows the capitals of English alone.
    asked = DamageQuery.objects.filter(claim=claim).order_by("pk")
    return next((query for query in asked if query.text.casefold() == words.casefold()), None)


def findings_of(claim: Claim) -> QuerySet[Finding]:
    """Every finding on the claim's photos but those that people took back, photo by photo."""
    return (
        Finding.objects.filter(photo__claim=claim, removed=False)
        .select_related("photo")
        .order_by("photo__number", "number")
    )


def findings_that_count(claim: Claim) -> QuerySet[Finding]:
    """The findings of damage that nobody has rejected; once a claim is decided, those accepted."""
    findings = findings_of(claim).exclude(damage_type=DamageType.NO_DAMAGE)
    if claim.status == ClaimStatus.DECIDED:
        return findings.filter(review=ReviewStatus.ACCEPTED)
    return findings.exclude(review=ReviewStatus.REJECTED)


def is_firm(finding: Finding) -> bool:
    """Whether the outline is more than a guess: a person accepted it, or the engine is sure."""
    return not finding.approximate or finding.review == ReviewStatus.ACCEPTED


def covers_by_photo(findings: Iterable[Finding]) -> list[tuple[Photo, Cover]]:
    """What findings cover together, for each photo that has any. Findings come photo by photo."""
    covers = []
    for _, group in groupby(findings, key=lambda finding: finding.photo_id):
        on_photo = list(group)
        photo = on_photo[0].photo
        covers.append((photo, cover_of(on_photo, photo)))
    return covers


@dataclass(frozen=True, slots=True)
class Total:
    """An area over several photos; None where there is none to print.

    `left_out` are the photos whose part is too uncertain to print, and so isn't in the area.
    """

    area: Measured | None
    left_out: tuple[LeftOut, ...]


def total_of(covers: Iterable[tuple[Photo, Cover]]) -> Total:
    """The area of all covers that have a scale and are sure enough to be printed."""
    sizes = [(photo, cover.size) for photo, cover in covers]
    return Total(
        area=_sum([size.printed for _, size in sizes if size.printed]),
        left_out=tuple(
            LeftOut(photo.number, size.refusal) for photo, size in sizes if size.refusal
        ),
    )


def _sum(areas: Sequence[Measured]) -> Measured | None:
    return total(areas) if areas else None


def _bounds(covers: Iterable[Cover]) -> Measured | None:
    """The area of all covers that have a scale, however wide the interval, for the rules.

    They go by its upper end, which a wide interval tells as well as a narrow one. What has no upper
    end at all is not in it, and its findings are counted as those without a scale are.
    """
    return _sum([cover.size.measured for cover in covers if cover.size.measured])


def claim_facts(claim: Claim) -> Facts:
    """What the rules judge a claim by."""
    segmentations = list(segmentations_of(claim))
    findings = list(findings_that_count(claim))
    firm = [finding for finding in findings if is_firm(finding)]
    unreviewed = [each for each in findings if each.review == ReviewStatus.PROPOSED]
    covers = [cover for _, cover in covers_by_photo(firm)]
    outcomes = [segmentation.status for segmentation in segmentations]
    photos = Photo.objects.filter(claim=claim)
    return Facts(
        photos=photos.count(),
        refused_photos=photos.filter(status__in=UNUSABLE).count(),
        questions=len(segmentations),
        unasked_photos=photos.filter(status=PhotoStatus.READY, segmentations__isnull=True).count(),
        unanswered=outcomes.count(Outcome.UNANSWERED),
        failed=outcomes.count(Outcome.FAILED),
        incomplete=sum(bool(segmentation.lost) for segmentation in segmentations),
        findings=len(findings),
        approximate=len(findings) - len(firm),
        unreviewed=len(unreviewed),
        disputed=sum(each.is_disputed for each in sureness_of(unreviewed).values()),
        unscaled=sum(finding.area_m2 is None and not finding.unmeasured for finding in findings)
        + sum(cover.size.is_boundless for cover in covers),
        area_m2=_bounds(covers),
        largest_share=max((cover.share for cover in covers), default=None),
        damage_types=types_seen(firm),
        peril=claim.peril,
        policy_known=bool(claim.policy_number.strip()),
    )
