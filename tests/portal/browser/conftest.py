"""What the tests in a real browser ask for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from claims.models import Carrier, User
from tests.browser import chromium, watched_page
from tests.fakes import FakeEngine, square
from tests.portal.browser.bench import Bench, enter
from tests.portal.desk import asked_photo


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the tests of a file; its event loop must not outlive them."""
    with chromium() as launched:
        yield launched


@pytest.fixture
def expected() -> str:
    """What the browser may complain of; a test that is about such a thing parametrizes it."""
    return ""


@pytest.fixture
def page(browser: Browser, expected: str, log_can_be_emptied: None, live_server) -> Iterator[Page]:
    """A fresh page on a server of the test's own."""
    with watched_page(browser, live_server.url, expected=expected) as fresh:
        yield fresh


@pytest.fixture
def bench(page: Page, user: User, carrier: Carrier, fake_engine: FakeEngine, live_server) -> Bench:
    """A photo of 320 x 240 pixels, two findings on it, on the workbench of an adjuster."""
    fake_engine.detections = (square(), square(left=180, top=60, side=80, label="water stain"))
    enter(page, user, live_server.url)
    return Bench(page, asked_photo(carrier))
