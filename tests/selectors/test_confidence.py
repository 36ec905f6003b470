"""How sure findings are, by what the carrier's people made of earlier ones."""

from __future__ import annotations

import pytest
import shapely
from django.core.cache import cache
from django.utils import timezone
from shapely import MultiPolygon

from assessment import pipeline
from assessment.core.confidence import FEWEST, Sureness
from assessment.core.vocabulary import (
    AnswerForm,
    Confidence,
    DamageType,
    FindingSource,
    Lane,
    Outcome,
    RejectReason,
    ReviewStatus,
)
from assessment.models import (
    Call,
    Docket,
    Finding,
    FindingRevision,
    Segmentation,
    Sighting,
    Triage,
)
from assessment.selectors import confidence
from assessment.selectors.claims import claim_facts
from assessment.selectors.confidence import sureness_of
from claims.models import Carrier, Claim, Photo
from tests.factories import make_carrier, make_claim, make_finding, make_photo, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.service]


@pytest.fixture(autouse=True)
def engine(fake_engine):
    """Every question is answered with one square."""
    return fake_engine


@pytest.fixture
def photo(claim: Claim) -> Photo:
    return asked_photo(claim)


@pytest.fixture
def finding(photo: Photo) -> Finding:
    """A finding that nobody has reviewed, on which the runs agree to 0.85."""
    return seen_in_runs(photo, 0.85)


@pytest.fixture
def elsewhere(carrier: Carrier) -> Segmentation:
    """The answer on another claim's photo, with enough reviewed findings for a band."""
    finding = seen_in_runs(asked_photo(make_claim(carrier)), 0.85)
    review_many(finding, FEWEST)
    assert finding.segmentation is not None
    return finding.segmentation


def asked_photo(claim: Claim) -> Photo:
    pipeline.query_ask(claim=claim, text=f"cracks {claim.queries.count()}", by=None)
    return make_photo(claim)


def seen_in_runs(photo: Photo, agreement: float | None) -> Finding:
    finding = Finding.objects.get(photo=photo)
    finding.sightings.update(agreement=agreement)
    return finding


def look_again(
    finding: Finding,
    agreement: float | None,
    *,
    round_: int = 1,
    answer: Segmentation | None = None,
) -> None:
    """Another sighting of the finding, in that answer or in the one that showed it first."""
    first = finding.sightings.get()
    answer = answer or first.segmentation
    Sighting.objects.create(
        finding=finding,
        segmentation=answer,
        round=round_,
        position=7,
        label=first.label,
        damage_type=first.damage_type,
        form=first.form,
        polygon=first.polygon,
        agreement=agreement,
    )
    if not answer.calls.filter(round=round_).exists():
        called(answer, round_)


def asked_anew(finding: Finding, *, runs: int, status: Outcome = Outcome.ANSWERED) -> None:
    """A second round of the question, which as yet shows nothing."""
    answer = finding.segmentation
    assert answer is not None
    reason = "Declined." if status == Outcome.UNANSWERED else ""
    Segmentation.objects.filter(pk=answer.pk).update(round=2, status=status, reason=reason)
    for run in range(1, runs + 1):
        called(answer, 2, run=run)


def called(answer: Segmentation, round_: int, model: str = "fake-1", *, run: int = 1) -> None:
    Call.objects.create(
        segmentation=answer,
        round=round_,
        run=run,
        number=answer.calls.count() + 1,
        model_requested=model,
        model_served=f"{model}-served",
        answered_at=timezone.now(),
    )


def review_many(
    like: Finding,
    count: int,
    *,
    review: ReviewStatus = ReviewStatus.ACCEPTED,
    reason: str = "",
    corrected_to: float = 0.0,
) -> None:
    """So many findings beside `like`, agreed upon as well, that a person has judged.

    With `corrected_to`, somebody made each a rectangle that wide (pixels) of 100.
    """
    sighting = like.sightings.get()
    somebody = make_user(like.photo.claim.carrier)
    first = like.photo.findings.count() + 1
    square = rectangle(100)
    findings = Finding.objects.bulk_create(
        Finding(
            photo=like.photo,
            segmentation=like.segmentation,
            number=first + place,
            label="crack",
            damage_type=DamageType.CRACK,
            form=AnswerForm.POLYGON,
            polygon=rectangle(corrected_to or 100).wkb,
            area_px=1.0,
            share=0.1,
            boundary_px=1.0,
            approximate=False,
            source=FindingSource.ENGINE,
            edited=bool(corrected_to),
            review=review,
            reason=reason,
            reviewer=somebody,
            reviewed_at=timezone.now(),
            changed_at=timezone.now(),
        )
        for place in range(count)
    )
    FindingRevision.objects.bulk_create(
        FindingRevision(
            finding=each,
            number=1,
            at=timezone.now(),
            damage_type=each.damage_type,
            polygon=square.wkb,
            boundary_px=1.0,
            approximate=False,
            edited=False,
            review=ReviewStatus.PROPOSED,
            removed=False,
        )
        for each in findings
        if each.edited
    )
    Sighting.objects.bulk_create(
        Sighting(
            finding=each,
            segmentation=like.segmentation,
            position=100 + each.number,
            label="crack",
            damage_type=each.damage_type,
            form=each.form,
            polygon=square.wkb,
            agreement=sighting.agreement,
        )
        for each in findings
    )


def rectangle(width: float) -> MultiPolygon:
    return MultiPolygon([shapely.box(0, 0, width, 100)])


def sure(finding: Finding) -> Sureness:
    return sureness_of([finding])[finding.pk]


def counted(finding: Finding) -> tuple[int, int]:
    """Of how many reviewed findings like this one how many were right."""
    block = sure(finding).block
    assert block is not None
    return block.findings, block.right


def test_what_was_asked_for_once_is_not_known(photo):
    assert sure(seen_in_runs(photo, None)) == Sureness()


def test_what_a_person_drew_has_no_confidence(photo, user):
    assert sureness_of([make_finding(photo, by=user)]) == {}


def test_without_reviews_only_the_agreement_is_known(finding):
    assert (sure(finding).agreement, sure(finding).band) == (0.85, Confidence.NOT_KNOWN)
    assert counted(finding) == (0, 0)


def test_enough_reviewed_findings_of_the_same_model_give_a_band(finding):
    review_many(finding, FEWEST)
    assert sure(finding).band is Confidence.HIGH
    assert counted(finding) == (FEWEST, FEWEST)


@pytest.mark.parametrize("reason", ["", "not_damage", "wrong_outline", "other"])
def test_a_rejection_counts_against_the_engine(finding, reason):
    review_many(finding, FEWEST, review=ReviewStatus.REJECTED, reason=reason)
    assert counted(finding) == (FEWEST, 0)
    assert sure(finding).band is Confidence.LOW


@pytest.mark.parametrize("reason", [RejectReason.DUPLICATE, RejectReason.OLD_DAMAGE])
def test_a_rejection_that_is_no_fault_of_the_engine_does_not_count(finding, reason):
    review_many(finding, 3, review=ReviewStatus.REJECTED, reason=reason)
    assert counted(finding) == (0, 0)


@pytest.mark.parametrize(("width", "right"), [(80, 2), (70, 0)])
def test_an_outline_that_was_accepted_after_much_correction_was_not_right(finding, width, right):
    review_many(finding, 2, corrected_to=width)
    assert counted(finding) == (2, right)


def test_the_last_round_of_a_question_tells(finding):
    asked_anew(finding, runs=2)
    look_again(finding, 0.55, round_=2)
    assert sure(finding).agreement == 0.55


def test_what_the_last_round_does_not_show_in_any_run_is_disputed(claim, photo):
    finding = seen_in_runs(photo, 0.85)
    asked_anew(finding, runs=2)
    assert sure(finding).agreement == 0
    assert claim_facts(claim).disputed == 1


def test_what_a_last_round_of_one_run_does_not_show_is_not_known(finding):
    asked_anew(finding, runs=1)
    assert sure(finding) == Sureness()


def test_a_run_in_which_nothing_could_be_read_disputes_nothing(finding):
    asked_anew(finding, runs=2)
    finding.segmentation.calls.filter(round=2, run=2).update(fault="Torn.")
    assert sure(finding) == Sureness()


def test_what_a_last_round_of_one_run_shows_is_not_known(finding):
    asked_anew(finding, runs=1)
    look_again(finding, None, round_=2)
    assert sure(finding) == Sureness()


@pytest.mark.parametrize("status", [Outcome.QUEUED, Outcome.UNANSWERED])
def test_until_a_new_round_is_answered_the_one_before_tells(finding, status):
    asked_anew(finding, runs=2, status=status)
    assert sure(finding).agreement == 0.85


def test_an_answer_that_tells_of_a_thing_twice_is_as_sure_as_its_worse_look(finding):
    look_again(finding, 0.95)
    assert sure(finding).agreement == 0.85


def test_what_one_question_doubts_is_not_made_sure_by_another(finding):
    pipeline.query_ask(claim=finding.photo.claim, text="damage", by=None)
    pipeline.work_off("")
    other = finding.sightings.exclude(segmentation=finding.segmentation).get()
    for agreement in (0.3, 0.95):
        Sighting.objects.filter(pk=other.pk).update(agreement=agreement)
        assert sure(finding).agreement == min(agreement, 0.85)


def test_reviews_of_another_carrier_say_nothing(finding):
    stranger = make_claim(make_carrier())
    review_many(seen_in_runs(asked_photo(stranger), 0.85), FEWEST)
    assert counted(finding) == (0, 0)


def test_reviews_on_another_claim_of_the_carrier_count(finding, elsewhere):
    assert counted(finding) == (FEWEST, FEWEST)


def test_reviews_of_another_engine_say_nothing(finding, elsewhere):
    Segmentation.objects.filter(pk=elsewhere.pk).update(engine="other")
    assert counted(finding) == (0, 0)


@pytest.mark.parametrize("field", ["model_requested", "model_served"])
def test_reviews_of_another_model_say_nothing(finding, elsewhere, field):
    elsewhere.calls.update(**{field: "another"})
    assert counted(finding) == (0, 0)


def test_two_models_that_agree_say_nothing_of_one_that_agrees_with_itself(finding, elsewhere):
    called(elsewhere, 1, "fake-2")
    assert counted(finding) == (0, 0)


def test_only_the_latest_reviews_are_gone_by(finding, monkeypatch):
    monkeypatch.setattr(confidence, "LATEST", 2)
    review_many(finding, 3)
    review_many(finding, 1, review=ReviewStatus.REJECTED)
    assert counted(finding) == (2, 1)


def test_a_calibration_is_kept_for_a_while(finding, django_assert_num_queries):
    review_many(finding, FEWEST)
    sure(finding)
    with django_assert_num_queries(2):
        assert sure(finding).band is Confidence.HIGH
    cache.clear()
    with django_assert_num_queries(5):
        assert sure(finding).band is Confidence.HIGH


def test_findings_on_which_the_runs_disagree_go_to_the_desk(claim, photo, user):
    seen_in_runs(photo, 0.3)
    assert claim_facts(claim).disputed == 1

    make_finding(photo, by=user)
    pipeline.work_off("")
    triage = Triage.objects.filter(claim=claim).latest("number")
    assert "disputed" in [reason["rule"] for reason in triage.reasons]
    assert Docket.objects.get(claim=claim).lane == Lane.DESK


def test_a_dispute_is_over_once_a_person_has_looked(claim, photo, user):
    finding = seen_in_runs(photo, 0.3)
    finding.review, finding.reviewer = ReviewStatus.ACCEPTED, user
    finding.reviewed_at = timezone.now()
    finding.save()
    assert claim_facts(claim).disputed == 0
