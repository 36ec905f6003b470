"""Collecting the dossier of a claim as it stands now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from assessment.core.confidence import Sureness
from assessment.core.geojson import to_geojson
from assessment.core.measure import Measured
from assessment.core.triage import Reason
from assessment.core.vocabulary import (
    DamageType,
    DecisionKind,
    FindingSource,
    Lane,
    Outcome,
    ReviewStatus,
)
from assessment.models import Finding, FindingRevision, Segmentation, Triage
from assessment.selectors.claims import (
    claim_is_open,
    covers_by_photo,
    findings_that_count,
    total_of,
)
from assessment.selectors.confidence import sureness_of
from assessment.selectors.decisions import decision_in_force
from assessment.selectors.dossier import (
    ClaimEntry,
    DecisionEntry,
    Dossier,
    FindingEntry,
    PhotoEntry,
    QueryEntry,
    TriageEntry,
    TypeTotal,
)
from assessment.selectors.measuring import outline_of, scale_of
from assessment.selectors.sightings import Seen, Shown, answers_on, seen_of
from claims.models import AuditEntry, Claim, Photo, User


def claim_dossier(
    claim: Claim, *, number: int, made_at: datetime, by: User | None, template_version: str
) -> Dossier:
    """Everything a report on this claim says, as of now."""
    log = AuditEntry.objects.of(claim.carrier).order_by("sequence")
    head = log.last()
    return Dossier(
        document_id=f"PDR-{claim.number}-{number:02d}",
        report_number=number,
        template_version=template_version,
        made_at=made_at,
        requested_by=str(by) if by else "",
        carrier=claim.carrier.name,
        units=claim.carrier.units,
        claim=_claim_entry(claim),
        photos=tuple(
            _photo_entry(photo) for photo in Photo.objects.filter(claim=claim).order_by("number")
        ),
        totals=totals_by_type(claim),
        triage=_triage_entry(claim),
        decision=_decision_entry(claim),
        log_entries=head.sequence if head else 0,
        log_head=head.hash if head else "",
    )


def _claim_entry(claim: Claim) -> ClaimEntry:
    names = ClaimEntry.__dataclass_fields__
    return ClaimEntry(**{name: getattr(claim, name) for name in names})


def _photo_entry(photo: Photo) -> PhotoEntry:
    scale = scale_of(photo)
    plane = scale.plane
    asked = photo.segmentations.select_related("query").order_by("query_id", "id")
    kept = photo.findings.filter(removed=False).select_related("segmentation__query", "reviewer")
    findings = list(kept.order_by("number"))
    correctors, seen, answers = _correctors(photo), seen_of(findings), answers_on([photo])
    sureness = sureness_of(findings)
    return PhotoEntry(
        number=photo.number,
        name=photo.name,
        sha256=photo.sha256,
        size=photo.size,
        media_type=photo.media_type,
        width=photo.width,
        height=photo.height,
        received_at=photo.received_at,
        taken=photo.taken,
        derivations=tuple(photo.derivations),
        picture=photo.working,
        full_picture=photo.view,
        refusal=photo.refusal,
        scale=plane.basis if plane else "",
        metres_per_pixel=plane.uniform if plane else None,
        queries=tuple(_query_entry(each, answers.get(each.pk, Shown())) for each in asked),
        findings=tuple(
            _finding_entry(
                finding,
                corrected_by=correctors.get(finding.pk, ""),
                seen=seen.get(finding.pk, Seen()),
                sureness=sureness.get(finding.pk),
            )
            for finding in findings
        ),
        scale_warnings=plane.warnings if plane else (),
        no_scale=scale.reason,
    )


def _query_entry(segmentation: Segmentation, shown: Shown) -> QueryEntry:
    return QueryEntry(
        text=segmentation.query.text,
        outcome=Outcome(segmentation.status),
        reason=segmentation.reason,
        lost=tuple(segmentation.lost),
        engine=segmentation.engine,
        model_requested=segmentation.model_requested,
        model_served=segmentation.model_served,
        prompt_version=segmentation.prompt_version,
        asked_at=segmentation.asked_at,
        findings=shown.findings,
        known=shown.known,
    )


def _correctors(photo: Photo) -> dict[int, str]:
    """Who drew the outline that each corrected finding has now, by the finding's id."""
    revisions = FindingRevision.objects.filter(finding__photo=photo, finding__edited=True)
    names: dict[int, str] = {}
    outlines: dict[int, bytes] = {}
    for revision in revisions.select_related("by").order_by("finding_id", "number"):
        finding, outline = revision.finding_id, bytes(revision.polygon)
        if outlines.get(finding, outline) != outline:
            names[finding] = str(revision.by)
        outlines[finding] = outline
    return names


def _finding_entry(
    finding: Finding, *, corrected_by: str, seen: Seen, sureness: Sureness | None
) -> FindingEntry:
    return FindingEntry(
        number=finding.number,
        label=finding.label,
        damage_type=DamageType(finding.damage_type),
        query=finding.segmentation.query.text if finding.segmentation else "",
        polygon=to_geojson(outline_of(finding)),
        area_px=finding.area_px,
        share=finding.share,
        area_m2=measure_of(finding),
        approximate=finding.approximate,
        source=FindingSource(finding.source),
        review=ReviewStatus(finding.review),
        reviewer=str(finding.reviewer) if finding.reviewer else "",
        reason=finding.reason,
        edited=finding.edited,
        corrected_by=corrected_by,
        also=seen.also,
        refined=seen.refined,
        unmeasured=finding.unmeasured,
        sureness=sureness,
    )


def measure_of(finding: Finding) -> Measured | None:
    """The stored measure of a finding; None where none is printed."""
    if finding.area_m2 is None or finding.area_m2_low is None or finding.area_m2_high is None:
        return None
    return Measured(finding.area_m2, finding.area_m2_low, finding.area_m2_high, finding.basis)


def totals_by_type(claim: Claim) -> tuple[TypeTotal, ...]:
    """The damage of each type over the claim; what overlaps on a photo counts once."""
    findings = list(findings_that_count(claim))
    return tuple(
        _type_total(kind, [finding for finding in findings if finding.damage_type == kind])
        for kind in DamageType
        if any(finding.damage_type == kind for finding in findings)
    )


def _type_total(kind: DamageType, findings: Sequence[Finding]) -> TypeTotal:
    covers = covers_by_photo(findings)
    total = total_of(covers)
    return TypeTotal(
        damage_type=kind,
        findings=len(findings),
        approximate=sum(finding.approximate for finding in findings),
        photos=len(covers),
        area_m2=total.area,
        photos_without_scale=sum(not cover.size.has_scale for _, cover in covers),
        left_out=total.left_out,
    )


def _triage_entry(claim: Claim) -> TriageEntry | None:
    triage = Triage.objects.filter(claim=claim).order_by("-number").first()
    # What was decided before the last photo or question came says nothing of the claim as it is.
    if triage is None or claim_is_open(claim):
        return None
    return TriageEntry(
        lane=Lane(triage.lane),
        reasons=tuple(Reason(**reason) for reason in triage.reasons),
        near_misses=tuple(Reason(**miss) for miss in triage.near_misses),
        rules_version=triage.rules_version,
        decided_at=triage.decided_at,
    )


def _decision_entry(claim: Claim) -> DecisionEntry | None:
    decision = decision_in_force(claim)
    if decision is None:
        return None
    return DecisionEntry(
        kind=DecisionKind(decision.kind),
        note=decision.note,
        unreviewed=decision.unreviewed,
        open_questions=decision.open_questions,
        by=str(decision.by),
        at=decision.at,
    )
