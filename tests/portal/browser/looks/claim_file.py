"""What is written into a claim's file, and its report."""

from __future__ import annotations

from django.core.files.storage import default_storage
from playwright.sync_api import expect

from assessment import pipeline
from assessment.core.vocabulary import DecisionKind, ReportStatus, ReviewStatus
from assessment.models import Finding, Report
from assessment.selectors.decisions import undone_in
from assessment.services.decisions import claim_decide
from claims.models import Claim, Role
from claims.services import note_add
from tests.factories import make_claim
from tests.portal.browser.looks.scene import Look, Scene
from tests.portal.claim_states import change


def note_without_words(scene: Scene) -> None:
    scene.open(scene.claim("empty"))
    scene.press("Add note")
    expect(scene.page.get_by_role("alert")).to_be_visible()


def claim_with_notes(scene: Scene) -> None:
    claim = scene.claim("empty")
    for text in ("Called the roofer.", "A word" + "s" * 60 + " that is too long for a line."):
        note_add(claim=claim, text=text, by=scene.user)
    scene.open(claim)


def decision_without_choice(scene: Scene) -> None:
    scene.open(scene.claim("unscaled"))
    scene.press("Save decision")
    expect(scene.page.get_by_role("alert")).to_be_visible()


def decision_with_findings_left(scene: Scene) -> None:
    scene.open(scene.claim("unscaled"))
    scene.page.get_by_label("Approve the assessment").check()
    scene.press("Save decision")
    expect(scene.page.get_by_role("button", name="Decide anyway")).to_be_visible()


def decided_meanwhile(scene: Scene) -> None:
    claim = scene.claim("reviewed")
    scene.open(claim)
    kind = DecisionKind.SPECIALIST
    claim_decide(claim=claim, kind=kind, note="", by=scene.user, despite=undone_in(claim))
    scene.page.get_by_label("New note").fill("Called the roofer.")
    scene.press("Add note")
    expect(scene.page.get_by_text("What you wrote was not saved.")).to_be_visible()


def reopening_without_reason(scene: Scene) -> None:
    scene.come_as(Role.MANAGER)
    scene.open(scene.claim("decided"))
    scene.press("Reopen claim")
    expect(scene.page.get_by_role("alert")).to_be_visible()


def history(scene: Scene) -> None:
    scene.open(scene.claim("decided"), "history/")


def history_at_its_end(scene: Scene) -> None:
    scene.open(make_claim(scene.carrier), "history/?before=1")
    expect(scene.page.get_by_text("Nothing older is on record.")).to_be_visible()


def report_being_made(scene: Scene) -> None:
    claim = scene.claim("reviewed")
    pipeline.report_request(claim=claim, by=scene.user)
    scene.open(claim)
    expect(scene.page.get_by_text("Report 1 is being made.")).to_be_visible()


def report_ready(scene: Scene) -> None:
    scene.open(_reported(scene))
    expect(scene.page.get_by_role("link", name="Download PDF")).to_be_visible()


def _reported(scene: Scene) -> Claim:
    claim = scene.claim("unscaled")
    pipeline.report_request(claim=claim, by=scene.user)
    pipeline.work_off("")
    return claim


def report_gone_stale(scene: Scene) -> None:
    claim = _reported(scene)
    finding = Finding.objects.filter(photo__claim=claim).earliest("pk")
    change(finding, scene.user, review=ReviewStatus.REJECTED)
    scene.open(claim)
    expect(scene.page.get_by_text("since this report")).to_be_visible()


def report_failed(scene: Scene) -> None:
    claim = _reported(scene)
    pipeline.report_request(claim=claim, by=scene.user)
    reason = "The print copy of photo 1 is missing."
    Report.objects.filter(number=2).update(status=ReportStatus.FAILED, reason=reason)
    scene.open(claim)
    expect(scene.page.get_by_text(reason)).to_be_visible()


def report_damaged(scene: Scene) -> None:
    claim = _reported(scene)
    default_storage.delete(Report.objects.get().file)
    scene.open(claim, "reports/1/")
    expect(scene.page.get_by_role("heading")).to_have_text("Report 1 is damaged")


LOOKS: tuple[Look, ...] = (
    note_without_words,
    claim_with_notes,
    decision_without_choice,
    decision_with_findings_left,
    decided_meanwhile,
    reopening_without_reason,
    history,
    history_at_its_end,
    report_being_made,
    report_ready,
    report_gone_stale,
    report_failed,
    report_damaged,
)
