from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.core.measure import Measured
from assessment.core.rules import RULES, RULES_VERSION, STRAIGHT_THROUGH_M2
from assessment.core.triage import CARE, Decision, Facts, decide
from assessment.core.units import SQUARE_FEET
from assessment.core.vocabulary import DamageType, Lane

UNTIMED = settings(deadline=None)
OBSTACLES = (
    "refused_photos",
    "unasked_photos",
    "unanswered",
    "failed",
    "incomplete",
    "approximate",
    "disputed",
    "unscaled",
)


def square_metres(high: float) -> Measured:
    return Measured(high * 0.8, high * 0.6, high, "By hand.")


SMALL = Facts(
    photos=3,
    refused_photos=0,
    questions=6,
    unasked_photos=0,
    unanswered=0,
    failed=0,
    incomplete=0,
    findings=2,
    approximate=0,
    unreviewed=0,
    disputed=0,
    unscaled=0,
    area_m2=square_metres(1.2),
    largest_share=0.05,
    damage_types=frozenset({DamageType.MISSING_COVERING}),
    peril="hail",
    policy_known=True,
)


def altered(facts: Facts, **changes: Any) -> Facts:
    return replace(facts, **changes)


def rules(decision: Decision) -> list[str]:
    return [reason.rule for reason in decision.reasons]


def near(decision: Decision) -> list[str]:
    return [reason.rule for reason in decision.near_misses]


def test_small_damage_fully_answered_and_reviewed_goes_straight_through():
    decision = decide(SMALL)
    assert decision.lane is Lane.STRAIGHT_THROUGH
    assert rules(decision) == ["small_and_complete"]
    assert "1.20 m²" in decision.reasons[0].sentence
    assert decision.rules_version == RULES_VERSION


@pytest.mark.parametrize("fact", OBSTACLES)
def test_whatever_was_not_seen_or_measured_goes_to_the_desk(fact):
    decision = decide(altered(SMALL, **{fact: 1}))
    assert decision.lane is Lane.DESK
    assert rules(decision) == [fact]
    assert ": 1." in decision.reasons[0].sentence


@pytest.mark.parametrize(
    ("fact", "rule"),
    [("photos", "no_photos"), ("questions", "no_questions"), ("findings", "nothing_found")],
)
def test_nothing_to_go_by_goes_to_the_desk(fact, rule):
    decision = decide(altered(SMALL, **{fact: 0}))
    assert decision.lane is Lane.DESK
    assert rules(decision) == [rule]


def test_an_answer_of_which_a_part_was_lost_does_not_say_that_nothing_is_there():
    decision = decide(replace(SMALL, questions=1, findings=0, incomplete=1))

    assert rules(decision) == ["incomplete"]


def test_an_answer_that_came_whole_says_so_beside_one_that_did_not():
    decision = decide(replace(SMALL, questions=2, findings=0, incomplete=1))

    assert rules(decision) == ["incomplete", "nothing_found"]


def test_an_untouched_claim_goes_to_the_desk():
    nothing = replace(
        SMALL,
        photos=0,
        questions=0,
        findings=0,
        area_m2=None,
        largest_share=None,
        damage_types=frozenset(),
    )
    assert decide(nothing).lane is Lane.DESK


def test_findings_that_nobody_reviewed_wait_for_a_person():
    decision = decide(replace(SMALL, unreviewed=2))
    assert decision.lane is Lane.FAST_TRACK
    assert rules(decision) == ["unreviewed"]


@pytest.mark.parametrize("missing", ["area_m2", "largest_share"])
def test_firm_findings_of_unknown_size_go_to_the_desk(missing):
    assert decide(altered(SMALL, **{missing: None})).lane is Lane.DESK


@pytest.mark.parametrize(
    ("high", "lane", "rule"),
    [
        (2.0, Lane.STRAIGHT_THROUGH, "small_and_complete"),
        (2.01, Lane.FAST_TRACK, "area_fast_track"),
        (10.0, Lane.FAST_TRACK, "area_fast_track"),
        (10.01, Lane.DESK, "area_desk"),
        (50.0, Lane.DESK, "area_desk"),
        (50.01, Lane.FIELD_INSPECTION, "area_inspection"),
        (math.inf, Lane.FIELD_INSPECTION, "area_inspection"),
    ],
)
def test_the_upper_end_of_the_area_chooses_the_lane(high, lane, rule):
    decision = decide(replace(SMALL, area_m2=square_metres(high)))
    assert decision.lane is lane
    assert rules(decision) == [rule]


def test_an_area_that_is_no_number_is_treated_as_large():
    assert decide(replace(SMALL, area_m2=square_metres(math.nan))).lane is Lane.FIELD_INSPECTION


def test_damage_over_more_than_half_of_a_photo_is_inspected():
    decision = decide(replace(SMALL, largest_share=0.61))
    assert decision.lane is Lane.FIELD_INSPECTION
    assert rules(decision) == ["large_share"]
    assert "61.0%" in decision.reasons[0].sentence
    assert "50%" in decision.reasons[0].sentence


def test_debris_over_much_of_a_photo_is_inspected():
    wide = replace(SMALL, largest_share=0.3)
    assert decide(wide).lane is Lane.STRAIGHT_THROUGH
    strewn = replace(wide, damage_types=frozenset({DamageType.DEBRIS}))
    assert decide(strewn).lane is Lane.FIELD_INSPECTION


@pytest.mark.parametrize("peril", ["fire", "Fire", "House fire"])
def test_a_fire_goes_to_a_specialist(peril):
    assert decide(replace(SMALL, peril=peril)).lane is Lane.SPECIALIST


def test_burn_marks_go_to_a_specialist_whatever_was_reported():
    burnt = replace(SMALL, damage_types=frozenset({DamageType.BURN}))
    assert rules(decide(burnt)) == ["burn_seen"]


def test_damage_of_a_kind_that_no_rule_knows_goes_to_the_desk():
    known = SMALL.damage_types
    odd = decide(replace(SMALL, damage_types=known | {DamageType.OTHER}))
    assert (odd.lane, rules(odd)) == (Lane.DESK, ["unknown_damage"])


@pytest.mark.parametrize("peril", ["", "other", "Other", " "])
def test_a_loss_of_unknown_cause_goes_to_the_desk(peril):
    decision = decide(replace(SMALL, peril=peril))
    assert (decision.lane, rules(decision)) == (Lane.DESK, ["unknown_peril"])


def test_a_claim_without_a_policy_goes_to_the_desk():
    decision = decide(replace(SMALL, policy_known=False))
    assert (decision.lane, rules(decision)) == (Lane.DESK, ["no_policy"])


@pytest.mark.parametrize("kind", sorted(set(DamageType) - {DamageType.OTHER, DamageType.BURN}))
def test_damage_of_a_known_kind_alone_is_no_reason_for_care(kind):
    decision = decide(replace(SMALL, damage_types=frozenset({kind})))
    assert decision.lane is Lane.STRAIGHT_THROUGH


def test_every_reason_is_given_and_the_most_careful_comes_first():
    decision = decide(replace(SMALL, unreviewed=1, failed=2, peril="fire"))
    assert rules(decision) == ["fire", "failed", "unreviewed"]


@pytest.mark.parametrize(
    ("high", "expected"),
    [
        (1.79, []),
        (1.81, ["area_fast_track"]),
        (2.0, ["area_fast_track"]),
        (2.01, []),
        (9.5, ["area_desk"]),
        (46.0, ["area_inspection"]),
        (50.5, []),
    ],
)
def test_a_value_within_a_tenth_of_its_limit_is_a_near_miss(high, expected):
    assert near(decide(replace(SMALL, area_m2=square_metres(high)))) == expected


def test_a_near_miss_tells_value_and_limit():
    (miss,) = decide(replace(SMALL, area_m2=square_metres(9.5))).near_misses
    assert "9.50 m²" in miss.sentence
    assert "close to the limit of 10 m²" in miss.sentence


@pytest.mark.parametrize(
    ("high", "told"),
    [
        (1.2, ["at most 12.9 sq ft, within the limit of 21.5 sq ft"]),
        (9.5, ["may reach 102.3 sq ft", "close to the limit of 107.6 sq ft"]),
        (60.0, ["may reach 645.8 sq ft", "above the limit of 538.2 sq ft"]),
    ],
)
def test_areas_are_told_in_the_unit_that_is_asked_for_and_judged_alike(high, told):
    facts = replace(SMALL, area_m2=square_metres(high))
    decision = decide(facts, SQUARE_FEET)
    sentences = " ".join(each.sentence for each in (*decision.reasons, *decision.near_misses))

    assert [words for words in told if words not in sentences] == []
    assert "m²" not in sentences
    assert (decision.lane, rules(decision)) == (decide(facts).lane, rules(decide(facts)))


def test_the_rules_stand_from_the_most_careful_lane_to_the_least():
    care = [CARE[rule.lane] for rule in RULES]
    assert care == sorted(care, reverse=True)


def test_no_two_rules_share_an_id():
    assert len({rule.id for rule in RULES}) == len(RULES)


COUNTS = st.integers(0, 3)
SIZES = st.none() | st.floats(0, 100).map(square_metres)
FACTS = st.builds(
    Facts,
    photos=COUNTS,
    refused_photos=COUNTS,
    questions=COUNTS,
    unasked_photos=COUNTS,
    unanswered=COUNTS,
    failed=COUNTS,
    incomplete=COUNTS,
    findings=COUNTS,
    approximate=COUNTS,
    unreviewed=COUNTS,
    disputed=COUNTS,
    unscaled=COUNTS,
    area_m2=SIZES,
    largest_share=st.none() | st.floats(0, 1),
    damage_types=st.frozensets(st.sampled_from(DamageType)),
    peril=st.sampled_from(["hail", "fire", "", "wind", "other"]),
    policy_known=st.booleans(),
)
NEARLY_CLEAN = st.builds(
    replace,
    st.just(SMALL),
    area_m2=SIZES,
    largest_share=st.none() | st.floats(0, 1),
    unreviewed=COUNTS,
    damage_types=st.frozensets(st.sampled_from(DamageType)),
)
ANY_FACTS = FACTS | NEARLY_CLEAN


@UNTIMED
@given(
    ANY_FACTS,
    st.floats().map(square_metres),
    st.floats(),
    st.text(max_size=5),
    st.integers(),
)
def test_every_set_of_facts_gets_a_lane_and_a_reason(facts, area_m2, largest_share, peril, count):
    odd = replace(facts, area_m2=area_m2, largest_share=largest_share, peril=peril, findings=count)
    for each in (facts, odd):
        decision = decide(each)
        assert decision.lane in Lane
        assert decision.reasons
        assert decision == decide(each)


def worsened(facts: Facts) -> list[Facts]:
    """The same facts with one of them worse, once for each fact."""
    up = [*OBSTACLES, "unreviewed", "findings"] if facts.findings else [*OBSTACLES, "unreviewed"]
    worse = [altered(facts, **{fact: getattr(facts, fact) + 1}) for fact in up]
    worse += [altered(facts, **{fact: 0}) for fact in ("photos", "questions", "findings")]
    worse += [replace(facts, damage_types=facts.damage_types | {kind}) for kind in DamageType]
    worse += [replace(facts, peril="fire"), replace(facts, policy_known=False)]
    if facts.area_m2 is not None:
        worse += [
            replace(facts, area_m2=square_metres(facts.area_m2.high + more))
            for more in (0.5, 5, 50)
        ]
    if facts.largest_share is not None:
        worse += [replace(facts, largest_share=facts.largest_share + more) for more in (0.1, 0.5)]
    return worse


@UNTIMED
@given(ANY_FACTS)
def test_no_worse_fact_is_ever_less_careful(facts):
    care = CARE[decide(facts).lane]
    assert all(CARE[decide(worse).lane] >= care for worse in worsened(facts))


@UNTIMED
@given(ANY_FACTS, st.sampled_from([*OBSTACLES, "unreviewed"]), st.integers(1, 5))
def test_nothing_goes_straight_through_with_anything_open(facts, fact, count):
    assert decide(altered(facts, **{fact: count})).lane is not Lane.STRAIGHT_THROUGH


@UNTIMED
@given(NEARLY_CLEAN)
def test_only_measured_and_small_damage_goes_straight_through(facts):
    small = facts.area_m2 is not None and facts.area_m2.high <= STRAIGHT_THROUGH_M2
    if decide(facts).lane is Lane.STRAIGHT_THROUGH:
        assert small
        assert facts.largest_share is not None
        assert not facts.unreviewed


@UNTIMED
@given(ANY_FACTS, st.integers(1, 5))
def test_approximate_findings_put_a_claim_on_the_desk_and_move_it_nowhere_else(facts, count):
    firm = replace(facts, approximate=0)
    guessed = replace(firm, approximate=count, findings=firm.findings + count)
    expected = max(Lane.DESK, decide(firm).lane, key=CARE.__getitem__)
    assert decide(guessed).lane is expected
