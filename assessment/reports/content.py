"""Dossier -> what the template prints: texts and drawings, nothing left to format."""

from __future__ import annotations

from datetime import UTC

from assessment.reports import glance, sheets, tables
from assessment.reports.decided import counted, decided, is_closed
from assessment.reports.glance import Fact
from assessment.reports.units import system
from assessment.reports.wording import sureness_note
from assessment.selectors.dossier import Dossier

TEMPLATE_VERSION = "2026.5"
"""Goes up with every change that alters a page."""

SECTIONS = (
    ("At-a-glance", "At a glance"),
    ("Findings", "Findings"),
    ("Photo-sheets", "Photo sheets"),
    ("Measurements", "Measurements"),
    ("Method-and-tools", "Method and tools used"),
    ("Evidence", "Evidence and custody"),
    ("Certification", "Certification"),
)

HEADER_LENGTH = 80
"""Signs of claim and insured that fit on one line of the running header."""


def content(dossier: Dossier) -> dict[str, object]:
    """Everything the template prints. Raises ReportError for units that aren't known."""
    return _frame(dossier) | _opening(dossier) | _findings(dossier) | _proof(dossier)


def title(dossier: Dossier) -> str:
    """The document's own title."""
    return f"Property damage report {dossier.document_id}, claim {dossier.claim.number}"


def _frame(dossier: Dossier) -> dict[str, object]:
    header = f"Claim {dossier.claim.number} · {dossier.claim.insured}"
    moment = dossier.made_at.astimezone(UTC)
    made = moment.strftime("%Y-%m-%d %H:%M UTC")
    return {
        "title": title(dossier),
        "author": dossier.requested_by,
        "made": made,
        "created": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "header": header if len(header) <= HEADER_LENGTH else f"{header[: HEADER_LENGTH - 1]}…",
        "footer": f"Document {dossier.document_id} · made {made} · {system(dossier.units).note}",
        "sections": SECTIONS,
    }


def _opening(dossier: Dossier) -> dict[str, object]:
    units = system(dossier.units)
    return {
        "carrier": dossier.carrier,
        "subtitle": _subtitle(dossier),
        "risk_photo": glance.risk_photo(dossier.photos),
        "facts": glance.facts(dossier, units),
        "document_id": dossier.document_id,
        "template_version": dossier.template_version,
        "decided": decided(dossier.decision),
        "decision": glance.decision(dossier.triage, closed=is_closed(dossier.decision)),
        "counted": counted(dossier.decision),
        "key_figures": glance.key_figures(dossier.totals, units),
        "totals": glance.total_rows(dossier.totals, units),
        "area_chart": glance.area_chart(dossier.totals, units) if dossier.totals else "",
        "area_notes": glance.area_notes(dossier.totals),
        "open_items": glance.open_items(dossier),
    }


def _subtitle(dossier: Dossier) -> str:
    number = f"report no. {dossier.report_number}"
    kind = number.capitalize() if is_closed(dossier.decision) else f"Preliminary {number}"
    return f"{kind}: {dossier.claim.peril}" if dossier.claim.peril else kind


def _findings(dossier: Dossier) -> dict[str, object]:
    units = system(dossier.units)
    measured = tables.measured(dossier.photos)
    return {
        "sureness_note": sureness_note(
            [finding for photo in dossier.photos for finding in photo.findings]
        ),
        "finding_rows": tables.finding_rows(dossier.photos, units),
        "sheets": [sheets.sheet(photo, units) for photo in dossier.photos],
        "key": sheets.key(dossier.photos),
        "measure_rows": tables.measure_rows(measured, units),
        "measure_chart": tables.measure_chart(measured) if measured else "",
        "unprinted_rows": tables.unprinted_rows(dossier.photos),
        "unmeasured": tables.unmeasured(dossier.photos),
    }


def _proof(dossier: Dossier) -> dict[str, object]:
    return {
        "engines": tables.engine_rows(dossier.photos),
        "disclosure": tables.disclosure(dossier.photos),
        "files": tables.file_rows(dossier),
        "log": Fact(f"{dossier.log_entries:,}", dossier.log_head),
        "signer": dossier.requested_by,
        "short_hash": str(tables.SHORT_HASH),
    }
