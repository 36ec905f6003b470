"""An adjuster's day from signing in to the decision, on the real pipeline and the local engine."""

from __future__ import annotations

import hashlib
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from assessment import pipeline
from assessment.models import Report
from claims.models import Carrier, Role, User
from samples.roof import missing_shingles
from tests.browser import watched_page
from tests.factories import make_user
from tests.portal.browser.test_claim_page import choose, enter, file
from tests.portal.browser.test_first_pages import sign_in

QUESTION = "missing shingles on the roof slope"


@pytest.fixture
def manager(carrier: Carrier) -> User:
    person = make_user(carrier, Role.MANAGER)
    person.name = "Dana Fox"
    person.save()
    return person


def test_an_adjusters_whole_day(
    page: Page, browser: Browser, user: User, manager: User, live_server
):
    sign_in(page, user)
    open_new_claim(page)
    send_a_photo(page)
    ask(page)
    review(page)
    make_a_report(page)
    decide(page)
    with watched_page(browser, live_server.url) as desk:
        reopen(enter(desk, manager, live_server.url))
    read_the_history(page)


def open_new_claim(page: Page) -> None:
    expect(page.get_by_text("Nothing is waiting for a review.").first).to_be_visible()
    page.get_by_role("link", name="New claim").click()
    page.get_by_label("Claim number").fill("HX-10482")
    page.get_by_label("Policy number").fill("HO-3 88-204417")
    page.get_by_label("Insured").fill("M. Alvarez")
    page.get_by_label("Date of loss").fill("2026-05-14")
    page.get_by_label("What caused the loss").select_option("Hail")
    page.get_by_label("Limit of the policy").fill("320000")
    page.get_by_role("button", name="Open claim").click()
    expect(page.get_by_role("heading", name="HX-10482")).to_be_visible()
    expect(page.get_by_text("320,000 USD")).to_be_visible()


def send_a_photo(page: Page) -> None:
    page.wait_for_load_state()
    choose(page, file("roof.jpg", missing_shingles(7).jpeg))
    expect(page.get_by_text("Photos added: 1 of 1.")).to_be_visible()
    expect(page.locator("#photo-1")).to_contain_text("Being prepared")


def ask(page: Page) -> None:
    """The page is loaded once, by the question; the answer comes to it by itself."""
    page.get_by_label("Look for something else").fill(QUESTION)
    page.get_by_role("button", name="Look for it").click()
    expect(page.get_by_text(f"Asked: “{QUESTION}”.")).to_be_visible()
    expect(page.locator("#claim-tag")).to_have_text("Analysing")
    page.evaluate("window.isTheSamePage = true")

    pipeline.work_off("")

    expect(page.get_by_text("3 found on photo 1")).to_be_visible()
    expect(page.locator("#claim-tag")).to_have_text("Needs review")
    assert page.evaluate("window.isTheSamePage")


def review(page: Page) -> None:
    summary = page.locator("#claim-damage")
    expect(summary).to_contain_text("3 to review")
    page.get_by_role("link", name="Check 3 findings").click()
    findings = page.get_by_role("listbox", name="Findings")
    findings.get_by_role("option").first.click()
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("2 of 3 to review")).to_be_visible()
    page.get_by_role("button", name="Reject").click()
    page.get_by_role("button", name="Old damage").click()
    expect(page.get_by_text("1 of 3 to review")).to_be_visible()
    expect(page.get_by_text("All changes saved")).to_be_visible()
    page.get_by_role("link", name="HX-10482").click()

    expect(summary).to_contain_text("1 accepted, 1 to review, 1 rejected")


def make_a_report(page: Page) -> None:
    pipeline.work_off("")
    page.reload()
    page.get_by_role("button", name="Make the report").click()
    expect(page.get_by_text("Report 1 is being made.")).to_be_visible()

    pipeline.work_off("")

    expect(page.get_by_text("Report 1, made today")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download PDF").click()
    pdf = download.value.path().read_bytes()
    shown = page.locator("#report code").get_attribute("title")
    assert pdf.startswith(b"%PDF")
    assert hashlib.sha256(pdf).hexdigest() == shown == Report.objects.get().sha256


def decide(page: Page) -> None:
    page.get_by_label("Approve the assessment").check()
    page.get_by_label("Note", exact=True).fill("As seen.")
    page.get_by_role("button", name="Save decision").click()
    expect(page.get_by_text("1 finding is not reviewed. It will not be counted.")).to_be_visible()
    page.get_by_role("button", name="Decide anyway").click()

    expect(page.get_by_text("This claim is decided and can only be read.")).to_be_visible()
    expect(page.get_by_text("1 finding was not reviewed. It is not counted.")).to_be_visible()
    for name in ("Look for it", "Save decision", "Choose photos", "Reopen claim"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)


def reopen(page: Page) -> None:
    page.goto("/claims/HX-10482/")
    page.get_by_label("Why is the claim opened again?").fill("The roofer found more.")
    page.get_by_role("button", name="Reopen claim").click()
    expect(page.get_by_role("button", name="Save decision")).to_be_visible()


def read_the_history(page: Page) -> None:
    page.goto("/claims/HX-10482/history/")
    told = page.locator(".history li p:first-child").all_inner_texts()
    acts = [
        "Dana Fox opened the claim again.",
        "Ana Ruiz decided: Approve the assessment. 1 finding was not reviewed.",
        "Report 1 was made for Ana Ruiz.",
        r"Ana Ruiz rejected finding 2 on photo 1: .*",
        "Ana Ruiz accepted finding 1 on photo 1.",
        ".* routed the claim: Needs review.",
        f"Ana Ruiz had all photos looked through for “{QUESTION}”.",
        r"Ana Ruiz added photo 1 \(roof.jpg\).",
        "Ana Ruiz opened the claim.",
    ]
    # In this order, newest first, whatever else stands between them.
    assert re.search("\n(?:.*\n)*?".join(acts), "\n".join(told)), told
