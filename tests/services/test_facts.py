"""What the rules are told of a claim."""

from __future__ import annotations

import pytest

from assessment import pipeline
from assessment.core.scale import ReferenceLine
from assessment.core.vocabulary import DamageType, Lane, ReviewStatus
from assessment.models import Finding, Triage
from assessment.selectors.claims import claim_facts
from claims.models import Peril
from tests.factories import drone_jpeg, make_claim, make_photo
from tests.fakes import hairline, square
from tests.services.steps import box, changed, looked_at

pytestmark = [pytest.mark.django_db, pytest.mark.service]

LINE = ReferenceLine((0, 0), (200, 0), 2.0)


def test_a_guess_that_a_person_accepted_is_firm(claim, engine, user):
    engine.detections = (square(approximate=True),)
    photo = looked_at(claim)
    pipeline.scale_give(photo=photo, line=LINE, by=user)
    guessed = claim_facts(claim)
    assert (guessed.approximate, guessed.damage_types) == (1, frozenset())

    changed(Finding.objects.get(), user, review=ReviewStatus.ACCEPTED)

    facts = claim_facts(claim)
    assert (facts.findings, facts.approximate, facts.unreviewed) == (1, 0, 0)
    assert facts.damage_types == {DamageType.CRACK}
    assert facts.area_m2 is not None
    assert facts.area_m2.value == pytest.approx(1.0, rel=0.05)


def test_a_guess_that_a_person_corrected_is_firm(claim, engine, user):
    engine.detections = (square(approximate=True),)
    looked_at(claim)
    changed(Finding.objects.get(), user, outline=box(0, 0, 50, 50))

    facts = claim_facts(claim)
    assert (facts.approximate, facts.unreviewed) == (0, 1)


def test_a_rejected_finding_is_no_fact(claim, seen, user):
    changed(seen, user, review=ReviewStatus.REJECTED)

    facts = claim_facts(claim)
    assert (facts.findings, facts.unscaled, facts.largest_share) == (0, 0, None)


def test_a_finding_that_was_taken_back_is_no_fact(claim, hand_drawn, user):
    changed(hand_drawn, user, removed=True)

    assert claim_facts(claim).findings == 1


def test_a_finding_drawn_over_another_is_counted_and_measured_once(claim, photo, hand_drawn, user):
    pipeline.scale_give(photo=photo, line=LINE, by=user)

    facts = claim_facts(claim)
    assert facts.findings == 2
    assert facts.area_m2 is not None
    assert facts.area_m2.value == pytest.approx(1.0, rel=0.05)


@pytest.mark.parametrize(("number", "known"), [("HO-3 1", True), ("", False), ("  ", False)])
def test_whether_the_file_names_a_policy_is_a_fact(carrier, number, known):
    assert claim_facts(make_claim(carrier, policy_number=number)).policy_known is known


@pytest.mark.parametrize(
    ("facts", "label", "rule"),
    [
        ({}, "crack", None),
        ({"peril": Peril.OTHER}, "crack", "unknown_peril"),
        ({"policy_number": ""}, "crack", "no_policy"),
        ({}, "something odd", "unknown_damage"),
    ],
)
def test_what_the_rules_cannot_judge_goes_to_the_desk(carrier, user, engine, facts, label, rule):
    known = {"peril": Peril.HAIL, "policy_number": "HO-3 1", **facts}
    claim = make_claim(carrier, **known)
    engine.detections = (square(label=label, damage_type=None),)
    pipeline.query_ask(claim=claim, text="what is wrong here", by=None)
    photo = make_photo(claim)
    pipeline.scale_give(photo=photo, line=LINE, by=user)
    changed(Finding.objects.get(), user, review=ReviewStatus.ACCEPTED)
    pipeline.work_off("")

    triage = Triage.objects.filter(claim=claim).latest("number")
    assert [reason["rule"] for reason in triage.reasons] == [rule or "small_and_complete"]
    assert triage.lane == (Lane.DESK if rule else Lane.STRAIGHT_THROUGH)


def test_an_area_too_uncertain_to_print_still_bounds_the_damage_for_the_rules(claim, engine, user):
    engine.detections = (hairline(),)
    pipeline.scale_give(photo=looked_at(claim), line=LINE, by=user)
    assert Finding.objects.get().area_m2 is None

    facts = claim_facts(claim)
    assert facts.unscaled == 0
    assert facts.area_m2 is not None
    assert 0.04 < facts.area_m2.high < 0.2


def test_the_horizon_leaves_the_size_unknown_and_the_claim_on_the_desk(claim, engine):
    # A lens so wide that the sky is in the picture, though the drone looked down.
    engine.detections = (square(), square(left=200, top=0, side=30))
    looked_at(claim, drone_jpeg(pitch="-36.0", focal="100.0"))
    assert "horizon" in Finding.objects.get(number=2).unmeasured

    assert claim_facts(claim).area_m2 is None
    triage = Triage.objects.latest("number")
    assert "unmeasured" in [reason["rule"] for reason in triage.reasons]
