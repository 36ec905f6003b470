"""Large photos, looked at in parts: over the real client, and with an engine that counts."""

from __future__ import annotations

import base64
import json
from functools import partial
from io import BytesIO
from threading import Barrier

import numpy as np
import pytest
from PIL import Image

from assessment import pipeline
from assessment.core.cutting import pixels_of
from assessment.core.detection import Box, Detection
from assessment.core.tiles import SHOWN
from assessment.core.vocabulary import AnswerForm, Detail, JobKind, Outcome, QueryKind
from assessment.engines.answer import BROKEN_OFF
from assessment.engines.base import Answer, Reading
from assessment.models import Call, DamageQuery, Finding, Job, Segmentation
from assessment.selectors.measuring import outline_of
from assessment.services import asking
from assessment.services.calls import call_prepare
from assessment.services.jobs import job_take
from assessment.services.segmentations import segmentation_run
from assessment.tasks import TASKS
from claims import files
from standin.steps import Act, Step
from tests.factories import make_photo
from tests.services.scenes import large_photo

pytestmark = [pytest.mark.django_db, pytest.mark.service]

MP48, MP100 = (8064, 6048), (11552, 8736)


def stain(left: int, top: int) -> dict[str, object]:
    ring = [[left, top], [left + 100, top], [left + 100, top + 100], [left, top + 100]]
    return {"box_2d": [top, left, top + 100, left + 100], "label": "stain", "mask": ring}


CUT = Step(Act.SAY, text=json.dumps([stain(50, 50)])[:-1] + ", {", finish="MAX_TOKENS")
"""One object, and the beginning of another."""


@pytest.fixture
def one_by_one(monkeypatch) -> None:
    """Calls come in the order of the looks."""
    monkeypatch.setattr(asking, "MOST_AT_ONCE", 1)


def ask(claim, detail=Detail.TILES, **how) -> Segmentation:
    pipeline.query_ask(claim=claim, text="stains", by=None, detail=detail, **how)
    pipeline.work_off("")
    return Segmentation.objects.get()


def sizes_sent(standin) -> list[tuple[int, int]]:
    """Width and height of each picture that came."""
    pictures = []
    for request in standin.requests:
        (part, _) = request.body["contents"][0]["parts"]
        data = base64.urlsafe_b64decode(part["inlineData"]["data"])
        with Image.open(BytesIO(data)) as picture:
            pictures.append(picture.size)
    return pictures


def test_small_damage_on_48_megapixels_is_found_by_tiles_and_joined_over_a_seam(claim, playing):
    # The second lies on the seam of the first two tiles of the first row.
    stains = [(3000, 4000, 3150, 4120), (850, 300, 1060, 420)]
    large_photo(claim, *MP48, stains)

    with playing(Act.LOOK) as standin:
        segmentation = ask(claim)

    assert (segmentation.status, segmentation.lost) == (Outcome.ANSWERED, [])
    assert len(standin.requests) == segmentation.calls_made == len(segmentation.windows) == 64
    assert {max(size) for size in sizes_sent(standin)} == {1024}
    found = [outline_of(finding).bounds for finding in Finding.objects.order_by("number")]
    assert sorted(found) == [
        pytest.approx((850, 300, 1060, 420), abs=8),
        pytest.approx((3000, 4000, 3150, 4120), abs=8),
    ]


def test_100_megapixels_are_looked_at_as_a_whole_and_in_a_few_large_parts(claim, playing):
    stains = [(3000, 4000, 3250, 4250), (200, 6500, 9000, 7700)]
    large_photo(claim, *MP100, stains)

    with playing(Act.LOOK) as standin:
        segmentation = ask(claim, Detail.AUTO)

    assert (segmentation.status, segmentation.lost) == (Outcome.ANSWERED, [])
    assert len(standin.requests) == 13
    assert max(map(max, sizes_sent(standin))) == 1024
    small, large = sorted(
        (outline_of(finding) for finding in Finding.objects.all()), key=lambda each: each.area
    )
    assert small.bounds == pytest.approx(stains[0], abs=16)
    assert large.bounds == pytest.approx(stains[1], abs=50)
    assert large.area == pytest.approx(8800 * 1200, rel=0.05)


def test_tiles_are_asked_several_at_a_time(claim, engine):
    # Each waits for seven others: asked one by one, none would ever be answered.
    engine.before_answer = Barrier(8, timeout=60).wait
    engine.detections = ()
    large_photo(claim, 4512, 2816, [])

    segmentation = ask(claim)

    assert segmentation.status == Outcome.ANSWERED
    assert engine.asked == len(segmentation.windows) == 16
    assert Call.objects.count() == 16


def test_what_is_under_way_is_kept_when_another_call_meets_a_fault_of_ours(claim, engine, caplog):
    both = Barrier(2, timeout=60)

    def fail_for_one_of_them() -> None:
        if both.wait() == 0:
            raise RuntimeError("a fault of ours")

    engine.before_answer = fail_for_one_of_them
    make_photo(claim)
    pipeline.query_ask(claim=claim, text="stains", by=None, runs=2)

    TASKS[JobKind.SEGMENT]("", 0.0)

    assert Call.objects.count() == 1
    assert Job.objects.get(kind=JobKind.SEGMENT).status == "queued"
    assert "a fault of ours" in caplog.text


def test_an_answer_is_kept_when_the_photo_can_not_be_cut(claim, engine, monkeypatch, caplog):
    photo = large_photo(claim, 1920, 1920, [])
    pipeline.query_ask(claim=claim, text="stains", by=None, detail=Detail.TILES)
    load = files.load

    def lost(name):
        if name == photo.view:
            raise FileNotFoundError(name)
        return load(name)

    with monkeypatch.context() as patch:
        patch.setattr(files, "load", lost)
        TASKS[JobKind.SEGMENT]("", 0.0)
    assert Call.objects.count() == 1
    pipeline.work_off("")

    assert engine.asked == Call.objects.count() == 5
    assert photo.view in caplog.text


def test_a_tile_that_is_refused_is_named_and_the_others_are_kept(claim, playing, one_by_one):
    large_photo(claim, 1920, 1920, [(1500, 100, 1700, 260)])

    with playing(Act.LOOK, Act.LOOK, Act.LOOK, Act.SAFETY, Act.LOOK):
        segmentation = ask(claim)

    assert segmentation.status == Outcome.ANSWERED
    assert segmentation.lost == [
        "Nobody could look closely at the lower left part: Gemini declined to answer: its safety "
        "filter stopped the answer (SAFETY). A person must look."
    ]
    assert outline_of(Finding.objects.get()).bounds == pytest.approx((1500, 100, 1700, 260), abs=8)


def test_where_every_look_is_refused_there_is_no_answer(claim, playing):
    large_photo(claim, 1920, 1920, [])

    with playing(Act.SAFETY) as standin:
        segmentation = ask(claim)

    assert segmentation.status == Outcome.UNANSWERED
    assert "SAFETY" in segmentation.reason
    assert len(standin.requests) == 5


def test_what_an_answer_about_a_tile_lost_is_told_with_its_place(claim, playing, one_by_one):
    large_photo(claim, 1920, 1920, [])
    nothing = Step(Act.SAY, text="[]")

    with playing(nothing, CUT, nothing):
        segmentation = ask(claim)

    assert segmentation.status == Outcome.ANSWERED
    assert segmentation.lost == [f"In the upper left part: {BROKEN_OFF}"]


def test_an_engine_that_is_away_for_one_tile_is_asked_for_that_one_alone_again(
    claim, playing, one_by_one
):
    large_photo(claim, 1920, 1920, [])

    with playing(Act.LOOK, Act.LOOK, Act.OVERLOADED, Act.LOOK) as standin:
        segmentation = ask(claim)

    assert (segmentation.status, segmentation.lost) == (Outcome.ANSWERED, [])
    assert len(standin.requests) == 6
    assert segmentation.calls_made == 5


def test_an_engine_that_is_away_is_not_asked_for_every_tile(claim, playing, one_by_one):
    large_photo(claim, 3616, 1920, [])

    with playing(Act.OVERLOADED) as standin:
        pipeline.query_ask(claim=claim, text="stains", by=None, detail=Detail.TILES)
        TASKS[JobKind.SEGMENT]("", 0.0)

    assert len(standin.requests) == asking.MOST_IN_VAIN
    assert Segmentation.objects.get().status == Outcome.QUEUED


def test_answers_forget_how_often_the_engine_was_away(claim, playing, one_by_one):
    large_photo(claim, 1920, 1920, [])

    with playing(Act.LOOK, Act.OVERLOADED):
        pipeline.query_ask(claim=claim, text="stains", by=None, detail=Detail.TILES)
        Job.objects.filter(kind=JobKind.SEGMENT).update(waits=30)
        TASKS[JobKind.SEGMENT]("", 0.0)

    assert Job.objects.get(kind=JobKind.SEGMENT).waits == 1


def test_a_worker_killed_amid_the_tiles_asks_none_of_them_twice(claim, engine, monkeypatch):
    class WorkerKilled(BaseException):
        pass

    def killed_before_the_third(desk, look, rung, *, number):
        if look.tile == 2:
            raise WorkerKilled
        return call_prepare(desk, look, rung, number=number)

    engine.detections = ()
    large_photo(claim, 1920, 1920, [])
    pipeline.query_ask(claim=claim, text="stains", by=None, detail=Detail.TILES)
    job = job_take(kind=JobKind.SEGMENT)
    assert job is not None
    with monkeypatch.context() as patch:
        patch.setattr(asking, "MOST_AT_ONCE", 1)
        patch.setattr(f"{asking.__name__}.call_prepare", killed_before_the_third)
        with pytest.raises(WorkerKilled):
            segmentation_run(job)
    assert engine.asked == Call.objects.count() == 2
    segmentation_run(job)

    assert engine.asked == Call.objects.count() == 5
    assert Segmentation.objects.get().status == Outcome.ANSWERED


def test_a_job_with_more_to_ask_than_it_has_time_for_goes_on_later(claim, engine, monkeypatch):
    monkeypatch.setattr(asking, "LONGEST_ASKING", 0.0)
    engine.detections = ()
    large_photo(claim, 1920, 1920, [])
    pipeline.query_ask(claim=claim, text="stains", by=None, detail=Detail.TILES)

    TASKS[JobKind.SEGMENT]("", 0.0)
    job = Job.objects.get(kind=JobKind.SEGMENT)
    assert (job.status, job.attempts, engine.asked) == ("queued", 0, 1)
    assert job.reason == "1 of 5 looks at the photo are taken so far; the others follow."
    assert Segmentation.objects.get().status == Outcome.QUEUED

    pipeline.work_off("")
    assert Segmentation.objects.get().status == Outcome.ANSWERED
    assert engine.asked == 5


def test_windows_that_were_planned_stay_where_they_are(claim, engine, monkeypatch):
    monkeypatch.setattr(asking, "LONGEST_ASKING", 0.0)
    large_photo(claim, 1920, 1920, [])
    pipeline.query_ask(claim=claim, text="stains", by=None, detail=Detail.TILES)
    TASKS[JobKind.SEGMENT]("", 0.0)
    planned = Segmentation.objects.get().windows

    DamageQuery.objects.update(detail=Detail.WHOLE)
    pipeline.work_off("")

    assert Segmentation.objects.get().windows == planned
    assert engine.asked == len(planned) == 5


def test_an_answer_that_is_cut_again_is_asked_for_by_parts(claim, playing, one_by_one):
    large_photo(claim, 2000, 1500, [(100, 100, 400, 400)])

    with playing(CUT, CUT, Act.LOOK) as standin:
        segmentation = ask(claim, Detail.AUTO)

    assert (segmentation.status, segmentation.lost) == (Outcome.ANSWERED, [])
    assert len(segmentation.windows) == 5
    assert len(standin.requests) == 6


def test_what_a_part_leaves_out_again_is_said_and_not_asked_for_in_smaller_parts(
    claim, playing, one_by_one
):
    large_photo(claim, 2000, 1500, [])

    with playing(CUT) as standin:
        segmentation = ask(claim, Detail.AUTO)

    assert len(standin.requests) == 10
    (sentence,) = segmentation.lost
    assert sentence.startswith("In the upper left part, the upper right part, the lower left part")


def test_an_ordering_question_is_not_asked_by_parts_even_when_it_is_cut(claim, playing, one_by_one):
    large_photo(claim, 2000, 1500, [])

    with playing(CUT) as standin:
        pipeline.query_ask(claim=claim, text="the second stain", by=None)
        DamageQuery.objects.update(kind=QueryKind.ORDERING)
        pipeline.work_off("")

    assert len(standin.requests) == 2
    assert Segmentation.objects.get().lost


def test_an_engine_that_takes_the_photo_in_full_size_is_shown_no_tiles(claim, engine):
    engine.wants_full_size = True
    large_photo(claim, 1920, 1920, [])

    assert ask(claim).windows == []
    assert engine.asked == 1


def test_a_box_on_a_tile_is_outlined_in_the_pixels_of_that_tile(claim, engine, monkeypatch):
    # 24 pixels wide: three cells of the small copy, too few to find an edge in.
    inside = (1500, 1500, 1524, 1530)
    large_photo(claim, 6000, 4000, [inside])
    monkeypatch.setattr(engine, "ask", partial(tell_where_it_is_dark, engine))
    monkeypatch.setattr(engine, "read", read_a_box)

    ask(claim)

    finding = Finding.objects.get()
    assert finding.sightings.get().refined
    assert outline_of(finding).bounds == pytest.approx(inside, abs=2)


def tell_where_it_is_dark(engine, request) -> Answer:
    """The first dark pixel of a tile, in words; nothing of the photo as a whole."""
    dark = np.argwhere(pixels_of(request.image)[..., 0] < 120)
    shown = request.width == SHOWN and len(dark) > 0
    return Answer(f"{dark[0][1]} {dark[0][0]}" if shown else "", engine.model, engine.model)


def read_a_box(text: str, width: int, height: int) -> Reading:
    if not text:
        return Reading(())
    left, top = map(int, text.split())
    box = Box(left - 1, top - 1, left + 25, top + 31)
    return Reading((Detection("stain", box, None, AnswerForm.BOX, approximate=True),))
