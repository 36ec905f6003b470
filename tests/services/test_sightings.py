"""What was seen before is known again: one finding, with every answer that showed it."""

from __future__ import annotations

import pytest
from django.utils import timezone

from assessment import pipeline
from assessment.core.scale import ReferenceLine
from assessment.core.vocabulary import DamageType, Outcome, RejectReason, ReviewStatus
from assessment.management.summary import GivenPhoto, summary_of
from assessment.models import Finding, Segmentation, Sighting
from assessment.reports.tables import engine_rows, finding_rows
from assessment.reports.units import system
from assessment.selectors.claim_dossier import claim_dossier
from assessment.selectors.claim_page import claim_state
from assessment.selectors.claims import claim_facts
from assessment.selectors.measuring import outline_of
from assessment.selectors.sightings import AlsoSeen, seen_of
from assessment.selectors.workbench import questions_on
from tests.factories import make_photo
from tests.fakes import square
from tests.services.steps import box, changed, drawn_by

pytestmark = pytest.mark.django_db

NEARBY = square(left=55)
"""Of the fake engine's square it shows nine tenths; their agreement is 0.9."""
HALF = square(left=100)
"""It shares half with the fake engine's square; their agreement is a third."""


@pytest.fixture
def ask(claim, engine, photo):
    """Put one more question to the photo, which is answered by what is given."""

    def put(text, *detections):
        engine.detections = detections
        pipeline.query_ask(claim=claim, text=text, by=None)
        pipeline.work_off("")

    return put


def told(photo):
    """What each question is told to have found, and how much of that was known."""
    return [(each.text, each.found, each.known) for each in questions_on(photo)]


def test_what_two_questions_see_is_one_finding_with_two_sightings(photo, seen, ask):
    ask("water stains", square(left=55, label="brown patch"))

    assert Finding.objects.get() == seen
    sightings = seen.sightings.order_by("pk")
    assert [each.label for each in sightings] == ["crack in plaster", "brown patch"]
    assert [each.segmentation.query.text for each in sightings] == ["cracks 0", "water stains"]
    assert told(photo) == [("cracks 0", 1, 0), ("water stains", 1, 1)]


def test_a_thing_under_two_labels_in_one_answer_is_one_finding_of_the_first_type(photo, seen, ask):
    patch, again = (
        square(left=190, label=label, damage_type=kind)
        for label, kind in [("blister", DamageType.OTHER), ("stain", DamageType.STAIN)]
    )
    ask("anything", patch, square(), again)

    _, blister = Finding.objects.order_by("number")
    assert (blister.number, blister.label) == (2, "blister")
    assert seen_of([blister])[blister.pk].also == (AlsoSeen("stain", "anything"),)
    assert list(blister.sightings.order_by("pk").values_list("position", flat=True)) == [0, 2]
    assert told(photo)[1] == ("anything", 2, 1)


def test_what_overlaps_by_half_is_two_findings_and_its_area_counts_once(photo, seen, ask, user):
    ask("more cracks", HALF, NEARBY)
    pipeline.scale_give(photo=photo, line=ReferenceLine((0, 0), (200, 0), 2.0), by=user)

    assert [each.number for each in Finding.objects.order_by("number")] == [1, 2]
    (crack,) = claim_state(photo.claim).damage
    assert crack.area_counting is not None
    assert crack.area_counting.area is not None
    assert crack.area_counting.area.value == pytest.approx(1.5, rel=0.05)
    area = claim_facts(photo.claim).area_m2
    assert area is not None
    assert area.value == pytest.approx(1.5, rel=0.05)


def test_a_rejected_finding_that_is_seen_again_stays_rejected(photo, seen, ask, user):
    changed(seen, user, review=ReviewStatus.REJECTED, reason=RejectReason.OLD_DAMAGE)
    ask("damage", NEARBY)

    seen.refresh_from_db()
    assert (seen.review, seen.reason, seen.revision) == ("rejected", "old_damage", 2)
    assert seen.sightings.count() == 2
    assert told(photo)[1] == ("damage", 1, 1)


def test_what_was_judged_recognises_only_its_own_kind_of_damage(photo, seen, ask, user):
    changed(seen, user, review=ReviewStatus.ACCEPTED)
    ask("burns", square(label="charring", damage_type=DamageType.BURN))

    burn = Finding.objects.get(number=2)
    assert (burn.damage_type, burn.review) == (DamageType.BURN, ReviewStatus.PROPOSED)
    assert claim_facts(photo.claim).damage_types == {DamageType.CRACK, DamageType.BURN}


def test_an_outline_that_a_person_found_wrong_recognises_nothing(photo, seen, ask, user):
    changed(seen, user, review=ReviewStatus.REJECTED, reason=RejectReason.WRONG_OUTLINE)
    ask("cracks once more", NEARBY)

    assert list(Finding.objects.order_by("number").values_list("review", flat=True)) == [
        ReviewStatus.REJECTED,
        ReviewStatus.PROPOSED,
    ]


def test_a_sure_outline_is_not_hidden_behind_a_guess_of_the_same_place(photo, ask):
    ask("stains", square(left=10, top=10, side=50, label="a stain", approximate=True))
    ask("burns", square(left=10, top=10, side=50, label="a burn", damage_type=DamageType.BURN))

    facts = claim_facts(photo.claim)
    assert DamageType.BURN in facts.damage_types
    assert facts.approximate == 1


def test_a_corrected_outline_stays_and_is_known_by_both_of_its_shapes(photo, seen, ask, user):
    changed(seen, user, outline=box(200, 20, 280, 100))
    ask("as the engine saw it", NEARBY)
    ask("as the person did", square(left=201, top=20, side=80))
    ask("elsewhere", square(left=0, top=190, side=30))

    seen.refresh_from_db()
    assert outline_of(seen).bounds == (200, 20, 280, 100)
    assert seen.sightings.count() == 3
    assert [known for _, _, known in told(photo)] == [0, 1, 1, 0]


def test_a_persons_own_finding_is_no_sighting_of_an_engine(photo, ask, user):
    own = drawn_by(user, photo)
    ask("stains", square(left=10, top=10, side=50))

    assert not own.sightings.exists()
    assert seen_of([own]) == {}


def test_a_question_of_which_all_was_known_has_found_something(photo, seen, ask):
    ask("the same again", square())

    state = claim_state(photo.claim)
    assert [each.asked[0].found for each in state.questions] == [1, 1]
    assert (state.photos[0].findings, state.photos[0].proposed) == (1, 1)
    assert claim_facts(photo.claim).findings == 1
    assert {each.status for each in Segmentation.objects.all()} == {Outcome.ANSWERED}


def test_the_same_place_on_another_photo_is_another_finding(claim, photo, seen):
    make_photo(claim)

    assert Finding.objects.count() == Sighting.objects.count() == 2


def test_a_kind_of_damage_under_another_label_still_routes_the_claim(photo, seen, ask, user):
    ask("burns", square(label="charring", damage_type=DamageType.BURN))
    assert claim_facts(photo.claim).damage_types == {DamageType.CRACK, DamageType.BURN}

    changed(seen, user, review=ReviewStatus.ACCEPTED)
    assert claim_facts(photo.claim).damage_types == {DamageType.CRACK}


def test_the_report_tells_of_every_label_and_counts_a_finding_once(photo, seen, ask):
    ask("water stains", square(label="brown patch"))
    dossier = claim_dossier(
        photo.claim, number=1, made_at=timezone.now(), by=None, template_version="test"
    )

    (row,) = finding_rows(dossier.photos, system("us"))
    assert row.also == "also seen as “brown patch” for “water stains”"
    (engine,) = engine_rows(dossier.photos)
    assert engine.outcome == "2 questions: 2 answered; 1 finding proposed"


def test_the_result_of_a_run_lists_a_finding_under_every_question_that_shows_it(photo, seen, ask):
    ask("water stains", HALF, NEARBY)

    summary = summary_of(photo.claim, [GivenPhoto("wall.jpg", photo)], "fake", None)
    cracks, stains = summary["photos"][0]["queries"]
    assert len(cracks["findings"]) == 1
    assert len(stains["findings"]) == 2
    (crack,), stain = cracks["findings"], stains["findings"][1]
    assert (crack["number"], stain["number"]) == (1, 1)
    assert crack["also"] == [{"label": stain["label"], "query": "water stains"}]
    assert stain["also"] == [{"label": crack["label"], "query": "cracks 0"}]
    assert crack["polygon"] == stain["polygon"]
    assert stains["total"]["area_px"] == pytest.approx(15_000)


@pytest.fixture
def looked_on(photo, engine):
    """Take a further look at what was answered in part, after which the whole answer is this."""

    def look(*detections):
        engine.detections = detections
        Segmentation.objects.update(unasked=1)
        assert pipeline.claim_retry(claim=photo.claim, by=None) == 1
        pipeline.work_off("")

    return look


def positions():
    return list(Sighting.objects.order_by("position").values_list("position", "finding__number"))


def test_what_an_answer_told_before_it_went_on_is_the_same_sighting(seen, looked_on):
    looked_on(square(left=200), square())

    assert Finding.objects.count() == 2
    assert positions() == [(0, 1), (1, 2)]


def test_what_an_answer_that_went_on_tells_otherwise_is_one_more_sighting(seen, looked_on):
    looked_on(NEARBY)

    assert Finding.objects.get() == seen
    assert positions() == [(0, 1), (1, 1)]


def test_what_a_person_found_wrong_does_not_come_back_when_its_answer_goes_on(
    seen, looked_on, user
):
    changed(seen, user, review=ReviewStatus.REJECTED, reason=RejectReason.WRONG_OUTLINE)
    looked_on(square(), square(left=200))

    assert Finding.objects.count() == 2
    assert positions() == [(0, 1), (2, 2)]


def test_what_one_answer_tells_of_twice_stays_two_sightings_when_it_goes_on(ask, looked_on):
    ask("stains", square(left=200), square(left=200))
    before = Sighting.objects.count()
    others = Segmentation.objects.exclude(query__text="stains")
    others.update(status=Outcome.UNANSWERED, reason="No.")
    looked_on(square(left=200), square(left=200))

    assert Sighting.objects.count() == before
