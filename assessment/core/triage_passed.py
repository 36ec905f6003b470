"""What spoke for a claim: the rules that kept silent, as sentences with the numbers in them.

A rule also keeps silent where there was nothing to judge. That is no merit, so each sentence says
besides when it may be said at all: nothing is told of what nobody looked at or measured.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assessment.core.facts import Facts
from assessment.core.rules import LARGE_SHARE, RULES
from assessment.core.units import SQUARE_METRES, AreaUnit

RULE = {rule.id: rule for rule in RULES}

AREA_RULES = {
    "area_fast_track": "for going straight through",
    "area_desk": "for the fast track",
    "area_inspection": "for a decision without a visit",
}
"""From the tightest limit to the widest: the first that holds is the one worth telling."""


@dataclass(frozen=True, slots=True)
class Pass:
    """Rules that must all have kept silent, when that means something, and how it is told."""

    rules: tuple[str, ...]
    tells: Callable[[Facts], bool]
    sentence: Callable[[Facts], str]

    def holds(self, facts: Facts) -> bool:
        """Whether the sentence is true of a claim with these facts."""
        return self.tells(facts) and not any(RULE[name].fires(facts) for name in self.rules)


def _usable(facts: Facts) -> int:
    return facts.photos - facts.refused_photos


def _is_measured(facts: Facts) -> bool:
    """Whether the area is that of every finding, and no outline in it is a guess."""
    return facts.findings > 0 and not facts.approximate and not facts.unscaled


def _all(count: int, thing: str, verb: str, rest: str) -> str:
    """One or many, told alike.

    >>> _all(1, "photo", "was", "used"), _all(4, "photo", "was", "used")
    ('The only photo was used.', 'All 4 photos were used.')
    """
    if count == 1:
        return f"The only {thing} {verb} {rest}."
    return f"All {count} {thing}s {'were' if verb == 'was' else verb} {rest}."


PASSES = (
    Pass(
        ("no_photos", "refused_photos"),
        lambda facts: facts.photos > 0,
        lambda facts: _all(facts.photos, "photo", "could", "be used"),
    ),
    Pass(
        ("no_questions", "unasked_photos"),
        lambda facts: _usable(facts) > 1,
        lambda facts: f"Every one of the {_usable(facts)} usable photos was asked about.",
    ),
    Pass(
        ("unanswered", "failed", "incomplete"),
        lambda facts: facts.questions > 0,
        lambda facts: _all(facts.questions, "question", "was", "answered in full"),
    ),
    Pass(
        ("approximate",),
        lambda facts: facts.findings > 0,
        lambda facts: "No outline that counts is only approximate.",
    ),
    Pass(
        ("unreviewed",),
        lambda facts: facts.findings > 0,
        lambda facts: _all(facts.findings, "finding", "was", "accepted by a person"),
    ),
    Pass(
        ("unscaled",),
        lambda facts: facts.findings > 0,
        lambda facts: _all(facts.findings, "finding", "was", "measured on a photo with a scale"),
    ),
    Pass(
        ("large_share",),
        lambda facts: facts.largest_share is not None and not facts.approximate,
        lambda facts: (
            f"Damage covers at most {facts.largest_share or 0:.1%} of any photo, within "
            f"the limit of {LARGE_SHARE:.0%} for a decision without a visit."
        ),
    ),
    Pass(
        ("fire", "unknown_peril"),
        lambda facts: True,
        lambda facts: f"The loss was reported as {facts.peril}, not as a fire.",
    ),
    Pass(
        ("no_policy",),
        lambda facts: True,
        lambda facts: "The file names a policy.",
    ),
)


def passed(facts: Facts, unit: AreaUnit = SQUARE_METRES) -> tuple[str, ...]:
    """The sentences that hold, in the order in which a person would ask, areas in that unit.

    >>> facts = Facts(
    ...     photos=4, refused_photos=0, questions=6, unasked_photos=0, unanswered=0, failed=0,
    ...     incomplete=0, findings=0, approximate=0, unreviewed=0, disputed=0, unscaled=0,
    ...     area_m2=None, largest_share=None, damage_types=frozenset(), peril="hail",
    ...     policy_known=True,
    ... )
    >>> for sentence in passed(facts):
    ...     print(sentence)
    All 4 photos could be used.
    Every one of the 4 usable photos was asked about.
    All 6 questions were answered in full.
    The loss was reported as hail, not as a fire.
    The file names a policy.
    """
    told = [each.sentence(facts) for each in PASSES if each.holds(facts)]
    return (*told, *_area_passed(facts, unit))


def _area_passed(facts: Facts, unit: AreaUnit) -> tuple[str, ...]:
    area = facts.area_m2
    if area is None or not _is_measured(facts):
        return ()
    within = ((RULE[name].limit, purpose) for name, purpose in AREA_RULES.items())
    return tuple(
        f"What was found reaches at most {unit.told(area.high)}, within the limit of "
        f"{unit.limit(limit)} {purpose}."
        for limit, purpose in within
        if area.high <= limit
    )[:1]
