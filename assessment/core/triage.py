"""Facts about a claim -> where it goes next, with the reasons and what nearly was one.

The most careful lane among the rules that speak wins, and straight-through is what is left when
none does.
"""

from __future__ import annotations

from dataclasses import dataclass

from assessment.core.facts import Facts, Reason
from assessment.core.rules import RULES, RULES_VERSION, STRAIGHT_THROUGH_M2, area_reached
from assessment.core.units import SQUARE_METRES, AreaUnit
from assessment.core.vocabulary import Lane

__all__ = ["CARE", "Decision", "Facts", "Reason", "decide"]

CARE = {lane: care for care, lane in enumerate(Lane)}
"""How careful a lane is; the order of the members of Lane."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A lane, why, and which rules nearly spoke; the most careful reasons come first."""

    lane: Lane
    reasons: tuple[Reason, ...]
    near_misses: tuple[Reason, ...]
    rules_version: str


def decide(facts: Facts, unit: AreaUnit = SQUARE_METRES) -> Decision:
    """Where the claim goes. Total, deterministic, and monotone: no worse fact is less careful.

    The unit is that of the areas in the sentences; nothing is judged by it.

    >>> from assessment.core.measure import Measured
    >>> nothing = Facts(
    ...     photos=2, refused_photos=0, questions=2, unasked_photos=0, unanswered=0, failed=0,
    ...     incomplete=0, findings=0, approximate=0, unreviewed=0, disputed=0, unscaled=0,
    ...     area_m2=None, largest_share=None, damage_types=frozenset(), peril="hail",
    ...     policy_known=True,
    ... )
    >>> decision = decide(nothing)
    >>> decision.lane.value, [reason.rule for reason in decision.reasons]
    ('desk', ['nothing_found'])
    >>> from dataclasses import replace
    >>> area = Measured(1.5, 1.2, 1.9, "By hand.")
    >>> decision = decide(replace(nothing, findings=1, area_m2=area, largest_share=0.1))
    >>> decision.lane.value, [reason.rule for reason in decision.near_misses]
    ('straight_through', ['area_fast_track'])
    """
    fired = [rule for rule in RULES if rule.fires(facts)]
    near = [rule for rule in RULES if rule.is_near(facts)]
    return Decision(
        lane=max(
            (rule.lane for rule in fired), key=CARE.__getitem__, default=Lane.STRAIGHT_THROUGH
        ),
        reasons=tuple(each.reason(facts, unit) for each in fired) or (_small(facts, unit),),
        near_misses=tuple(each.reason(facts, unit, "close to") for each in near),
        rules_version=RULES_VERSION,
    )


def _small(facts: Facts, unit: AreaUnit) -> Reason:
    reached = area_reached(facts)
    return Reason(
        "small_and_complete",
        "Every question was answered in full, every finding was reviewed, and the damaged area "
        f"reaches at most {unit.told(reached)}, within the limit of "
        f"{unit.limit(STRAIGHT_THROUGH_M2)}.",
    )
