"""Reports on a claim: asked for, made, gone stale, downloaded, damaged."""

from __future__ import annotations

import hashlib

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from assessment import pipeline
from assessment.core.scale import ReferenceLine
from assessment.core.vocabulary import DecisionKind, ReportStatus, ReviewStatus
from assessment.models import Report
from assessment.selectors.claims import findings_of
from assessment.selectors.report_state import Since, report_state
from assessment.services.decisions import claim_decide
from assessment.services.review import Change
from claims.models import Claim, Photo, Role
from portal.reporting import since_sentences
from tests.factories import jpeg, make_carrier, make_claim
from tests.pipeline.steps import assessed_claim

pytestmark = [pytest.mark.django_db, pytest.mark.service]

HTMX = {"HX-Request": "true"}
UNCHANGED = Since(0, 0, 0, 0, 0, 0, 0, 0)


def address(claim: Claim, place: str = "") -> str:
    return f"/claims/{claim.number}/reports/{place}"


def panel(client, claim: Claim) -> str:
    return str(client.get(address(claim, "state/"), headers=HTMX).text)


@pytest.fixture
def reported(carrier, fake_engine) -> Claim:
    """A claim with one finding and its report."""
    return assessed_claim(carrier, jpeg())


def accept(claim: Claim, by) -> None:
    finding = findings_of(claim).get()
    change = Change(review=ReviewStatus.ACCEPTED)
    pipeline.finding_change(finding=finding, change=change, seen=finding.revision, by=by, op=None)


def test_a_claim_without_a_report_offers_to_make_one(member_client, claim):
    shown = panel(member_client, claim)

    assert "No report yet." in shown
    assert "Make the report" in shown
    assert "hx-trigger" not in shown


def test_a_report_is_watched_while_it_is_made_and_no_longer(member_client, claim):
    answer = member_client.post(address(claim))
    assert answer.url == f"/claims/{claim.number}/#report"

    making = panel(member_client, claim)
    assert "Report 1 is being made." in making
    assert 'hx-trigger="poll from:body"' in making

    pipeline.work_off("")
    made = panel(member_client, claim)
    report = Report.objects.get(claim=claim)
    assert "hx-trigger" not in made
    assert "Report 1, made <time" in made
    assert "by Ana Ruiz." in made
    assert f">{report.sha256[:12]}</code>" in made
    assert f'href="{address(claim, "1/")}"' in made


def test_a_report_that_is_being_made_is_not_asked_for_twice(member_client, claim):
    for _ in range(2):
        member_client.post(address(claim))

    assert Report.objects.filter(claim=claim).count() == 1


def test_one_that_is_being_made_of_what_has_changed_since_is_made_again(
    member_client, reported, user
):
    pipeline.report_request(claim=reported, by=user)
    accept(reported, user)

    member_client.post(address(reported))

    assert Report.objects.filter(claim=reported).count() == 3


def test_a_panel_that_has_not_changed_is_not_sent_again(member_client, claim, user):
    pipeline.report_request(claim=claim, by=user)
    first = member_client.get(address(claim, "state/"), headers=HTMX)
    known = {**HTMX, "If-None-Match": first.headers["ETag"]}

    again = member_client.get(address(claim, "state/"), headers=known)
    pipeline.work_off("")
    changed = member_client.get(address(claim, "state/"), headers=known)

    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200


def test_the_panel_alone_is_no_page_to_go_to(member_client, claim):
    assert member_client.get(address(claim, "state/")).url == f"/claims/{claim.number}/#report"


def test_a_report_that_failed_says_why_and_can_be_tried_again(member_client, claim, user):
    report = pipeline.report_request(claim=claim, by=user)
    Report.objects.filter(pk=report.pk).update(
        status=ReportStatus.FAILED, reason="The print copy of photo 1 is missing."
    )

    shown = panel(member_client, claim)
    assert "Report 1 could not be made. The claim is unchanged." in shown
    assert "The print copy of photo 1 is missing." in shown
    assert "Try again" in shown

    member_client.post(address(claim))
    pipeline.work_off("")
    assert "Report 2, made" in panel(member_client, claim)


def test_the_last_report_can_be_had_while_another_is_made(member_client, reported):
    member_client.post(address(reported))

    shown = panel(member_client, reported)
    assert "Report 2 is being made." in shown
    assert "since this report" not in shown
    assert f'href="{address(reported, "1/")}"' in shown


def test_the_last_report_is_called_stale_whatever_became_of_the_next(member_client, reported, user):
    accept(reported, user)
    report = pipeline.report_request(claim=reported, by=user)
    Report.objects.filter(pk=report.pk).update(status=ReportStatus.FAILED, reason="No memory.")

    assert "1 finding changed since this report." in panel(member_client, reported)


def test_a_fresh_report_tells_all(member_client, reported):
    assert report_state(reported).since == UNCHANGED
    assert "since this report" not in panel(member_client, reported)


def test_a_finding_that_changed_makes_the_report_stale(member_client, reported, user):
    accept(reported, user)

    shown = panel(member_client, reported)
    assert "1 finding changed since this report." in shown
    assert "Make again" in shown


def test_what_came_later_is_told_each_by_its_kind(reported, user):
    photo = Photo.objects.get(claim=reported)
    line = ReferenceLine((10.0, 10.0), (200.0, 10.0), 1.0)
    pipeline.scale_give(photo=photo, line=line, by=user)
    pipeline.photo_submit(claim=reported, data=jpeg(seed=9), name="b.jpg", by=user)
    pipeline.query_ask(claim=reported, text="hail", by=user)
    claim_decide(claim=reported, kind=DecisionKind.MORE_PHOTOS, note="The rear slope.", by=user)
    pipeline.claim_correct(claim=reported, details={"insured": "R. Alvarez"}, by=user)

    since = report_state(reported).since

    assert since is not None
    assert (since.findings, since.photos, since.scales, since.questions, since.decisions) == (
        0,
        1,
        1,
        1,
        1,
    )
    assert since_sentences(since) == [
        "1 photo came or was refused since this report.",
        "1 question was asked since this report.",
        "A reference line was drawn or taken off since this report.",
        "The claim was decided or opened again since this report.",
        "The details of the claim were corrected since this report.",
    ]


def test_an_answer_that_found_nothing_still_makes_the_report_stale(carrier, user, fake_engine):
    """It was open when the report was asked for, and changes nothing but the way of the claim."""
    fake_engine.detections = ()
    claim = make_claim(carrier)
    pipeline.query_ask(claim=claim, text="cracks", by=None)
    pipeline.photo_submit(claim=claim, data=jpeg(), name="a.jpg", by=None)
    pipeline.report_request(claim=claim, by=user)
    pipeline.work_off("")

    since = report_state(claim).since

    assert since == Since(0, 0, 0, 0, 1, 0, 0, 1)
    assert since_sentences(since) == ["1 question got its answer, or none, since this report."]


def test_the_pdf_is_handed_out_as_it_was_made(member_client, reported):
    answer = member_client.get(address(reported, "1/"))

    report = Report.objects.get(claim=reported)
    assert answer.status_code == 200
    assert hashlib.sha256(answer.content).hexdigest() == report.sha256
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="PDR-{reported.number}-01.pdf"'
    )
    assert answer.headers["ETag"] == f'"{report.sha256}"'
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_pdf_that_is_known_is_not_sent_again(member_client, reported):
    tag = f'"{Report.objects.get(claim=reported).sha256}"'
    known = {"If-None-Match": tag}

    assert member_client.get(address(reported, "1/"), headers=known).status_code == 304


def test_a_claim_number_cannot_break_out_of_the_file_name(carrier, member_client):
    claim = make_claim(carrier, number='A";é')
    pipeline.report_request(claim=claim, by=None)
    pipeline.work_off("")

    header = member_client.get(address(claim, "1/")).headers["Content-Disposition"]
    assert header == "attachment; filename*=utf-8''PDR-A%22%3B%C3%A9-01.pdf"


def test_a_report_that_is_not_ready_is_not_there(member_client, claim, user):
    pipeline.report_request(claim=claim, by=user)

    assert member_client.get(address(claim, "1/")).status_code == 404


@pytest.mark.parametrize("damage", ["gone", "changed"])
def test_a_damaged_report_is_explained_and_not_handed_out(
    member_client, reported, monkeypatch, damage
):
    report = Report.objects.get(claim=reported)
    Report.objects.filter(pk=report.pk).update(
        file="reports/aa/none.pdf" if damage == "gone" else other_file()
    )

    answer = member_client.get(address(reported, "1/"))

    assert answer.status_code == 410
    assert "Report 1 is damaged" in answer.text
    assert "Make again" in answer.text
    assert answer.headers["Content-Type"].startswith("text/html")


def other_file() -> str:
    """A stored file whose bytes are not those that its name promises."""
    return default_storage.save(f"reports/{'0' * 64}.pdf", ContentFile(b"%PDF- of another claim"))


def test_an_auditor_downloads_reports_and_asks_for_none(in_role, reported):
    auditor = in_role(Role.AUDITOR)

    assert auditor.get(address(reported, "1/")).status_code == 200
    assert auditor.post(address(reported)).status_code == 403
    assert "<form" not in panel(auditor, reported)
    assert Report.objects.filter(claim=reported).count() == 1


def test_a_decided_claim_still_gets_its_report(member_client, claim, user):
    claim_decide(claim=claim, kind=DecisionKind.APPROVE, note="", by=user)

    assert member_client.post(address(claim)).status_code == 302
    pipeline.work_off("")

    assert "Report 1, made" in panel(member_client, claim)


def test_another_carriers_report_of_the_same_numbers_is_not_handed_out(member_client, fake_engine):
    theirs = assessed_claim(make_carrier(), jpeg())

    assert member_client.get(address(theirs, "1/")).status_code == 404
