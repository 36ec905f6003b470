"""Where a look is staged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from claims.models import Carrier, Claim, Role, User
from tests.factories import make_user
from tests.fakes import FakeEngine
from tests.portal.browser.test_claim_page import enter
from tests.portal.claim_states import STATES


@dataclass(frozen=True, slots=True)
class Scene:
    """A page on the server at `home` and who is signed in there; `settings` as pytest has them."""

    page: Page
    home: str
    carrier: Carrier
    user: User
    engine: FakeEngine
    settings: Any

    def come_as(self, role: Role) -> None:
        enter(self.page, make_user(self.carrier, role), self.home)

    def open(self, claim: Claim, place: str = "") -> None:
        self.page.goto(f"/claims/{claim.number}/{place}")
        self.page.wait_for_load_state()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def claim(self, state: str) -> Claim:
        return STATES[state](self.carrier, self.user, self.engine)


Look = Callable[[Scene], None]
