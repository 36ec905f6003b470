"""People and workers at the same claim in the same moment, each over a connection of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from assessment import pipeline
from assessment.core.scale import ReferenceLine
from assessment.core.triage import decide
from assessment.core.vocabulary import DamageType, DecisionKind, JobKind, ReviewStatus, Stage
from assessment.models import Decision, Docket, Finding, Sighting, Triage
from assessment.selectors.decisions import Undone
from assessment.services.decisions import claim_decide
from assessment.services.docket import claim_assign, claim_take_next
from assessment.services.review import Change, ReviewError, StaleFindingError
from assessment.tasks import TASKS
from claims.models import Claim, Peril, Photo
from claims.selectors import audit_verify
from claims.services import ClaimDecidedError, ClaimFacts, note_add
from tests.factories import jpeg, make_claim, make_user
from tests.fakes import square
from tests.services.steps import box, changed, looked_at, stage_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.service,
    pytest.mark.usefixtures("log_can_be_emptied"),
]

ACCEPT = Change(review=ReviewStatus.ACCEPTED)
PATIENCE_SECONDS = 120


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each act gave or raised; they begin together."""
    results: list[object] = [None] * len(acts)
    start = threading.Barrier(len(acts))

    def run(place: int, act: Callable[[], object]) -> None:
        start.wait(PATIENCE_SECONDS)
        try:
            results[place] = act()
        except Exception as error:  # noqa: BLE001 - what was raised is what is asked for
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each, daemon=True) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert not any(thread.is_alive() for thread in threads)
    return results


def accept(finding: Finding, user, op) -> Callable[[], object]:
    mine = Finding.objects.select_related("photo__claim__carrier").get(pk=finding.pk)
    return lambda: pipeline.finding_change(finding=mine, change=ACCEPT, seen=1, by=user, op=op)


def draw(photo: Photo, user, op) -> Finding:
    mine = Photo.objects.select_related("claim__carrier").get(pk=photo.pk)
    return pipeline.finding_draw(
        photo=mine, outline=box(0, 0, 9, 9), damage_type=DamageType.DENT, by=user, op=op
    )


def fresh(claim: Claim) -> Claim:
    return Claim.objects.select_related("carrier").get(pk=claim.pk)


def kinds(results: list[object]) -> list[str]:
    return sorted(type(result).__name__ for result in results)


def test_of_those_who_change_the_same_revision_one_comes_first(seen, user):
    results = at_once(*(accept(seen, user, uuid4()) for _ in range(4)))

    assert kinds(results) == ["Finding", *["StaleFindingError"] * 3]
    assert all(
        each.finding.revision == 2 for each in results if isinstance(each, StaleFindingError)
    )
    assert list(seen.revisions.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_a_change_that_is_sent_twice_at_once_is_made_once(seen, user):
    op = uuid4()

    results = at_once(*(accept(seen, user, op) for _ in range(3)))

    assert [result.revision for result in results if isinstance(result, Finding)] == [2, 2, 2]
    assert seen.revisions.count() == 2


def test_an_operation_used_at_once_upon_two_claims_is_made_on_one(claim, carrier, user):
    photos = [looked_at(claim), looked_at(make_claim(carrier))]
    op = uuid4()

    results = at_once(*(lambda photo=photo: draw(photo, user, op) for photo in photos))

    assert kinds(results) == ["Finding", "ReviewError"]
    (refused,) = (each for each in results if isinstance(each, ReviewError))
    assert "already used" in str(refused)
    assert Finding.objects.filter(source="person").count() == 1


def test_drawings_and_answers_at_once_are_numbered_one_after_the_other(claim, photo, user, engine):
    engine.detections = (square(left=200),)
    for text in ("stains", "dents"):
        pipeline.query_ask(claim=claim, text=text, by=None)

    results = at_once(
        *(lambda: draw(photo, user, uuid4()) for _ in range(3)),
        *(lambda: TASKS[JobKind.SEGMENT]("") for _ in range(2)),
    )

    assert kinds(results) == ["Finding", "Finding", "Finding", "int", "int"]
    numbers = photo.findings.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2, 3, 4, 5]


def test_two_answers_at_once_that_show_the_same_make_one_finding(claim, photo, engine):
    engine.detections = (square(left=200, side=90), square(left=203, side=90))
    for text in ("stains", "dents"):
        pipeline.query_ask(claim=claim, text=text, by=None)

    at_once(*(lambda: TASKS[JobKind.SEGMENT]("") for _ in range(2)))

    _, new = photo.findings.order_by("number")
    assert new.sightings.count() == 4


def test_photos_sent_at_once_are_numbered_one_after_the_other(claim):
    def send(seed: int) -> Photo:
        data = jpeg(seed=seed)
        return pipeline.photo_submit(claim=fresh(claim), data=data, name="a.jpg", by=None)

    results = at_once(*(lambda seed=seed: send(seed // 2) for seed in range(6)))

    assert {photo.number for photo in results if isinstance(photo, Photo)} == {1, 2, 3}
    assert Docket.objects.get(claim=claim).photos == 3


def test_people_who_take_up_the_next_claim_at_once_get_a_claim_each(carrier):
    claims = [make_claim(carrier) for _ in range(4)]
    Docket.objects.filter(claim__in=claims).update(stage=Stage.REVIEW)
    people = [make_user(carrier) for _ in range(5)]

    results = at_once(*(lambda by=by: claim_take_next(carrier=carrier, by=by) for by in people))

    taken = [result for result in results if isinstance(result, Claim)]
    assert sorted(claim.pk for claim in taken) == sorted(claim.pk for claim in claims)
    for person, claim in zip(people, results, strict=True):
        if isinstance(claim, Claim):
            assert Docket.objects.get(claim=claim).assignee == person


def test_of_two_claims_opened_with_one_number_the_second_is_refused(carrier):
    facts = ClaimFacts("HX-1", peril=Peril.HAIL)

    results = at_once(
        *(lambda: pipeline.claim_start(carrier=carrier, facts=facts, by=None) for _ in range(3))
    )

    assert kinds(results) == ["Claim", "ValidationError", "ValidationError"]
    (refused, _) = (each for each in results if isinstance(each, ValidationError))
    assert "already exists" in str(refused)


def test_a_review_at_the_moment_of_the_decision_is_counted_or_refused(claim, seen, user):
    mine = fresh(claim)

    reviewed, decision = at_once(
        accept(seen, user, None),
        lambda: claim_decide(
            claim=mine, kind=DecisionKind.APPROVE, note="", by=user, despite=Undone(1, 0)
        ),
    )

    assert isinstance(decision, Decision)
    came_first = isinstance(reviewed, Finding)
    assert came_first or isinstance(reviewed, ClaimDecidedError)
    assert decision.unreviewed == (0 if came_first else 1)
    assert stage_of(claim) == "decided"


def test_of_two_decisions_at_once_the_second_is_refused(claim, photo, user):
    Sighting.objects.all().delete()
    Finding.objects.all().delete()

    def approve(mine: Claim) -> Decision:
        return claim_decide(claim=mine, kind=DecisionKind.APPROVE, note="", by=user)

    results = at_once(*(lambda mine=mine: approve(mine) for mine in map(fresh, [claim] * 3)))

    assert kinds(results) == ["ClaimDecidedError", "ClaimDecidedError", "Decision"]


def test_a_routing_that_a_decision_overtook_is_dropped(claim, seen, user, monkeypatch):
    before = Triage.objects.filter(claim=claim).count()

    def overtaken(facts, unit):
        mine = fresh(claim)
        claim_decide(claim=mine, kind=DecisionKind.APPROVE, note="", by=user)
        return judge(facts, unit)

    judge = decide
    changed(seen, user, review=ReviewStatus.ACCEPTED)
    monkeypatch.setattr("assessment.services.triage.decide", overtaken)
    pipeline.work_off("")

    assert stage_of(claim) == "decided"
    assert Triage.objects.filter(claim=claim).count() == before


def test_a_routing_that_a_review_overtook_is_made_again(claim, seen, hand_drawn, user, monkeypatch):
    judge = decide
    seen_by_the_rules = []

    def overtaken(facts, unit):
        seen_by_the_rules.append(facts.unreviewed)
        if len(seen_by_the_rules) == 1:
            changed(seen, user, review=ReviewStatus.ACCEPTED)
        return judge(facts, unit)

    monkeypatch.setattr("assessment.services.triage.decide", overtaken)
    pipeline.work_off("")

    assert seen_by_the_rules == [1, 0]
    newest = Triage.objects.filter(claim=claim).latest("number")
    assert newest.facts is not None
    assert newest.facts["unreviewed"] == 0


def send_photo(claim: Claim, user, turn: int) -> None:
    data = jpeg(seed=1000 + turn)
    pipeline.photo_submit(claim=claim, data=data, name="a.jpg", by=user)


def give_and_put_back(claim: Claim, user, turn: int) -> None:
    to, seen = (user, None) if turn % 2 else (None, user)
    claim_assign(claim=claim, to=to, by=user, seen=seen)


def draw_on_first(claim: Claim, user, turn: int) -> None:
    draw(claim.photos.get(number=1), user, uuid4())


def give_scale(claim: Claim, user, turn: int) -> None:
    line = None if turn % 3 else ReferenceLine((0, 0), (200, 0), 2.0)
    pipeline.scale_give(photo=claim.photos.get(number=1), line=line, by=user)


def write_note(claim: Claim, user, turn: int) -> None:
    note_add(claim=claim, text="Called back.", by=user)


def take_up_next(claim: Claim, user, turn: int) -> None:
    taken = claim_take_next(carrier=claim.carrier, by=user)
    if taken:
        claim_assign(claim=taken, to=None, by=user, seen=user)


def work(claim: Claim, user, turn: int) -> None:
    for kind in (JobKind.PREPARE, JobKind.SEGMENT, JobKind.SETTLE):
        TASKS[kind]("", seconds=0.0)


PEOPLE = (send_photo, give_and_put_back, draw_on_first, give_scale, write_note, take_up_next)
TURNS = 6


def test_many_people_and_workers_at_two_claims_never_wait_in_a_ring(carrier, claim, photo, user):
    claims = [claim, make_claim(carrier)]
    looked_at(claims[1])
    Docket.objects.update(stage=Stage.REVIEW)

    def several(act: Callable[[Claim, object, int], None]) -> None:
        for turn in range(TURNS):
            act(fresh(claims[turn % 2]), user, turn)

    results = at_once(*(lambda act=act: several(act) for act in (*PEOPLE, work, work)))

    assert results == [None] * len(results)
    assert audit_verify(carrier).fault == ""
    for one in claims:
        numbers = one.photos.order_by("number").values_list("number", flat=True)
        assert list(numbers) == [1, 2, 3, 4]
        drawn = Finding.objects.filter(photo__claim=one, source="person")
        assert drawn.count() == TURNS / 2
