"""What a named person decided, and what that means for the figures of a report."""

from __future__ import annotations

from dataclasses import dataclass

from assessment.core.vocabulary import DecisionKind
from assessment.reports.units import moment
from assessment.reports.wording import DECISIONS, plural
from assessment.selectors.dossier import DecisionEntry


@dataclass(frozen=True, slots=True)
class Decided:
    """The box above the lane: what was decided. `note` and `undone` may be empty."""

    tag: str
    headline: str
    by: str
    note: str
    undone: str


def is_closed(decision: DecisionEntry | None) -> bool:
    """Whether a decision closed the claim; one that asks for photos leaves it open."""
    return decision is not None and decision.kind is not DecisionKind.MORE_PHOTOS


def decided(decision: DecisionEntry | None) -> Decided | None:
    """The decision in force; None where there is none."""
    if decision is None:
        return None
    closed = is_closed(decision)
    return Decided(
        tag="decided" if closed else "waiting for photos",
        headline=DECISIONS[decision.kind],
        by=f"{decision.by}, {moment(decision.at)}",
        note=decision.note,
        undone=_undone(decision) if closed else "",
    )


def _undone(decision: DecisionEntry) -> str:
    counts = (
        (decision.unreviewed, "finding", "not reviewed"),
        (decision.open_questions, "question", "without an answer"),
    )
    left = [f"{plural(count, noun)} {state}" for count, noun, state in counts if count]
    return f"{' and '.join(left)} when it was decided; not counted here." if left else ""


def counted(decision: DecisionEntry | None) -> str:
    """Which findings the areas are made of."""
    if is_closed(decision):
        return "The claim is decided: only accepted findings are counted."
    return "Every finding is counted that nobody has rejected, reviewed or not."
