"""Changes on the workbench that don't get through at once: kept, sent later, or refused aloud."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from claims.models import Membership, Role
from tests.portal.browser.bench import Bench
from tests.portal.desk import Desk, decide

PASSWORD = "correct horse battery"
offline = pytest.mark.parametrize("expected", ["net::ERR_INTERNET_DISCONNECTED"])
forbidden = pytest.mark.parametrize("expected", ["status of 403"])
overtaken = pytest.mark.parametrize("expected", ["status of 409"])


def sign_in(page: Page, email: str) -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


@offline
def test_what_is_done_without_a_connection_is_sent_once_there_is_one(bench):
    bench.open()
    bench.page.context.set_offline(True)

    bench.press("a", "a")
    expect(bench.page.locator("#save-status")).to_contain_text("2 changes kept on this computer.")
    assert bench.finding(1).review == "proposed"
    bench.page.context.set_offline(False)

    bench.saved()
    assert {bench.finding(number).review for number in (1, 2)} == {"accepted"}


@offline
def test_what_could_not_be_sent_outlives_the_page(bench):
    bench.open()
    bench.page.context.set_offline(True)
    bench.press("a")
    expect(bench.page.locator("#save-status")).to_contain_text("1 change kept on this computer.")
    bench.page.close()
    bench.page.context.set_offline(False)

    later = Bench(bench.page.context.new_page(), bench.photo).open()

    later.saved()
    assert bench.finding(1).review == "accepted"


def test_a_change_whose_answer_is_lost_is_sent_again_and_counts_once(bench):
    lost: list[int] = []

    def lose_the_first(route):
        if route.request.method != "PATCH" or lost:
            route.fallback()
        else:
            lost.append(route.fetch().status)
            # As a network that wants to be signed in to answers.
            route.fulfill(status=200, body="<h1>Welcome to the hotel</h1>")

    bench.page.route("**/findings/1/", lose_the_first)
    bench.open()

    bench.press("a")
    expect(bench.page.locator("#save-status")).to_contain_text("1 change kept on this computer.")
    bench.page.evaluate("window.dispatchEvent(new Event('online'))")

    bench.saved()
    assert lost == [200]
    assert bench.finding(1).revision == 2


@forbidden
def test_who_is_signed_out_signs_in_again_and_nothing_is_lost(bench, user):
    bench.open()
    Session.objects.all().delete()

    bench.press("a", "x", "1")
    expect(bench.part("signed-out")).to_contain_text(
        "You are signed out. Sign in again; 2 changes are kept on this computer."
    )
    bench.page.get_by_role("link", name="Sign in again").click()
    sign_in(bench.page, user.email)

    bench.wait().saved()
    assert (bench.finding(1).review, bench.finding(2).review) == ("accepted", "rejected")


@forbidden
def test_who_signed_in_again_in_another_tab_only_comes_back(bench, user):
    bench.open()
    other = bench.page.context.new_page()
    other.goto("/sign-in/")
    sign_in(other, user.email)
    expect(other.get_by_role("heading", name="Claims")).to_be_visible()
    other.close()

    bench.press("a")
    expect(bench.part("signed-out")).to_contain_text("1 change is kept on this computer.")
    bench.page.get_by_role("link", name="Sign in again").click()

    bench.wait().saved()
    expect(bench.title).to_contain_text("2.")
    assert bench.finding(1).review == "accepted"


@forbidden
def test_a_role_that_was_taken_away_is_told_and_the_photo_can_only_be_read(bench):
    bench.open()
    Membership.objects.update(role=Role.AUDITOR)

    bench.press("a")

    expect(bench.part("locked")).to_contain_text("auditor, doesn't allow this.")
    expect(bench.page.locator("#save-status")).to_have_text("Read only")
    expect(bench.part("left")).to_have_text("2 of 2 to review")
    assert bench.finding(1).review == "proposed"


@overtaken
def test_a_claim_that_is_decided_meanwhile_can_only_be_read(bench, user, client):
    bench.open()
    decide(Desk(client, bench.photo), user)

    bench.press("a")

    expect(bench.part("locked")).to_contain_text("is decided")
    expect(bench.part("decisions")).to_be_hidden()
    expect(bench.button("Draw a finding")).to_be_hidden()
    assert bench.finding(1).review == "proposed"
