"""The queue, from empty to full."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from playwright.sync_api import expect

from assessment.core.vocabulary import Stage
from assessment.models import Job, Segmentation
from claims.models import Membership, Role
from tests.factories import make_carrier
from tests.portal.browser.looks.scene import Look, Scene
from tests.selectors.standing import claim_at

REASONS = [
    "The damaged area may reach 41.20 m², the upper end of its 95 % interval.",
    "Photos that could not be used: 2.",
]
ABOUT: dict[str, Any] = {"insured": "M. Alvarez", "address": "118 Cedar Ln, Plano TX 75074"}


def queue_empty(scene: Scene) -> None:
    scene.page.goto("/claims/")


def queue_empty_with_fast_ones(scene: Scene) -> None:
    claim_at(scene.carrier, Stage.FAST)
    scene.page.goto("/claims/?tab=review")


def queue_without_own(scene: Scene) -> None:
    scene.page.goto("/claims/?tab=mine")


def queue_without_failed(scene: Scene) -> None:
    claim_at(scene.carrier)
    scene.page.goto("/claims/?tab=failed")


def queue_filtered_to_nothing(scene: Scene) -> None:
    claim_at(scene.carrier)
    scene.page.goto("/claims/?tab=review&peril=fire")


def queue_without_hit(scene: Scene) -> None:
    claim_at(scene.carrier)
    scene.page.goto("/claims/?tab=all&q=zzz")


def queue_full(scene: Scene) -> None:
    docket = {"reasons": REASONS, "photos": 14, "unreviewed": 47}
    for hours, stage in enumerate(Stage):
        claim_at(
            scene.carrier, stage, hours=11 * hours, assignee=scene.user, docket=docket, **ABOUT
        )
    scene.claim("partly_failed")
    scene.claim("analysing")
    scene.page.goto("/claims/?tab=all")


def queue_decided(scene: Scene) -> None:
    scene.claim("decided")
    scene.page.goto("/claims/?tab=decided")


def queue_found(scene: Scene) -> None:
    claim_at(scene.carrier, docket={"reasons": REASONS, "photos": 2}, **ABOUT)
    scene.page.goto("/claims/?tab=all&q=alvarez")


def queue_engine_away(scene: Scene) -> None:
    scene.claim("engine_away")
    scene.page.goto("/claims/?tab=analysing")
    expect(scene.page.get_by_text("The analysis engine can't be reached.")).to_be_visible()


def queue_drifted(scene: Scene) -> None:
    scene.claim("partly_failed")
    said = "gemini-2.5-flash was asked, and gemini-3.5-flash-lite answered."
    Segmentation.objects.update(
        calls_made=1,
        asked_at=timezone.now(),
        model_requested="gemini-2.5-flash",
        model_served="gemini-3.5-flash-lite",
        drift=f"{said} Asked for a mask, it answered with a polygon.",
    )
    scene.come_as(Role.MANAGER)
    scene.page.goto("/claims/?tab=all")
    expect(scene.page.get_by_text("Answers don't come as they were asked for.")).to_be_visible()


def queue_stuck(scene: Scene) -> None:
    scene.claim("analysing")
    Job.objects.update(run_after=timezone.now() - timedelta(hours=1))
    scene.page.goto("/claims/?tab=analysing")
    expect(scene.page.get_by_text("The analysis isn't running.")).to_be_visible()


def queue_of_two_carriers(scene: Scene) -> None:
    other = make_carrier()
    Membership.objects.create(user=scene.user, carrier=other, role=Role.MANAGER)
    claim_at(scene.carrier, **ABOUT)
    scene.page.goto("/claims/?tab=all")
    expect(scene.page.get_by_label("Carrier")).to_be_visible()


def nothing_to_take_up(scene: Scene) -> None:
    scene.page.goto("/claims/")
    scene.press("Review next claim")
    expect(scene.page.get_by_role("alert")).to_be_visible()


def keys(scene: Scene) -> None:
    scene.page.goto("/claims/")
    scene.press("Keyboard")


LOOKS: tuple[Look, ...] = (
    queue_empty,
    queue_empty_with_fast_ones,
    queue_without_own,
    queue_without_failed,
    queue_filtered_to_nothing,
    queue_without_hit,
    queue_full,
    queue_decided,
    queue_found,
    queue_engine_away,
    queue_drifted,
    queue_stuck,
    queue_of_two_carriers,
    nothing_to_take_up,
    keys,
)
