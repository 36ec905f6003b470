"""The portal as a person meets it, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from claims.models import Carrier, User
from tests.browser import DESKTOP, PHONE, axe_violations, scrolls_sideways, watched_page
from tests.selectors.standing import claim_at

PASSWORD = "correct horse battery"
NARROWEST = ViewportSize(width=320, height=640)
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
PAGES = pytest.mark.parametrize("path", ["/sign-in/", "/claims/", "/claims/?q=zzz", "/nowhere/"])


@pytest.fixture
def claims(page: Page, carrier: Carrier) -> None:
    claim_at(carrier, number="HX-1", insured="M. Alvarez", address="118 Cedar Ln, Plano TX")
    claim_at(carrier, number="HX-2", insured="D. Whitfield", address="40 Oak St, Allen TX")


def sign_in(page: Page, user: User) -> None:
    page.goto("/claims/")
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Claims")).to_be_visible()
    page.wait_for_load_state()  # the keys work once the scripts have run


def test_an_adjuster_signs_in_searches_and_signs_out(page, user, claims):
    sign_in(page, user)
    expect(page.get_by_role("row")).to_have_count(3)

    page.get_by_role("searchbox").fill("oak st")
    page.keyboard.press("Enter")
    expect(page.get_by_text("HX-2")).to_be_visible()
    expect(page.get_by_text("HX-1")).to_have_count(0)

    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/sign-in/$"))
    page.goto("/claims/")
    expect(page).to_have_url(re.compile("/sign-in/"))


def test_the_slash_key_leads_to_the_search(page, user, claims):
    sign_in(page, user)

    page.keyboard.press("/")

    expect(page.get_by_role("searchbox")).to_be_focused()


def test_the_keys_are_shown_and_can_be_switched_off(page, user, claims):
    sign_in(page, user)

    page.keyboard.press("?")
    page.get_by_label("Use these keys").uncheck()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("/")

    expect(page.get_by_role("searchbox")).not_to_be_focused()


def test_a_wrong_password_is_said_at_the_top(page, user):
    page.goto("/sign-in/")
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("alert")).to_contain_text("don't belong together")
    assert axe_violations(page) == []


@SIZES
@PAGES
def test_axe_finds_nothing_wrong(page, user, claims, path, size):
    page.set_viewport_size(size)
    if path != "/sign-in/":
        sign_in(page, user)
    page.goto(path)

    assert axe_violations(page) == []


def test_axe_finds_nothing_wrong_with_the_keys(page, user, claims):
    sign_in(page, user)
    page.keyboard.press("?")

    assert axe_violations(page) == []


@PAGES
def test_nothing_scrolls_sideways_on_the_narrowest_phone(page, user, claims, path):
    page.set_viewport_size(NARROWEST)
    if path != "/sign-in/":
        sign_in(page, user)
    page.goto(path)

    assert not scrolls_sideways(page)


def test_the_admin_works_under_the_policy(page, user, claims):
    user.is_staff = user.is_superuser = True
    user.save()
    sign_in(page, user)

    page.goto("/admin/claims/claim/")
    page.get_by_role("link", name="HX-1").click()
    expect(page.get_by_text("118 Cedar Ln, Plano TX")).to_be_visible()
    page.goto("/admin/claims/carrier/add/")
    page.get_by_label("Name").fill("Lone Star Mutual")
    page.get_by_label("Slug").fill("lone-star")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_text("was added successfully")).to_be_visible()


def test_the_watch_sees_what_the_policy_forbids(browser, log_can_be_emptied, live_server):
    with pytest.raises(AssertionError, match="Content Security Policy"):
        _smuggle(browser, live_server.url, "inline.textContent = 'window.smuggled = 1'")


def test_the_watch_sees_a_request_that_leaves(browser, log_can_be_emptied, live_server):
    with pytest.raises(AssertionError, match="request to http"):
        _smuggle(browser, live_server.url, "inline.src = 'http://127.0.0.1:9/x.js'")


def _smuggle(browser: Browser, home: str, filling: str) -> None:
    with watched_page(browser, home) as page:
        page.goto("/sign-in/")
        page.evaluate(
            "const inline = document.createElement('script');"
            f"{filling};"
            "document.head.append(inline)"
        )
        assert page.evaluate("window.smuggled") is None
