"""Where a claim stands in the queue, and who takes it up."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from assessment import pipeline
from assessment.core.failures import PermanentError
from assessment.core.vocabulary import DecisionKind, JobKind, ReviewStatus, Stage
from assessment.engines.base import GarbledAnswerError
from assessment.models import Docket, Finding, Triage
from assessment.services import docket
from assessment.services.decisions import claim_decide
from assessment.services.docket import AssignedMeanwhileError, claim_assign, claim_take_next
from assessment.tasks import TASKS
from claims.evidence.upload import UploadRefusedError
from claims.models import AuditEntry, Peril
from tests.factories import jpeg, make_carrier, make_claim, make_user
from tests.services.steps import changed, stage_of

pytestmark = [pytest.mark.django_db, pytest.mark.service]


def waiting(claim, *, hours: int) -> None:
    """Have the claim wait for a review for so long."""
    since = timezone.now() - timedelta(hours=hours)
    Docket.objects.filter(claim=claim).update(stage=Stage.REVIEW, since=since)


def assignee_of(claim):
    return Docket.objects.get(claim=claim).assignee


def test_a_claim_comes_through_its_stages(carrier, user, engine):
    claim = make_claim(carrier)
    assert stage_of(claim) == "waiting_for_photos"

    pipeline.photo_submit(claim=claim, data=jpeg(), name="a.jpg", by=user)
    assert stage_of(claim) == "analysing"

    engine.errors = [GarbledAnswerError("Garbled.")]
    pipeline.query_ask(claim=claim, text="cracks", by=user)
    TASKS[JobKind.PREPARE]("")
    assert stage_of(claim) == "analysing"
    TASKS[JobKind.SEGMENT]("")
    assert stage_of(claim) == "analysing"
    TASKS[JobKind.SETTLE]("")
    assert stage_of(claim) == "failed"

    pipeline.claim_retry(claim=claim, by=user)
    assert stage_of(claim) == "analysing"
    pipeline.work_off("")
    assert stage_of(claim) == "review"


def test_a_claim_goes_back_and_forth_between_a_person_and_the_analysis(claim, seen, user):
    changed(seen, user, review=ReviewStatus.ACCEPTED)
    assert stage_of(claim) == "review"

    claim_decide(claim=claim, kind=DecisionKind.MORE_PHOTOS, note="All sides.", by=user)
    assert stage_of(claim) == "waiting_for_photos"

    pipeline.photo_submit(claim=claim, data=jpeg(seed=99), name="b.jpg", by=user)
    assert stage_of(claim) == "analysing"
    pipeline.work_off("")
    assert stage_of(claim) == "review"

    for finding in Finding.objects.filter(review=ReviewStatus.PROPOSED):
        changed(finding, user, review=ReviewStatus.REJECTED)
    claim_decide(claim=claim, kind=DecisionKind.APPROVE, note="", by=user)
    assert stage_of(claim) == "decided"

    pipeline.claim_reopen(claim=claim, reason="Wrong limit.", by=user)
    assert stage_of(claim) == "review"


def test_a_claim_whose_only_file_was_refused_goes_to_a_person(claim):
    with pytest.raises(UploadRefusedError):
        pipeline.photo_submit(claim=claim, data=b"words", name="a.txt", by=None)
    assert stage_of(claim) == "analysing"

    pipeline.work_off("")

    assert stage_of(claim) == "review"


def test_a_fire_goes_to_the_specialists_tab(carrier, photo):
    fire = make_claim(carrier, peril=Peril.FIRE)
    pipeline.photo_submit(claim=fire, data=jpeg(), name="a.jpg", by=None)
    pipeline.work_off("")

    assert stage_of(fire) == "specialist"


def test_the_time_in_a_stage_begins_with_the_stage(claim, seen, user):
    came = Docket.objects.get(claim=claim).since
    changed(seen, user, review=ReviewStatus.ACCEPTED)
    pipeline.work_off("")
    assert Docket.objects.get(claim=claim).since == came

    claim_decide(claim=claim, kind=DecisionKind.APPROVE, note="", by=user)

    assert Docket.objects.get(claim=claim).since > came


def test_the_docket_counts_photos_and_what_is_left_to_review(claim, seen, user):
    entry = Docket.objects.get(claim=claim)
    assert (entry.photos, entry.unreviewed) == (1, 1)

    changed(seen, user, review=ReviewStatus.ACCEPTED)

    entry.refresh_from_db()
    assert entry.unreviewed == 0


def test_the_docket_gives_the_first_reasons_of_the_newest_routing(claim, seen):
    entry, triage = Docket.objects.get(claim=claim), Triage.objects.latest("number")

    assert entry.lane == triage.lane
    assert entry.reasons == [reason["sentence"] for reason in triage.reasons[:3]]


def test_a_routing_is_logged_only_when_its_outcome_changed(claim, photo, seen, hand_drawn, user):
    pipeline.work_off("")
    routings = Triage.objects.filter(claim=claim)
    entries = AuditEntry.objects.filter(claim=claim, action="claim.triaged")
    before = (routings.count(), entries.count())

    changed(hand_drawn, user, review=ReviewStatus.PROPOSED)
    pipeline.work_off("")
    assert (routings.count(), entries.count()) == (before[0] + 1, before[1])

    changed(hand_drawn, user, review=ReviewStatus.ACCEPTED)
    changed(seen, user, review=ReviewStatus.ACCEPTED)
    pipeline.work_off("")
    assert (routings.count(), entries.count()) == (before[0] + 2, before[1] + 1)
    newest = json.loads(entries.latest("sequence").data)
    assert "unreviewed" not in newest["rules"]


def test_another_reason_why_the_rules_failed_is_kept(claim, monkeypatch):
    for fault in ("first fault", "second fault"):

        def broken(*_, fault=fault):
            raise PermanentError(fault)

        monkeypatch.setattr("assessment.services.triage.decide", broken)
        pipeline.photo_submit(claim=claim, data=jpeg(seed=len(fault)), name="a.jpg", by=None)
        pipeline.work_off("")

    assert "second fault" in Docket.objects.get(claim=claim).reasons[0]


def test_the_claim_that_waited_longest_is_taken_up_next(carrier, user):
    young, old, older = (make_claim(carrier) for _ in range(3))
    for claim, hours in ((young, 1), (old, 5), (older, 9)):
        waiting(claim, hours=hours)

    taken = [claim_take_next(carrier=carrier, by=user) for _ in range(4)]

    assert taken == [older, old, young, None]
    assert {assignee_of(claim) for claim in (young, old, older)} == {user}


def test_only_what_waits_for_a_review_at_ones_own_carrier_is_taken_up(carrier, user):
    for stage in set(Stage) - {Stage.REVIEW}:
        Docket.objects.filter(claim=make_claim(carrier)).update(stage=stage)
    waiting(make_claim(make_carrier()), hours=9)

    assert claim_take_next(carrier=carrier, by=user) is None


def test_what_somebody_has_taken_up_is_nobody_elses(carrier, user):
    claim = make_claim(carrier)
    waiting(claim, hours=1)
    claim_assign(claim=claim, to=make_user(carrier), by=user, seen=None)

    assert claim_take_next(carrier=carrier, by=user) is None


def test_a_claim_that_was_put_back_can_be_taken_up(carrier, user):
    claim = make_claim(carrier)
    waiting(claim, hours=1)
    claim_assign(claim=claim, to=user, by=user, seen=None)
    claim_assign(claim=claim, to=None, by=user, seen=user)

    assert claim_take_next(carrier=carrier, by=make_user(carrier)) == claim


def test_who_was_given_a_claim_stays_with_it_through_its_stages(claim, user):
    claim_assign(claim=claim, to=user, by=user, seen=None)
    pipeline.photo_submit(claim=claim, data=jpeg(), name="a.jpg", by=None)
    pipeline.work_off("")

    assert assignee_of(claim) == user


def test_giving_a_claim_is_logged_with_both_people_and_once(claim, user):
    other = make_user(claim.carrier)
    for to in (other, other, None, None):
        claim_assign(claim=claim, to=to, by=user, seen=assignee_of(claim))

    entries = AuditEntry.objects.filter(claim=claim, action="claim.assigned").order_by("sequence")
    assert [(entry.actor, json.loads(entry.data)) for entry in entries] == [
        (user.email, {"to": other.email}),
        (user.email, {"to": ""}),
    ]


def test_a_claim_that_somebody_else_has_meanwhile_stays_with_them(claim, user):
    quicker, wanted = make_user(claim.carrier), make_user(claim.carrier)
    claim_assign(claim=claim, to=quicker, by=quicker, seen=None)

    with pytest.raises(AssignedMeanwhileError) as error:
        claim_assign(claim=claim, to=wanted, by=user, seen=None)

    assert error.value.to == assignee_of(claim) == quicker
    assert AuditEntry.objects.filter(claim=claim, action="claim.assigned").count() == 1


def test_giving_a_claim_to_who_has_it_meanwhile_is_no_conflict(claim, user):
    claim_assign(claim=claim, to=user, by=user, seen=None)
    claim_assign(claim=claim, to=user, by=user, seen=None)

    assert assignee_of(claim) == user


def test_a_claim_that_was_taken_just_before_it_could_be_locked_is_passed_over(
    carrier, user, monkeypatch
):
    quicker, first, second = make_user(carrier), make_claim(carrier), make_claim(carrier)
    waiting(first, hours=9)
    waiting(second, hours=1)
    look = docket._longest_waiting

    def overtaken(rows):
        claim = look(rows)
        Docket.objects.filter(claim=first).update(assignee=quicker)
        return claim

    monkeypatch.setattr(docket, "_longest_waiting", overtaken)

    assert claim_take_next(carrier=carrier, by=user) == second
    assert (assignee_of(first), assignee_of(second)) == (quicker, user)
