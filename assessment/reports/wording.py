"""The words that people read for the words that are stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assessment.core.confidence import FEWEST
from assessment.core.vocabulary import (
    Confidence,
    DamageType,
    DecisionKind,
    FindingSource,
    Lane,
    Outcome,
    RejectReason,
    ReviewStatus,
)
from assessment.reports.units import DASH
from assessment.selectors.dossier import FindingEntry, PhotoEntry, QueryEntry, TriageEntry


@dataclass(frozen=True, slots=True)
class Direction:
    """How a lane is told: tag, colour, headline and what comes next."""

    tag: str
    colour: str
    headline: str
    next_step: str


DIRECTIONS: Mapping[Lane, Direction] = {
    Lane.STRAIGHT_THROUGH: Direction(
        "fast lane",
        "fast",
        "Ready to be settled",
        "release the payment under the carrier's authority; a named person signs.",
    ),
    Lane.FAST_TRACK: Direction(
        "fast lane",
        "fast",
        "One look, then settle",
        "an adjuster confirms the findings and releases the payment.",
    ),
    Lane.DESK: Direction(
        "review",
        "review",
        "An adjuster decides before payment",
        "an adjuster works through the open items below, then decides.",
    ),
    Lane.FIELD_INSPECTION: Direction(
        "inspection",
        "review",
        "Somebody looks at the property first",
        "send an inspection; the photos alone do not carry a decision.",
    ),
    Lane.SPECIALIST: Direction(
        "specialist",
        "specialist",
        "A specialist decides",
        "hand the file to a specialist, with this report and the originals.",
    ),
}

UNDECIDED = Direction(
    "not decided",
    "review",
    "No lane has been chosen yet",
    "wait until the open items below are settled; until then an adjuster decides.",
)

DECISIONS = {
    DecisionKind.APPROVE: "The assessment is approved",
    DecisionKind.FIELD_INSPECTION: "An inspector is sent",
    DecisionKind.SPECIALIST: "The file goes to a specialist",
    DecisionKind.MORE_PHOTOS: "The policyholder is asked for photos",
}

TOO_UNCERTAIN = "too uncertain"
"""Of an area, where there is no room for the sentence that says why."""

SOURCES = {FindingSource.ENGINE: "engine", FindingSource.PERSON: "person"}

REVIEWS = {
    ReviewStatus.PROPOSED: "not reviewed",
    ReviewStatus.ACCEPTED: "accepted",
    ReviewStatus.REJECTED: "rejected",
}

CONFIDENCES = {
    Confidence.HIGH: "high",
    Confidence.MEDIUM: "medium",
    Confidence.LOW: "low",
    Confidence.NOT_KNOWN: "not known",
}

REASONS = {
    RejectReason.NOT_DAMAGE: "not damage",
    RejectReason.OLD_DAMAGE: "old damage",
    RejectReason.DUPLICATE: "duplicate",
    RejectReason.WRONG_OUTLINE: "wrong outline",
    RejectReason.OTHER: "other reason",
}

UNREAD = {
    Outcome.QUEUED: "not answered yet, waiting to be asked",
    Outcome.RUNNING: "not answered yet, being asked",
    Outcome.UNANSWERED: "not answered",
    Outcome.FAILED: "not answered, the run failed",
}


def damage(kind: DamageType) -> str:
    """A damage type in plain words."""
    if kind is DamageType.NO_DAMAGE:
        return "no damage, for orientation"
    return kind.value.replace("_", " ")


def named(finding: FindingEntry) -> str:
    """The damage type and the label, once where they are the same."""
    kind = damage(finding.damage_type)
    return kind if finding.label == kind else f"{kind}: {finding.label}"


def direction(triage: TriageEntry | None) -> Direction:
    """What to say of a decision, or of its absence."""
    return UNDECIDED if triage is None else DIRECTIONS[triage.lane]


def before_decision(triage: TriageEntry | None) -> str:
    """How a claim was routed before a person decided it, as a headline."""
    if triage is None:
        return "Before the decision no lane had been chosen"
    return f"How the claim was routed before the decision: {DIRECTIONS[triage.lane].tag}"


def review(finding: FindingEntry) -> str:
    """What became of a finding, who said so, and why it was rejected."""
    said = REVIEWS[finding.review]
    named = f"{said}, {finding.reviewer}" if finding.reviewer else said
    return f"{named} ({REASONS[RejectReason(finding.reason)]})" if finding.reason else named


def correction(finding: FindingEntry) -> str:
    """Who corrected the engine's outline; empty where nobody did."""
    if not finding.edited:
        return ""
    return f"outline corrected by {finding.corrected_by or 'a person'}"


def also_seen(finding: FindingEntry) -> str:
    """What other answers called it; empty where no other showed it."""
    told = (f"{quoted(each.label)} for {quoted(each.query)}" for each in finding.also)
    return f"also seen as {', '.join(told)}" if finding.also else ""


def roughness(finding: FindingEntry) -> str:
    """Whether the outline is a guess, and whose; empty where it is none."""
    if not finding.approximate:
        return ""
    where = ", found within the engine's box" if finding.refined else ""
    return f"approximate outline{where}"


def sureness(finding: FindingEntry) -> str:
    """How sure a finding is and by which reviews; empty where there was nothing to compare."""
    sure = finding.sureness
    if sure is None or sure.agreement is None or sure.block is None:
        return ""
    reviews = (
        f"{sure.block.findings} of {FEWEST} reviews needed"
        if sure.band is Confidence.NOT_KNOWN
        else f"{sure.block.right} of {sure.block.findings} right"
    )
    return f"confidence {CONFIDENCES[sure.band]}: agreement {sure.agreement:.2f}, {reviews}"


def sureness_note(findings: Sequence[FindingEntry]) -> str:
    """What to make of how sure findings are said to be; empty where no engine found any."""
    known = [each.sureness for each in findings if each.sureness]
    if not known:
        return ""
    if all(each.agreement is None for each in known):
        return (
            "The confidence of the engine's findings is not known: each question was put to a "
            "photo only once."
        )
    return (
        "Confidence: where a question was put to a photo several times, the answers agree on a "
        "finding to between 0 (not at all) and 1 (alike). How many of the carrier's reviewed "
        "findings that agreed as well were right makes it high, medium or low; with fewer than "
        f"{FEWEST} of them, and for a finding without this remark, it is not known."
    )


def gap(query: QueryEntry) -> str:
    """What is missing of an answer; empty only if it was read in full."""
    if query.outcome is not Outcome.ANSWERED:
        return f"{UNREAD[query.outcome]}: {query.reason}" if query.reason else UNREAD[query.outcome]
    return f"answered in part: {'; '.join(query.lost)}" if query.lost else ""


def unjudged(photo: PhotoEntry) -> str:
    """Why a photo may not be called free of damage; empty if every question was answered."""
    if photo.refusal:
        return photo.refusal
    if not photo.queries:
        return "No question was asked of this photo."
    gaps = (f"{quoted(query.text)} {gap(query)}" for query in photo.queries if gap(query))
    return "; ".join(gaps)


def looked_for(photo: PhotoEntry) -> str:
    """The questions asked of a photo, as a list of quotes."""
    return ", ".join(quoted(query.text) for query in photo.queries)


def quoted(text: str) -> str:
    """The text in typographic quotes."""
    return f"“{text}”"


def numbers(values: Sequence[int]) -> str:
    """Numbers as a list with runs joined, from-to.

    >>> numbers([5, 2])
    '2, 5'
    """
    spans: list[list[int]] = []
    for value in sorted(set(values)):
        if spans and value == spans[-1][1] + 1:
            spans[-1][1] = value
        else:
            spans.append([value, value])
    return ", ".join(str(low) if low == high else f"{low}{DASH}{high}" for low, high in spans)


def plural(count: int, noun: str) -> str:
    """A count with its noun, as "1 photo" or "3 photos"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
