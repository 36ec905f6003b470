"""How sure findings are, by what the carrier's own people made of earlier ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
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
from assessment.core.vocabulary import FindingSource, Outcome, RejectReason, ReviewStatus
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


SEEN = (
    "finding_id",
    "segmentation_id",
    "round",
    "agreement",
    "segmentation__status",
    "segmentation__round",
    "segmentation__engine",
    "segmentation__photo__claim__carrier_id",
)


class _Seen(NamedTuple):
    """A sighting, as SEEN names its parts."""

    finding: int
    segmentation: int
    round: int
    agreement: float | None
    status: Outcome
    last_round: int
    engine: str
    carrier: int


class _Round(NamedTuple):
    """A round of a question: the models asked for, those that served, how many runs answered."""

    requested: tuple[str, ...] = ()
    served: tuple[str, ...] = ()
    runs: int = 0


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
    """How well the runs agree on findings, by their ids; without those of which it isn't known.

    Of a question that was asked anew its last round that was answered counts, whether or not it
    shows the finding, and of several questions the one whose runs agree the least: what one of them
    doubts is not made sure by another.
    """
    rows = Sighting.objects.filter(finding__in=list(findings)).values_list(*SEEN)
    seen: defaultdict[tuple[int, int], list[_Seen]] = defaultdict(list)
    for each in (_Seen(*row) for row in rows):
        seen[each.finding, each.segmentation].append(each)
    rounds = _rounds(segmentation for _, segmentation in seen)
    looks: dict[int, _Look] = {}
    for (finding, _), sightings in seen.items():
        look = _look(sightings, rounds)
        if look and (finding not in looks or look.agreement < looks[finding].agreement):
            looks[finding] = look
    return looks


def _look(seen: Sequence[_Seen], rounds: Mapping[tuple[int, int], _Round]) -> _Look | None:
    """How well the runs of one question agree on one finding; None where that isn't known."""
    first = seen[0]
    is_answered = first.status == Outcome.ANSWERED
    last = first.last_round if is_answered else max(each.round for each in seen)
    asked = rounds[first.segmentation, last]
    shown = [each.agreement for each in seen if each.round == last]
    compared = [agreement for agreement in shown if agreement is not None]
    if not shown and asked.runs > 1:
        # As for what one run shows and the others don't.
        compared = [0.0]
    if not compared:
        return None
    who = Asked(first.engine, asked.requested, asked.served)
    return _Look(min(compared), who, first.carrier)


def _rounds(segmentations: Iterable[int]) -> Mapping[tuple[int, int], _Round]:
    """The rounds of these segmentations, by the id and the round; a refusal is of no model."""
    answers = {"refused": False, "empty": False}
    calls = Call.objects.filter(segmentation__in=set(segmentations), **answers)
    fields = ("segmentation_id", "round", "model_requested", "model_served", "run", "fault")
    told: defaultdict[tuple[int, int], list[tuple[str, str, int, str]]] = defaultdict(list)
    for segmentation, round_, *call in calls.values_list(*fields):
        told[segmentation, round_].append(tuple(call))
    return defaultdict(_Round, {each: _round(calls) for each, calls in told.items()})


def _round(calls: Sequence[tuple[str, str, int, str]]) -> _Round:
    return _Round(
        requested=tuple(sorted({model for model, *_ in calls})),
        served=tuple(sorted({server for _, server, *_ in calls})),
        runs=len({run for *_, run, fault in calls if not fault}),
    )
