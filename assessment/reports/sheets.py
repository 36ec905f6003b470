"""The photo sheets: each photo clean and outlined, with all that is known of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from assessment.core.overlay import CANVAS_WIDTH, Outline, Picture, ScaleBar, canvas, draw, swatch
from assessment.core.vocabulary import FindingSource, ReviewStatus
from assessment.reports.figures import drawn
from assessment.reports.glance import address
from assessment.reports.tables import SHORT_HASH
from assessment.reports.units import System, moment, percent
from assessment.reports.wording import (
    SOURCES,
    TOO_UNCERTAIN,
    correction,
    damage,
    gap,
    looked_for,
    named,
    numbers,
    plural,
    quoted,
    review,
    roughness,
    unjudged,
)
from assessment.selectors.dossier import FindingEntry, PhotoEntry

TIMES = "\N{MULTIPLICATION SIGN}"

BAR_SHARE = 0.3
"""A scale bar is at most this long, as a share of the picture's width."""

MOST_LINES = 5
"""With more findings than this a sheet names them in groups, so that two sheets fit a page."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line under a photo: a finding, or findings alike."""

    swatch: SafeString
    text: str


@dataclass(frozen=True, slots=True)
class Panel:
    """What stands where an outlined picture would: the reason why there is none."""

    title: str
    text: str
    judged: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """One photo as printed. `panel` is None where the photo is outlined."""

    number: str
    caption: str
    clean: SafeString | str
    outlined: SafeString | str
    width: str
    panel: Panel | None
    outline_note: str
    file: str
    taken: str
    received: str
    lines: tuple[Line, ...]
    notes: str


KEY = (
    (FindingSource.ENGINE, ReviewStatus.ACCEPTED, "solid line, check: accepted"),
    (FindingSource.ENGINE, ReviewStatus.PROPOSED, "dashes, diamond: proposed, not reviewed"),
    (FindingSource.PERSON, ReviewStatus.ACCEPTED, "square corners, pencil: drawn by a person"),
    (FindingSource.ENGINE, ReviewStatus.REJECTED, "dots, no hatch, cross: rejected"),
)


def key(photos: Sequence[PhotoEntry]) -> tuple[Line, ...]:
    """How to read the outlines; empty where there are none."""
    first = next((finding for photo in photos for finding in photo.findings), None)
    if first is None:
        return ()
    return tuple(
        Line(drawn(swatch(first.damage_type, source, status)), text) for source, status, text in KEY
    )


def sheet(photo: PhotoEntry, units: System) -> Sheet:
    """A photo with its captions."""
    shown = bool(photo.picture)
    return Sheet(
        number=str(photo.number),
        caption=_caption(photo),
        clean=_clean(photo) if shown else "",
        outlined=_outlined(photo, units) if shown and photo.findings else "",
        width=_width(photo) if shown else "100",
        panel=None if shown and photo.findings else panel(photo),
        outline_note=_outline_note(photo),
        file=_file(photo),
        taken=photo.taken or "no capture time in the file",
        received=f"{moment(photo.received_at)} · SHA-256 {photo.sha256[:SHORT_HASH]}",
        lines=_lines(photo, units),
        notes=_notes(photo),
    )


def panel(photo: PhotoEntry) -> Panel:
    """ "Nothing found" only where every question was answered in full, else why not judged."""
    if photo.refusal:
        return Panel("Not usable", photo.refusal, judged=False)
    reason = unjudged(photo)
    if reason:
        return Panel("Not judged", reason, judged=False)
    if photo.findings:
        return Panel("No picture", "The copy for print has not been made yet.", judged=False)
    return Panel("Nothing found", f"Looked for {looked_for(photo)}.", judged=True)


def _file(photo: PhotoEntry) -> str:
    size = f" · {photo.width} {TIMES} {photo.height} px" if photo.width else ""
    return photo.name + size


def _caption(photo: PhotoEntry) -> str:
    kept = [entry for entry in photo.findings if entry.review is not ReviewStatus.REJECTED]
    if kept:
        return _sentence_case("; ".join(dict.fromkeys(entry.label for entry in kept)))
    if photo.refusal:
        return "Photo not usable"
    if unjudged(photo):
        return "Photo not judged"
    return (
        "Every finding was rejected" if photo.findings else "Nothing found of what was looked for"
    )


def _width(photo: PhotoEntry) -> str:
    """Percent of the column, so that a tall photo is no higher than a wide one."""
    return f"{100 * canvas(Picture(photo.width, photo.height))[0] / CANVAS_WIDTH:.2f}"


def _clean(photo: PhotoEntry) -> SafeString:
    title = f"Photo {photo.number} as received: {photo.name}"
    return drawn(draw(Picture(photo.width, photo.height, address(photo), title), ()))


def _outlined(photo: PhotoEntry, units: System) -> SafeString:
    spoken = " ".join(_sentence(finding, units) for finding in photo.findings)
    title = f"Photo {photo.number} outlined. {spoken}"
    outlines = [
        Outline(
            finding.number,
            finding.polygon,
            finding.damage_type,
            finding.source,
            finding.review,
            finding.approximate,
        )
        for finding in photo.findings
    ]
    picture = Picture(photo.width, photo.height, address(photo), title, _scale_bar(photo, units))
    return drawn(draw(picture, outlines))


def _scale_bar(photo: PhotoEntry, units: System) -> ScaleBar | None:
    """A bar only where the scale is the same all over the picture."""
    if photo.metres_per_pixel is None:
        return None
    rod = units.rod(BAR_SHARE * photo.width * photo.metres_per_pixel)
    return ScaleBar(rod.metres / photo.metres_per_pixel, rod.text) if rod else None


def _outline_note(photo: PhotoEntry) -> str:
    if not photo.findings:
        return "No outline drawn"
    if photo.metres_per_pixel is None:
        return "Outlined; no single scale in this view"
    return "Outlined; the bar holds in the marked plane only"


def _lines(photo: PhotoEntry, units: System) -> tuple[Line, ...]:
    if len(photo.findings) <= MOST_LINES:
        return tuple(Line(_swatch(entry), _sentence(entry, units)) for entry in photo.findings)
    groups: dict[tuple[str, ...], list[FindingEntry]] = {}
    for entry in photo.findings:
        kind = (damage(entry.damage_type), review(entry), SOURCES[entry.source])
        groups.setdefault(kind, []).append(entry)
    return tuple(_group(entries) for entries in groups.values())


def _group(entries: Sequence[FindingEntry]) -> Line:
    first = entries[0]
    rough = [entry.number for entry in entries if entry.approximate]
    corrected = [entry.number for entry in entries if entry.edited]
    mark = f" Outline corrected by a person: {numbers(corrected)}." if corrected else ""
    mark += f" Approximate: {numbers(rough)}." if rough else ""
    text = (
        f"{numbers([entry.number for entry in entries])} {damage(first.damage_type)}: "
        f"{plural(len(entries), 'finding')}, areas in the table of findings. {_status(first)}{mark}"
    )
    return Line(_swatch(first), text)


def _sentence(finding: FindingEntry, units: System) -> str:
    area = finding.area_m2
    size = (
        f"{units.area(area.value)} ({units.interval(area)})"
        if area
        else f"{percent(finding.share)} of the picture"
    )
    size += f", its area {TOO_UNCERTAIN} to print" if finding.unmeasured else ""
    rough = f" {_sentence_case(roughness(finding))}." if finding.approximate else ""
    by_hand = f" {_sentence_case(correction(finding))}." if finding.edited else ""
    return f"{finding.number} {named(finding)}. {size}. {_status(finding)}{by_hand}{rough}"


def _status(finding: FindingEntry) -> str:
    by_hand = "Drawn by a person, " if finding.source is FindingSource.PERSON else ""
    said = f"{by_hand}{review(finding)}."
    return _sentence_case(said)


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def _swatch(finding: FindingEntry) -> SafeString:
    return drawn(swatch(finding.damage_type, finding.source, finding.review))


def _notes(photo: PhotoEntry) -> str:
    """Beside findings, what other questions came to; the panel says it where there are none."""
    if not photo.findings:
        return ""
    return " ".join(
        f"{quoted(query.text)} {gap(query) or 'nothing found'}."
        for query in photo.queries
        if gap(query) or not query.findings
    )
