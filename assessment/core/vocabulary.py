"""The words of the trade, each spelled once.

Everything that is stored, compared or printed uses these values; labels for people are made from
them at the door.
"""

from __future__ import annotations

from enum import StrEnum


class DamageType(StrEnum):
    """What kind of damage a finding shows."""

    MISSING_COVERING = "missing_covering"
    CRACK = "crack"
    STAIN = "stain"
    DEBRIS = "debris"
    TARPAULIN = "tarpaulin"
    HAIL_IMPACT = "hail_impact"
    DENT = "dent"
    BROKEN_GLASS = "broken_glass"
    BURN = "burn"
    OTHER = "other"


DAMAGE_WORDS: tuple[tuple[str, DamageType], ...] = (
    ("tarp", DamageType.TARPAULIN),
    ("hail", DamageType.HAIL_IMPACT),
    ("crack", DamageType.CRACK),
    ("stain", DamageType.STAIN),
    ("water damage", DamageType.STAIN),
    ("missing shingle", DamageType.MISSING_COVERING),
    ("missing tile", DamageType.MISSING_COVERING),
    ("missing siding", DamageType.MISSING_COVERING),
    ("missing covering", DamageType.MISSING_COVERING),
    ("dent", DamageType.DENT),
    ("broken glass", DamageType.BROKEN_GLASS),
    ("broken window", DamageType.BROKEN_GLASS),
    ("burn", DamageType.BURN),
    ("char", DamageType.BURN),
    ("debris", DamageType.DEBRIS),
    ("weather damage", DamageType.DEBRIS),
    ("storm damage", DamageType.DEBRIS),
    ("destroyed", DamageType.DEBRIS),
)
"""Beginnings of the words by which people name a damage type, the most telling first."""


def damage_type_in(text: str) -> DamageType:
    """The damage type that a label or a question names; OTHER where it names none.

    >>> damage_type_in("Cracked stucco beside the window")
    <DamageType.CRACK: 'crack'>
    >>> damage_type_in("the door that is ajar")
    <DamageType.OTHER: 'other'>
    """
    words = " " + " ".join(text.lower().split())
    return next((kind for word, kind in DAMAGE_WORDS if f" {word}" in words), DamageType.OTHER)


class QueryKind(StrEnum):
    """How a question singles out what it asks for."""

    PLAIN = "plain"
    RELATIONAL = "relational"
    ORDERING = "ordering"
    COMPARATIVE = "comparative"
    CONDITIONAL = "conditional"
    ABSTRACT = "abstract"
    TEXT = "text"


class AnswerForm(StrEnum):
    """In which form an engine answered; the poorer the form, the rougher the outline."""

    MASK = "mask"
    POLYGON = "polygon"
    BOX = "box"


class Outcome(StrEnum):
    """What became of one question asked of one photo."""

    QUEUED = "queued"
    RUNNING = "running"
    ANSWERED = "answered"
    UNANSWERED = "unanswered"
    FAILED = "failed"


OPEN_OUTCOMES = frozenset({Outcome.QUEUED, Outcome.RUNNING})


class FindingSource(StrEnum):
    """Who drew a finding."""

    ENGINE = "engine"
    PERSON = "person"


class ReviewStatus(StrEnum):
    """What a named person said of a finding."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Lane(StrEnum):
    """Where a claim goes next. The order of the members is the order of care."""

    STRAIGHT_THROUGH = "straight_through"
    FAST_TRACK = "fast_track"
    DESK = "desk"
    FIELD_INSPECTION = "field_inspection"
    SPECIALIST = "specialist"


class JobKind(StrEnum):
    """The kinds of work that the queue in the database holds."""

    PREPARE = "prepare"
    SEGMENT = "segment"
    SETTLE = "settle"
    REPORT = "report"


class JobStatus(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class ReportStatus(StrEnum):
    """Where a report stands."""

    QUEUED = "queued"
    READY = "ready"
    FAILED = "failed"
