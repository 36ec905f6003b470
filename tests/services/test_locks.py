"""In which order rows are locked: who keeps to one order never waits in a ring."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessment import pipeline
from assessment.core.scale import ReferenceLine
from assessment.core.vocabulary import DamageType, DecisionKind, JobKind, ReviewStatus, Stage
from assessment.models import Docket, Finding
from assessment.selectors.decisions import Undone
from assessment.services.decisions import claim_decide
from assessment.services.docket import claim_assign, claim_take_next
from assessment.services.jobs import job_take
from assessment.services.photos import settle_open
from assessment.services.work import job_give_up
from assessment.tasks import TASKS
from claims.evidence.upload import UploadRefusedError
from claims.models import Claim, Peril, User
from tests.factories import jpeg, make_user
from tests.services.steps import box, changed

pytestmark = [pytest.mark.django_db, pytest.mark.service]

Act = Callable[[Claim, User], object]


def send_refused(claim: Claim, user: User) -> None:
    with pytest.raises(UploadRefusedError):
        pipeline.photo_submit(claim=claim, data=b"words", name="b.txt", by=user)


def give_up(claim: Claim, user: User) -> None:
    job = job_take(kind=JobKind.SETTLE)
    assert job is not None
    job_give_up(job, "A bug in a rule.")


def decide_and_reopen(claim: Claim, user: User) -> None:
    claim_decide(claim=claim, kind=DecisionKind.APPROVE, note="", by=user, despite=Undone(9, 9))
    pipeline.claim_reopen(claim=claim, reason="A new photo.", by=user)


ACTS: dict[str, Act] = {
    "a photo": lambda claim, user: pipeline.photo_submit(
        claim=claim, data=jpeg(seed=9), name="b.jpg", by=user
    ),
    "a refused file": send_refused,
    "a question": lambda claim, user: pipeline.query_ask(claim=claim, text="dents", by=user),
    "a scale": lambda claim, user: pipeline.scale_give(
        photo=claim.photos.get(), line=ReferenceLine((0, 0), (200, 0), 2.0), by=user
    ),
    "a review": lambda claim, user: changed(
        Finding.objects.get(), user, review=ReviewStatus.ACCEPTED
    ),
    "a drawing": lambda claim, user: pipeline.finding_draw(
        photo=claim.photos.get(),
        outline=box(0, 0, 9, 9),
        damage_type=DamageType.DENT,
        by=user,
        op=None,
    ),
    "a correction": lambda claim, user: pipeline.claim_correct(
        claim=claim, details={"peril": Peril.HAIL}, by=user
    ),
    "a decision": decide_and_reopen,
    "giving it to somebody": lambda claim, user: claim_assign(
        claim=claim, to=make_user(claim.carrier), by=user, seen=None
    ),
    "taking it up": lambda claim, user: claim_take_next(carrier=claim.carrier, by=user),
    "judging it": lambda claim, user: TASKS[JobKind.SETTLE](""),
    "giving up to judge it": give_up,
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_who_touches_the_docket_has_locked_the_claim_before_all_else(claim, seen, user, act):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite locks the whole database, and nothing else.")
    Docket.objects.update(stage=Stage.REVIEW)
    settle_open(claim, "")

    with CaptureQueriesContext(connection) as queries:
        act(claim, user)

    locks = [each for each in map(locked, (query["sql"] for query in queries)) if each]
    assert locks[0] == "claim"
    assert {"docket", "log"} & set(locks)


def locked(statement: str) -> str:
    """What a statement locks of what others wait for; empty for anything else."""
    for name, begins, ends in (
        ("claim", 'SELECT "claims_claim"', "FOR NO KEY UPDATE"),
        ("log", 'SELECT "claims_carrier"', "FOR NO KEY UPDATE"),
        ("docket", 'UPDATE "assessment_docket"', ""),
    ):
        if statement.startswith(begins) and ends in statement:
            return name
    return ""
