from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone

from assessment import pipeline
from assessment.core.scale import ReferenceLine, ScaleError
from assessment.core.triage import Facts, decide
from assessment.core.vocabulary import (
    DamageType,
    JobKind,
    JobStatus,
    Lane,
    Outcome,
    ReportStatus,
)
from assessment.engines.base import (
    EngineRefusedError,
    EngineUnavailableError,
    GarbledAnswerError,
)
from assessment.models import Finding, Job, Report, Segmentation, Sighting, Triage
from assessment.selectors.routing import FACTS
from assessment.services import jobs, triage, work
from assessment.services.jobs import job_take
from assessment.services.segmentations import segmentation_run
from assessment.tasks import TASKS
from claims import files
from claims.evidence.upload import UploadRefusedError
from claims.models import AuditEntry, Carrier, Photo, PhotoStatus
from claims.selectors import audit_verify
from tests.factories import jpeg, make_carrier, make_claim
from tests.fakes import square
from tests.pipeline.steps import assessed_claim

pytestmark = [pytest.mark.django_db, pytest.mark.service]


FACTS_OF_A_CLAIM = Facts(
    photos=1,
    refused_photos=0,
    questions=1,
    unasked_photos=0,
    unanswered=0,
    failed=0,
    incomplete=0,
    findings=2,
    approximate=0,
    unreviewed=0,
    disputed=0,
    unscaled=2,
    area_m2=None,
    largest_share=0.1,
    damage_types=frozenset(),
    peril="wind",
    policy_known=True,
)


@pytest.fixture(autouse=True)
def engine(fake_engine, monkeypatch):
    """The engine; what was put off is due at once."""
    monkeypatch.setattr(jobs, "_backoff", lambda attempts: 0.0)
    return fake_engine


def submit(claim, data=None, name="photo.jpg") -> Photo:
    return pipeline.photo_submit(claim=claim, data=data or jpeg(), name=name, by=None)


def ask(claim, text="cracks"):
    return pipeline.query_ask(claim=claim, text=text, by=None)


def work_off() -> None:
    pipeline.work_off("")


def lane_of(claim) -> Triage:
    return Triage.objects.filter(claim=claim).latest("number")


def test_a_photo_goes_from_bytes_to_findings_lane_and_report(carrier):
    claim = assessed_claim(carrier, jpeg())

    segmentation = Segmentation.objects.get()
    finding = Finding.objects.get()
    report = Report.objects.get()
    assert segmentation.status == Outcome.ANSWERED
    assert (segmentation.model_requested, segmentation.model_served) == ("fake-1", "fake-1-served")
    assert (segmentation.input_tokens, segmentation.output_tokens) == (7, 11)
    assert finding.area_px == pytest.approx(100 * 100)
    assert finding.share == pytest.approx(100 * 100 / (320 * 240))
    assert finding.damage_type == "crack"
    assert lane_of(claim).reasons
    assert report.status == ReportStatus.READY
    assert hashlib.sha256(files.load(report.file)).hexdigest() == report.sha256
    assert audit_verify(carrier).fault == ""


def test_the_original_bytes_are_kept_as_they_came(claim):
    data = jpeg(seed=3)
    photo = submit(claim, data)
    work_off()

    photo.refresh_from_db()
    assert photo.status == PhotoStatus.READY
    assert files.load(photo.original) == data
    assert photo.sha256 == hashlib.sha256(data).hexdigest()
    assert files.load(photo.working) != data


def test_the_same_bytes_in_a_claim_are_the_same_photo(claim):
    first, again = submit(claim, name="a.jpg"), submit(claim, name="b.jpg")

    assert first.pk == again.pk
    assert Photo.objects.count() == 1


def test_the_same_bytes_in_two_claims_are_two_photos(claim, carrier):
    submit(claim)
    submit(make_claim(carrier))

    assert Photo.objects.count() == 2


def test_a_refused_upload_stands_in_the_claim_and_the_others_go_on(claim, engine):
    with pytest.raises(UploadRefusedError):
        submit(claim, b"this is no picture", "note.jpg")
    submit(claim)
    ask(claim)
    work_off()

    refused, ready = Photo.objects.order_by("number")
    assert (refused.status, refused.name, refused.original) == ("refused", "note.jpg", "")
    assert ready.status == PhotoStatus.READY
    assert refused.refusal in AuditEntry.objects.get(action="photo.refused").data
    assert lane_of(claim).reasons[0]["rule"] == "refused_photos"


def test_a_picture_that_breaks_off_is_refused_when_it_is_decoded(claim):
    whole, broken = submit(claim), submit(claim, jpeg(seed=9)[:-3000], "cut.jpg")
    ask(claim)
    work_off()

    broken.refresh_from_db()
    whole.refresh_from_db()
    assert broken.status == PhotoStatus.REFUSED
    assert broken.refusal
    assert whole.status == PhotoStatus.READY
    assert lane_of(claim).lane == Lane.DESK


def test_a_question_asked_later_reaches_the_photos_that_are_there(claim):
    submit(claim)
    work_off()
    ask(claim)
    work_off()

    assert Segmentation.objects.get().status == Outcome.ANSWERED


def test_a_standing_question_of_the_carrier_is_asked_of_claims_of_its_peril(carrier, engine):
    from assessment.models import DamageQuery

    DamageQuery.objects.create(carrier=carrier, text="hail dents", peril="hail")
    DamageQuery.objects.create(carrier=carrier, text="smoke", peril="fire")
    DamageQuery.objects.create(carrier=make_carrier(), text="not ours", peril="hail")
    submit(make_claim(carrier, peril="hail"))
    work_off()

    assert [each.query.text for each in Segmentation.objects.all()] == ["hail dents"]


def test_an_empty_question_is_refused(claim):
    with pytest.raises(ValidationError):
        ask(claim, "   ")


def test_a_refusal_is_an_outcome_with_its_reason_and_goes_to_a_person(claim, engine):
    engine.errors = [EngineRefusedError("Blocked for safety.")]
    submit(claim)
    ask(claim)
    work_off()

    segmentation = Segmentation.objects.get()
    assert (segmentation.status, segmentation.reason) == (
        Outcome.UNANSWERED,
        "Blocked for safety.",
    )
    assert not Finding.objects.exists()
    assert lane_of(claim).lane == Lane.DESK


def test_an_answer_that_cannot_be_read_is_a_failure_with_its_text_kept(claim, engine, monkeypatch):
    def garbled(*_):
        raise GarbledAnswerError("The answer is no JSON.")

    monkeypatch.setattr(engine, "read", garbled)
    submit(claim)
    ask(claim)
    work_off()

    segmentation = Segmentation.objects.get()
    assert (segmentation.status, segmentation.reason) == (Outcome.FAILED, "The answer is no JSON.")
    assert bytes(segmentation.calls.get().raw) == b"fake answer"
    assert lane_of(claim).lane == Lane.DESK


def test_what_was_lost_of_an_answer_is_kept_and_goes_to_a_person(claim, engine):
    engine.lost = ("The second mask was cut off.",)
    submit(claim)
    ask(claim)
    work_off()

    assert Segmentation.objects.get().lost == ["The second mask was cut off."]
    assert lane_of(claim).lane == Lane.DESK


def test_an_engine_that_is_away_is_asked_again(claim, engine):
    engine.errors = [EngineUnavailableError("Overloaded."), EngineUnavailableError("Again.")]
    submit(claim)
    ask(claim)
    work_off()

    assert engine.asked == 3
    assert Segmentation.objects.get().status == Outcome.ANSWERED


def test_an_engine_that_stays_away_ends_as_a_failure_and_the_claim_goes_on(claim, engine):
    engine.errors = [EngineUnavailableError("Overloaded.") for _ in range(99)]
    submit(claim)
    ask(claim)
    work_off()

    segmentation = Segmentation.objects.get()
    assert segmentation.status == Outcome.FAILED
    assert "Overloaded." in segmentation.reason
    assert lane_of(claim).lane == Lane.DESK


def test_an_answer_is_not_paid_for_twice_when_the_worker_dies_after_it(claim, engine, monkeypatch):
    submit(claim)
    ask(claim)
    TASKS[JobKind.PREPARE]("")
    job = job_take(kind=JobKind.SEGMENT)
    assert job is not None

    class WorkerKilled(BaseException):
        pass

    def killed(*_):
        raise WorkerKilled

    with monkeypatch.context() as patch:
        patch.setattr(engine, "read", killed)
        with pytest.raises(WorkerKilled):
            segmentation_run(job)
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    pipeline.sweep()
    work_off()

    assert engine.asked == 1
    assert Finding.objects.count() == 1


def test_a_worker_that_was_overtaken_leaves_nothing_behind(claim, engine):
    submit(claim)
    ask(claim)
    TASKS[JobKind.PREPARE]("")

    def overtaken():
        engine.before_answer = lambda: None
        Job.objects.filter(kind=JobKind.SEGMENT).update(lease_until=timezone.now() - timedelta(1))
        pipeline.sweep()
        TASKS[JobKind.SEGMENT]("")

    engine.before_answer = overtaken
    work_off()

    assert engine.asked == 2
    assert Finding.objects.count() == 1
    assert bytes(Segmentation.objects.get().calls.get().raw) == b"fake answer"


def test_a_claim_is_judged_once_the_last_of_its_questions_is_answered(claim, engine):
    for seed in range(3):
        submit(claim, jpeg(seed=seed))
    ask(claim)
    TASKS[JobKind.PREPARE]("")
    waiting = Job.objects.filter(kind=JobKind.SETTLE)

    judged = []
    for _ in range(3):
        judged.append(waiting.exists())
        TASKS[JobKind.SEGMENT]("", 0.0)

    assert judged == [False, False, False]
    assert waiting.get().status == JobStatus.QUEUED
    work_off()
    assert Triage.objects.get(claim=claim).lane


def test_a_claim_is_judged_when_the_last_of_its_photos_turns_out_unusable(claim, monkeypatch):
    submit(claim)

    def unusable(_: Photo) -> None:
        raise UploadRefusedError("It can't be used.", "Send another.")

    monkeypatch.setattr("assessment.services.photos.photo_derive", unusable)
    TASKS[JobKind.PREPARE]("")

    assert Job.objects.get(kind=JobKind.SETTLE).status == JobStatus.QUEUED


def test_two_overlapping_findings_are_judged_by_their_union(claim, engine):
    engine.detections = (square(label="a crack"), square(left=100, label="another crack"))
    photo = submit(claim)
    pipeline.scale_give(photo=photo, line=ReferenceLine((0, 0), (200, 0), 2.0), by=None)
    ask(claim)
    work_off()

    assert sum(Finding.objects.values_list("area_px", flat=True)) == pytest.approx(20_000)
    facts = lane_of(claim).facts
    assert facts is not None
    assert facts["area_m2"]["value"] == pytest.approx(1.5, rel=0.05)


def test_a_reference_line_gives_square_metres_with_an_interval(claim):
    photo = submit(claim)
    pipeline.scale_give(photo=photo, line=ReferenceLine((0, 0), (200, 0), 2.0), by=None)
    ask(claim)
    work_off()

    finding = Finding.objects.get()
    assert finding.area_m2 == pytest.approx(1.0, rel=0.05)
    assert finding.area_m2_low is not None
    assert finding.area_m2_high is not None
    assert finding.area_m2_low < 1.0 < finding.area_m2_high
    assert "2 m" in finding.basis


def test_an_outline_with_nothing_in_it_is_no_finding_and_is_said_to_be_lost(claim, engine):
    engine.detections = (square(left=900, top=900), square())
    submit(claim)
    ask(claim)
    work_off()

    assert Finding.objects.count() == 1
    assert Segmentation.objects.get().lost == ['The outline of "crack in plaster" holds nothing.']


def test_settling_again_without_change_stores_no_second_decision(claim):
    submit(claim)
    ask(claim)
    work_off()
    from assessment.services.photos import settle_open

    settle_open(claim, "")
    work_off()

    assert Triage.objects.filter(claim=claim).count() == 1


def test_a_claim_is_not_judged_while_a_question_is_open(claim, engine):
    submit(claim)
    ask(claim)
    TASKS[JobKind.PREPARE]("")
    TASKS[JobKind.SETTLE]("")

    assert not Triage.objects.exists()


def test_a_report_is_made_of_the_moment_it_was_asked_for(claim, engine):
    submit(claim)
    ask(claim)
    work_off()
    report = pipeline.report_request(claim=claim, by=None)
    Sighting.objects.all().delete()
    Finding.objects.all().delete()
    work_off()

    report.refresh_from_db()
    assert report.status == ReportStatus.READY
    assert '"label":"crack in plaster"' in report.dossier


def test_a_report_that_cannot_be_made_says_where_to_look(claim, engine, monkeypatch, caplog):
    submit(claim)
    work_off()
    report = pipeline.report_request(claim=claim, by=None)
    monkeypatch.setattr(files, "load", lambda name: (_ for _ in ()).throw(OSError("disk is gone")))
    work_off()

    report.refresh_from_db()
    assert report.status == ReportStatus.FAILED
    assert "Something went wrong inside the service." in report.reason
    assert "disk is gone" in caplog.text


def test_a_report_that_can_never_be_made_is_tried_once(claim, monkeypatch):
    submit(claim)
    work_off()
    Carrier.objects.update(units="metric")
    claim.refresh_from_db()
    report = pipeline.report_request(claim=claim, by=None)
    dossier = report.dossier.replace('"units":"metric"', '"units":"furlongs"')
    Report.objects.filter(pk=report.pk).update(dossier=dossier)
    assert TASKS[JobKind.REPORT]("") == 1

    report.refresh_from_db()
    job = Job.objects.get(kind=JobKind.REPORT)
    assert (report.status, job.status) == (ReportStatus.FAILED, JobStatus.FAILED)
    assert report.reason == job.reason
    assert report.reason.startswith("The carrier")
    assert "furlongs" in report.reason


def test_a_photo_that_is_sent_again_while_it_is_given_up_is_prepared_after_all(claim, engine):
    photo = submit(claim)
    ask(claim)
    job = job_take(kind=JobKind.PREPARE)
    assert job is not None
    submit(claim)
    work.job_give_up(job, "The disk is gone.")
    photo.refresh_from_db()
    assert photo.status == PhotoStatus.FAILED

    work_off()

    photo.refresh_from_db()
    assert (photo.status, photo.refusal) == (PhotoStatus.READY, "")
    assert Segmentation.objects.get().status == Outcome.ANSWERED


def test_a_claim_that_the_rules_cannot_judge_goes_to_a_person_with_the_reason(claim, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("a bug in a rule")

    monkeypatch.setattr("assessment.services.triage.decide", broken)
    submit(claim)
    work_off()

    decision = lane_of(claim)
    assert (decision.lane, decision.facts) == (Lane.DESK, None)
    assert "The rules could not be applied: " in decision.reasons[0]["sentence"]
    assert "a bug in a rule" not in decision.reasons[0]["sentence"]


def test_a_photo_that_fails_for_a_fault_of_ours_says_so_in_a_sentence(claim, monkeypatch, caplog):
    def broken(_):
        raise OSError(28, "No space left on device", "/srv/eaves/derived")

    monkeypatch.setattr("assessment.services.photos.photo_derive", broken)
    photo = submit(claim)
    work_off()

    photo.refresh_from_db()
    assert photo.status == PhotoStatus.FAILED
    assert photo.refusal.startswith("Tried 5 times, then given up. Something went wrong inside")
    assert "No space left" not in photo.refusal
    assert "No space left" in caplog.text


def test_the_same_kinds_of_damage_in_another_order_are_no_new_decision(claim, monkeypatch):
    facts = replace(FACTS_OF_A_CLAIM, damage_types=frozenset({DamageType.CRACK, DamageType.STAIN}))
    for kinds in ([DamageType.CRACK, DamageType.STAIN], [DamageType.STAIN, DamageType.CRACK]):
        dumped = {**FACTS.dump_python(facts, mode="json"), "damage_types": list(kinds)}
        monkeypatch.setattr(FACTS, "dump_python", lambda *_, dumped=dumped, **__: dumped)
        triage.triage_store(claim, facts, decide(facts))

    assert Triage.objects.count() == 1


def test_a_photo_nobody_asked_about_goes_to_a_person(claim):
    asked = submit(claim, jpeg(seed=1))
    submit(claim, jpeg(seed=2))
    pipeline.query_ask(claim=claim, text="cracks", by=None, photos=[asked])
    work_off()

    assert Segmentation.objects.count() == 1
    assert "unasked_photos" in [reason["rule"] for reason in lane_of(claim).reasons]


def test_a_question_cannot_be_put_to_a_photo_of_another_claim(claim):
    stranger = submit(make_claim(make_carrier()))

    with pytest.raises(ValidationError, match="its own claim"):
        pipeline.query_ask(claim=claim, text="cracks", by=None, photos=[stranger])


def test_a_line_drawn_later_measures_what_is_there_and_judges_the_claim_anew(claim):
    photo = submit(claim)
    ask(claim)
    work_off()
    assert "unscaled" in [reason["rule"] for reason in lane_of(claim).reasons]

    photo.refresh_from_db()
    pipeline.scale_give(photo=photo, line=ReferenceLine((0, 0), (200, 0), 2.0), by=None)
    work_off()

    assert Finding.objects.get().area_m2 == pytest.approx(1.0, rel=0.05)
    assert "unscaled" not in [reason["rule"] for reason in lane_of(claim).reasons]


@pytest.mark.parametrize(
    "line",
    [
        ReferenceLine((0, 0), (5, 0), 1.0),
        ReferenceLine((0, 0), (200, 0), -2.0),
        ReferenceLine((0, 0), (99999, 0), 2.0),
    ],
)
def test_a_line_that_bears_no_scale_is_refused_and_changes_nothing(claim, line):
    photo = submit(claim)
    with pytest.raises(ScaleError):
        pipeline.scale_give(photo=photo, line=line, by=None)

    photo.refresh_from_db()
    assert photo.reference_line is None


def test_a_photo_that_could_not_be_prepared_is_prepared_when_it_is_sent_again(claim, monkeypatch):
    photo = submit(claim)
    with monkeypatch.context() as patch:
        patch.setattr(files, "load", lambda name: (_ for _ in ()).throw(OSError("disk is gone")))
        work_off()
    photo.refresh_from_db()
    assert photo.status == PhotoStatus.FAILED
    assert "Something went wrong inside the service." in photo.refusal

    submit(claim)
    work_off()

    photo.refresh_from_db()
    assert (photo.status, photo.refusal) == (PhotoStatus.READY, "")


def test_a_report_on_a_claim_that_is_still_open_names_no_lane(claim):
    submit(claim)
    ask(claim)
    work_off()
    submit(claim, jpeg(seed=5))
    report = pipeline.report_request(claim=claim, by=None)

    assert '"triage":null' in report.dossier


def test_a_label_with_a_nul_is_stored_without_it(claim, engine):
    engine.detections = (square(label="crack\0 in \ud800 wall"),)
    submit(claim)
    ask(claim)
    work_off()

    assert Finding.objects.get().label == "crack in ? wall"


def test_a_refused_question_says_who_was_asked_and_when(claim, engine):
    engine.errors = [EngineRefusedError("Blocked.")]
    submit(claim)
    ask(claim)
    work_off()

    segmentation = Segmentation.objects.get()
    assert segmentation.model_requested == "fake-1"
    assert segmentation.asked_at is not None


def test_what_was_given_up_is_tried_again_on_demand(claim, engine, carrier, capsys):
    engine.errors = [EngineUnavailableError("Away.") for _ in range(jobs.MAX_WAITS + 1)]
    submit(claim)
    ask(claim)
    work_off()
    assert Segmentation.objects.get().status == Outcome.FAILED

    call_command("try_again", carrier.slug, claim.number)
    work_off()

    assert "Tried again: 1." in capsys.readouterr().out
    assert Segmentation.objects.get().status == Outcome.ANSWERED
    assert Finding.objects.count() == 1
