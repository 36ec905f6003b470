"""Every page and state of the portal, light and dark: axe has no objection, nothing is cut off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, ViewportSize

from claims.models import Carrier, User
from tests.browser import DESKTOP, PHONE, axe_violations, scrolls_sideways, watched_page
from tests.fakes import FakeEngine
from tests.portal.browser.looks import claim, claim_file, entrance, questions, queue
from tests.portal.browser.looks.scene import Look, Scene
from tests.portal.browser.test_claim_page import enter

NARROWEST = ViewportSize(width=320, height=640)
# Colours depend on the scheme and the layout on the width, neither on both.
VIEWS: tuple[tuple[ViewportSize, Literal["light", "dark"]], ...] = (
    (DESKTOP, "light"),
    (PHONE, "dark"),
    (NARROWEST, "light"),
)
LOOKS = (*entrance.LOOKS, *queue.LOOKS, *claim.LOOKS, *claim_file.LOOKS, *questions.LOOKS)


@pytest.fixture
def scene(
    browser: Browser,
    log_can_be_emptied: None,
    live_server,
    carrier: Carrier,
    user: User,
    fake_engine: FakeEngine,
    settings,
) -> Iterator[Scene]:
    # Chromium logs what the server refused and broke, and that is what some of the looks are of.
    failed = "Failed to load resource"
    with watched_page(browser, live_server.url, expected=failed) as page:
        enter(page, user, live_server.url)
        yield Scene(page, live_server.url, carrier, user, fake_engine, settings)


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.__name__)
def test_a_page_is_fit_for_every_screen_light_and_dark(scene: Scene, look: Look):
    look(scene)
    page, found = scene.page, {}
    for size, scheme in VIEWS:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(size)
        found[size["width"]] = axe_violations(page), scrolls_sideways(page)

    assert found == {1280: ([], False), 390: ([], False), 320: ([], False)}
