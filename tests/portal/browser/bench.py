"""The workbench as a person has it before them: where things are, and what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass

import shapely
from django.test import Client
from playwright.sync_api import Locator, Page, expect
from shapely import MultiPolygon

from assessment.models import Finding
from assessment.selectors.measuring import outline_of
from claims.models import Photo, User

Spot = tuple[float, float]

# What the whole photo leaves free round itself, in screen pixels.
PADDING = 8
NEXT_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def enter(page: Page, user: User, home: str) -> None:
    """Sign the person in without the form."""
    client = Client()
    client.force_login(user)
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": home}])


@dataclass(frozen=True)
class Bench:
    """A photo on the workbench of whoever is signed in on the page."""

    page: Page
    photo: Photo

    @property
    def address(self) -> str:
        return f"/claims/{self.photo.claim.number}/photos/{self.photo.number}/"

    def open(self, finding: int = 0) -> Bench:
        """With a finding in hand, or by default what the workbench chooses."""
        self.page.goto(f"{self.address}#finding-{finding}" if finding else self.address)
        return self.wait()

    def reload(self) -> Bench:
        self.page.reload()
        return self.wait()

    def wait(self) -> Bench:
        expect(self.page.locator("photo-workbench")).to_have_attribute("data-ready", "true")
        return self

    def part(self, name: str) -> Locator:
        return self.page.locator(f'[data-part="{name}"]')

    @property
    def title(self) -> Locator:
        """Which finding is in hand."""
        return self.part("detail-title")

    @property
    def rows(self) -> Locator:
        return self.part("list").get_by_role("option")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def act(self, name: str) -> None:
        """Click what is done to the finding in hand."""
        self.page.locator(f'[data-act="{name}"]').click()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def saved(self) -> None:
        expect(self.page.locator("#save-status")).to_have_attribute("data-state", "saved")

    def can_be_reshaped(self) -> None:
        """The outline in hand has come with all its points."""
        expect(self.part("points")).to_be_visible()

    # --- on the picture ---

    def whole(self) -> Bench:
        """The whole photo in view, so that `at` knows where everything is."""
        self.press("f")
        return self

    def at(self, spot: Spot) -> Spot:
        """Where a pixel of the photo is on the screen, the whole photo being in view."""
        box = self.part("canvas").bounding_box()
        assert box is not None
        sides = ((box["width"], self.photo.width), (box["height"], self.photo.height))
        times = min((room - 2 * PADDING) / length for room, length in sides)
        return (
            box["x"] + box["width"] / 2 + (spot[0] - self.photo.width / 2) * times,
            box["y"] + box["height"] / 2 + (spot[1] - self.photo.height / 2) * times,
        )

    def click(self, *spots: Spot) -> None:
        for spot in spots:
            self.page.mouse.click(*self.at(spot))

    def drag(self, start: Spot, end: Spot) -> None:
        mouse = self.page.mouse
        mouse.move(*self.at(start))
        mouse.down()
        mouse.move(*self.at(end), steps=4)
        mouse.up()

    def picture(self) -> bytes:
        """What is seen on the canvas once all is painted, as a PNG."""
        self.page.evaluate(NEXT_FRAMES)
        return self.part("canvas").screenshot()

    # --- what was kept ---

    def finding(self, number: int = 1) -> Finding:
        return Finding.objects.get(photo=self.photo, number=number)

    def outline(self, number: int = 1) -> MultiPolygon:
        return outline_of(self.finding(number))

    def corners(self, number: int = 1) -> int:
        """How many corners an outline has; each ring is closed by its first."""
        rings = shapely.get_rings(shapely.get_parts(self.outline(number)))
        return int(shapely.get_num_coordinates(rings).sum()) - len(rings)
