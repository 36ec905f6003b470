"""Photos on their way in: several at once, twice, over a broken connection, from a phone."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from claims.models import Claim, Photo, PhotoStatus, User
from tests.browser import PHONE, axe_violations, scrolls_sideways, watched_page
from tests.factories import jpeg
from tests.portal.browser.test_claim_page import choose, enter, file, open_claim

FINGER = 44
"""Pixels that a finger needs."""
WAITS = (1, 3, 9)
"""Seconds before each further try."""


@pytest.fixture
def desk(browser: Browser, log_can_be_emptied: None, user: User, live_server) -> Iterator[Page]:
    """A page of an adjuster; uploads that fail are logged by Chromium as errors of the page."""
    with watched_page(browser, live_server.url, expected="Failed to load resource") as page:
        yield enter(page, user, live_server.url)


@pytest.fixture
def phone(browser: Browser, log_can_be_emptied: None, user: User, live_server) -> Iterator[Page]:
    with watched_page(browser, live_server.url, has_touch=True, is_mobile=True) as page:
        page.set_viewport_size(PHONE)
        yield enter(page, user, live_server.url)


@pytest.fixture
def plain_phone(
    browser: Browser, log_can_be_emptied: None, user: User, live_server
) -> Iterator[Page]:
    with watched_page(browser, live_server.url, java_script_enabled=False) as page:
        page.set_viewport_size(PHONE)
        yield enter(page, user, live_server.url)


def roofs(*seeds: int) -> list[FilePayload]:
    return [file(f"roof {seed}.jpg", jpeg(seed=seed)) for seed in seeds]


def row(page: Page, name: str) -> Locator:
    return page.locator(".upload-list li", has_text=name)


def kept() -> list[str]:
    """The names of the photos in the claim, refused files aside."""
    photos = Photo.objects.exclude(status=PhotoStatus.REFUSED)
    return sorted(photos.values_list("name", flat=True))


def break_uploads(page: Page, claim: Claim) -> str:
    """From now on no upload reaches the server; gives the address to be mended."""
    address = f"**/claims/{claim.number}/photos/"
    page.route(address, lambda route: route.abort())
    return address


def test_what_is_refused_says_why_and_the_rest_goes_on(desk, claim):
    open_claim(desk, claim)

    choose(desk, *roofs(1, 2), file("estimate.jpg", b"%PDF-1.7"), *roofs(3))

    expect(row(desk, "estimate.jpg")).to_contain_text("The file is a PDF document, not a photo.")
    expect(desk.get_by_text("Photos added: 3 of 4. Not added: 1.")).to_be_visible()
    assert kept() == ["roof 1.jpg", "roof 2.jpg", "roof 3.jpg"]


def test_nothing_is_said_to_be_missing_when_nothing_is(desk, claim):
    open_claim(desk, claim)

    choose(desk, *roofs(1))

    expect(desk.get_by_text("Photos added: 1 of 1.")).to_be_visible()
    expect(desk.get_by_text("Not added")).to_have_count(0)


def test_a_connection_that_comes_back_leaves_each_photo_once(desk, claim):
    open_claim(desk, claim)
    choose(desk, *roofs(1))
    expect(row(desk, "roof 1.jpg")).to_contain_text("Added")

    desk.context.set_offline(True)
    choose(desk, *roofs(2, 3))
    expect(row(desk, "roof 2.jpg")).to_contain_text("The connection broke. Trying again in")
    desk.context.set_offline(False)

    expect(desk.get_by_text("Photos added: 3 of 3.")).to_be_visible()
    assert kept() == ["roof 1.jpg", "roof 2.jpg", "roof 3.jpg"]


def test_after_the_last_try_a_button_is_left_and_works(desk, claim):
    desk.clock.install()
    open_claim(desk, claim)
    address = break_uploads(desk, claim)

    choose(desk, *roofs(1))
    for seconds in WAITS:
        expect(row(desk, "roof 1.jpg")).to_contain_text(f"Trying again in {seconds} s.")
        desk.clock.run_for(seconds * 1000)
    expect(row(desk, "roof 1.jpg")).to_contain_text("Not sent: the connection broke.")
    expect(desk.get_by_text("Photos added: 0 of 1. Not added: 1.")).to_be_visible()
    assert kept() == []
    desk.unroute(address)
    row(desk, "roof 1.jpg").get_by_role("button", name="Try again").click()

    expect(desk.get_by_text("Photos added: 1 of 1.")).to_be_visible()
    assert kept() == ["roof 1.jpg"]


def test_the_same_photo_under_two_names_is_kept_once(desk, claim):
    open_claim(desk, claim)
    choose(desk, file("roof.jpg", jpeg()))
    expect(row(desk, "roof.jpg")).to_contain_text("Added")

    choose(desk, file("copy.jpg", jpeg()), *roofs(1))

    expect(row(desk, "copy.jpg")).to_contain_text("This is photo 1 of the claim already.")
    expect(row(desk, "roof 1.jpg")).to_contain_text("Added")
    assert kept() == ["roof 1.jpg", "roof.jpg"]


DROP_ALIKE = """(zone, texts) => {
  const transfer = new DataTransfer();
  for (const text of texts) {
    const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
    const about = { type: "image/jpeg", lastModified: 1_000_000_000_000 };
    transfer.items.add(new File([bytes], "IMG_0001.jpg", about));
  }
  zone.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer }));
}"""


def test_photos_of_two_folders_that_are_alike_in_all_but_the_picture_both_arrive(desk, claim):
    open_claim(desk, claim)
    pictures = [jpeg(seed=1), jpeg(seed=2)]
    length = max(map(len, pictures))
    texts = [b64encode(each.ljust(length, b"\0")).decode() for each in pictures]

    desk.locator(".upload-zone").evaluate(DROP_ALIKE, texts)

    expect(desk.get_by_text("Photos added: 2 of 2.")).to_be_visible()
    assert kept() == ["IMG_0001.jpg", "IMG_0001.jpg"]


def test_a_folder_gives_its_photos_and_leaves_the_rest(desk, claim, tmp_path: Path):
    (tmp_path / "rear").mkdir()
    (tmp_path / "front.jpg").write_bytes(jpeg(seed=1))
    (tmp_path / "rear" / "slope.JPG").write_bytes(jpeg(seed=2))
    (tmp_path / "estimate.pdf").write_bytes(b"%PDF-1.7")
    (tmp_path / "rear" / "notes.txt").write_text("Called the roofer.")
    open_claim(desk, claim)

    with desk.expect_file_chooser() as chooser:
        desk.get_by_role("button", name="Choose a folder").click()
    chooser.value.set_files(tmp_path)

    told = "Photos added: 2 of 2. Files that are no photos, left out: 2."
    expect(desk.get_by_text(told)).to_be_visible()
    assert kept() == ["front.jpg", "slope.JPG"]


def test_a_phone_sends_photos_and_has_room_for_fingers(phone, claim):
    open_claim(phone, claim)
    button = phone.get_by_role("button", name="Choose photos")
    assert height(button) >= FINGER

    choose(phone, file("a name that goes on and on " * 4 + ".jpg", jpeg()), *roofs(1))

    expect(phone.get_by_text("Photos added: 2 of 2.")).to_be_visible()
    assert axe_violations(phone) == []
    assert not scrolls_sideways(phone)


def test_without_a_script_a_phone_sends_several_photos_at_once(plain_phone, claim):
    open_claim(plain_phone, claim)

    chosen = [*roofs(1, 2), file("again.jpg", jpeg(seed=1))]
    plain_phone.get_by_label("Add photos").set_input_files(chosen)
    plain_phone.get_by_role("button", name="Send").click()

    expect(plain_phone.get_by_text("2 photos were added.")).to_be_visible()
    expect(plain_phone.get_by_text("again.jpg: This is photo 1 of the claim")).to_be_visible()
    assert kept() == ["roof 1.jpg", "roof 2.jpg"]


def height(element: Locator) -> float:
    box = element.bounding_box()
    assert box is not None
    return box["height"]
