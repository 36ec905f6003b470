"""A question put in poorer and poorer forms, over the real client, until what came will do."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from assessment import pipeline
from assessment.core.vocabulary import JobKind, Outcome
from assessment.engines.answer import BROKEN_OFF
from assessment.models import Call, Finding, Job, Segmentation
from assessment.services import asking, calls
from assessment.services.calls import Asked
from assessment.services.jobs import job_take
from assessment.services.segmentations import segmentation_run
from assessment.tasks import TASKS
from claims.models import Claim, User
from standin.steps import Act, Step
from tests.factories import make_photo, make_user
from tests.services.steps import stained_wall

pytestmark = [pytest.mark.django_db, pytest.mark.service]

ONE = {
    "box_2d": [333, 312, 667, 688],
    "label": "stain",
    "mask": [[312, 333], [688, 333], [688, 667], [312, 667]],
}
OTHER = {
    "box_2d": [10, 10, 100, 100],
    "label": "stain",
    "mask": [[10, 10], [100, 10], [100, 100], [10, 100]],
}
BROKEN = json.dumps([ONE, OTHER])[:-60]
"""One object and a piece of another."""

NOTHING = Step(Act.SAY, text="[]")


def say(*objects: Mapping[str, object]) -> Step:
    return Step(Act.SAY, text=json.dumps(objects))


@pytest.fixture
def answered(claim, playing) -> Callable[..., Segmentation]:
    """The question as it stands once everything is done that the script lets be done."""

    def answer(*script: Step | Act, **options: str) -> Segmentation:
        with playing(*script, **options):
            ask_on_a_photo(claim)
            pipeline.work_off("")
        return Segmentation.objects.get()

    return answer


def ask_on_a_photo(claim: Claim) -> None:
    make_photo(claim, stained_wall())
    pipeline.query_ask(claim=claim, text="stains", by=None)


def forms() -> list[str]:
    return list(Call.objects.order_by("number").values_list("form", flat=True))


@pytest.mark.parametrize("act", [Act.LEAKED, Act.PLACEHOLDER, Act.GARBLED, Act.CUT_EMPTY, Act.CUT])
def test_masks_that_can_not_be_read_are_asked_for_as_polygons(answered, act):
    segmentation = answered(act, Act.LOOK)

    assert (segmentation.status, segmentation.lost) == (Outcome.ANSWERED, [])
    assert (forms(), segmentation.calls_made) == (["mask", "polygon"], 2)
    assert Finding.objects.get().form == "polygon"


def test_an_endless_mask_is_asked_for_as_a_polygon(answered):
    text = '[{"box_2d": [333, 312, 667, 688], "label": "stain", "mask": "data:image/png;base64,iV'
    endless = Step(Act.SAY, text=text + "+Pj4" * 20_000, finish="MAX_TOKENS")

    assert answered(endless, Act.LOOK).status == Outcome.ANSWERED
    assert forms() == ["mask", "polygon"]


def test_boxes_come_last_and_are_outlined_in_the_photo(answered):
    segmentation = answered(Act.GARBLED, Act.GARBLED, Act.LOOK)

    finding = Finding.objects.get()
    assert (segmentation.status, finding.form, finding.approximate) == ("answered", "box", True)
    assert finding.area_px == pytest.approx(120 * 80, rel=0.1)
    assert finding.sightings.get().refined
    assert forms() == ["mask", "polygon", "box"]


def test_boxes_that_came_with_leaked_masks_are_not_asked_for_again(answered):
    segmentation = answered(Act.LEAKED, Act.GARBLED)

    assert (segmentation.status, Finding.objects.get().form) == (Outcome.ANSWERED, "box")
    assert forms() == ["mask", "polygon"]


def test_a_question_that_no_form_answers_fails_with_every_answer_kept(answered):
    segmentation = answered(Act.GARBLED)

    assert segmentation.status == Outcome.FAILED
    assert "raw text was kept" in segmentation.reason
    assert forms() == ["mask", "polygon", "box"]
    assert not Call.objects.filter(raw=b"").exists()


def test_an_explicit_nothing_is_not_asked_again(answered):
    segmentation = answered(NOTHING)

    assert (segmentation.status, segmentation.calls_made) == (Outcome.ANSWERED, 1)
    assert segmentation.lost == []


def test_of_an_answer_cut_at_the_limit_the_rest_is_asked_for_once(playing, claim):
    cut = Step(Act.SAY, text=BROKEN, finish="MAX_TOKENS")
    with playing(cut, say(OTHER)) as standin:
        ask_on_a_photo(claim)
        pipeline.work_off("")

    segmentation = Segmentation.objects.get()
    assert (segmentation.status, segmentation.lost) == (Outcome.ANSWERED, [])
    assert Finding.objects.count() == 2
    assert [call.rest for call in Call.objects.order_by("number")] == [False, True]
    asked = standin.requests[1].body["contents"][0]["parts"][1]["text"]
    assert asked.endswith("it is known already: [[333, 312, 667, 688]].")


@pytest.mark.parametrize("rest", [Step(Act.SAY, text=BROKEN, finish="MAX_TOKENS"), NOTHING])
def test_what_stays_missing_is_said(answered, rest):
    segmentation = answered(Step(Act.SAY, text=BROKEN, finish="MAX_TOKENS"), rest)

    assert (segmentation.status, segmentation.calls_made) == (Outcome.ANSWERED, 2)
    assert segmentation.lost == [BROKEN_OFF]
    assert Finding.objects.count() == 1


@pytest.mark.parametrize("act", [Act.SAFETY, Step(Act.REJECT, status=403)])
def test_what_came_is_the_answer_when_the_rest_is_refused(answered, act):
    segmentation = answered(Step(Act.SAY, text=BROKEN), act)

    assert segmentation.status == Outcome.ANSWERED
    assert segmentation.lost[0] == BROKEN_OFF
    assert "could not be asked once more" in segmentation.lost[1]
    assert Finding.objects.count() == 1


def test_an_engine_that_is_away_is_waited_for_before_the_rest_is_given_up(answered):
    segmentation = answered(Step(Act.SAY, text=BROKEN), Act.OVERLOADED, say(OTHER))

    assert (segmentation.lost, Finding.objects.count()) == ([], 2)


def test_what_came_is_the_answer_when_the_engine_stays_away(answered):
    segmentation = answered(Step(Act.SAY, text=BROKEN), Act.OVERLOADED)

    assert segmentation.status == Outcome.ANSWERED
    assert "overloaded" in segmentation.lost[1]
    assert Finding.objects.count() == 1


def test_boxes_are_the_answer_when_polygons_are_refused(answered):
    segmentation = answered(Act.LEAKED, Act.SAFETY)

    assert segmentation.status == Outcome.ANSWERED
    assert "SAFETY" in segmentation.lost[-1]


def test_a_refusal_after_an_answer_that_can_not_be_read_is_one(answered):
    segmentation = answered(Act.GARBLED, Act.SAFETY)

    assert segmentation.status == Outcome.UNANSWERED
    assert "SAFETY" in segmentation.reason


def test_a_worker_killed_between_two_calls_asks_no_rung_twice(claim, playing, monkeypatch):
    class WorkerKilled(BaseException):
        pass

    prepare = calls.call_prepare

    def killed_before_the_second(*args: Any, number: int) -> Asked | Call | None:
        if number == 2:
            raise WorkerKilled
        return prepare(*args, number=number)

    with playing(Act.LEAKED, Act.LOOK) as standin:
        ask_on_a_photo(claim)
        TASKS[JobKind.PREPARE]("")
        job = job_take(kind=JobKind.SEGMENT)
        assert job is not None
        with monkeypatch.context() as patch:
            patch.setattr(f"{asking.__name__}.call_prepare", killed_before_the_second)
            with pytest.raises(WorkerKilled):
                segmentation_run(job)
        Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
        pipeline.sweep()
        pipeline.work_off("")

    assert len(standin.requests) == 2
    segmentation = Segmentation.objects.get()
    assert segmentation.status == Outcome.ANSWERED
    assert segmentation.drift == "Asked for a mask, it answered with a box."
    assert forms() == ["mask", "polygon"]


def test_the_tokens_of_all_answers_are_counted(answered):
    segmentation = answered(Act.LEAKED, Act.LOOK)

    calls = Call.objects.all()
    assert segmentation.output_tokens == sum(call.output_tokens or 0 for call in calls)
    assert segmentation.input_tokens == sum(call.input_tokens or 0 for call in calls)


def test_a_fallback_that_answered_is_stored_beside_the_model_that_was_wanted(answered):
    segmentation = answered(Act.GONE, Act.LOOK)

    assert segmentation.model_requested == "gemini-2.5-flash"
    assert segmentation.model_served == "gemini-3.8-flash"
    assert segmentation.drift == "gemini-3.8-flash was asked in place of gemini-2.5-flash."
    assert forms() == ["polygon"]


def test_an_answer_in_another_form_is_stored_with_what_was_asked_for(answered):
    assert answered(say(ONE)).drift == "Asked for a mask, it answered with a polygon."


def test_operators_are_told_of_drift(answered, capsys):
    answered(Step(model_served="gemini-3.5-flash-lite"))
    call_command("check_queue")

    told = capsys.readouterr().out
    assert "Of the 1 questions answered in the last 24 hours, 1 got an answer" in told
    assert "1 x gemini-2.5-flash -> gemini-3.5-flash-lite: gemini-2.5-flash was asked" in told


def test_the_admin_lists_the_questions_whose_answers_drifted(answered, claim, client):
    answered(say(ONE))
    member = make_user(claim.carrier)
    User.objects.filter(pk=member.pk).update(is_staff=True)
    client.force_login(member)
    address = reverse("admin:assessment_segmentation_changelist")

    drifted = client.get(address, {"drift__isempty": "0"})
    assert b"Asked for a mask, it answered with a polygon." in drifted.content
    as_asked = client.get(address, {"drift__isempty": "1"})
    assert b"Asked for a mask" not in as_asked.content


def test_operators_are_told_nothing_where_answers_are_as_asked(answered, capsys):
    segmentation = answered(Act.LOOK)
    call_command("check_queue")

    assert segmentation.drift == ""
    assert capsys.readouterr().out == "The queue is moving or empty.\n"


def test_a_reply_that_is_no_answer_is_asked_for_again_on_demand(claim, playing, carrier):
    with playing(Step(Act.RAW, text="{}"), Act.LOOK):
        ask_on_a_photo(claim)
        pipeline.work_off("")
        assert Segmentation.objects.get().status == Outcome.FAILED
        assert Call.objects.get().empty
        call_command("try_again", carrier.slug, claim.number)
        pipeline.work_off("")

    assert not Call.objects.get().empty
    assert Segmentation.objects.get().status == Outcome.ANSWERED
