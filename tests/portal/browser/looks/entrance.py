"""Coming in, opening a claim, and the pages that turn one away."""

from __future__ import annotations

from playwright.sync_api import expect

from claims.models import Membership, Role
from portal.throttle import FAILURES_ALLOWED, attempt_begin
from tests.factories import make_claim
from tests.portal.browser.looks.scene import Look, Scene


def sign_in(scene: Scene) -> None:
    scene.page.context.clear_cookies()
    scene.page.goto("/sign-in/")


def sign_in_refused(scene: Scene) -> None:
    sign_in(scene)
    scene.page.get_by_label("E-mail").fill(scene.user.email)
    scene.page.get_by_label("Password").fill("not the password")
    scene.press("Sign in")
    expect(scene.page.get_by_role("alert")).to_contain_text("don't belong together")


def sign_in_throttled(scene: Scene) -> None:
    for _ in range(FAILURES_ALLOWED):
        attempt_begin(scene.user.email, "127.0.0.1")
    sign_in(scene)
    scene.page.get_by_label("E-mail").fill(scene.user.email)
    scene.page.get_by_label("Password").fill("not the password")
    scene.press("Sign in")
    expect(scene.page.get_by_role("alert")).to_contain_text("minutes")


def page_open_too_long(scene: Scene) -> None:
    sign_in(scene)
    scene.page.context.clear_cookies()
    scene.press("Sign in")
    expect(scene.page.get_by_role("heading")).to_have_text("This page was open too long")


def nobodys_member(scene: Scene) -> None:
    Membership.objects.all().delete()
    scene.page.goto("/claims/")


def role_may_not(scene: Scene) -> None:
    scene.come_as(Role.AUDITOR)
    scene.page.goto("/new-claim/")
    expect(scene.page.get_by_role("heading")).to_have_text("You may not do this")


def not_there(scene: Scene) -> None:
    scene.page.goto("/claims/NOBODY-1/")


def not_understood(scene: Scene) -> None:
    scene.open(make_claim(scene.carrier), "history/?before=yesterday")
    expect(scene.page.get_by_role("heading")).to_have_text("This request could not be read")


def our_fault(scene: Scene) -> None:
    scene.settings.ROOT_URLCONF = "tests.portal.specimen_urls"
    scene.page.goto("/broken/")
    expect(scene.page.get_by_role("heading")).to_have_text("Something went wrong here")


def new_claim(scene: Scene) -> None:
    scene.page.goto("/new-claim/")


def new_claim_with_faults(scene: Scene) -> None:
    new_claim(scene)
    scene.page.get_by_label("Limit of the policy").fill("-5")
    scene.press("Open claim")
    expect(scene.page.get_by_role("alert")).to_be_focused()


def new_claim_that_is_there(scene: Scene) -> None:
    make_claim(scene.carrier, number="HX-1")
    new_claim(scene)
    scene.page.get_by_label("Claim number").fill("HX-1")
    scene.page.get_by_label("What caused the loss").select_option("Hail")
    scene.press("Open claim")
    expect(scene.page.get_by_role("link", name="Open claim HX-1")).to_be_visible()


LOOKS: tuple[Look, ...] = (
    sign_in,
    sign_in_refused,
    sign_in_throttled,
    page_open_too_long,
    nobodys_member,
    role_may_not,
    not_there,
    not_understood,
    our_fault,
    new_claim,
    new_claim_with_faults,
    new_claim_that_is_there,
)
