"""A claim, its photos and what is decided about it."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from assessment import pipeline
from assessment.core.vocabulary import DecisionKind
from assessment.models import Job
from assessment.selectors.decisions import undone_in
from assessment.services.decisions import claim_decide
from claims.evidence.upload import UploadRefusedError
from claims.models import Photo, PhotoStatus, Role
from tests.factories import jpeg
from tests.portal.browser.looks.scene import Look, Scene
from tests.portal.browser.test_claim_page import choose, file
from tests.portal.claim_states import STATES, with_photos


def claim_in(state: str) -> Look:
    def look(scene: Scene) -> None:
        scene.open(scene.claim(state))

    look.__name__ = f"claim_{state}"
    return look


def claim_stuck(scene: Scene) -> None:
    claim = scene.claim("analysing")
    Job.objects.update(run_after=timezone.now() - timedelta(hours=1))
    scene.open(claim)
    expect(scene.page.get_by_text("no worker is at work")).to_be_visible()


def claim_seen_by_an_auditor(scene: Scene) -> None:
    scene.come_as(Role.AUDITOR)
    scene.open(scene.claim("unscaled"))


def claim_decided_seen_by_a_manager(scene: Scene) -> None:
    scene.come_as(Role.MANAGER)
    scene.open(scene.claim("decided"))


def claim_awaiting_photos(scene: Scene) -> None:
    claim = scene.claim("unscaled")
    note = "The rear slope, from the street."
    undone = undone_in(claim)
    kind = DecisionKind.MORE_PHOTOS
    claim_decide(claim=claim, kind=kind, note=note, by=scene.user, despite=undone)
    scene.open(claim)


def claim_after_uploads(scene: Scene) -> None:
    scene.open(scene.claim("empty"))
    choose(scene.page, file("estimate.jpg", b"%PDF-1.7"), file("roof.jpg", jpeg()))
    expect(scene.page.get_by_text("Not added: 1.")).to_be_visible()
    expect(scene.page.locator("#claim-photos")).to_contain_text("Refused")


def question_that_cannot_be_asked(scene: Scene) -> None:
    scene.open(scene.claim("unscaled"))
    scene.press("Look for it")
    expect(scene.page.get_by_role("alert")).to_be_visible()


def photo_being_prepared(scene: Scene) -> None:
    scene.open(with_photos(scene.carrier, scene.user, 2), "photos/1/")


def photo_refused(scene: Scene) -> None:
    claim = scene.claim("empty")
    with suppress(UploadRefusedError):
        pipeline.photo_submit(claim=claim, data=b"%PDF-1.7", name="estimate.pdf", by=None)
    scene.open(claim, "photos/1/")


def photo_failed(scene: Scene) -> None:
    claim = with_photos(scene.carrier, scene.user, 2)
    refusal = "The file broke off in the middle."
    Photo.objects.filter(number=1).update(status=PhotoStatus.FAILED, refusal=refusal)
    scene.open(claim, "photos/1/")


LOOKS: tuple[Look, ...] = (
    *(claim_in(state) for state in STATES),
    claim_stuck,
    claim_seen_by_an_auditor,
    claim_decided_seen_by_a_manager,
    claim_awaiting_photos,
    claim_after_uploads,
    question_that_cannot_be_asked,
    photo_being_prepared,
    photo_refused,
    photo_failed,
)
