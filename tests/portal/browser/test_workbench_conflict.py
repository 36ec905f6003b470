"""Two people at one photo: who comes second sees what the first did, and chooses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import shapely
from playwright.sync_api import expect

from claims.models import Carrier
from tests.browser import axe_violations, watched_page
from tests.factories import make_user
from tests.portal.browser.bench import Bench, enter

pytestmark = pytest.mark.parametrize("expected", ["status of 412"])


@pytest.fixture
def other(bench, browser, carrier: Carrier, live_server) -> Iterator[Bench]:
    """The same photo in the browser of Dana Fox."""
    dana = make_user(carrier)
    dana.name = "Dana Fox"
    dana.save()
    with watched_page(browser, live_server.url) as page:
        enter(page, dana, live_server.url)
        yield Bench(page, bench.photo)


@pytest.fixture
def first_corner(bench) -> tuple[float, float]:
    x, y = shapely.get_coordinates(bench.outline())[0]
    return float(x), float(y)


def move_first_point(bench: Bench, key: str) -> None:
    bench.can_be_reshaped()
    bench.press(".", key)


@pytest.fixture
def disagreement(bench: Bench, first_corner, other: Bench) -> Bench:
    """Both moved the same corner; Dana was first."""
    bench.open(1).can_be_reshaped()
    move_first_point(other.open(1), "Shift+ArrowRight")
    other.saved()
    move_first_point(bench, "Shift+ArrowDown")
    expect(bench.part("conflict-text")).to_have_text("Dana Fox changed this finding a moment ago.")
    return bench


def has_corner(bench: Bench, by: tuple[float, float], of: tuple[float, float]) -> bool:
    """Whether the outline has the corner that was moved."""
    moved = [of[0] + by[0], of[1] + by[1]]
    return any(moved == pytest.approx(each) for each in shapely.get_coordinates(bench.outline()))


def test_one_keeps_ones_own(disagreement, first_corner):
    disagreement.button("Keep mine").click()

    disagreement.saved()
    expect(disagreement.part("conflict")).to_be_hidden()
    assert disagreement.finding().revision == 3
    assert has_corner(disagreement, (0, 10), first_corner)


def test_one_takes_what_the_other_made(disagreement, first_corner):
    disagreement.button("Use the other one").click()

    disagreement.saved()
    expect(disagreement.part("conflict")).to_be_hidden()
    assert disagreement.finding().revision == 2
    assert has_corner(disagreement, (10, 0), first_corner)


def test_both_outlines_are_drawn_and_the_question_is_accessible(disagreement):
    expect(disagreement.page.locator("#save-status")).to_contain_text("Choose whose change stays.")
    expect(disagreement.part("conflict-outline")).to_be_visible()
    assert axe_violations(disagreement.page) == []


def test_other_findings_are_saved_meanwhile(disagreement):
    disagreement.press("j", "a")

    expect(disagreement.part("left")).to_have_text("1 of 2 to review")
    disagreement.button("Keep mine").click()
    disagreement.saved()
    assert disagreement.finding(2).review == "accepted"


def test_a_conflict_with_oneself_is_told_as_such(bench, first_corner):
    bench.open(1).can_be_reshaped()
    other = Bench(bench.page.context.new_page(), bench.photo).open(1)
    move_first_point(other, "Shift+ArrowRight")
    other.saved()

    move_first_point(bench, "Shift+ArrowDown")

    expect(bench.part("conflict-text")).to_have_text(
        "This finding was changed by you in another tab a moment ago."
    )


def test_a_link_says_at_once_that_a_choice_comes_first(disagreement):
    link = disagreement.page.get_by_role("link", name=disagreement.photo.claim.number)
    link.click()
    expect(disagreement.part("notice")).to_contain_text("Choose whose change stays, then go on.")
    expect(disagreement.button("Keep mine")).to_be_focused()

    disagreement.button("Keep mine").click()
    disagreement.saved()
    link.click()

    disagreement.page.wait_for_url(f"**/claims/{disagreement.photo.claim.number}/")


def test_two_reference_lines_are_settled_too(bench, other):
    bench.open(1).whole()
    other.open(1).whole()
    draw_line(other, "2")
    other.saved()

    draw_line(bench, "3")
    expect(bench.part("conflict-text")).to_contain_text("Dana Fox changed the scale of this photo")
    bench.button("Keep mine").click()

    bench.saved()
    bench.photo.refresh_from_db()
    assert bench.photo.reference_line["length_m"] == pytest.approx(3 * 0.3048)


def draw_line(bench: Bench, length: str) -> None:
    bench.button("Reference line").click()
    bench.click((60, 200), (260, 200))
    bench.page.get_by_label("Length").fill(length)
    bench.press("Enter")
    expect(bench.part("length")).to_be_hidden()
