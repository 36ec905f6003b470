"""The rules that route a claim. They are data: each compares one number with one limit.

No rule denies or reduces, and a number that is missing or isn't one counts against speed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from assessment.core.facts import Facts, Reason
from assessment.core.units import AreaUnit
from assessment.core.vocabulary import DamageType, Lane

RULES_VERSION = "7"
"""To be raised with every change to RULES or to a limit."""

STRAIGHT_THROUGH_M2 = 2.0
"""About one door leaf: a repair that is cheaper than a second look."""

FAST_TRACK_M2 = 10.0
"""About one roofing square: one trade, one visit."""

DESK_M2 = 50.0
"""About one slope of a small roof: what is hidden beneath decides the cost from here on."""

LARGE_SHARE = 0.5
"""More than half is where disaster agencies draw the line to major damage."""

COLLAPSE_SHARE = 0.2
"""Debris over a fifth of a photo is no longer litter: something came down."""

NEARNESS = 0.1
"""How near to its limit, as a part of it, a value is worth telling."""

FIRE = "fire"

UNKNOWN_PERILS = ("", "other")
"""What a file says whose cause of loss is not among those that the rules know."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Speaks for a lane when its value lies above the limit, and not above the ceiling.

    The sentence is a template with `value`, `limit` and `relation` ("above" or "close to"), and
    with `area` and `area_limit` for a value in square metres. A ceiling is where a more careful
    rule on the same value takes over, so that one fact gives one reason.
    """

    id: str
    lane: Lane
    value: Callable[[Facts], float]
    sentence: str
    limit: float = 0.0
    ceiling: float = math.inf

    def fires(self, facts: Facts) -> bool:
        """Whether the rule speaks; it does for a value that is not a number."""
        value = self.value(facts)
        return not value <= self.limit and not value > self.ceiling

    def is_near(self, facts: Facts) -> bool:
        """Whether the value comes within NEARNESS of the limit without passing it."""
        return (1 - NEARNESS) * self.limit <= self.value(facts) <= self.limit != 0

    def reason(self, facts: Facts, unit: AreaUnit, relation: str = "above") -> Reason:
        """The sentence with the value and the limit in it, areas in that unit."""
        value = self.value(facts)
        sentence = self.sentence.format(
            value=value,
            limit=self.limit,
            relation=relation,
            area=unit.told(value),
            area_limit=unit.limit(self.limit),
        )
        return Reason(self.id, sentence)


def area_reached(facts: Facts) -> float:
    """Square metres that the damage may reach: the upper end of its interval; 0 if not measured."""
    return 0.0 if facts.area_m2 is None else facts.area_m2.high


def _share(facts: Facts) -> float:
    return 0.0 if facts.largest_share is None else facts.largest_share


def _debris_share(facts: Facts) -> float:
    return _share(facts) if DamageType.DEBRIS in facts.damage_types else 0.0


def _unmeasured(facts: Facts) -> bool:
    measured = facts.area_m2 is not None and facts.largest_share is not None
    return facts.findings > facts.approximate and not measured


def _nothing_found(facts: Facts) -> bool:
    """At least one answer came whole, and nothing says that there is damage."""
    whole = facts.questions - facts.unanswered - facts.failed - facts.incomplete
    return facts.findings <= 0 and whole > 0


AREA_SENTENCE = (
    "The damaged area may reach {area}, the upper end of its 95 % interval; that is "
    "{relation} the limit of {area_limit} "
)

RULES = (
    Rule(
        "fire",
        Lane.SPECIALIST,
        lambda facts: FIRE in facts.peril.casefold(),
        "The loss was reported as a fire; a specialist looks for its origin and for hidden damage.",
    ),
    Rule(
        "burn_seen",
        Lane.SPECIALIST,
        lambda facts: DamageType.BURN in facts.damage_types,
        "Burn marks were found; a specialist looks for their origin and for hidden damage.",
    ),
    Rule(
        "area_inspection",
        Lane.FIELD_INSPECTION,
        area_reached,
        AREA_SENTENCE + "for a decision without a visit.",
        DESK_M2,
    ),
    Rule(
        "large_share",
        Lane.FIELD_INSPECTION,
        _share,
        "Damage covers {value:.1%} of one photo, {relation} the limit of {limit:.0%} for a "
        "decision without a visit.",
        LARGE_SHARE,
    ),
    Rule(
        "debris",
        Lane.FIELD_INSPECTION,
        _debris_share,
        "Debris was found, and damage covers {value:.1%} of one photo, {relation} the limit of "
        "{limit:.0%}; a part of the building may have come down.",
        COLLAPSE_SHARE,
    ),
    Rule(
        "no_photos",
        Lane.DESK,
        lambda facts: facts.photos <= 0,
        "There is no photo. Ask for photos, or decide on other evidence.",
    ),
    Rule(
        "refused_photos",
        Lane.DESK,
        lambda facts: facts.refused_photos,
        "Photos that could not be used: {value}. Look at them, or ask for new ones.",
    ),
    Rule(
        "no_questions",
        Lane.DESK,
        lambda facts: facts.questions <= 0,
        "No photo was asked about, so nobody has looked yet.",
    ),
    Rule(
        "unasked_photos",
        Lane.DESK,
        lambda facts: facts.unasked_photos,
        "Photos that no question was put to: {value}. Nobody has looked at them yet.",
    ),
    Rule(
        "unanswered",
        Lane.DESK,
        lambda facts: facts.unanswered,
        "Questions the engine declined: {value}. Nobody has looked there yet.",
    ),
    Rule(
        "failed",
        Lane.DESK,
        lambda facts: facts.failed,
        "Questions without a readable answer: {value}. Nobody has looked there yet.",
    ),
    Rule(
        "incomplete",
        Lane.DESK,
        lambda facts: facts.incomplete,
        "Answers of which a part was lost: {value}. Look for what is missing.",
    ),
    Rule(
        "nothing_found",
        Lane.DESK,
        _nothing_found,
        "No finding counts as damage; a person looks before anything is decided.",
    ),
    Rule(
        "approximate",
        Lane.DESK,
        lambda facts: facts.approximate,
        "Findings whose outline is only approximate: {value}. Correct, accept or reject each.",
    ),
    Rule(
        "disputed",
        Lane.DESK,
        lambda facts: facts.disputed,
        "Findings on which the answers to one question disagree: {value}. Look at each of them, "
        "then accept, correct or reject it.",
    ),
    Rule(
        "unscaled",
        Lane.DESK,
        lambda facts: facts.unscaled,
        "Findings on photos without a scale: {value}. Draw a line of known length on these photos.",
    ),
    Rule("unmeasured", Lane.DESK, _unmeasured, "There are findings, but their size is unknown."),
    Rule(
        "unknown_damage",
        Lane.DESK,
        lambda facts: DamageType.OTHER in facts.damage_types,
        "There is damage of a kind that the rules can't judge. Say what kind each finding shows, "
        "or decide without the rules.",
    ),
    Rule(
        "unknown_peril",
        Lane.DESK,
        lambda facts: facts.peril.strip().casefold() in UNKNOWN_PERILS,
        "The cause of the loss is not known, so the rules can't tell which damage belongs to it.",
    ),
    Rule(
        "no_policy",
        Lane.DESK,
        lambda facts: not facts.policy_known,
        "The file names no policy. A person finds out what is covered before anything is decided.",
    ),
    Rule(
        "area_desk",
        Lane.DESK,
        area_reached,
        AREA_SENTENCE + "for the fast track.",
        FAST_TRACK_M2,
        DESK_M2,
    ),
    Rule(
        "area_fast_track",
        Lane.FAST_TRACK,
        area_reached,
        AREA_SENTENCE + "for going straight through.",
        STRAIGHT_THROUGH_M2,
        FAST_TRACK_M2,
    ),
    Rule(
        "unreviewed",
        Lane.FAST_TRACK,
        lambda facts: facts.unreviewed,
        "Findings that no person has reviewed: {value}. Accept or reject them.",
    ),
)
"""From the most careful lane to the least, which is the order of the reasons."""
