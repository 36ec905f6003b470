"""Findings: accepted, rejected, corrected, drawn, taken back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from assessment import pipeline
from assessment.core.boundary import hand_sd
from assessment.core.scale import ReferenceLine
from assessment.core.vocabulary import (
    DamageType,
    FindingSource,
    JobKind,
    JobStatus,
    RejectReason,
    ReviewStatus,
)
from assessment.models import Docket, Finding, FindingRevision, Job
from assessment.selectors.claims import findings_that_count
from assessment.selectors.measuring import outline_of
from assessment.services.review import ReviewError
from claims.models import AuditEntry, Photo, PhotoStatus
from claims.services import photo_fail
from tests.factories import jpeg, make_user
from tests.fakes import square
from tests.services.steps import box, changed, drawn_by, kept, looked_at

pytestmark = [pytest.mark.django_db, pytest.mark.service]

ACCEPT: dict[str, Any] = {"review": ReviewStatus.ACCEPTED}
REJECT: dict[str, Any] = {"review": ReviewStatus.REJECTED}


def told(claim, action) -> dict[str, Any]:
    entry = AuditEntry.objects.filter(claim=claim, action=action).latest("sequence")
    said: dict[str, Any] = json.loads(entry.data)
    return said


def test_a_finding_that_nobody_touched_has_no_revision_but_itself(seen):
    assert (seen.revision, kept(seen)) == (1, [])


def test_an_accepted_finding_says_who_and_when(seen, user):
    accepted = changed(seen, user, **ACCEPT)

    assert (accepted.review, accepted.reviewer, accepted.revision) == ("accepted", user, 2)
    assert accepted.reviewed_at is not None
    assert told(seen.photo.claim, "finding.accepted") == {"reason": "", "revision": 2}


def test_a_rejected_finding_keeps_its_reason_and_is_not_counted(seen, user):
    rejected = changed(seen, user, **REJECT, reason=RejectReason.OLD_DAMAGE)

    assert rejected.reason == "old_damage"
    assert told(seen.photo.claim, "finding.rejected")["reason"] == "old_damage"
    assert not findings_that_count(seen.photo.claim).exists()


def test_a_finding_can_be_rejected_without_a_reason(seen, user):
    assert changed(seen, user, **REJECT).reason == ""


def test_the_reason_goes_with_the_rejection(seen, user):
    changed(seen, user, **REJECT, reason=RejectReason.DUPLICATE)

    assert changed(seen, user, **ACCEPT).reason == ""


@pytest.mark.parametrize("review", [None, ReviewStatus.ACCEPTED, ReviewStatus.PROPOSED])
def test_a_reason_without_a_rejection_is_refused(seen, user, review):
    with pytest.raises(ReviewError, match="belongs to a rejection"):
        changed(seen, user, review=review, reason=RejectReason.OTHER)


def test_a_finding_can_be_put_back_to_be_reviewed(seen, user):
    changed(seen, user, **ACCEPT)
    back = changed(seen, user, review=ReviewStatus.PROPOSED)

    assert (back.review, back.reviewer, back.reviewed_at) == ("proposed", None, None)


def test_another_kind_of_damage_leaves_the_review_as_it_is(seen, user):
    retyped = changed(seen, user, damage_type=DamageType.STAIN)

    assert (retyped.damage_type, retyped.review) == ("stain", "proposed")
    assert told(seen.photo.claim, "finding.retyped")["damage_type"] == "stain"


def test_a_corrected_outline_is_measured_anew_and_no_guess_any_more(seen, user):
    pipeline.scale_give(photo=seen.photo, line=ReferenceLine((0, 0), (200, 0), 2.0), by=user)
    corrected = changed(seen, user, outline=box(0, 0, 50, 20))

    assert corrected.edited
    assert not corrected.approximate
    assert corrected.area_px == pytest.approx(1000)
    assert corrected.share == pytest.approx(1000 / (320 * 240))
    assert corrected.area_m2 == pytest.approx(0.1, rel=0.05)
    assert corrected.boundary_px == hand_sd(320, 240)


def test_the_original_outline_comes_back_to_the_last_bit(seen, user):
    Finding.objects.filter(pk=seen.pk).update(approximate=True, boundary_px=7.125)
    seen.refresh_from_db()
    changed(seen, user, outline=box(0, 0, 50, 20))
    changed(seen, user, outline=box(5, 5, 60, 25))

    back = changed(seen, user, original=True)

    assert bytes(back.polygon) == bytes(seen.polygon)
    assert (back.area_px, back.share) == (seen.area_px, seen.share)
    assert (back.approximate, back.boundary_px, back.edited) == (True, 7.125, False)


def test_an_outline_given_back_leaves_kind_and_review_as_they_are(seen, user):
    changed(seen, user, outline=box(0, 0, 50, 20), damage_type=DamageType.STAIN, **ACCEPT)

    back = changed(seen, user, original=True)

    assert (back.damage_type, back.review) == ("stain", "accepted")


def test_several_things_can_change_at_once_and_the_log_tells_them_all(seen, user):
    changed(seen, user, outline=box(0, 0, 50, 20), damage_type=DamageType.STAIN, **ACCEPT)

    assert told(seen.photo.claim, "finding.accepted") == {
        "area_px": 1000.0,
        "original": False,
        "damage_type": "stain",
        "reason": "",
        "revision": 2,
    }


def test_the_first_revision_is_kept_once_and_is_what_the_engine_said(seen, user):
    changed(seen, user, **ACCEPT)
    changed(seen, user, outline=box(0, 0, 50, 20))

    first = seen.revisions.get(number=1)
    assert kept(seen) == [1, 2, 3]
    assert (first.by, first.op, first.review) == (None, None, "proposed")
    assert outline_of(first).equals(outline_of(seen))


def test_a_change_that_asks_for_nothing_is_refused(seen, user):
    with pytest.raises(ReviewError, match="Nothing was asked for"):
        changed(seen, user)

    assert kept(seen) == []


def test_a_drawn_finding_is_accepted_by_being_drawn(photo, user):
    finding = drawn_by(user, photo)

    assert (finding.review, finding.reviewer, finding.source) == ("accepted", user, "person")
    assert (finding.edited, finding.approximate, finding.area_px) == (False, False, 2500)
    assert (finding.label, finding.number, kept(finding)) == ("stain", 2, [1])


def test_a_drawn_finding_is_no_corrected_one_when_its_outline_changes(hand_drawn, user):
    again = changed(hand_drawn, user, outline=box(0, 0, 10, 10))

    assert (again.edited, again.revision, kept(again)) == (False, 2, [1, 2])


def test_a_drawn_outline_can_be_put_back_to_what_was_drawn_first(hand_drawn, user):
    changed(hand_drawn, user, outline=box(0, 0, 10, 10))

    assert changed(hand_drawn, user, original=True).area_px == 100 * 100


def test_a_drawn_finding_can_be_taken_back_and_brought_back(hand_drawn, user):
    claim = hand_drawn.photo.claim
    gone = changed(hand_drawn, user, removed=True)
    assert gone.removed
    assert hand_drawn not in findings_that_count(claim)

    back = changed(hand_drawn, user, removed=False)

    assert (back.removed, back.review) == (False, "accepted")
    assert back in findings_that_count(claim)
    assert AuditEntry.objects.filter(claim=claim, action="finding.restored").exists()


def test_a_number_is_not_given_twice_when_its_finding_was_taken_back(hand_drawn, user):
    changed(hand_drawn, user, removed=True)

    assert drawn_by(user, hand_drawn.photo).number == hand_drawn.number + 1


def test_a_finding_that_was_taken_back_is_not_changed_unseen(hand_drawn, user):
    changed(hand_drawn, user, removed=True)

    with pytest.raises(ReviewError, match="bring it back first"):
        changed(hand_drawn, user, **REJECT)


def test_what_an_engine_found_stays_on_record(seen, user):
    with pytest.raises(ReviewError, match="Reject it instead"):
        changed(seen, user, removed=True)
    with pytest.raises(IntegrityError, match="removed_was_drawn"), transaction.atomic():
        Finding.objects.filter(pk=seen.pk).update(removed=True)


def test_a_drawing_is_measured_by_the_scale_that_the_photo_has_now(photo, user):
    as_opened = Photo.objects.get(pk=photo.pk)
    pipeline.scale_give(photo=photo, line=ReferenceLine((0, 0), (200, 0), 2.0), by=user)

    assert drawn_by(user, as_opened).area_m2 == pytest.approx(0.25, rel=0.05)


def test_a_photo_that_cannot_be_used_is_not_drawn_on(claim, user):
    photo = pipeline.photo_submit(claim=claim, data=jpeg(), name="a.jpg", by=None)
    photo_fail(photo, "The disk is gone.")
    assert Photo.objects.get().status == PhotoStatus.FAILED

    with pytest.raises(ReviewError, match="can't be drawn on"):
        drawn_by(user, photo)


@pytest.mark.parametrize("act", ["change", "draw"])
def test_every_change_has_the_claim_judged_and_entered_anew(seen, user, act):
    claim = seen.photo.claim
    changed(seen, user, **ACCEPT) if act == "change" else drawn_by(user, seen.photo)

    assert Job.objects.get(kind=JobKind.SETTLE, subject_id=claim.pk).status == JobStatus.QUEUED
    unreviewed = Docket.objects.get(claim=claim).unreviewed
    assert unreviewed == (0 if act == "change" else 1)


def test_an_answer_that_comes_after_a_drawing_is_numbered_behind_it(hand_drawn, engine):
    engine.detections = (square(left=200),)
    looked_at(hand_drawn.photo.claim)

    numbers = hand_drawn.photo.findings.order_by("number").values_list("source", "number")
    assert list(numbers) == [
        (FindingSource.ENGINE, 1),
        (FindingSource.PERSON, 2),
        (FindingSource.ENGINE, 3),
    ]


def test_no_revision_is_lost_when_a_finding_is_changed_by_a_stranger_to_it(seen, user):
    stranger = make_user(seen.photo.claim.carrier)
    changed(seen, user, **ACCEPT)
    changed(seen, stranger, **REJECT)

    by = FindingRevision.objects.filter(finding=seen).order_by("number").values_list("by", "review")
    assert list(by) == [
        (None, "proposed"),
        (user.pk, "accepted"),
        (stranger.pk, "rejected"),
    ]
