"""What the tests in a real browser ask for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import chromium, watched_page


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the tests of a file; its event loop must not outlive them."""
    with chromium() as launched:
        yield launched


@pytest.fixture
def page(browser: Browser, log_can_be_emptied: None, live_server) -> Iterator[Page]:
    """A fresh page on a server of the test's own."""
    with watched_page(browser, live_server.url) as fresh:
        yield fresh
