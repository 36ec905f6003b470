"""The tables behind the report: findings, measurements, engine runs, files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from assessment.core.measure import Measured
from assessment.core.overlay import swatch
from assessment.core.vocabulary import FindingSource, Outcome, ReviewStatus
from assessment.reports.figures import Bar, drawn, width_chart
from assessment.reports.glance import Fact
from assessment.reports.units import System, moment, percent
from assessment.reports.wording import (
    SOURCES,
    TOO_UNCERTAIN,
    also_seen,
    correction,
    damage,
    gap,
    named,
    numbers,
    plural,
    quoted,
    review,
    roughness,
    sureness,
)
from assessment.selectors.dossier import (
    Dossier,
    FindingEntry,
    PhotoEntry,
    QueryEntry,
)

SHORT_HASH = 12
"""Hexadecimal digits printed under a photo; the evidence table sets the same ones in bold."""

MeasuredFinding = tuple[PhotoEntry, FindingEntry, Measured]


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding, or in `note` what is to be said of a photo or question without one."""

    photo: str
    note: str = ""
    number: str = ""
    swatch: SafeString | str = ""
    damage: str = ""
    label: str = ""
    area: str = ""
    interval: str = ""
    share: str = ""
    source: str = ""
    review: str = ""
    correction: str = ""
    also: str = ""
    roughness: str = ""
    sureness: str = ""


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One measured figure and how it was got."""

    number: str
    what: str
    value: str
    interval: str
    bracketed: str
    basis: str
    reference: str
    photo: str


@dataclass(frozen=True, slots=True)
class UnprintedRow:
    """An area that is too uncertain to be printed, and why."""

    what: str
    reason: str
    photo: str


@dataclass(frozen=True, slots=True)
class EngineRow:
    """One engine, model and prompt, and what came of all its questions."""

    engine: str
    requested: str
    served: str
    prompt: str
    outcome: str


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file as it was received."""

    number: str
    name: str
    details: str
    hash_head: str
    hash_tail: str
    derivations: str
    received: str


def finding_rows(photos: Sequence[PhotoEntry], units: System) -> tuple[FindingRow, ...]:
    """Every finding, and a line for every question that found nothing or wasn't answered."""
    return tuple(row for photo in photos for row in _rows_of(photo, units))


def _rows_of(photo: PhotoEntry, units: System) -> Iterator[FindingRow]:
    if photo.refusal:
        yield FindingRow(str(photo.number), note=f"not usable: {photo.refusal}")
    for finding in photo.findings:
        yield _finding_row(photo, finding, units)
    for query in photo.queries:
        if gap(query):
            yield FindingRow(str(photo.number), note=f"{quoted(query.text)} {gap(query)}")
        elif not query.findings:
            sentence = f"looked for {quoted(query.text)}: nothing found"
            yield FindingRow(str(photo.number), note=sentence)
    if not (photo.refusal or photo.queries or photo.findings):
        yield FindingRow(str(photo.number), note="no question was asked")


def _finding_row(photo: PhotoEntry, finding: FindingEntry, units: System) -> FindingRow:
    area = finding.area_m2
    return FindingRow(
        photo=str(photo.number),
        number=str(finding.number),
        swatch=drawn(swatch(finding.damage_type, finding.source, finding.review)),
        damage=damage(finding.damage_type),
        label=finding.label,
        area=units.area(area.value) if area else _no_area(photo, finding),
        interval=units.interval(area) if area else "",
        share=percent(finding.share),
        source=SOURCES[finding.source],
        review=review(finding),
        correction=correction(finding),
        also=also_seen(finding),
        roughness=roughness(finding),
        sureness=sureness(finding),
    )


def _no_area(photo: PhotoEntry, finding: FindingEntry) -> str:
    if finding.unmeasured:
        return TOO_UNCERTAIN
    return "not measured" if photo.scale else "no scale"


def measured(photos: Sequence[PhotoEntry]) -> tuple[MeasuredFinding, ...]:
    """Every finding with an area, together with its photo."""
    return tuple(
        (photo, finding, finding.area_m2)
        for photo in photos
        for finding in photo.findings
        if finding.area_m2
    )


def measure_rows(figures: Sequence[MeasuredFinding], units: System) -> tuple[MeasureRow, ...]:
    """The measured figures, numbered."""
    return tuple(
        MeasureRow(
            number=f"M-{place:02d}",
            what=named(finding),
            value=units.area(area.value),
            interval=units.interval(area),
            bracketed=units.bracketed(area.value),
            basis=area.basis.removeprefix(photo.scale).strip() or area.basis,
            reference=" ".join([photo.scale, *photo.scale_warnings]),
            photo=f"{photo.number}, finding {finding.number}{_struck(finding)}",
        )
        for place, (photo, finding, area) in enumerate(figures, start=1)
    )


def unprinted_rows(photos: Sequence[PhotoEntry]) -> tuple[UnprintedRow, ...]:
    """Every finding whose area is kept back."""
    return tuple(
        UnprintedRow(
            what=named(finding),
            reason=finding.unmeasured,
            photo=f"{photo.number}, finding {finding.number}{_struck(finding)}",
        )
        for photo in photos
        for finding in photo.findings
        if finding.unmeasured
    )


def _struck(finding: FindingEntry) -> str:
    return ", rejected" if finding.review is ReviewStatus.REJECTED else ""


def unmeasured(photos: Sequence[PhotoEntry]) -> str:
    """The photos that have findings and nothing to measure them by; empty if there are none."""
    bare = [
        photo.number
        for photo in photos
        if any(finding.area_m2 is None and not finding.unmeasured for finding in photo.findings)
    ]
    return numbers(bare)


def measure_chart(figures: Sequence[MeasuredFinding]) -> SafeString:
    """Half the width of each interval as a percentage of its value."""
    halves = [_half_width(area) for _, _, area in figures]
    bars = [
        Bar(f"M-{place:02d}", half, 0.0, half, f"±{half:.1f} %")
        for place, half in enumerate(halves, start=1)
    ]
    spoken = "; ".join(f"{bar.label} {bar.text}" for bar in bars)
    return width_chart(f"Half-width of the 95 % intervals: {spoken}", bars)


def _half_width(area: Measured) -> float:
    return 50 * (area.high - area.low) / area.value if area.value else 0.0


def engine_rows(photos: Sequence[PhotoEntry]) -> tuple[EngineRow, ...]:
    """Who was asked and what came of it, counted from the questions themselves."""
    groups: dict[tuple[str, str, str, str], list[QueryEntry]] = {}
    for query in (query for photo in photos for query in photo.queries):
        key = (query.engine, query.model_requested, query.model_served, query.prompt_version)
        groups.setdefault(key, []).append(query)
    return tuple(
        EngineRow(engine, requested, served or "not stated", prompt, _outcome(queries))
        for (engine, requested, served, prompt), queries in groups.items()
    )


def _outcome(queries: Sequence[QueryEntry]) -> str:
    counts = Counter(query.outcome for query in queries)
    words = [f"{counts[outcome]} {outcome.value}" for outcome in Outcome if counts[outcome]]
    found = plural(sum(query.findings - query.known for query in queries), "finding")
    return f"{plural(len(queries), 'question')}: {', '.join(words)}; {found} proposed"


def disclosure(photos: Sequence[PhotoEntry]) -> tuple[Fact, ...]:
    """What was asked, when, and what people did with the answers."""
    queries = [query for photo in photos for query in photo.queries]
    asked = sorted(query.asked_at for query in queries if query.asked_at)
    texts = dict.fromkeys(quoted(query.text) for query in queries)
    return (
        Fact("Looked for", ", ".join(texts) or "nothing was asked"),
        Fact("Run", f"{moment(asked[0])} to {moment(asked[-1])}" if asked else "not yet"),
        Fact("Result", _review_counts(photos)),
    )


def _review_counts(photos: Sequence[PhotoEntry]) -> str:
    findings = [finding for photo in photos for finding in photo.findings]
    reviews = Counter(finding.review for finding in findings)
    by_hand = sum(finding.source is FindingSource.PERSON for finding in findings)
    return (
        f"{plural(len(findings), 'finding')}: {reviews[ReviewStatus.ACCEPTED]} accepted, "
        f"{reviews[ReviewStatus.REJECTED]} rejected, {reviews[ReviewStatus.PROPOSED]} not "
        f"reviewed; {by_hand} drawn by a person"
    )


def file_rows(dossier: Dossier) -> tuple[FileRow, ...]:
    """Every file with its whole hash."""
    return tuple(
        FileRow(
            number=str(photo.number),
            name=photo.name,
            details=f"{photo.size:,} B, {photo.media_type or 'not a photo that can be read'}",
            hash_head=photo.sha256[:SHORT_HASH],
            hash_tail=photo.sha256[SHORT_HASH:],
            derivations="; ".join(photo.derivations) or "no copy was made",
            received=moment(photo.received_at),
        )
        for photo in dossier.photos
    )
