"""The result of a run as JSON, and as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assessment.core.confidence import Sureness
from assessment.core.geojson import to_geojson
from assessment.core.measure import Measured
from assessment.core.units import three_digits
from assessment.core.vocabulary import Outcome
from assessment.models import DamageQuery, Finding, Segmentation, Triage
from assessment.selectors.claim_dossier import measure_of
from assessment.selectors.confidence import sureness_of
from assessment.selectors.costs import Spent, claim_spent, spent_on
from assessment.selectors.measuring import Cover, cover_of, outline_of, scale_of
from assessment.selectors.sightings import Seen, findings_in, seen_of
from claims.models import Claim, Photo

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class GivenPhoto:
    """A file named on the command line, and its photo in the claim.

    A file that was refused before it was read has no photo, but a `refusal`. One with the bytes of
    an earlier one has the same photo, and the name of that file in `same_as`.
    """

    file: str
    photo: Photo | None
    refusal: str = ""
    same_as: str = ""


def summary_of(claim: Claim, given: Sequence[GivenPhoto], engine: str, report: Path | None) -> Json:
    """Everything that came out of a run."""
    triage = Triage.objects.filter(claim=claim).latest("number")
    segmentations = Segmentation.objects.filter(photo__claim=claim)
    return {
        "claim": claim.number,
        "engine": {
            "name": engine,
            "model_requested": _models(segmentations.values_list("model_requested", flat=True)),
            "model_served": _models(segmentations.values_list("model_served", flat=True)),
        },
        "photos": [_photo(claim, each) for each in given],
        **_cost(claim_spent(claim)),
        "triage": {
            "lane": triage.lane,
            "reasons": [reason["sentence"] for reason in triage.reasons],
        },
        "report": str(report) if report else None,
    }


def _cost(spent: Spent) -> Json:
    """How many answers were taken over from earlier runs, and what the others cost; null where
    the cost of one isn't known."""
    return {
        "reused": spent.reused,
        "cost_usd": None if spent.unknown else float(spent.usd),
    }


def _models(ids: Iterable[str]) -> str | None:
    return ", ".join(sorted({model for model in ids if model})) or None


def _photo(claim: Claim, given: GivenPhoto) -> Json:
    photo = given.photo
    if photo:
        photo.refresh_from_db()
    return {
        "file": given.file,
        "same_as": given.same_as or None,
        "sha256": photo.sha256 if photo else None,
        "width": (photo and photo.width) or None,
        "height": (photo and photo.height) or None,
        "scale": _scale(photo) if photo else None,
        # What is said of the first of two equal files is not said again.
        "queries": [] if given.same_as else _queries(claim, given),
    }


def _scale(photo: Photo) -> Json | None:
    """How the photo got its scale; None where it has none and nothing is to be said of that."""
    scale = scale_of(photo)
    if scale.plane:
        return {"basis": scale.plane.basis, "warnings": scale.plane.warnings, "refused": ""}
    return {"basis": "", "warnings": [], "refused": scale.reason} if scale.reason else None


def _queries(claim: Claim, given: GivenPhoto) -> list[Json]:
    photo = given.photo
    queries = DamageQuery.objects.filter(claim=claim).order_by("id")
    if photo is None or photo.refusal:
        reason = photo.refusal if photo else given.refusal
        return [_refused(query, reason) for query in queries]
    return [_query(query, photo) for query in queries]


def _refused(query: DamageQuery, reason: str) -> Json:
    return {
        "text": query.text,
        "outcome": Outcome.FAILED,
        "reason": reason,
        "reused": 0,
        "cost_usd": 0.0,
        "lost": [],
        "drift": "",
        "total": None,
        "findings": [],
    }


def _query(query: DamageQuery, photo: Photo) -> Json:
    segmentation = photo.segmentations.get(query=query)
    findings = list(findings_in(segmentation))
    seen, sureness = seen_of(findings), sureness_of(findings)
    answered = segmentation.status == Outcome.ANSWERED
    return {
        "text": query.text,
        "outcome": segmentation.status,
        "reason": segmentation.reason,
        **_cost(spent_on(segmentation.calls.all())),
        "lost": segmentation.lost,
        # That another model answered than was asked, or in another form.
        "drift": segmentation.drift,
        # No answer has no size: a zero would read as "nothing there".
        "total": _total(cover_of(findings, photo)) if answered else None,
        "findings": [
            _finding(finding, seen[finding.pk], sureness[finding.pk], query) for finding in findings
        ],
    }


def _total(cover: Cover) -> Json:
    return {
        "area_px": cover.outline.area,
        "share": cover.share,
        "area_m2": _measure(cover.size.printed),
        "unmeasured": cover.size.refusal,
    }


def _finding(finding: Finding, seen: Seen, sureness: Sureness, query: DamageQuery) -> Json:
    here = next(each for each in seen.told if each.query == query.text)
    return {
        # The same on one photo under every question that it answers.
        "number": finding.number,
        "label": here.label,
        "also": [asdict(each) for each in seen.told if each != here],
        "damage_type": finding.damage_type,
        "polygon": to_geojson(outline_of(finding)),
        "area_px": finding.area_px,
        "share": finding.share,
        "area_m2": _measure(measure_of(finding)),
        "unmeasured": finding.unmeasured,
        "approximate": finding.approximate,
        "agreement": sureness.agreement,
        "confidence": sureness.band,
    }


def _measure(measured: Measured | None) -> Json | None:
    return asdict(measured) if measured else None


def unanswered(summary: Json) -> int:
    """How many questions have no answer."""
    return sum(
        query["outcome"] != Outcome.ANSWERED
        for photo in summary["photos"]
        for query in photo["queries"]
    )


def printed(summary: Json) -> str:
    """The result for people."""
    lines = []
    for photo in summary["photos"]:
        lines.append(_heading(photo))
        lines += [f"  {_line(query)}" for query in photo["queries"]]
    lines.append(f"Lane: {summary['triage']['lane'].replace('_', ' ')}")
    lines += [f"  {reason}" for reason in summary["triage"]["reasons"]]
    lines += _money(summary)
    if summary["report"]:
        lines.append(f"Report: {summary['report']}")
    lines.append(f"Kept as claim {summary['claim']}")
    return "\n".join(lines)


def _money(summary: Json) -> list[str]:
    """What it cost, where it cost anything, and what was saved."""
    told = []
    if summary["cost_usd"] is None:
        told = ["Cost: not known, for want of a price (EAVES_PRICES) or of a count of tokens"]
    elif summary["cost_usd"]:
        told = [f"Cost: {summary['cost_usd']:.6f} USD"]
    if summary["reused"]:
        told.append(f"Answers taken over from earlier runs: {summary['reused']} (--again asks)")
    return told


def _heading(photo: Json) -> str:
    if photo["same_as"]:
        return f"{photo['file']} is the same photo as {photo['same_as']}"
    size = f" ({photo['width']}x{photo['height']})" if photo["width"] else ""
    return f"{photo['file']}{size}"


def _line(query: Json) -> str:
    if query["outcome"] != Outcome.ANSWERED:
        return f'"{query["text"]}": {query["outcome"]}. {query["reason"]}'
    count = len(query["findings"])
    things = "1 finding" if count == 1 else f"{count} findings"
    found = f"{things}, {query['total']['share']:.1%} of the picture"
    lost = "".join(f" {sentence}" for sentence in (*query["lost"], query["drift"]) if sentence)
    return f'"{query["text"]}": {found}{_metres(query["total"])}{_agreement(query)}{lost}'


def _agreement(query: Json) -> str:
    """How well the runs agree, from the finding that they agree on the least to the best one."""
    found = [each["agreement"] for each in query["findings"] if each["agreement"] is not None]
    if not found:
        return ""
    low, high = f"{min(found):.2f}", f"{max(found):.2f}"
    return f" The runs agree to {low if low == high else f'{low} to {high}'}."


def _metres(total: Json) -> str:
    area = total["area_m2"]
    if area is None:
        return f". {total['unmeasured']}" if total["unmeasured"] else "."
    span = f"95 %: {three_digits(area['low'])} to {three_digits(area['high'])}"
    return f", {three_digits(area['value'])} m2 ({span})."
