"""The queue in a real browser: rows that ask for news, keys, and every state at every width."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Page, expect

from assessment import pipeline
from assessment.core.vocabulary import JobKind, Stage
from assessment.models import Docket, Job
from assessment.selectors import claim_list
from assessment.tasks import TASKS
from claims.models import Carrier, Claim, User
from tests.browser import axe_violations, scrolls_sideways
from tests.factories import jpeg, make_claim
from tests.portal.browser.test_first_pages import NARROWEST, SIZES, sign_in
from tests.selectors.standing import claim_at

LONG = "The damaged area may reach 41.20 m², the upper end of its 95 % interval."
STATES = pytest.mark.parametrize(
    "path", ["?tab=all", "?tab=mine", "?tab=failed", "?peril=fire", "?q=alvarez", "?tab=decided"]
)


@pytest.fixture
def at_work(page: Page, carrier: Carrier, fake_engine) -> Claim:
    """A claim with two photos that are prepared, and a question put to neither."""
    claim = make_claim(carrier, number="WORK-1")
    pipeline.query_ask(claim=claim, text="cracks", by=None)
    for number in range(2):
        pipeline.photo_submit(claim=claim, data=jpeg(seed=number), name=f"{number}.jpg", by=None)
    TASKS[JobKind.PREPARE]()
    return claim


@pytest.fixture
def every_stage(page: Page, carrier: Carrier, user: User, at_work: Claim) -> None:
    """A claim at each stage, and an engine that has been away for a while."""
    docket = {
        "reasons": [LONG, "Photos that could not be used: 2."],
        "photos": 14,
        "unreviewed": 47,
    }
    about = {"insured": "M. Alvarez", "address": "118 Cedar Ln, Plano TX"}
    for stage in Stage:
        claim_at(carrier, stage, hours=30, assignee=user, docket=docket, **about)
    late = timezone.now() + timedelta(hours=1)
    Job.objects.filter(kind=JobKind.SEGMENT).update(waits=3, run_after=late, reason="It's away.")


ANYTHING = re.compile("")


def poll(page: Page) -> None:
    """Ask for news now, and not when it is time."""
    page.evaluate("document.body.dispatchEvent(new CustomEvent('poll', {bubbles: true}))")


def test_a_row_at_work_keeps_up_without_losing_the_focus_and_stops_when_it_is_through(
    page, user, at_work
):
    sign_in(page, user)
    page.goto("/claims/?tab=analysing")
    row = page.locator("[data-row]")
    expect(row).to_contain_text("0 of 2 photos")
    page.keyboard.press("j")

    TASKS[JobKind.SEGMENT](seconds=0.0)
    poll(page)
    expect(row).to_contain_text("1 of 2 photos")
    expect(page.get_by_role("link", name="WORK-1")).to_be_focused()

    pipeline.work_off("")
    poll(page)
    expect(row).to_contain_text("Needs review")
    expect(page.get_by_role("link", name="WORK-1")).to_be_focused()
    # What is swapped in first shows its words, and is taken over by htmx a moment later.
    expect(row).not_to_have_attribute("hx-get", ANYTHING)
    page.wait_for_function(
        "!document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')"
    )
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    poll(page)
    page.evaluate("fetch('/claims/?tab=mine')")
    expect(row).to_contain_text("Needs review")
    assert [url for url in asked if url.endswith("/row/")] == []


def test_without_news_nothing_is_sent(page, user, at_work):
    sign_in(page, user)
    page.goto("/claims/?tab=analysing")
    page.wait_for_load_state()

    with page.expect_response("**/row/") as answer:
        poll(page)

    assert answer.value.status == 304


def test_who_is_signed_out_meanwhile_is_led_to_the_sign_in_page(page, user, at_work):
    sign_in(page, user)
    page.goto("/claims/?tab=analysing")
    page.wait_for_load_state()

    Session.objects.all().delete()
    poll(page)

    expect(page).to_have_url(re.compile(r"/sign-in/\?next=/claims/%3Ftab%3Danalysing$"))


def test_the_next_claim_is_two_keys_away(page, user, carrier):
    claim_at(carrier, number="HX-1")
    sign_in(page, user)

    page.keyboard.press("g")
    page.keyboard.press("n")

    expect(page).to_have_url(re.compile("/claims/HX-1/$"))
    assert Docket.objects.get(claim__number="HX-1").assignee == user


def test_one_walks_through_tabs_filter_and_pages(page, user, carrier, monkeypatch):
    monkeypatch.setattr(claim_list, "PAGE_SIZE", 1)
    for hours in (3, 2, 1):
        claim_at(carrier, Stage.FAST, hours=hours, number=f"H{hours}")
    sign_in(page, user)

    page.get_by_role("link", name=re.compile("Fast lane")).click()
    expect(page.get_by_role("link", name="H3")).to_be_visible()
    page.get_by_label("Sort").select_option("Newest")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("link", name="H1")).to_be_visible()
    page.get_by_role("link", name="Next claims").click()
    expect(page.get_by_role("link", name="H2")).to_be_visible()
    page.get_by_role("link", name="Previous claims").click()
    expect(page.get_by_role("link", name="H1")).to_be_visible()


@SIZES
@STATES
def test_axe_finds_nothing_wrong(page, user, every_stage, path, size):
    page.set_viewport_size(size)
    sign_in(page, user)
    page.goto(f"/claims/{path}")

    assert axe_violations(page) == []


@STATES
def test_nothing_scrolls_sideways_on_the_narrowest_phone(page, user, every_stage, path):
    page.set_viewport_size(NARROWEST)
    sign_in(page, user)
    page.goto(f"/claims/{path}")

    assert not scrolls_sideways(page)
