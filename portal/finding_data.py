"""Findings in the words of the workbench's script: dictionaries that go out as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.urls import reverse

from assessment.core.confidence import Sureness
from assessment.core.geojson import to_geojson
from assessment.models import Finding
from assessment.selectors.claim_dossier import measure_of
from assessment.selectors.confidence import sureness_of
from assessment.selectors.measuring import outline_of
from assessment.selectors.sightings import Seen, seen_of
from assessment.selectors.workbench import (
    LastChange,
    findings_on,
    first_outlines,
    last_changes,
    outlines_shown,
)
from claims.models import Photo, Units
from portal.access import Member
from portal.confidence import sureness_tag, sureness_text
from portal.measures import area_text, percent_text


def findings_data(
    member: Member, photo: Photo, numbers: range | None = None
) -> list[dict[str, Any]]:
    """Every finding on a photo, or those whose number lies in `numbers`, outlined for a screen."""
    return _shown(member, photo, findings_on(photo, numbers))


def finding_data(member: Member, finding: Finding) -> dict[str, Any]:
    """One finding, outlined for a screen."""
    (shown,) = _shown(member, finding.photo, [finding])
    return shown


def finding_in_full(member: Member, finding: Finding) -> dict[str, Any]:
    """One finding with every corner that its outlines are stored with."""
    first = first_outlines([finding]).get(finding.pk)
    (facts,) = _facts_of(member, finding.photo, [finding])
    return {
        **facts,
        "polygon": to_geojson(outline_of(finding)),
        "original": to_geojson(first) if first else None,
    }


def _shown(member: Member, photo: Photo, findings: Sequence[Finding]) -> list[dict[str, Any]]:
    firsts = first_outlines(findings)
    originals = dict(zip(firsts, outlines_shown(list(firsts.values())), strict=True))
    polygons = outlines_shown([outline_of(each) for each in findings])
    facts = _facts_of(member, photo, findings)
    return [
        {**told, "polygon": polygon, "original": originals.get(finding.pk)}
        for finding, told, polygon in zip(findings, facts, polygons, strict=True)
    ]


def _facts_of(member: Member, photo: Photo, findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """All that is told of each finding but its outlines."""
    seen, changes, sureness = seen_of(findings), last_changes(findings), sureness_of(findings)
    return [
        {
            **_facts(member, photo, each, seen.get(each.pk, Seen()), changes.get(each.pk)),
            **_sureness(sureness.get(each.pk)),
        }
        for each in findings
    ]


def _sureness(sureness: Sureness | None) -> dict[str, str]:
    """Empty words for what a person drew."""
    return {
        "sureness": sureness_text(sureness) if sureness else "",
        "sureness_tag": sureness_tag(sureness) if sureness else "",
    }


def _facts(
    member: Member, photo: Photo, finding: Finding, seen: Seen, changed: LastChange | None
) -> dict[str, Any]:
    names = {"number": photo.claim.number, "photo": photo.number, "finding": finding.number}
    query = finding.segmentation.query.text if finding.segmentation else ""
    return {
        "number": finding.number,
        "revision": finding.revision,
        "url": reverse("portal:finding", kwargs=names),
        "label": finding.label,
        "query": query,
        "also": [asdict(each) for each in seen.also],
        "damage_type": finding.damage_type,
        "review": finding.review,
        "reason": finding.reason,
        "source": finding.source,
        "edited": finding.edited,
        "approximate": finding.approximate,
        "refined": seen.refined,
        "removed": finding.removed,
        "area_px": finding.area_px,
        "share": finding.share,
        "share_text": percent_text(finding.share),
        "area_m2": finding.area_m2,
        "area_text": _area(finding, Units(member.carrier.units)),
        "basis": finding.basis,
        "unmeasured": finding.unmeasured,
        "reviewer": str(finding.reviewer or ""),
        "reviewed_at": finding.reviewed_at.isoformat() if finding.reviewed_at else "",
        "changed_by": str(changed.by) if changed else "",
        "changed_at": changed.at.isoformat() if changed else "",
    }


def _area(finding: Finding, units: Units) -> str:
    measured = measure_of(finding)
    return area_text(measured, units) if measured else ""
