"""The first pages: the cover, where the claim goes, how much is affected, what is open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from assessment.core.triage import Reason
from assessment.core.vocabulary import ReviewStatus
from assessment.reports.decided import is_closed
from assessment.reports.figures import Bar, interval_chart
from assessment.reports.units import UNKNOWN, System, moment, money, percent
from assessment.reports.wording import (
    TOO_UNCERTAIN,
    before_decision,
    damage,
    direction,
    gap,
    numbers,
    plural,
    quoted,
)
from assessment.selectors.dossier import (
    ClaimEntry,
    Dossier,
    FindingEntry,
    PhotoEntry,
    TriageEntry,
    TypeTotal,
)

KEY_FIGURES = 3
"""Large figures on one page; more would compete with each other."""


ROUGH = "approximate outlines"
ROUGH_SIGN = "\N{ALMOST EQUAL TO}"
"""Where there is no room for the words; ROUGH_NOTE says what it means."""

ROUGH_NOTE = (
    f"{ROUGH_SIGN} {ROUGH}: an area with such outlines in it shows where to look, not how large "
    "the damage is."
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A named line of a table."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The box at the top: the lane in words."""

    tag: str
    colour: str
    headline: str
    reasons: tuple[str, ...]
    near_misses: tuple[str, ...]
    next_step: str
    version: str


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """An affected area in large print, and what belongs to it."""

    value: str
    details: str


@dataclass(frozen=True, slots=True)
class TotalRow:
    """One type of damage over the whole claim."""

    damage: str
    findings: str
    photos: str
    area: str
    interval: str
    rough: str
    unmeasured: str


@dataclass(frozen=True, slots=True)
class RiskPhoto:
    """The photo on the cover."""

    address: str
    caption: str


def address(photo: PhotoEntry) -> str:
    """A picture's name inside the document: our own number, nothing from outside."""
    return f"photo:{photo.number}"


def risk_photo(photos: Sequence[PhotoEntry]) -> RiskPhoto | None:
    """The first photo that can be shown: by custom the one of the whole risk."""
    first = next((photo for photo in photos if photo.picture), None)
    if first is None:
        return None
    taken = f", taken {first.taken}" if first.taken else ""
    return RiskPhoto(address(first), f"Photo {first.number}: {first.name}{taken}.")


def facts(dossier: Dossier, units: System) -> tuple[Fact, ...]:
    """The cover's table."""
    claim = dossier.claim
    refused = sum(1 for photo in dossier.photos if photo.refusal)
    received = plural(len(dossier.photos), "photo")
    return (
        Fact("Insured", claim.insured or UNKNOWN),
        Fact("Property", claim.address or UNKNOWN),
        Fact("Claim", claim.number),
        Fact("Policy", claim.policy_number or UNKNOWN),
        Fact("Loss", _loss(claim, units)),
        Fact("Limit", money(claim.limit, claim.currency)),
        Fact("Deductible", money(claim.deductible, claim.currency)),
        Fact("Received", f"{received}, {refused} not usable" if refused else received),
        Fact("Requested by", dossier.requested_by),
    )


def _loss(claim: ClaimEntry, units: System) -> str:
    day = units.day(claim.loss_date) if claim.loss_date else "day not known"
    return f"{day} · {claim.peril}" if claim.peril else day


def decision(triage: TriageEntry | None, *, closed: bool = False) -> Decision:
    """The lane box; without a lane it says so. Once a claim is closed the lane is a thing of the
    past: nothing is told of what should be done."""
    way = direction(triage)
    return Decision(
        tag=way.tag,
        colour=way.colour,
        headline=before_decision(triage) if closed else way.headline,
        reasons=_cited(triage.reasons) if triage else (),
        near_misses=_cited(triage.near_misses) if triage else (),
        next_step="" if closed else way.next_step,
        version=f"Rules {triage.rules_version}, {moment(triage.decided_at)}." if triage else "",
    )


def _cited(reasons: Sequence[Reason]) -> tuple[str, ...]:
    """Each sentence with the id of its rule inside its full stop."""
    return tuple(f"{reason.sentence.removesuffix('.')} (rule {reason.rule})." for reason in reasons)


def key_figures(totals: Sequence[TypeTotal], units: System) -> tuple[KeyFigure, ...]:
    """The largest measured areas, largest first."""
    measured = [(total.area_m2, total) for total in totals if total.area_m2 is not None]
    measured.sort(key=lambda pair: pair[0].value, reverse=True)
    return tuple(
        KeyFigure(
            units.area(area.value),
            f"{_spoken(total)}, 95 %: {units.interval(area)} {units.bracketed(area.value)}",
        )
        for area, total in measured[:KEY_FIGURES]
    )


def total_rows(totals: Sequence[TypeTotal], units: System) -> tuple[TotalRow, ...]:
    """The totals per type of damage."""
    return tuple(
        TotalRow(
            damage=damage(total.damage_type),
            findings=str(total.findings),
            photos=str(total.photos),
            area=units.area(total.area_m2.value) if total.area_m2 else _no_area(total),
            interval=units.interval(total.area_m2) if total.area_m2 else "",
            rough=ROUGH if total.approximate else "",
            unmeasured=str(total.photos_without_scale) if total.photos_without_scale else "",
        )
        for total in totals
    )


def _no_area(total: TypeTotal) -> str:
    return TOO_UNCERTAIN if total.left_out else "not measured"


def area_notes(totals: Sequence[TypeTotal]) -> tuple[str, ...]:
    """What has to be known before the areas are added up or compared."""
    rough = any(total.approximate for total in totals)
    twice = any(total.photos - total.photos_without_scale > 1 for total in totals)
    notes = ((rough, ROUGH_NOTE), (twice, "Damage that shows on two photos counts twice."))
    return (
        *(note for holds, note in notes if holds),
        *(_without(total) for total in totals if total.left_out),
    )


def _without(total: TypeTotal) -> str:
    kind, left_out = damage(total.damage_type).capitalize(), total.left_out
    if len(left_out) == 1:
        return f"{kind}, without photo {left_out[0].photo}: {left_out[0].reason}"
    photos = numbers([each.photo for each in left_out])
    return f"{kind}, without photos {photos}: there the area is too uncertain to print."


def _spoken(total: TypeTotal) -> str:
    kind = damage(total.damage_type)
    return f"{kind}, {ROUGH}" if total.approximate else kind


def area_chart(totals: Sequence[TypeTotal], units: System) -> SafeString:
    """Area by type of damage with its interval; its title speaks the numbers."""
    bars = [_area_bar(total, units) for total in totals]
    spoken = "; ".join(
        f"{_spoken(total)} {bar.text}" for total, bar in zip(totals, bars, strict=True)
    )
    return interval_chart(f"Area by type of damage: {spoken}", bars, units.first.symbol)


def _area_bar(total: TypeTotal, units: System) -> Bar:
    kind = damage(total.damage_type)
    label = f"{ROUGH_SIGN} {kind}" if total.approximate else kind
    if total.area_m2 is None:
        return Bar(label, None, 0.0, 0.0, _no_area(total))
    value, low, high = (
        bound / units.first.square_metres
        for bound in (total.area_m2.value, total.area_m2.low, total.area_m2.high)
    )
    figure = units.area(total.area_m2.value).removesuffix(f" {units.first.symbol}")
    return Bar(label, value, low, high, f"{figure} ({units.interval(total.area_m2)})")


def open_items(dossier: Dossier) -> tuple[Fact, ...]:
    """All that a person still has to settle, photo by photo."""
    waits = dossier.triage is None and not is_closed(dossier.decision)
    undecided = [Fact("Triage", "no lane has been chosen yet")] if waits else []
    items = [
        Fact(f"Photo {photo.number}", item) for photo in dossier.photos for item in _open_on(photo)
    ]
    return (*undecided, *items)


def _open_on(photo: PhotoEntry) -> Iterator[str]:
    if photo.refusal:
        yield f"not usable: {photo.refusal}"
        return
    if not photo.queries:
        yield "no question was asked"
    yield from (f"{quoted(query.text)} {gap(query)}" for query in photo.queries if gap(query))
    waiting = [entry for entry in photo.findings if entry.review is ReviewStatus.PROPOSED]
    rough = [
        entry
        for entry in photo.findings
        if entry.approximate and entry.review is not ReviewStatus.REJECTED
    ]
    yield from _named(waiting, "not reviewed")
    yield from _named(rough, "outline is approximate")
    if photo.findings and not photo.scale:
        yield f"no scale, {share_only(photo)}"
        if photo.no_scale:
            yield photo.no_scale


def share_only(photo: PhotoEntry) -> str:
    """How much of a photo without scale is covered, largest finding first."""
    largest = max(finding.share for finding in photo.findings)
    return f"areas not measured (largest finding {percent(largest)} of the picture)"


def _named(findings: Sequence[FindingEntry], state: str) -> Iterator[str]:
    if findings:
        noun = "finding" if len(findings) == 1 else "findings"
        yield f"{noun} {numbers([entry.number for entry in findings])} {state}"
