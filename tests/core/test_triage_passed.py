"""What spoke for a claim: only what was looked at, and only what held."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assessment.core.facts import Facts
from assessment.core.measure import Measured
from assessment.core.rules import RULES
from assessment.core.triage_passed import AREA_RULES, PASSES, passed
from assessment.core.units import SQUARE_FEET

GOOD = Facts(
    photos=4,
    refused_photos=0,
    questions=8,
    unasked_photos=0,
    unanswered=0,
    failed=0,
    incomplete=0,
    findings=3,
    approximate=0,
    unreviewed=0,
    disputed=0,
    unscaled=0,
    area_m2=Measured(1.0, 0.8, 1.2, "Line."),
    largest_share=0.1,
    damage_types=frozenset(),
    peril="hail",
    policy_known=True,
)
EMPTY = replace(GOOD, photos=0, questions=0, findings=0, area_m2=None, largest_share=None)


def told(facts: Facts, words: str) -> bool:
    return any(words in sentence for sentence in passed(facts))


@pytest.mark.parametrize(
    ("words", "flaw"),
    [
        ("could be used", {"refused_photos": 1}),
        ("was asked about", {"unasked_photos": 1}),
        ("answered in full", {"unanswered": 1}),
        ("answered in full", {"failed": 1}),
        ("answered in full", {"incomplete": 1}),
        ("only approximate", {"approximate": 1}),
        ("accepted by a person", {"unreviewed": 1}),
        ("with a scale", {"unscaled": 1}),
        ("of any photo", {"largest_share": 0.51}),
        ("not as a fire", {"peril": "fire"}),
        ("not as a fire", {"peril": "other"}),
        ("names a policy", {"policy_known": False}),
        ("reaches at most", {"unscaled": 1}),
        ("reaches at most", {"approximate": 1}),
        ("reaches at most", {"area_m2": Measured(60.0, 50.0, 70.0, "Line.")}),
    ],
)
def test_what_did_not_hold_is_not_told_as_passed(words, flaw):
    assert told(GOOD, words)
    assert not told(replace(GOOD, **flaw), words)


def test_where_nobody_looked_nothing_passed_but_the_file_itself():
    assert passed(EMPTY) == (
        "The loss was reported as hail, not as a fire.",
        "The file names a policy.",
    )


def test_nothing_found_is_not_told_as_nothing_damaged():
    sentences = " ".join(passed(replace(EMPTY, photos=1, questions=1)))

    assert "The only photo could be used." in sentences
    assert "The only question was answered in full." in sentences
    assert "amage" not in sentences
    assert "reaches" not in sentences


@pytest.mark.parametrize(
    ("high", "limit"), [(2.0, "2 m² for going straight"), (2.01, "10 m²"), (50.0, "50 m²")]
)
def test_the_tightest_limit_that_holds_is_named(high, limit):
    assert told(replace(GOOD, area_m2=Measured(1.0, 0.5, high, "Line.")), f"limit of {limit}")


def test_what_was_found_is_told_in_the_unit_that_is_asked_for():
    assert (
        "What was found reaches at most 12.9 sq ft, within the limit of 21.5 sq ft for going "
        "straight through."
    ) in passed(GOOD, SQUARE_FEET)


def test_every_rule_that_is_named_exists():
    named = {name for each in PASSES for name in each.rules} | set(AREA_RULES)

    assert named <= {rule.id for rule in RULES}
