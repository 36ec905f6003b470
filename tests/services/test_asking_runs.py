"""A question put several times, so that its answers can be held against each other."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import ValidationError

from assessment import pipeline
from assessment.core.vocabulary import Detail, JobKind, Outcome, QueryKind
from assessment.models import Call, DamageQuery, Finding, Segmentation, Sighting
from assessment.services import asking
from assessment.services.jobs import job_open
from claims.models import Carrier
from standin.steps import Act, Step
from tests.factories import make_photo
from tests.services.scenes import large_photo
from tests.services.steps import stained_wall

pytestmark = [pytest.mark.django_db, pytest.mark.service]

NOTHING = Step(Act.SAY, text="[]")


@pytest.fixture(autouse=True)
def one_by_one(monkeypatch) -> None:
    """Calls come in the order of the looks."""
    monkeypatch.setattr(asking, "MOST_AT_ONCE", 1)


def say(*squares: tuple[int, int, int]) -> Step:
    """An answer of squares: left, top and side in thousandths."""
    return Step(Act.SAY, text=json.dumps([_square(*each) for each in squares]))


def _square(left: int, top: int, side: int) -> dict[str, object]:
    right, bottom = left + side, top + side
    ring = [[left, top], [right, top], [right, bottom], [left, bottom]]
    return {"box_2d": [top, left, bottom, right], "label": "stain", "mask": ring}


def ask(claim, runs: int, **how) -> Segmentation:
    make_photo(claim, stained_wall())
    pipeline.query_ask(claim=claim, text="stains", by=None, runs=runs, **how)
    pipeline.work_off("")
    return Segmentation.objects.get()


def agreements() -> list[float | None]:
    return list(Sighting.objects.order_by("position").values_list("agreement", flat=True))


def test_runs_that_agree_say_so_of_the_finding(claim, playing):
    with playing(say((300, 300, 400))) as standin:
        segmentation = ask(claim, 3)

    assert (segmentation.status, segmentation.lost) == (Outcome.ANSWERED, [])
    assert len(standin.requests) == segmentation.calls_made == 3
    assert agreements() == [pytest.approx(1.0)]


def test_what_only_one_run_shows_is_a_finding_with_low_agreement(claim, playing):
    with playing(say((300, 300, 400)), say((340, 300, 400), (10, 10, 100))):
        ask(claim, 2)

    first, second = agreements()
    assert first == pytest.approx(360 / 440, abs=0.01)
    assert second == 0.0
    assert Finding.objects.count() == 2


def test_the_outline_of_the_first_run_is_kept(claim, playing):
    with playing(say((300, 300, 400)), say((340, 300, 400))):
        ask(claim, 2)

    assert Finding.objects.get().area_px == pytest.approx(0.4 * 320 * 0.4 * 240, rel=0.01)


def test_a_question_that_is_put_once_tells_nothing_of_agreement(claim, playing):
    with playing(say((300, 300, 400))):
        ask(claim, 1)

    assert agreements() == [None]


def test_every_other_run_is_the_second_models(claim, playing):
    with playing(Act.LOOK, second_model="gemini-3.8-flash") as standin:
        segmentation = ask(claim, 4)

    models = [request.path.split("/")[-1].split(":")[0] for request in standin.requests]
    assert models == ["gemini-2.5-flash", "gemini-3.8-flash"] * 2
    assert segmentation.model_requested == "gemini-2.5-flash"
    assert segmentation.drift == ""


def test_an_engine_that_always_answers_alike_is_asked_once(claim, engine):
    engine.varies = False

    segmentation = ask(claim, 3)

    assert engine.asked == segmentation.calls_made == 1
    assert agreements() == [None]


def test_a_run_that_failed_is_told_and_the_others_are_held_against_each_other(claim, playing):
    with playing(say((300, 300, 400)), Act.SAFETY, say((300, 300, 400))):
        segmentation = ask(claim, 3)

    assert segmentation.status == Outcome.ANSWERED
    assert agreements() == [pytest.approx(1.0)]
    (sentence,) = segmentation.lost
    assert sentence.startswith("Run 2 could not look at the photo as a whole")
    assert "SAFETY" in sentence


def test_one_run_alone_that_answered_tells_nothing_of_agreement(claim, playing):
    with playing(Act.SAFETY, say((300, 300, 400))):
        segmentation = ask(claim, 2)

    assert segmentation.status == Outcome.ANSWERED
    assert agreements() == [None]
    assert len(segmentation.lost) == 1


def test_what_a_run_saw_in_a_part_counts_against_no_run_that_had_no_look_there(claim, playing):
    large_photo(claim, 1920, 900, [])

    with playing(NOTHING, say((300, 300, 200)), NOTHING, NOTHING, Act.SAFETY, NOTHING):
        segmentation = ask_by_tiles(claim, runs=2)

    assert [len(segmentation.windows), segmentation.calls_made] == [3, 5]
    assert agreements() == [None]


def ask_by_tiles(claim, runs: int) -> Segmentation:
    pipeline.query_ask(claim=claim, text="stains", by=None, runs=runs, detail=Detail.TILES)
    pipeline.work_off("")
    return Segmentation.objects.get()


def test_a_question_asked_anew_is_answered_by_the_calls_of_its_round_alone(claim, playing):
    with playing(say((300, 300, 400)), say((10, 10, 100))) as standin:
        segmentation = ask(claim, 1)
        ask_anew(segmentation)
        assert len(standin.requests) == 2

    segmentation.refresh_from_db()
    assert (segmentation.status, segmentation.calls_made) == (Outcome.ANSWERED, 1)
    assert list(Call.objects.order_by("round").values_list("round", "number")) == [(1, 1), (2, 1)]
    assert list(Sighting.objects.order_by("round").values_list("round", "position")) == [
        (1, 0),
        (2, 0),
    ]


def ask_anew(segmentation: Segmentation) -> None:
    Segmentation.objects.filter(pk=segmentation.pk).update(
        round=segmentation.round + 1, status=Outcome.QUEUED
    )
    carrier = Carrier.objects.get()
    job_open(kind=JobKind.SEGMENT, subject_id=segmentation.pk, carrier=carrier)
    pipeline.work_off("")


def test_what_comes_of_a_round_that_was_overtaken_is_not_told(claim, engine):
    def asked_anew_meanwhile() -> None:
        engine.before_answer = lambda: None
        Segmentation.objects.update(round=2, status=Outcome.QUEUED)
        segmentation = Segmentation.objects.get()
        job_open(kind=JobKind.SEGMENT, subject_id=segmentation.pk, carrier=claim.carrier)

    engine.before_answer = asked_anew_meanwhile
    segmentation = ask(claim, 1)

    assert (segmentation.round, segmentation.status) == (2, Outcome.ANSWERED)
    assert set(Sighting.objects.values_list("round", flat=True)) == {2}
    assert engine.asked == 2


def test_a_question_is_put_as_often_as_the_installation_says_at_least(claim, engine, settings):
    settings.EAVES_RUNS = 2
    make_photo(claim)

    pipeline.query_ask(claim=claim, text="stains", by=None)
    pipeline.query_ask(claim=claim, text="cracks", by=None, runs=1)
    pipeline.query_ask(claim=claim, text="holes", by=None, runs=3)

    assert sorted(Segmentation.objects.values_list("query__text", "runs")) == [
        ("cracks", 2),
        ("holes", 3),
        ("stains", 2),
    ]


@pytest.mark.parametrize("runs", [6, -1])
def test_a_question_is_not_put_more_often_than_it_may(claim, runs):
    with pytest.raises(ValidationError, match="A question is put 1 to 5 times"):
        pipeline.query_ask(claim=claim, text="stains", by=None, runs=runs)


@pytest.mark.parametrize("kind", [QueryKind.RELATIONAL, QueryKind.ORDERING, QueryKind.COMPARATIVE])
def test_a_question_about_the_whole_picture_can_not_be_asked_by_tiles(carrier, kind):
    query = DamageQuery(carrier=carrier, text="the second window", kind=kind, detail=Detail.TILES)

    with pytest.raises(ValidationError, match="can't be asked by tiles"):
        query.full_clean()
