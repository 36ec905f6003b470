"""A rich claim for the report's tests, with pictures drawn on the spot."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

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
from assessment.reports.content import TEMPLATE_VERSION
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

INSURED = "María Guadalupe Núñez-Ordóñez de la Peña y Łukasiewicz-Straußenfeld"
ASKED_AT = datetime(2026, 5, 9, 17, 14, 3, tzinfo=UTC)
RECEIVED_AT = datetime(2026, 5, 9, 17, 1, 8, tzinfo=UTC)


def square(left: float, top: float, side: float) -> list[list[float]]:
    right, bottom = left + side, top + side
    return [[left, top], [right, top], [right, bottom], [left, bottom], [left, top]]


def multipolygon(*polygons: list[list[list[float]]]) -> dict[str, Any]:
    return {"type": "MultiPolygon", "coordinates": list(polygons)}


WITH_HOLE = multipolygon([square(700, 500, 1600), square(1200, 900, 500)])
SMALL = multipolygon([square(3000, 400, 220)])
TWO_PARTS = multipolygon([square(300, 1800, 300)], [square(900, 1900, 260)])
AREA = Measured(56.86, 53.05, 60.85, "door line on the slope, plane assumed")
SMALL_AREA = Measured(0.149, 0.121, 0.177, "door line on the slope, plane assumed")


def finding(number: int = 1, **changes: Any) -> FindingEntry:
    entry = FindingEntry(
        number=number,
        label="missing shingles, south slope",
        damage_type=DamageType.MISSING_COVERING,
        query="missing shingles",
        polygon=WITH_HOLE,
        area_px=2_310_000.0,
        share=0.1909,
        area_m2=AREA,
        approximate=False,
        source=FindingSource.ENGINE,
        review=ReviewStatus.ACCEPTED,
        reviewer="D. Okafor",
    )
    return replace(entry, **changes)


def query(text: str = "missing shingles", **changes: Any) -> QueryEntry:
    entry = QueryEntry(
        text=text,
        outcome=Outcome.ANSWERED,
        reason="",
        lost=(),
        engine="gemini",
        model_requested="segmenter-pro",
        model_served="segmenter-pro-001",
        prompt_version="p7",
        asked_at=ASKED_AT,
        findings=0,
    )
    return replace(entry, **changes)


def photo(number: int = 1, **changes: Any) -> PhotoEntry:
    entry = PhotoEntry(
        number=number,
        name=f"IMG_{number:04d}.jpg",
        sha256=hashlib.sha256(f"photo {number}".encode()).hexdigest(),
        size=230_681 + number,
        media_type="image/jpeg",
        width=4032,
        height=3024,
        received_at=RECEIVED_AT,
        taken="May 9, 2026, 10:04:11 (camera clock)",
        derivations=("turned upright", "1024 px copy", "full-size copy without metadata"),
        picture=f"pictures/{number}",
        full_picture=f"full/{number}",
        refusal="",
        scale="door width, 0.914 m",
        metres_per_pixel=0.005,
        queries=(query(findings=1),),
        findings=(finding(),),
    )
    return replace(entry, **changes)


OVERVIEW = photo(
    1,
    name="frente_y_jardín_ñandú.jpg",
    scale="",
    metres_per_pixel=None,
    queries=(query(), query("hail")),
    findings=(),
)
ROOF = photo(
    2,
    queries=(query(findings=3), query("tarps"), query("cracks")),
    findings=(
        finding(1),
        finding(
            2,
            label="cracked ridge cap",
            damage_type=DamageType.CRACK,
            polygon=SMALL,
            share=0.0041,
            area_m2=SMALL_AREA,
            source=FindingSource.PERSON,
        ),
        finding(
            3,
            label="hail impacts near the gutter",
            damage_type=DamageType.HAIL_IMPACT,
            polygon=TWO_PARTS,
            share=0.013,
            area_m2=Measured(3.84, 3.0, 4.7, "door line on the slope, plane assumed"),
            review=ReviewStatus.PROPOSED,
            reviewer="",
            approximate=True,
        ),
        finding(
            4,
            label="shade of the chimney",
            damage_type=DamageType.STAIN,
            polygon=multipolygon([square(2600, 1500, 400)]),
            share=0.0131,
            area_m2=None,
            review=ReviewStatus.REJECTED,
        ),
    ),
)
UNANSWERED = photo(
    3,
    name="kitchen ceiling after the storm, second visit with a very long file name indeed.jpg",
    width=3024,
    height=4032,
    scale="",
    metres_per_pixel=None,
    queries=(
        query("water stain"),
        query("cracks", outcome=Outcome.UNANSWERED, reason="the engine declined this photo"),
    ),
    findings=(),
)
TALL = photo(
    4,
    width=3024,
    height=4032,
    taken="",
    scale="",
    metres_per_pixel=None,
    queries=(query(findings=7), query("stains", lost=("one of 3 outlines was cut off",))),
    findings=tuple(
        finding(
            number,
            label="dent in the downpipe",
            damage_type=DamageType.DENT,
            polygon=multipolygon([square(350 + 330 * number, 300 + 450 * number, 150)]),
            share=0.0018,
            area_m2=None,
            review=ReviewStatus.PROPOSED,
            reviewer="",
        )
        for number in range(1, 8)
    ),
)
REFUSED = photo(
    5,
    name="scan.heic",
    media_type="image/heic",
    picture="",
    full_picture="",
    derivations=(),
    scale="",
    metres_per_pixel=None,
    refusal="The file ends in the middle of the picture. Ask for it again.",
    queries=(),
    findings=(),
)

TRIAGE = TriageEntry(
    lane=Lane.DESK,
    reasons=(
        Reason("R-07", "The affected area is above the limit of the fast lane."),
        Reason("R-12", "Eight findings are not yet reviewed by a person."),
    ),
    near_misses=(Reason("R-21", "Two more photos without scale would ask for an inspection."),),
    rules_version="7",
    decided_at=datetime(2026, 5, 12, 16, 38, tzinfo=UTC),
)

DECISION = DecisionEntry(
    kind=DecisionKind.APPROVE,
    note="The south slope is replaced; the gutters are repaired where they are dented.",
    unreviewed=8,
    open_questions=1,
    by="Dana Okafor",
    at=datetime(2026, 5, 12, 16, 39, tzinfo=UTC),
)

DOSSIER = Dossier(
    document_id="PDR-2026-004127-01",
    report_number=1,
    template_version=TEMPLATE_VERSION,
    made_at=datetime(2026, 5, 12, 16, 40, tzinfo=UTC),
    requested_by="Dana Okafor",
    carrier="Northfield Mutual Insurance",
    units="us",
    claim=ClaimEntry(
        number="26-TX-004127",
        policy_number="HO-3 88-204417",
        insured=INSURED,
        address="4127 Larkspur Lane, Fairhollow, TX",
        loss_date=date(2026, 5, 3),
        peril="hail",
        currency="USD",
        limit=Decimal(312_000),
        deductible=Decimal(6_240),
    ),
    photos=(OVERVIEW, ROOF, UNANSWERED, TALL, REFUSED),
    totals=(
        TypeTotal(DamageType.MISSING_COVERING, 1, 0, 1, AREA, 0),
        TypeTotal(DamageType.CRACK, 1, 0, 1, SMALL_AREA, 0),
        TypeTotal(DamageType.HAIL_IMPACT, 1, 1, 1, Measured(3.84, 3.0, 4.7, "sum"), 0),
        TypeTotal(DamageType.DENT, 7, 0, 1, None, 1),
    ),
    triage=TRIAGE,
    log_entries=412,
    log_head=hashlib.sha256(b"log").hexdigest(),
)


def jpeg(width: int, height: int, colour: str = "#8A8F86") -> bytes:
    image = Image.new("RGB", (width, height), colour)
    pen = ImageDraw.Draw(image)
    for row in range(0, height, 48):
        pen.rectangle([0, row, width, row + 20], fill="#6E655C")
    pen.rectangle([width // 3, height // 2, width // 2, height], fill="#7A2F2A")
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


def pictures(dossier: Dossier) -> dict[str, bytes]:
    return {
        entry.picture: jpeg(*((1024, 768) if entry.width > entry.height else (768, 1024)))
        for entry in dossier.photos
        if entry.picture
    }
