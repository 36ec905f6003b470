"""The words of the trade, each spelled once.

Everything that is stored, compared or printed uses these values; labels for people are made from
them at the door.
"""

from __future__ import annotations

from enum import StrEnum


class DamageType(StrEnum):
    """What kind of damage a finding shows.

    OTHER is damage of some other kind. NO_DAMAGE is a thing or a place that was asked for, and that
    is outlined for orientation: a finding of it is shown and counts nowhere.
    """

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
    NO_DAMAGE = "no_damage"


class QueryKind(StrEnum):
    """How a question singles out what it asks for."""

    PLAIN = "plain"
    RELATIONAL = "relational"
    ORDERING = "ordering"
    COMPARATIVE = "comparative"
    CONDITIONAL = "conditional"
    ABSTRACT = "abstract"
    TEXT = "text"


WHOLE_PICTURE_KINDS = frozenset({QueryKind.RELATIONAL, QueryKind.ORDERING, QueryKind.COMPARATIVE})
"""Questions about one thing among others: they mean nothing to a part of the photo."""


class Detail(StrEnum):
    """How closely a question looks: at the photo as a whole, at tiles of it, or by its size."""

    AUTO = "auto"
    WHOLE = "whole"
    TILES = "tiles"


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


class Confidence(StrEnum):
    """How sure a finding is, by what people made of earlier ones whose runs agreed as well."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    NOT_KNOWN = "not_known"


class Lane(StrEnum):
    """Where a claim goes next. The order of the members is the order of care."""

    STRAIGHT_THROUGH = "straight_through"
    FAST_TRACK = "fast_track"
    DESK = "desk"
    FIELD_INSPECTION = "field_inspection"
    SPECIALIST = "specialist"


class Stage(StrEnum):
    """Where a claim stands in the queue: the lanes, and what comes before and after them."""

    WAITING_FOR_PHOTOS = "waiting_for_photos"
    ANALYSING = "analysing"
    FAILED = "failed"
    FAST = "fast"
    REVIEW = "review"
    INSPECTION = "inspection"
    SPECIALIST = "specialist"
    DECIDED = "decided"


class DecisionKind(StrEnum):
    """What a person can decide on a claim. All but asking for photos close the file."""

    APPROVE = "approve"
    FIELD_INSPECTION = "field_inspection"
    SPECIALIST = "specialist"
    MORE_PHOTOS = "more_photos"


class RejectReason(StrEnum):
    """Why a person rejected a finding."""

    NOT_DAMAGE = "not_damage"
    OLD_DAMAGE = "old_damage"
    DUPLICATE = "duplicate"
    WRONG_OUTLINE = "wrong_outline"
    OTHER = "other"


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
