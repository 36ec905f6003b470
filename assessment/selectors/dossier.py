"""The dossier: all that a report says about a claim, frozen at one moment.

A dossier is plain data. It is stored as JSON beside the report that was made from it, so that the
same report can be made again, byte for byte, when the claim has long moved on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter

from assessment.core.confidence import Sureness
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
from assessment.selectors.sightings import AlsoSeen


@dataclass(frozen=True, slots=True)
class FindingEntry:
    """One finding on one photo. `polygon` is a GeoJSON MultiPolygon in image pixels.

    `unmeasured` says why no area is printed though the photo has a scale, and is empty otherwise.
    `reason` is a RejectReason or empty; `edited` says that a person changed the engine's outline,
    `corrected_by` who did so last. `also` holds what other answers called it, `refined` says that
    the engine answered a box and the outline was found within it here. `sureness` is None for what
    a person drew, and in dossiers that are older than it.
    """

    number: int
    label: str
    damage_type: DamageType
    query: str
    polygon: dict[str, Any]
    area_px: float
    share: float
    area_m2: Measured | None
    approximate: bool
    source: FindingSource
    review: ReviewStatus
    reviewer: str
    reason: str = ""
    edited: bool = False
    corrected_by: str = ""
    also: tuple[AlsoSeen, ...] = ()
    refined: bool = False
    unmeasured: str = ""
    sureness: Sureness | None = None


@dataclass(frozen=True, slots=True)
class QueryEntry:
    """One question asked of one photo, and what became of it.

    Of the `findings` that its answer shows, `known` had been found by another question before.
    """

    text: str
    outcome: Outcome
    reason: str
    lost: tuple[str, ...]
    engine: str
    model_requested: str
    model_served: str
    prompt_version: str
    asked_at: datetime | None
    findings: int
    known: int = 0


@dataclass(frozen=True, slots=True)
class PhotoEntry:
    """One photo: the file as received, the pictures derived from it, and what was seen.

    `picture` and `full_picture` name stored, upright, metadata-free JPEGs (1024 px, full size).
    `refusal` is empty, or says why the photo could not be used; `scale` says how the photo got its
    scale and `scale_warnings` what to beware of with it; `metres_per_pixel` is what it is where it
    is the same all over the picture. `no_scale` says why a drone's photo has none.
    """

    number: int
    name: str
    sha256: str
    size: int
    media_type: str
    width: int
    height: int
    received_at: datetime
    taken: str
    derivations: tuple[str, ...]
    picture: str
    full_picture: str
    refusal: str
    scale: str
    metres_per_pixel: float | None
    queries: tuple[QueryEntry, ...]
    findings: tuple[FindingEntry, ...]
    scale_warnings: tuple[str, ...] = ()
    no_scale: str = ""


@dataclass(frozen=True, slots=True)
class TriageEntry:
    """Where the claim goes and why."""

    lane: Lane
    reasons: tuple[Reason, ...]
    near_misses: tuple[Reason, ...]
    rules_version: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class DecisionEntry:
    """What a named person decided, and what they knew to be left undone (counts)."""

    kind: DecisionKind
    note: str
    unreviewed: int
    open_questions: int
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ClaimEntry:
    """The file's own facts."""

    number: str
    policy_number: str
    insured: str
    address: str
    loss_date: date | None
    peril: str
    currency: str
    limit: Decimal | None
    deductible: Decimal | None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What an area leaves out: the findings on the photo of that number, and why."""

    photo: int
    reason: str


@dataclass(frozen=True, slots=True)
class TypeTotal:
    """The damage of one type over the whole claim: areas of unions within each photo.

    Of the `findings`, `approximate` have an outline that is a guess. `area_m2` is the sum over the
    photos that have a scale, the approximate findings in it, and None where none has; `left_out`
    names those of them whose area is too uncertain to be in it. `photos_without_scale` counts the
    photos with findings of this type and no scale.
    """

    damage_type: DamageType
    findings: int
    approximate: int
    photos: int
    area_m2: Measured | None
    photos_without_scale: int
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything a report prints. Units of display follow `units`: "us" or "metric"."""

    document_id: str
    report_number: int
    template_version: str
    made_at: datetime
    requested_by: str
    carrier: str
    units: str
    claim: ClaimEntry
    photos: tuple[PhotoEntry, ...]
    totals: tuple[TypeTotal, ...]
    triage: TriageEntry | None
    log_entries: int
    log_head: str
    decision: DecisionEntry | None = None


DOSSIER = TypeAdapter(Dossier)
