"""What the page of a claim is told: photos, questions, damage, and how long the engine takes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from assessment import pipeline
from assessment.core.vocabulary import DamageType, JobKind, Outcome, ReviewStatus
from assessment.models import Finding, Segmentation, Triage
from assessment.selectors.claim_page import claim_state
from assessment.selectors.claims import Total, claim_is_open
from assessment.selectors.engine_pace import seconds_per_photo
from assessment.selectors.routing import routing_of
from claims.models import Photo
from tests.factories import drone_jpeg, make_carrier
from tests.fakes import hairline, square
from tests.portal.claim_states import LINE, STATES, change, with_photos, work

pytestmark = [pytest.mark.django_db, pytest.mark.service]


def value(total: Total) -> float:
    assert total.area is not None
    assert total.left_out == ()
    return total.area.value


@pytest.fixture
def state_of(carrier, user, fake_engine):
    """The state of a claim that was brought into the state of that name."""
    return lambda name: claim_state(STATES[name](carrier, user, fake_engine))


@pytest.mark.parametrize("name", STATES)
def test_a_claim_is_open_here_when_it_is_open_to_the_pipeline(carrier, user, fake_engine, name):
    claim = STATES[name](carrier, user, fake_engine)

    assert claim_state(claim).is_open == claim_is_open(claim)


def test_progress_counts_photos_that_are_through(state_of):
    progress = state_of("analysing").progress

    assert (progress.done, progress.photos) == (2, 4)


def test_a_question_will_be_put_to_photos_that_are_being_prepared(state_of):
    (question,) = state_of("analysing").questions

    assert question.to_come == (4,)


def test_a_question_for_chosen_photos_waits_for_no_other(carrier, user, fake_engine):
    claim = with_photos(carrier, user)
    chosen = list(claim.photos.filter(number=2))
    pipeline.query_ask(claim=claim, text="dents", by=user, photos=chosen)

    every, some = claim_state(claim).questions

    assert (every.chosen, every.to_come) == ((), (1, 2, 3, 4))
    assert (some.chosen, some.to_come) == ((2,), (2,))


def test_why_a_question_waits_is_told(state_of):
    state = state_of("engine_away")

    (question,) = state.questions
    assert [each.outcome for each in question.asked] == [Outcome.QUEUED] * 4
    assert {each.reason for each in question.asked} == {
        "The engine did not answer within 120 seconds."
    }


def test_a_question_without_an_answer_found_nothing_and_says_why(state_of):
    (question,) = state_of("partly_failed").questions

    gaps = {each.photo: (each.outcome, each.found) for each in question.asked if each.is_gap}
    assert sorted(gaps.values()) == [(Outcome.FAILED, 0), (Outcome.UNANSWERED, 0)]
    assert all(each.reason for each in question.asked if each.is_gap)


def test_a_part_of_an_answer_that_was_lost_is_a_gap(carrier, user, fake_engine):
    fake_engine.lost = ("The second outline could not be read.",)
    claim = with_photos(carrier, user, 1)
    pipeline.work_off("")

    (asked,) = claim_state(claim).photos[0].asked

    assert asked.outcome is Outcome.ANSWERED
    assert asked.is_gap
    assert asked.lost == ("The second outline could not be read.",)


def test_what_a_person_took_back_is_not_counted(carrier, user, fake_engine):
    claim = with_photos(carrier, user, 1)
    pipeline.work_off("")
    Finding.objects.update(source="person", removed=True)

    state = claim_state(claim)

    assert state.damage == ()
    assert state.photos[0].findings == 0


def test_damage_that_overlaps_is_counted_once(carrier, user, fake_engine):
    fake_engine.detections = (square(), square(left=100))
    claim = with_photos(carrier, user, 1)
    pipeline.work_off("")
    pipeline.scale_give(photo=claim.photos.get(), line=LINE, by=user)

    (crack,) = claim_state(claim).damage

    # 150 x 100 pixels at 200 pixels for 2 metres.
    assert crack.proposed == 2
    assert value(crack.area_counting) == pytest.approx(1.5, rel=0.05)
    assert crack.area_accepted.area is None


def test_rejected_damage_has_no_area_and_accepted_damage_one_of_its_own(carrier, user, fake_engine):
    fake_engine.detections = (square(), square(left=160), square(left=160, top=130, side=50))
    claim = with_photos(carrier, user, 1)
    pipeline.work_off("")
    pipeline.scale_give(photo=claim.photos.get(), line=LINE, by=user)
    first, second, _third = Finding.objects.order_by("number")
    change(first, user, review=ReviewStatus.ACCEPTED)
    change(second, user, review=ReviewStatus.REJECTED)

    (crack,) = claim_state(claim).damage

    assert (crack.accepted, crack.proposed, crack.rejected) == (1, 1, 1)
    assert value(crack.area_accepted) == pytest.approx(1.0, rel=0.05)
    assert value(crack.area_counting) == pytest.approx(1.25, rel=0.05)


def test_several_types_are_summed_and_what_they_share_counts_once(carrier, user, fake_engine):
    fake_engine.detections = (square(), square(left=100, label="a stain"))
    claim = with_photos(carrier, user, 1)
    pipeline.work_off("")
    pipeline.scale_give(photo=claim.photos.get(), line=LINE, by=user)

    crack, stain, together = claim_state(claim).damage

    assert (crack.damage_type, stain.damage_type) == (DamageType.CRACK, DamageType.STAIN)
    assert together.damage_type is None
    assert together.proposed == 2
    assert value(crack.area_counting) == pytest.approx(1.0, rel=0.05)
    assert value(stain.area_counting) == pytest.approx(1.0, rel=0.05)
    assert value(together.area_counting) == pytest.approx(1.5, rel=0.05)


def test_photos_with_and_without_a_scale_are_named(state_of):
    (crack, *_others) = state_of("reviewed").damage

    assert (crack.lined, crack.flown, crack.unscaled) == ((1, 2), (), ())

    (crack, *_others) = state_of("unscaled").damage

    assert (crack.lined, crack.flown, crack.unscaled) == ((), (), (1, 2, 3, 4))
    assert crack.area_counting.area is None


def test_a_sum_says_which_photo_was_too_uncertain_to_be_in_it(carrier, user, fake_engine):
    claim = with_photos(carrier, user, 2)
    fake_engine.detections = (hairline(),)
    work(JobKind.PREPARE, 2)
    work(JobKind.SEGMENT)
    fake_engine.detections = (square(),)
    pipeline.work_off("")
    for photo in claim.photos.all():
        pipeline.scale_give(photo=photo, line=LINE, by=user)

    (crack,) = claim_state(claim).damage

    assert crack.lined == (1, 2)
    assert crack.area_counting.area is not None
    assert crack.area_counting.area.value == pytest.approx(1.0, rel=0.05)
    ((number, reason),) = [(each.photo, each.reason) for each in crack.area_counting.left_out]
    assert number == Finding.objects.exclude(unmeasured="").get().photo.number
    assert reason.startswith("Too uncertain to print")


def test_a_drones_photo_stands_with_those_that_have_a_scale(carrier, user, fake_engine):
    claim = with_photos(carrier, user, 1)
    for number, data in enumerate((drone_jpeg(), drone_jpeg(height=""))):
        pipeline.photo_submit(claim=claim, data=data, name=f"roof {number}.jpg", by=user)
    pipeline.work_off("")

    (crack,) = claim_state(claim).damage

    assert (crack.lined, crack.flown, crack.unscaled) == ((), (2,), (1, 3))
    assert value(crack.area_counting) == pytest.approx(100.0, rel=0.05)


def test_a_claim_is_routed_by_its_last_triage_with_what_passed(carrier, user, fake_engine):
    claim = STATES["reviewed"](carrier, user, fake_engine)

    routing = routing_of(claim)

    assert routing is not None
    assert routing.reasons
    assert "All 4 photos could be used." in (routing.passed or ())


@pytest.mark.parametrize("change", [{"facts": None}, {"rules_version": "1"}])
def test_what_passed_is_not_told_where_todays_rules_did_not_judge(
    carrier, user, fake_engine, change
):
    claim = STATES["unscaled"](carrier, user, fake_engine)
    Triage.objects.update(**change)

    routing = routing_of(claim)
    assert routing is not None
    assert routing.passed is None


def answered(carrier, user, seconds: list[int]) -> None:
    """One claim's photos, answered so many seconds after a start."""
    with_photos(carrier, user, len(seconds))
    pipeline.work_off("")
    start = timezone.now() - timedelta(hours=1)
    for row, second in zip(Segmentation.objects.order_by("pk"), seconds, strict=True):
        Segmentation.objects.filter(pk=row.pk).update(asked_at=start + timedelta(seconds=second))


def test_the_pace_is_what_lay_between_answers(carrier, user, fake_engine):
    answered(carrier, user, [0, 3, 6, 9, 12, 15])

    assert seconds_per_photo(carrier) == pytest.approx(3.0)


def test_a_rest_is_not_taken_for_work(carrier, user, fake_engine):
    answered(carrier, user, [0, 4, 8, 12, 16, 20, 1000])

    assert seconds_per_photo(carrier) == pytest.approx(4.0)


def test_few_answers_prove_no_pace(carrier, user, fake_engine):
    answered(carrier, user, [0, 3, 6])

    assert seconds_per_photo(carrier) is None


def test_another_carriers_answers_tell_nothing(carrier, user, fake_engine):
    answered(carrier, user, [0, 3, 6, 9, 12, 15])

    assert seconds_per_photo(make_carrier()) is None


def test_photos_are_listed_in_their_order(state_of):
    numbers = [entry.photo.number for entry in state_of("unscaled").photos]

    assert numbers == sorted(Photo.objects.values_list("number", flat=True))
