"""A photo is given its scale, another one, or none."""

from __future__ import annotations

import pytest

from assessment import pipeline
from assessment.core.scale import ReferenceLine
from assessment.core.vocabulary import ReviewStatus
from assessment.models import Finding, Triage
from assessment.selectors.measuring import regions_of, scale_of, scale_tag
from assessment.services import segmentations
from assessment.services.review import Change
from assessment.services.scale import StaleScaleError
from claims.models import AuditEntry, Photo
from tests.factories import drone_jpeg, make_photo
from tests.fakes import hairline
from tests.services.steps import box, changed, looked_at

pytestmark = [pytest.mark.django_db, pytest.mark.service]

TWO_METRES = ReferenceLine((0, 0), (200, 0), 2.0)
FOUR_METRES = ReferenceLine((0, 0), (200, 0), 4.0)


def give(photo, line, user, seen="") -> None:
    pipeline.scale_give(photo=photo, line=line, by=user, seen=seen)


def test_a_line_measures_everything_on_its_photo(photo, seen, hand_drawn, user):
    give(photo, TWO_METRES, user)

    for finding in Finding.objects.filter(photo=photo):
        assert finding.area_m2 == pytest.approx(1.0, rel=0.05)
        assert finding.area_m2_low is not None
        assert finding.area_m2_high is not None
        assert finding.area_m2_low < 1.0 < finding.area_m2_high
        assert "reference line of 2 m" in finding.basis


def test_another_line_measures_everything_anew(photo, seen, user):
    give(photo, TWO_METRES, user)
    give(photo, FOUR_METRES, user)

    seen.refresh_from_db()
    assert seen.area_m2 == pytest.approx(4.0, rel=0.05)


def test_no_line_means_no_measure_and_a_person_is_asked_for_one(claim, photo, seen, user):
    give(photo, TWO_METRES, user)
    give(photo, None, user)
    pipeline.work_off("")

    seen.refresh_from_db()
    photo.refresh_from_db()
    assert photo.reference_line is None
    assert (seen.area_m2, seen.area_m2_low, seen.area_m2_high, seen.basis) == (None, None, None, "")
    facts = Triage.objects.filter(claim=claim).latest("number").facts
    assert facts is not None
    assert facts["unscaled"] == 1
    assert AuditEntry.objects.filter(action="photo.reference_line_removed").count() == 1


def test_a_scale_does_not_count_as_a_change_that_a_reviewer_must_see(photo, seen, user):
    give(photo, TWO_METRES, user)

    accept = Change(review=ReviewStatus.ACCEPTED)
    accepted = pipeline.finding_change(
        finding=seen, change=accept, seen=seen.revision, by=user, op=None
    )

    assert accepted.area_m2 == pytest.approx(1.0, rel=0.05)


def test_a_line_over_one_that_was_not_seen_is_not_drawn(photo, seen, user):
    before = scale_tag(photo)
    give(Photo.objects.get(pk=photo.pk), TWO_METRES, user, seen=before)

    with pytest.raises(StaleScaleError):
        give(photo, FOUR_METRES, user, seen=before)
    with pytest.raises(StaleScaleError):
        give(photo, None, user, seen=before)

    seen.refresh_from_db()
    assert seen.area_m2 == pytest.approx(1.0, rel=0.05)


def test_a_line_over_the_one_that_was_seen_is_drawn(photo, user):
    give(photo, TWO_METRES, user)
    tag = scale_tag(Photo.objects.get(pk=photo.pk))
    assert tag == scale_tag(photo)

    give(photo, FOUR_METRES, user, seen=tag)

    line = Photo.objects.get(pk=photo.pk).reference_line
    assert line is not None
    assert line["length_m"] == 4.0


@pytest.mark.parametrize("line", [TWO_METRES, None], ids=["drawn", "taken away"])
def test_a_line_that_is_sent_twice_is_drawn_once(photo, user, line):
    give(photo, None if line else TWO_METRES, user)
    tag = scale_tag(photo)
    entries = AuditEntry.objects.count()
    for _ in range(2):
        give(Photo.objects.get(pk=photo.pk), line, user, seen=tag)

    assert AuditEntry.objects.count() == entries + 1


def test_what_a_person_corrected_is_measured_as_corrected(photo, seen, user):
    changed(seen, user, outline=box(50, 50, 100, 100), review=ReviewStatus.ACCEPTED)
    give(photo, TWO_METRES, user)

    seen.refresh_from_db()
    assert seen.area_m2 == pytest.approx(0.25, rel=0.05)


@pytest.mark.parametrize("first", [None, FOUR_METRES], ids=["no line before", "another before"])
def test_a_line_drawn_while_an_answer_is_outlined_measures_it(claim, user, monkeypatch, first):
    photo = make_photo(claim)
    give(photo, first, user)

    def outlined_meanwhile(detections, on_photo):
        regions = regions_of(detections, on_photo)
        give(Photo.objects.get(pk=photo.pk), TWO_METRES, user)
        return regions

    monkeypatch.setattr(segmentations, "regions_of", outlined_meanwhile)
    pipeline.query_ask(claim=claim, text="cracks", by=None)
    pipeline.work_off("")

    assert Finding.objects.get(photo=photo).area_m2 == pytest.approx(1.0, rel=0.05)


def test_a_drones_photo_is_measured_by_its_own_flight(claim):
    looked_at(claim, drone_jpeg())

    finding = Finding.objects.get()
    # 100 x 100 pixels at 40 m over 400 pixels of focal length.
    assert finding.area_m2 == pytest.approx(100.0, rel=0.05)
    assert "Scale from the drone's height of 40.0 m over the take-off point" in finding.basis


def test_a_line_that_a_person_draws_wins_over_the_flight_until_it_is_taken_away(claim, user):
    photo = looked_at(claim, drone_jpeg())
    give(photo, TWO_METRES, user)
    assert Finding.objects.get().area_m2 == pytest.approx(1.0, rel=0.05)

    give(photo, None, user)

    assert Finding.objects.get().area_m2 == pytest.approx(100.0, rel=0.05)


@pytest.mark.parametrize(
    ("told", "reason"),
    [({"height": ""}, "how high above the ground"), ({"pitch": "-20.0"}, "20 degrees below")],
)
def test_a_flight_that_bears_no_scale_says_why_and_measures_nothing(claim, told, reason):
    photo = looked_at(claim, drone_jpeg(**told))

    finding = Finding.objects.get()
    assert (finding.area_m2, finding.unmeasured) == (None, "")
    assert reason in scale_of(photo).reason


def test_an_area_that_is_too_uncertain_is_kept_back_with_the_reason(claim, engine, user):
    engine.detections = (hairline(),)
    photo = looked_at(claim)

    give(photo, TWO_METRES, user)

    finding = Finding.objects.get()
    assert (finding.area_m2, finding.area_m2_low, finding.area_m2_high) == (None, None, None)
    assert finding.unmeasured.startswith("Too uncertain to print: between 0 and")
    assert "reference line of 2 m" in finding.basis


def test_what_is_outlined_more_closely_is_measured_after_all(claim, engine, user):
    engine.detections = (hairline(),)
    give(looked_at(claim), TWO_METRES, user)

    changed(Finding.objects.get(), user, outline=box(50, 50, 150, 150))

    finding = Finding.objects.get()
    assert finding.area_m2 == pytest.approx(1.0, rel=0.05)
    assert finding.unmeasured == ""
