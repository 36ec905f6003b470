"""Changes that come too late, come twice, or come for something else."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from assessment import pipeline
from assessment.core.vocabulary import DecisionKind, ReviewStatus
from assessment.services.decisions import claim_decide
from assessment.services.review import Change, ReviewError, StaleFindingError
from claims.models import AuditEntry
from tests.factories import make_carrier, make_claim, make_finding, make_photo, make_user
from tests.services.steps import changed, drawn_by, kept

pytestmark = [pytest.mark.django_db, pytest.mark.service]

ACCEPT: dict[str, Any] = {"review": ReviewStatus.ACCEPTED}
REJECT: dict[str, Any] = {"review": ReviewStatus.REJECTED}


def test_a_change_to_what_somebody_else_changed_is_not_made(seen, user):
    changed(seen, user, **ACCEPT)

    with pytest.raises(StaleFindingError) as stale:
        pipeline.finding_change(finding=seen, change=Change(**REJECT), seen=1, by=user, op=uuid4())

    assert stale.value.finding.review == "accepted"
    seen.refresh_from_db()
    assert (seen.review, seen.revision, kept(seen)) == ("accepted", 2, [1, 2])


def test_a_change_that_is_sent_twice_is_made_once(seen, user):
    op = uuid4()
    first, again = (
        pipeline.finding_change(finding=seen, change=Change(**ACCEPT), seen=1, by=user, op=op)
        for _ in range(2)
    )

    assert (first.revision, again.revision, kept(seen)) == (2, 2, [1, 2])
    assert AuditEntry.objects.filter(action="finding.accepted").count() == 1


def test_a_change_sent_again_after_others_gives_the_finding_as_it_is(seen, user):
    op = uuid4()
    changed(seen, user, op=op, **ACCEPT)
    changed(seen, user, **REJECT)

    again = pipeline.finding_change(finding=seen, change=Change(**ACCEPT), seen=1, by=user, op=op)

    assert (again.review, again.revision) == ("rejected", 3)


def test_a_drawing_that_is_sent_twice_is_one_finding(photo, user):
    op = uuid4()
    first, again = drawn_by(user, photo, op=op), drawn_by(user, photo, op=op)

    assert first == again
    assert photo.findings.count() == 2


def test_what_was_done_before_the_decision_is_still_said_to_be_done(seen, hand_drawn, user):
    claim, changing, drawing = seen.photo.claim, uuid4(), uuid4()
    changed(seen, user, op=changing, **ACCEPT)
    drawn = drawn_by(user, seen.photo, op=drawing)
    claim_decide(claim=claim, kind=DecisionKind.APPROVE, note="", by=user)

    again = pipeline.finding_change(
        finding=seen, change=Change(**ACCEPT), seen=1, by=user, op=changing
    )

    assert again.revision == 2
    assert drawn_by(user, seen.photo, op=drawing) == drawn


def other_finding_of_the_photo(hand_drawn, user):
    return hand_drawn


def finding_of_another_claim(hand_drawn, user):
    return make_finding(make_photo(make_claim(hand_drawn.photo.claim.carrier)), by=user)


def finding_of_another_carrier(hand_drawn, user):
    carrier = make_carrier()
    return make_finding(make_photo(make_claim(carrier)), by=make_user(carrier))


@pytest.mark.parametrize(
    "other",
    [other_finding_of_the_photo, finding_of_another_claim, finding_of_another_carrier],
)
def test_an_operation_does_not_pass_for_one_upon_something_else(seen, hand_drawn, user, other):
    op, target = uuid4(), other(hand_drawn, user)
    changed(seen, user, op=op, **ACCEPT)

    with pytest.raises(ReviewError, match="already used"):
        changed(target, user, op=op, **REJECT)
    with pytest.raises(ReviewError, match="already used"):
        drawn_by(user, target.photo, op=op)

    target.refresh_from_db()
    assert (target.review, target.revision) == ("accepted", 1)


def test_a_drawing_does_not_pass_for_a_change_of_what_was_drawn(photo, user):
    op = uuid4()
    finding = drawn_by(user, photo, op=op)

    with pytest.raises(ReviewError, match="already used"):
        changed(finding, user, op=op, **REJECT)
