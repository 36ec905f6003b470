"""How sure findings are, by what the carrier's own people made of earlier ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.core.cache import cache
from django.db.models import Exists, OuterRef

from assessment.core.confidence import (
    Calibration,
    Reviewed,
    Sureness,
    calibrated,
    corrected_little,
)
from assessment.core.vocabulary import FindingSource, RejectReason, ReviewStatus
from assessment.models import Call, Finding, Sighting
from assessment.selectors.measuring import outline_of
from assessment.selectors.workbench import first_outlines

LATEST = 5000
"""So many findings a calibration goes by, those that were reviewed last: engines change."""

KEPT_SECONDS = 300
"""How old a calibration may be. Another review moves it by little, and pages ask for it often."""

SAY_NOTHING = (RejectReason.DUPLICATE, RejectReason.OLD_DAMAGE)
"""Rejections that don't say whether the engine was right: the damage is there, but another finding
tells of it, or it isn't this loss, and nobody judged the outline. A rejection without a reason does
count, against the engine: most people give none."""


class Asked(NamedTuple):
    """Who was asked in the runs of a question: the engine, the models asked for, who served.

    Two models agree in another way than one with itself, and the reviews of one that was replaced
    unasked say nothing of its successor.
    """

    engine: str
    requested: tuple[str, ...]
    served: tuple[str, ...]


_Models = tuple[tuple[str, ...], tuple[str, ...]]
"""The models asked for, and those that served."""

SEEN = (
    "finding_id",
    "segmentation_id",
    "round",
    "agreement",
    "segmentation__engine",
    "segmentation__photo__claim__carrier_id",
)


class _Seen(NamedTuple):
    """A sighting, as SEEN names its parts."""

    finding: int
    segmentation: int
    round: int
    agreement: float
    engine: str
    carrier: int


class _Look(NamedTuple):
    """How well the runs of one question agree on a finding."""

    agreement: float
    asked: Asked
    carrier: int


def sureness_of(findings: Iterable[Finding]) -> dict[int, Sureness]:
    """How sure each finding of an engine is, by its id; those that people drew have no entry.

    Two queries, and three or five more where the carrier's calibration isn't at hand.
    """
    engines = [each.pk for each in findings if each.source == FindingSource.ENGINE]
    looks = _looks(engines)
    known = {each.carrier: calibrations_of(each.carrier) for each in looks.values()}
    return {
        pk: _sureness(looks[pk], known[looks[pk].carrier]) if pk in looks else Sureness()
        for pk in engines
    }


def _sureness(look: _Look, calibrations: Mapping[Asked, Calibration]) -> Sureness:
    return calibrations.get(look.asked, calibrated(())).sureness(look.agreement)


def calibrations_of(carrier: int) -> Mapping[Asked, Calibration]:
    """What the reviews of a carrier (its id) say of each engine and model, at most minutes old."""
    key = f"calibrations-{carrier}"
    kept: Mapping[Asked, Calibration] | None = cache.get(key)
    if kept is None:
        kept = _calibrations(carrier)
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def _calibrations(carrier: int) -> dict[Asked, Calibration]:
    right = _reviewed(carrier)
    reviewed: dict[Asked, list[Reviewed]] = {}
    for pk, look in _looks(right).items():
        reviewed.setdefault(look.asked, []).append(Reviewed(look.agreement, right[pk]))
    return {asked: calibrated(each) for asked, each in reviewed.items()}


def _reviewed(carrier: int) -> dict[int, bool]:
    """Whether each of the findings that were reviewed last was right, by its id."""
    compared = Sighting.objects.filter(finding=OuterRef("pk"), agreement__isnull=False)
    judged = (
        Finding.objects.filter(photo__claim__carrier=carrier, source=FindingSource.ENGINE)
        .exclude(review=ReviewStatus.PROPOSED)
        .exclude(reason__in=SAY_NOTHING)
        .filter(Exists(compared))
    )
    latest = judged.order_by("-reviewed_at", "-pk").values_list("pk", "review", "edited")[:LATEST]
    right = {pk: review == ReviewStatus.ACCEPTED for pk, review, _ in latest}
    corrected = [pk for pk, _, edited in latest if edited and right[pk]]
    return right | _right_when_corrected(corrected)


def _right_when_corrected(pks: list[int]) -> dict[int, bool]:
    findings = list(Finding.objects.filter(pk__in=pks).only("polygon", "edited"))
    first = first_outlines(findings)
    return {each.pk: corrected_little(first[each.pk], outline_of(each)) for each in findings}


def _looks(findings: Iterable[int]) -> dict[int, _Look]:
    """How well the runs agree on findings, by their ids; without those asked for once only.

    Of a question that was asked anew its last round counts, and of several questions the one whose
    runs agree the least: what one of them doubts is not made sure by another.
    """
    rows = Sighting.objects.filter(finding__in=list(findings), agreement__isnull=False)
    seen = [_Seen(*row) for row in rows.order_by("round", "-agreement").values_list(*SEEN)]
    last = {(each.finding, each.segmentation): each for each in seen}.values()
    models = _models(each.segmentation for each in last)
    return {
        each.finding: _Look(
            each.agreement,
            Asked(each.engine, *models[each.segmentation, each.round]),
            each.carrier,
        )
        for each in sorted(last, key=lambda each: each.agreement, reverse=True)
    }


def _models(segmentations: Iterable[int]) -> Mapping[tuple[int, int], _Models]:
    """The models of each round of these segmentations, by the id and the round."""
    calls = Call.objects.filter(segmentation__in=set(segmentations))
    requested: defaultdict[tuple[int, int], set[str]] = defaultdict(set)
    served: defaultdict[tuple[int, int], set[str]] = defaultdict(set)
    for segmentation, round_, model, server in calls.values_list(
        "segmentation_id", "round", "model_requested", "model_served"
    ):
        requested[segmentation, round_].add(model)
        served[segmentation, round_].add(server)
    models = {
        each: (tuple(sorted(requested[each])), tuple(sorted(served[each]))) for each in requested
    }
    return defaultdict(lambda: ((), ()), models)
