"""A real browser for tests: Debian's Chromium, driven by Playwright.

Whatever the browser complains of fails the test: an error on the console (a breach of the
Content-Security-Policy is one), an exception in a script, a request that leaves the test server.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Any

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)

from tests.conftest import missing

DESKTOP = ViewportSize(width=1280, height=900)
PHONE = ViewportSize(width=390, height=844)
# A browser that can't be trusted to be quick on a busy machine, nor to hang for ever.
PATIENCE_MS = 15_000
# Chromium logs a page's own 4xx as a failed resource; tests look at what the page says. And it asks
# for an icon where a page, such as the admin's, names none.
FAILED_RESOURCE = "Failed to load resource: the server responded with a status of 4"
ICON = "/favicon.ico"
AXE = files("axe_playwright_python") / "axe.min.js"


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium; without one the test is skipped, or in CI fails."""
    path = shutil.which("chromium")
    if path is None:
        missing("Chromium (scripts/test-packages installs it)")
    # Playwright keeps an event loop running in this thread, which Django would refuse to work in.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"]
            )
            yield browser
            browser.close()
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@contextmanager
def watched_page(
    browser: Browser, home: str, *, expected: str = "", **options: Any
) -> Iterator[Page]:
    """A page on the server at `home`; what the browser complained of fails the test at the end.

    What has `expected` in it is what the test is about.
    """
    context = browser.new_context(base_url=home, viewport=DESKTOP, **options)
    context.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    complaints = _complaints(context, home)
    page = context.new_page()
    yield page
    context.close()
    unexpected = [each for each in complaints if not expected or expected not in each]
    assert not unexpected, unexpected


def _complaints(context: BrowserContext, home: str) -> list[str]:
    complaints: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and not _is_expected(message):
            complaints.append(f"console: {message.text} ({message.location['url']})")

    def asked(url: str) -> None:
        if not url.startswith((home, "data:", "blob:")):
            complaints.append(f"request to {url}")

    context.on("console", heard)
    context.on("weberror", lambda error: complaints.append(f"script: {error.error}"))
    context.on("request", lambda request: asked(request.url))
    return complaints


def _is_expected(message: ConsoleMessage) -> bool:
    url = message.location["url"]
    own = message.page is not None and url == message.page.url
    return FAILED_RESOURCE in message.text and (own or url.endswith(ICON))


def axe_violations(page: Page) -> list[str]:
    """What axe finds wrong with the page as it stands, one line for each rule and element."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    # All the rest that it reports takes longer to hand over than to find.
    found = page.evaluate("axe.run().then((report) => report.violations)")
    return [
        f"{rule['id']}: {node['html']} {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]


def scrolls_sideways(page: Page) -> bool:
    root = "document.documentElement"
    return bool(page.evaluate(f"{root}.scrollWidth > {root}.clientWidth"))
