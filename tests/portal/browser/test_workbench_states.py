"""Every state of the workbench, at every width, and what it is without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from assessment import pipeline
from assessment.core.vocabulary import JobKind
from assessment.engines.base import GarbledAnswerError
from assessment.tasks import TASKS
from claims.models import Carrier, Role, User
from tests.browser import DESKTOP, PHONE, axe_violations, scrolls_sideways, watched_page
from tests.factories import jpeg, make_claim, make_user
from tests.portal.browser.bench import Bench, enter
from tests.portal.desk import Desk, asked_photo, decide

NARROWEST = ViewportSize(width=320, height=640)


def assert_fit_for_all(page: Page) -> None:
    for size in (DESKTOP, PHONE, NARROWEST):
        page.set_viewport_size(size)
        assert (size["width"], axe_violations(page)) == (size["width"], [])
        assert not scrolls_sideways(page)


def test_an_open_photo_is_fit_for_all(bench):
    assert_fit_for_all(bench.open().page)


def test_the_question_why_is_fit_for_all(bench):
    bench.open().press("x")

    assert_fit_for_all(bench.page)


def test_a_drawing_and_the_form_for_a_length_are_accessible(bench):
    bench.open().whole()
    bench.press("d")
    bench.click((200, 160), (300, 160), (300, 220))
    assert axe_violations(bench.page) == []
    bench.click((200, 160))
    expect(bench.page.get_by_text("What did you draw?")).to_be_visible()
    assert axe_violations(bench.page) == []

    bench.press("Escape", "Escape", "Escape", "m")
    bench.click((60, 200), (90, 200))
    bench.button("Set the scale").click()
    assert axe_violations(bench.page) == []


def test_a_reviewed_photo_is_fit_for_all(bench):
    bench.open().press("a", "a")
    bench.saved()
    expect(bench.part("done")).to_be_visible()

    assert_fit_for_all(bench.page)


def test_a_narrow_screen_is_for_review_alone(bench):
    bench.page.set_viewport_size(PHONE)
    bench.open()
    expect(bench.page.get_by_text("Drawing needs a wider screen.")).to_be_in_viewport()
    expect(bench.button("Draw a finding")).to_be_hidden()

    bench.act("accept")

    bench.saved()
    assert bench.finding(1).review == "accepted"


# What an empty list means


def nothing_found(bench: Bench, engine) -> Bench:
    engine.detections = ()
    return Bench(bench.page, asked_photo(bench.photo.claim.carrier))


def not_looked(bench: Bench, engine) -> Bench:
    claim = make_claim(bench.photo.claim.carrier)
    photo = pipeline.photo_submit(claim=claim, data=jpeg(seed=3), name="new.jpg", by=None)
    pipeline.work_off("")
    photo.refresh_from_db()
    return Bench(bench.page, photo)


def not_answered(bench: Bench, engine) -> Bench:
    engine.errors = [GarbledAnswerError("The answer broke off in the middle.")]
    # Another photo: of the same one the stored answer would be taken.
    return Bench(bench.page, asked_photo(bench.photo.claim.carrier, data=jpeg(seed=4)))


def still_looking(bench: Bench, engine) -> Bench:
    claim = make_claim(bench.photo.claim.carrier)
    pipeline.query_ask(claim=claim, text="dents", by=None)
    photo = pipeline.photo_submit(claim=claim, data=jpeg(seed=3), name="new.jpg", by=None)
    TASKS[JobKind.PREPARE](seconds=0.0)
    photo.refresh_from_db()
    return Bench(bench.page, photo)


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (nothing_found, "Nothing found for these searches."),
        (not_looked, "Nothing was looked for on this photo yet."),
        (not_answered, "Not every search was answered"),
        (still_looking, "The search is still at work."),
    ],
)
def test_an_empty_list_says_what_that_means(
    bench, fake_engine, made: Callable[..., Bench], sentence: str
):
    empty = made(bench, fake_engine).open()

    expect(empty.part("empty")).to_contain_text(sentence)
    assert_fit_for_all(empty.page)


def test_findings_appear_while_one_looks_on(bench, fake_engine):
    working = still_looking(bench, fake_engine).open()
    expect(working.rows).to_have_count(0)

    pipeline.work_off("")
    working.page.evaluate("document.body.dispatchEvent(new CustomEvent('poll'))")

    expect(working.rows).to_have_count(2)
    expect(working.part("searches")).to_contain_text("2 found")


def test_without_its_picture_the_list_can_be_worked_with(bench):
    bench.page.route("**/picture/*/", lambda route: route.fulfill(status=200, body="no picture"))

    bench.open()

    expect(bench.page.get_by_text("The picture could not be loaded.")).to_be_visible()
    bench.act("accept")
    bench.saved()
    assert bench.finding(1).review == "accepted"


# Who may only look


def assert_read_only(bench: Bench) -> None:
    for name in ("Draw a finding", "Cut an opening", "Reference line", "Undo"):
        expect(bench.button(name)).to_be_hidden()
    expect(bench.part("decisions")).to_be_hidden()
    bench.press("j", "a", ".", "d", "Delete")
    expect(bench.part("left")).to_have_text("2 of 2 to review")
    expect(bench.page.locator("#save-status")).to_have_text("Read only")


def test_a_decided_claim_can_only_be_read(bench, user, client):
    decide(Desk(client, bench.photo), user)
    bench.open()

    expect(bench.part("locked")).to_contain_text("decided this claim on")
    assert_read_only(bench)
    assert_fit_for_all(bench.page)


def test_an_auditor_can_only_look(bench, carrier: Carrier, live_server):
    enter(bench.page, make_user(carrier, role=Role.AUDITOR), live_server.url)
    bench.open()

    expect(bench.part("locked")).to_contain_text("may look at this photo and change nothing")
    assert_read_only(bench)


# Without scripts


@pytest.fixture
def plain(bench, browser, user: User, live_server) -> Iterator[Page]:
    with watched_page(browser, live_server.url, java_script_enabled=False) as page:
        enter(page, user, live_server.url)
        page.goto(bench.address)
        yield page


def test_without_scripts_there_are_the_picture_and_its_outlines(bench, plain):
    expect(plain.get_by_role("img", name="Photo 1, wall.jpg")).to_be_visible()
    overlay = plain.locator(".plain-picture svg")
    expect(overlay.locator("text").filter(has_text=re.compile("^[12]$"))).to_have_count(2)
    expect(plain.get_by_role("heading", name="1. Crack")).to_be_visible()


def test_without_scripts_findings_are_accepted_and_rejected(bench, plain):
    plain.locator("#finding-1").get_by_role("button", name="Accept").click()
    expect(plain.locator("#finding-1")).to_contain_text("Accepted")
    second = plain.locator("#finding-2")
    second.get_by_label("Why rejected (optional)").select_option("Not damage")
    second.get_by_role("button", name="Reject").click()
    expect(plain.locator("#finding-2")).to_contain_text("Rejected")

    assert bench.finding(1).review == "accepted"
    assert (bench.finding(2).review, bench.finding(2).reason) == ("rejected", "not_damage")


def test_without_scripts_nothing_scrolls_sideways(plain):
    plain.set_viewport_size(NARROWEST)
    expect(plain.get_by_role("heading", name="1. Crack")).to_be_visible()
    box = plain.locator("body").bounding_box()
    assert box is not None
    assert box["width"] <= NARROWEST["width"]
