"""The claim file in a real browser: a report that is made while one looks on, and a decision."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from assessment import pipeline
from claims.models import Carrier, Claim, User
from tests.browser import DESKTOP, PHONE, axe_violations, scrolls_sideways
from tests.factories import jpeg
from tests.pipeline.steps import assessed_claim

PASSWORD = "correct horse battery"
NARROWEST = ViewportSize(width=320, height=640)


@pytest.fixture
def claim(page: Page, carrier: Carrier, fake_engine) -> Claim:
    return assessed_claim(carrier, jpeg())


def open_claim(page: Page, user: User, claim: Claim) -> None:
    page.goto(f"/claims/{claim.number}/")
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Decision")).to_be_visible()
    page.wait_for_load_state()


def save_decision(page: Page, choice: str) -> None:
    page.get_by_label(choice).check()
    page.get_by_role("button", name="Save decision").click()


def assert_fit_for_all(page: Page) -> None:
    for size in (DESKTOP, PHONE, NARROWEST):
        page.set_viewport_size(size)
        assert not scrolls_sideways(page)
        assert axe_violations(page) == []


def test_a_report_appears_by_itself_and_is_downloaded(page, user, claim):
    open_claim(page, user, claim)
    page.get_by_role("button", name="Make again").click()
    expect(page.get_by_text("Report 2 is being made.")).to_be_visible()

    pipeline.work_off("")

    expect(page.get_by_text("Report 2, made today")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download PDF").click()
    assert download.value.suggested_filename == f"PDR-{claim.number}-02.pdf"


def test_a_decision_asks_once_about_what_is_left(page, user, claim):
    open_claim(page, user, claim)
    save_decision(page, "Approve the assessment")
    expect(page.get_by_text("1 finding is not reviewed. It will not be counted.")).to_be_visible()
    assert_fit_for_all(page)

    page.get_by_role("button", name="Decide anyway").click()

    expect(page.get_by_text("Decided by Ana Ruiz, today")).to_be_visible()
    expect(page.get_by_role("button", name="Save decision")).to_have_count(0)
    assert_fit_for_all(page)


def test_photos_are_asked_for_with_words_and_the_form_says_so(page, user, claim):
    open_claim(page, user, claim)
    save_decision(page, "Ask the policyholder for photos")

    page.get_by_role("link", name="Write which photos are missing").click()
    expect(page.get_by_label("Note")).to_be_focused()
    assert_fit_for_all(page)

    page.get_by_label("Note").fill("The rear slope, from the street.")
    page.get_by_role("button", name="Save decision").click()
    expect(page.locator("#decision .notice")).to_contain_text("The rear slope, from the street.")


def test_the_whole_history_fits_every_screen(page, user, claim):
    open_claim(page, user, claim)
    page.goto(f"/claims/{claim.number}/history/")

    expect(page.get_by_text("opened the claim.")).to_be_visible()
    assert_fit_for_all(page)
