"""What can't be saved as it was drawn: it stays in the hand that drew it, with a sentence."""

from __future__ import annotations

import pytest
import shapely
from playwright.sync_api import Dialog, Route, expect

from tests.portal.browser.bench import Bench

refused = pytest.mark.parametrize("expected", ["status of 422"])


def name_it(bench: Bench) -> None:
    bench.page.get_by_role("button", name="Dent").click()


def test_a_drawing_that_crosses_itself_is_kept_and_goes_on_once_points_are_taken_back(bench):
    bench.open().whole()
    bench.button("Draw a finding").click()
    bench.click((200, 160), (300, 220), (300, 160), (200, 220), (200, 160))
    expect(bench.part("notice")).to_contain_text("What you drew crosses itself. It is kept here")

    bench.press("Backspace")
    bench.button("Undo").click()
    expect(bench.part("notice")).to_be_hidden()
    bench.click((200, 220), (200, 160))
    name_it(bench)

    bench.saved()
    assert bench.corners(3) == 3
    assert bench.finding(3).area_px == pytest.approx(3000, rel=0.05)


@refused
def test_a_drawing_that_the_server_would_not_take_is_given_back(bench):
    bench.open().whole()
    bench.button("Draw a finding").click()
    bench.click((200, 160), (250, 160), (300, 160), (200, 160))
    name_it(bench)
    expect(bench.part("notice")).to_contain_text("nothing was changed")
    expect(bench.part("notice")).to_contain_text("What you drew is still here and not saved.")
    expect(bench.button("Draw a finding")).to_have_attribute("aria-pressed", "true")

    bench.press("Backspace")
    bench.click((250, 220), (200, 160))
    name_it(bench)

    bench.saved()
    assert bench.corners(3) == 3


@refused
def test_an_outline_that_the_server_would_not_take_stays_in_hand(bench):
    bench.open(1).whole().can_be_reshaped()
    bench.page.keyboard.down("Alt")
    bench.click((150, 150))
    bench.page.keyboard.up("Alt")
    bench.saved()
    bench.drag((50, 150), (100, 50))  # all on a line
    expect(bench.part("notice")).to_contain_text("nothing was changed")
    expect(bench.part("notice")).to_contain_text("What you drew is still here and not saved.")

    bench.drag((100, 50), (100, 150))

    bench.saved()
    expect(bench.part("notice")).to_be_hidden()
    moved = shapely.Polygon([(50, 50), (150, 50), (100, 150)])
    assert bench.outline().symmetric_difference(moved).area < 0.02 * moved.area


@refused
def test_a_line_that_bears_no_scale_is_given_back_with_its_length(bench):
    bench.open().whole()
    bench.button("Reference line").click()
    bench.click((60, 200), (260, 200))
    bench.page.get_by_label("Length").fill("90000 m")
    bench.press("Enter")
    expect(bench.part("notice")).to_contain_text("10000 metres")

    expect(bench.page.get_by_label("Length")).to_have_value("90000 m")
    bench.page.get_by_label("Length").fill("9 m")
    bench.press("Enter")

    expect(bench.part("scale")).to_contain_text("Scale: 1 ft = ")
    bench.saved()
    bench.photo.refresh_from_db()
    assert bench.photo.reference_line["length_m"] == 9


@pytest.fixture
def crossed(bench: Bench) -> Bench:
    """The upper right corner of the first outline lies far beyond its left edge."""
    bench.open(1).whole().can_be_reshaped()
    bench.drag((150, 50), (20, 120))
    expect(bench.part("notice")).to_contain_text("The outline crosses itself. It is kept here")
    return bench


def test_an_outline_that_crosses_itself_is_saved_once_it_no_longer_does(crossed):
    assert crossed.finding().revision == 1

    crossed.drag((20, 120), (180, 50))

    crossed.saved()
    expect(crossed.part("notice")).to_be_hidden()
    moved = shapely.Polygon([(50, 50), (180, 50), (150, 150), (50, 150)])
    assert crossed.outline().symmetric_difference(moved).area < 0.02 * moved.area


def test_a_move_that_made_an_outline_cross_itself_is_taken_back(crossed):
    shown = crossed.picture()

    crossed.press("Control+z")

    expect(crossed.part("notice")).to_be_hidden()
    assert crossed.picture() != shown
    assert crossed.finding().revision == 1


def test_an_outline_that_is_not_saved_waits_while_another_finding_is_looked_at(crossed):
    crossed.press("j")
    expect(crossed.title).to_contain_text("2.")
    crossed.button("Close").click()
    crossed.press("k")

    expect(crossed.part("notice")).to_contain_text("The outline crosses itself.")
    crossed.whole().drag((20, 120), (180, 50))
    crossed.saved()
    assert crossed.finding().edited


def test_a_finding_is_not_accepted_by_an_outline_that_is_not_seen(crossed):
    crossed.button("Close").click()
    crossed.press("a")

    expect(crossed.part("notice")).to_contain_text("The outline crosses itself.")
    expect(crossed.title).to_contain_text("1.")
    assert crossed.finding().review == "proposed"


def test_a_page_is_not_left_unasked_with_an_outline_that_is_not_saved(crossed):
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    crossed.page.once("dialog", stay)
    crossed.page.get_by_role("link", name="Claims").click()

    assert asked == ["beforeunload"]
    expect(crossed.title).to_contain_text("1.")


def test_an_opening_that_crosses_itself_is_drawn_on(bench):
    bench.open(1).whole().can_be_reshaped()
    bench.button("Cut an opening").click()
    bench.click((80, 80), (120, 120), (120, 80), (80, 120), (80, 80))
    expect(bench.part("notice")).to_contain_text("What you drew crosses itself.")

    bench.press("Backspace", "Backspace")
    bench.click((80, 120), (80, 80))

    bench.saved()
    assert bench.finding().area_px == pytest.approx(10_000 - 800, rel=0.01)


def test_an_opening_that_crosses_the_edge_of_a_finding_is_drawn_on(bench):
    bench.open(1).whole().can_be_reshaped()
    bench.drag((100, 50), (100, 140))  # a notch between the corners of the opening
    bench.saved()
    bench.button("Cut an opening").click()
    bench.click((60, 100), (140, 100), (100, 147), (60, 100))

    expect(bench.part("notice")).to_contain_text("The opening must lie inside the finding.")
    expect(bench.button("Cut an opening")).to_have_attribute("aria-pressed", "true")
    assert bench.finding().revision == 2


@refused
def test_a_drawing_that_was_refused_waits_until_another_is_finished(bench):
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if route.request.method != "POST" or held:
            route.fallback()
        else:
            held.append(route)

    bench.page.route("**/findings/", hold_the_first)
    bench.open().whole()
    bench.button("Draw a finding").click()
    bench.click((200, 160), (250, 160), (300, 160), (200, 160))
    name_it(bench)
    bench.press("d")
    bench.click((40, 180), (100, 180))
    held[0].fallback()
    expect(bench.part("notice")).to_contain_text("nothing was changed")
    bench.click((100, 230), (40, 180))
    name_it(bench)

    expect(bench.button("Draw a finding")).to_have_attribute("aria-pressed", "true")
    bench.press("Backspace")
    bench.click((250, 220), (200, 160))
    name_it(bench)
    bench.saved()
    assert (bench.corners(3), bench.corners(4)) == (3, 3)
