"""Deciding a claim, what that closes, and opening it again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from assessment import pipeline
from assessment.core.scale import ReferenceLine
from assessment.core.vocabulary import DamageType, DecisionKind, ReviewStatus
from assessment.engines.base import GarbledAnswerError
from assessment.models import Decision, Docket, Finding, Job, Triage
from assessment.selectors.claims import claim_facts
from assessment.selectors.decisions import Undone, decision_in_force
from assessment.services.decisions import UndoneError, claim_decide
from claims import files
from claims.evidence.upload import UploadRefusedError
from claims.models import AuditEntry, Note, Photo
from claims.services import ClaimDecidedError, note_add
from tests.factories import jpeg
from tests.fakes import square
from tests.services.steps import box, changed, looked_at, stage_of

pytestmark = [pytest.mark.django_db, pytest.mark.service]


def decide(claim, user, kind=DecisionKind.APPROVE, *, despite=None, note="") -> Decision:
    return claim_decide(claim=claim, kind=kind, note=note, by=user, despite=despite)


def reopen(claim, user, reason="A neighbour sent photos.") -> None:
    pipeline.claim_reopen(claim=claim, reason=reason, by=user)


@pytest.fixture
def reviewed(claim, seen, user):
    """A claim of which everything was looked at."""
    changed(seen, user, review=ReviewStatus.ACCEPTED)
    pipeline.work_off("")
    return claim


@pytest.fixture
def decided(reviewed, user):
    decide(reviewed, user)
    return reviewed


def test_a_decision_says_who_and_what_and_closes_the_claim(reviewed, user):
    decision = decide(reviewed, user, note="  As agreed.  ")

    assert (decision.number, decision.kind, decision.note) == (1, "approve", "As agreed.")
    assert (reviewed.status, stage_of(reviewed)) == ("decided", "decided")
    assert decision_in_force(reviewed) == decision
    entry = AuditEntry.objects.get(claim=reviewed, action="claim.decided")
    assert (entry.actor, json.loads(entry.data)["kind"]) == (user.email, "approve")


def test_what_is_undone_must_be_known_first(claim, seen, user):
    pipeline.query_ask(claim=claim, text="stains", by=user)

    with pytest.raises(UndoneError) as error:
        decide(claim, user)

    assert error.value.undone == Undone(unreviewed=1, open_questions=1)
    assert (claim.status, Decision.objects.count()) == ("open", 0)


def test_a_photo_that_is_still_prepared_is_undone(reviewed, user):
    pipeline.photo_submit(claim=reviewed, data=jpeg(seed=99), name="b.jpg", by=user)

    with pytest.raises(UndoneError) as error:
        decide(reviewed, user)

    assert error.value.undone == Undone(unreviewed=0, open_questions=1)


def test_who_knows_what_is_undone_may_decide_and_it_is_kept(claim, seen, user):
    decision = decide(claim, user, despite=Undone(1, 0))

    assert (decision.unreviewed, decision.open_questions) == (1, 0)


@pytest.mark.parametrize("known", [Undone(0, 0), Undone(0, 9), None])
def test_more_undone_than_was_known_is_asked_again(claim, seen, user, known):
    with pytest.raises(UndoneError):
        decide(claim, user, despite=known)


def test_less_undone_than_was_known_is_not_asked_again(claim, seen, user):
    assert decide(claim, user, despite=Undone(9, 3)).unreviewed == 1


def test_asking_for_photos_leaves_the_claim_open(claim, seen, user):
    decide(claim, user, DecisionKind.MORE_PHOTOS, note="The chimney.")

    assert (claim.status, stage_of(claim)) == ("awaiting_photos", "waiting_for_photos")
    changed(seen, user, review=ReviewStatus.ACCEPTED)
    assert decide(claim, user).number == 2


def test_a_claim_that_waits_for_photos_is_open_as_soon_as_one_comes(reviewed, user):
    decide(reviewed, user, DecisionKind.MORE_PHOTOS)
    pipeline.photo_submit(claim=reviewed, data=jpeg(seed=99), name="b.jpg", by=user)

    reviewed.refresh_from_db()
    assert (reviewed.status, stage_of(reviewed)) == ("open", "analysing")
    assert decision_in_force(reviewed) is None


def test_a_claim_that_waits_for_photos_is_not_opened_by_one_that_is_there(reviewed, user):
    decide(reviewed, user, DecisionKind.MORE_PHOTOS)
    data = files.load(Photo.objects.get().original)
    pipeline.photo_submit(claim=reviewed, data=data, name="again.jpg", by=user)

    assert (reviewed.status, stage_of(reviewed)) == ("awaiting_photos", "waiting_for_photos")


WRITES = {
    "photo": lambda claim, user: pipeline.photo_submit(
        claim=claim, data=jpeg(seed=7), name="b.jpg", by=user
    ),
    "refused file": lambda claim, user: pipeline.photo_submit(
        claim=claim, data=b"no picture", name="b.txt", by=user
    ),
    "question": lambda claim, user: pipeline.query_ask(claim=claim, text="stains", by=user),
    "scale": lambda claim, user: pipeline.scale_give(
        photo=claim.photos.get(), line=ReferenceLine((0, 0), (200, 0), 2.0), by=user
    ),
    "finding changed": lambda claim, user: changed(
        Finding.objects.get(), user, review=ReviewStatus.REJECTED
    ),
    "finding drawn": lambda claim, user: pipeline.finding_draw(
        photo=claim.photos.get(),
        outline=box(0, 0, 9, 9),
        damage_type=DamageType.DENT,
        by=user,
        op=None,
    ),
    "note": lambda claim, user: note_add(claim=claim, text="Called back.", by=user),
    "correction": lambda claim, user: pipeline.claim_correct(
        claim=claim, details={"insured": "R. Alvarez"}, by=user
    ),
    "another try": lambda claim, user: pipeline.claim_retry(claim=claim, by=user),
    "decision": lambda claim, user: decide(claim, user, DecisionKind.SPECIALIST),
}
ROWS = (Photo, Finding, Note, Decision, AuditEntry, Job, Triage)


def rows() -> list[list[Any]]:
    """Everything that a write could have left behind."""
    return [list(model.objects.order_by("pk").values()) for model in ROWS]


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_decided_claim_refuses_every_write_and_nothing_is_changed(decided, user, write):
    before = rows()

    with pytest.raises(ClaimDecidedError, match="Reopen the claim, with a reason"):
        write(decided, user)

    assert rows() == before


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_claim_that_was_opened_again_takes_every_write(decided, user, write):
    reopen(decided, user)
    pipeline.work_off("")
    if write is WRITES["refused file"]:
        with pytest.raises(UploadRefusedError):
            write(decided, user)
    else:
        write(decided, user)

    decided.refresh_from_db()
    assert AuditEntry.objects.filter(claim=decided, action="claim.reopened").count() == 1
    assert Decision.objects.get(number=1).reopened_by == user


def test_opening_again_needs_a_reason(decided, user):
    with pytest.raises(ValidationError, match="still decided"):
        reopen(decided, user, "  ")

    decided.refresh_from_db()
    assert decided.status == "decided"


def test_opening_again_keeps_the_decision_and_has_the_claim_judged_anew(decided, user):
    Triage.objects.all().delete()
    reopen(decided, user)
    pipeline.work_off("")

    kept = Decision.objects.get()
    assert (kept.reopened_because, kept.reopened_by) == ("A neighbour sent photos.", user)
    assert decision_in_force(decided) is None
    assert (decided.status, stage_of(decided)) == ("open", "review")
    assert Triage.objects.filter(claim=decided).exists()


def test_opening_an_open_claim_changes_nothing(reviewed, user):
    before = rows()
    reopen(reviewed, user)

    assert rows() == before


def test_the_second_decision_is_the_one_in_force(decided, user):
    reopen(decided, user)
    pipeline.work_off("")
    second = decide(decided, user, DecisionKind.SPECIALIST)

    assert (second.number, decision_in_force(decided)) == (2, second)


def test_what_a_person_decided_is_not_routed_any_more(claim, seen, user, engine):
    engine.detections = (square(left=200),)
    pipeline.query_ask(claim=claim, text="stains", by=user)
    routed = Triage.objects.filter(claim=claim).count()
    decide(claim, user, despite=Undone(1, 1))
    pipeline.work_off("")

    assert claim.photos.get().findings.count() == 2
    assert Triage.objects.filter(claim=claim).count() == routed
    docket = Docket.objects.get(claim=claim)
    assert (docket.stage, docket.unreviewed) == ("decided", 2)


def test_what_could_not_be_judged_leaves_a_decided_claim_decided(claim, seen, user, monkeypatch):
    changed(seen, user, review=ReviewStatus.ACCEPTED)
    decide(claim, user)
    monkeypatch.setattr("assessment.services.triage.decide", lambda *_: 1 / 0)
    pipeline.work_off("")

    assert Job.objects.get(kind="settle").reason
    assert stage_of(claim) == "decided"


def test_only_accepted_findings_count_once_a_claim_is_decided(claim, seen, hand_drawn, user):
    assert claim_facts(claim).findings == 2

    decide(claim, user, despite=Undone(1, 0))

    facts = claim_facts(claim)
    assert (facts.findings, facts.unreviewed) == (1, 0)


def test_failed_questions_can_be_tried_again_only_while_the_claim_is_open(claim, engine, user):
    engine.errors = [GarbledAnswerError("Garbled.")]
    photo = looked_at(claim)
    assert stage_of(claim) == "failed"
    decide(claim, user, despite=Undone(unreviewed=0, open_questions=1))
    with pytest.raises(ClaimDecidedError):
        pipeline.claim_retry(claim=claim, by=user)

    reopen(claim, user)
    assert pipeline.claim_retry(claim=claim, by=user) == 1
    pipeline.work_off("")

    assert photo.findings.count() == 1
