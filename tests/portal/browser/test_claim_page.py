"""The page of a claim in a real browser: uploads, questions, progress, and every state."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import FilePayload, Page, ViewportSize, expect

from assessment import pipeline
from claims.models import Claim, Photo, User
from tests.browser import DESKTOP, PHONE, axe_violations, scrolls_sideways, watched_page
from tests.factories import jpeg, make_claim
from tests.portal.claim_states import STATES, analysing, with_photos

NARROWEST = ViewportSize(width=320, height=640)


@pytest.fixture
def entered(page: Page, user: User, live_server) -> Page:
    """A page of somebody who is signed in."""
    return enter(page, user, live_server.url)


@pytest.fixture
def failing(browser, log_can_be_emptied, user, live_server) -> Iterator[Page]:
    """The same for uploads that fail: Chromium logs each as an error of the page."""
    failed = "Failed to load resource"
    with watched_page(browser, live_server.url, expected=failed) as page:
        yield enter(page, user, live_server.url)


@pytest.fixture
def without_script(browser, log_can_be_emptied, user, live_server) -> Iterator[Page]:
    with watched_page(browser, live_server.url, java_script_enabled=False) as page:
        yield enter(page, user, live_server.url)


def enter(page: Page, user: User, home: str) -> Page:
    client = Client()
    client.force_login(user)
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": home}])
    return page


def open_claim(page: Page, claim: Claim) -> None:
    page.goto(f"/claims/{claim.number}/")
    page.wait_for_load_state()


def file(name: str, data: bytes) -> FilePayload:
    return FilePayload(name=name, mimeType="image/jpeg", buffer=data)


def choose(page: Page, *files: FilePayload) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose photos").click()
    chooser.value.set_files(list(files))


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_wrong_and_nothing_scrolls_sideways(
    entered, carrier, user, fake_engine, state
):
    claim = STATES[state](carrier, user, fake_engine)
    open_claim(entered, claim)
    found = {}
    for size in (DESKTOP, PHONE, NARROWEST):
        entered.set_viewport_size(size)
        found[size["width"]] = axe_violations(entered), scrolls_sideways(entered)

    assert found == {1280: ([], False), 390: ([], False), 320: ([], False)}


@pytest.mark.parametrize("size", [DESKTOP, PHONE, NARROWEST], ids=lambda size: str(size["width"]))
def test_a_new_claim_with_its_faults_is_accessible(entered, size):
    entered.set_viewport_size(size)
    entered.goto("/new-claim/")
    assert axe_violations(entered) == []

    entered.get_by_role("button", name="Open claim").click()

    expect(entered.get_by_role("alert")).to_be_focused()
    assert axe_violations(entered) == []
    assert not scrolls_sideways(entered)


def test_a_claim_is_opened_and_gets_its_photos(entered, fake_engine):
    entered.goto("/new-claim/")
    entered.get_by_label("Claim number").fill("HX-1")
    entered.get_by_label("What caused the loss").select_option("Hail")
    entered.get_by_role("button", name="Open claim").click()
    expect(entered.get_by_role("heading", name="HX-1")).to_be_visible()
    entered.wait_for_load_state()

    choose(entered, file("front.jpg", jpeg(seed=1)), file("rear.jpg", jpeg(seed=2)))

    # The list fills without the page being loaded again.
    expect(entered.get_by_role("link", name="front.jpg")).to_be_visible()
    expect(entered.get_by_role("link", name="rear.jpg")).to_be_visible()
    expect(entered.get_by_text("Photos added: 2 of 2.")).to_be_visible()
    expect(entered.get_by_text("0 of 2 photos", exact=True)).to_be_visible()


def test_a_file_that_is_no_photo_is_refused_while_the_rest_goes_on(failing, claim):
    open_claim(failing, claim)

    choose(failing, file("estimate.jpg", b"%PDF-1.7"), file("roof.jpg", jpeg()))

    row = failing.locator(".upload-list li", has_text="estimate.jpg")
    expect(row).to_contain_text("The file is a PDF document, not a photo.")
    expect(failing.locator(".upload-list li", has_text="roof.jpg")).to_contain_text("Added")
    expect(failing.locator("#claim-photos")).to_contain_text("Refused")


def test_a_photo_that_is_there_already_is_told_so(entered, claim):
    pipeline.photo_submit(claim=claim, data=jpeg(), name="roof.jpg", by=None)
    open_claim(entered, claim)

    choose(entered, file("again.jpg", jpeg()))

    expect(entered.get_by_text("This is photo 1 of the claim already.")).to_be_visible()
    assert Photo.objects.count() == 1


def test_an_upload_outlives_a_lost_answer(failing, claim):
    """The server has the photo, the browser doesn't know: it asks again and is told the same."""
    lost: list[int] = []

    def lose_the_first(route):
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch().status)
            route.abort()

    open_claim(failing, claim)
    failing.route(f"**/claims/{claim.number}/photos/", lose_the_first)

    choose(failing, file("roof.jpg", jpeg()))

    expect(failing.locator(".upload-list li")).to_have_attribute("data-state", "sent")
    expect(failing.locator(".upload-list li")).to_contain_text("Added")
    assert lost == [201]
    assert Photo.objects.count() == 1


def test_a_decided_claim_says_why_it_takes_no_photo(failing, claim):
    open_claim(failing, claim)
    Claim.objects.update(status="decided")

    choose(failing, file("roof.jpg", jpeg()))

    expect(failing.get_by_text("This claim is decided and can only be read.").first).to_be_visible()


def test_the_page_follows_the_work_and_stops_asking_when_it_is_done(
    entered, carrier, user, fake_engine
):
    claim = analysing(carrier, user, fake_engine)
    asked = []
    entered.on("request", lambda request: asked.append(request.url))
    open_claim(entered, claim)
    expect(entered.get_by_role("status").filter(has_text="2 of 4 photos")).to_be_visible()

    pipeline.work_off("")

    expect(entered.get_by_role("heading", name="Why a person is needed")).to_be_visible()
    expect(entered.locator("#claim-tag")).to_have_text("Needs review")
    expect(entered.locator("#photo-4")).to_contain_text("1 to check")
    expect(entered.get_by_text("4 found on photos 1, 2, 3, 4")).to_be_visible()
    asked.clear()
    entered.evaluate("document.body.dispatchEvent(new CustomEvent('poll', {bubbles: true}))")
    entered.evaluate("document.body.dispatchEvent(new CustomEvent('photos-changed'))")
    expect(entered.locator("#claim-standing.htmx-request")).to_have_count(0)
    assert len([url for url in asked if url.endswith("/state/")]) == 1  # the latter's


def test_ticks_and_words_outlive_a_change_of_the_page(entered, carrier, user, fake_engine):
    claim = analysing(carrier, user, fake_engine)
    open_claim(entered, claim)
    entered.get_by_label("Choose photo 1").check()
    entered.get_by_label("Look for something else").fill("hail dents")
    entered.get_by_role("heading", name="Photos").click()

    pipeline.work_off("")

    expect(entered.locator("#photo-4")).to_contain_text("1 to check")
    expect(entered.get_by_label("Choose photo 1")).to_be_checked()
    expect(entered.get_by_label("Look for something else")).to_have_value("hail dents")

    entered.get_by_role("button", name="Look for it").click()

    expect(entered.get_by_text("only on photo 1", exact=True)).to_be_visible()


def test_what_failed_is_tried_again(entered, carrier, user, fake_engine):
    claim = STATES["partly_failed"](carrier, user, fake_engine)
    open_claim(entered, claim)

    entered.get_by_role("button", name="Try again").click()
    expect(entered.get_by_text("1 thing is tried again.")).to_be_visible()
    pipeline.work_off("")

    expect(entered.get_by_text("3 found on photos")).to_be_visible()


def test_without_a_script_photos_are_sent_and_questions_asked(
    without_script, carrier, user, fake_engine
):
    claim = make_claim(carrier, number="HX-1")
    page = without_script
    open_claim(page, claim)

    page.get_by_label("Add photos").set_input_files(
        [file("a.jpg", jpeg(seed=1)), file("b.jpg", jpeg(seed=2)), file("c.jpg", b"no photo")]
    )
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("2 photos were added.")).to_be_visible()
    expect(page.get_by_text("c.jpg: The file is a text file")).to_be_visible()
    pipeline.work_off("")
    page.reload()
    page.get_by_label("Choose photo 2").check()
    page.get_by_label("Look for something else").fill("dents")
    page.get_by_role("button", name="Look for it").click()

    expect(page.get_by_text("only on photo 2", exact=True)).to_be_visible()


def test_a_claim_is_taken_up(entered, carrier, user, fake_engine):
    claim = with_photos(carrier, user, 1)
    open_claim(entered, claim)

    entered.get_by_label("Assigned to").select_option("You (Ana Ruiz)")
    entered.get_by_role("button", name="Assign").click()

    expect(entered.get_by_label("Assigned to")).to_have_value(str(user.pk))
    expect(entered.get_by_text("Ana Ruiz took up the claim")).to_be_visible()
