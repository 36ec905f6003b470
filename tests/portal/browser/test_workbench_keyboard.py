"""The workbench by keyboard alone: nothing on it needs a mouse."""

from __future__ import annotations

import pytest
import shapely
from playwright.sync_api import expect

from assessment.core.vocabulary import DamageType
from assessment.models import Finding


@pytest.fixture
def held(bench):
    """The first finding in hand, and the first point of its outline."""
    bench.open(1).can_be_reshaped()
    bench.press(".")
    expect(bench.part("hint")).to_contain_text("Point 1 of 4")
    return bench


def test_a_photo_is_reviewed_with_two_keys(bench):
    bench.open()

    bench.press("a")
    expect(bench.title).to_contain_text("2.")
    bench.press("x")
    expect(bench.part("question")).to_be_visible()
    bench.press("1")

    expect(bench.page.get_by_text("Photo 1 done", exact=True)).to_be_visible()
    bench.saved()
    assert bench.finding(1).review == "accepted"
    assert (bench.finding(2).review, bench.finding(2).reason) == ("rejected", "not_damage")


def test_the_question_why_names_its_finding_and_goes_with_it(bench):
    bench.open(2).press("t", "7")
    bench.press("k", "x")
    expect(bench.part("question")).to_have_text("1. Crack: why rejected? Enter skips.")

    bench.press("Control+z")
    expect(bench.title).to_contain_text("2.")
    expect(bench.part("ask")).to_be_hidden()
    bench.press("x")
    expect(bench.part("question")).to_contain_text("2. ")
    bench.press("Control+Shift+z")

    expect(bench.part("ask")).to_be_hidden()
    bench.saved()
    assert {bench.finding(number).review for number in (1, 2)} == {"proposed"}


def test_enter_rejects_without_a_reason(bench):
    bench.open()

    bench.press("x", "Enter")

    bench.saved()
    assert (bench.finding(1).review, bench.finding(1).reason) == ("rejected", "")


def test_the_type_is_changed_and_changed_back(bench):
    bench.open(1)

    bench.press("t", "7")
    expect(bench.title).to_have_text("1. Dent")
    bench.saved()
    assert bench.finding(1).damage_type == "dent"

    bench.press("Control+z")
    expect(bench.title).to_have_text("1. Crack")
    bench.saved()
    assert bench.finding(1).damage_type == "crack"

    bench.press("Control+Shift+z")
    bench.saved()
    assert bench.finding(1).damage_type == "dent"


def test_what_was_found_for_orientation_becomes_damage_and_only_undoing_takes_that_back(bench):
    Finding.objects.filter(number=1).update(damage_type=DamageType.NO_DAMAGE)
    bench.open(1)
    expect(bench.title).to_have_text("1. No damage: for orientation")

    bench.press("t")
    expect(bench.part("chips")).not_to_contain_text("No damage")
    bench.press("7")
    expect(bench.title).to_have_text("1. Dent")
    bench.saved()
    assert bench.finding(1).damage_type == "dent"

    bench.press("Control+z")
    bench.saved()
    assert bench.finding(1).damage_type == "no_damage"


def test_findings_are_gone_through_in_the_list_and_by_what_is_left(bench):
    bench.open()
    bench.press("j")
    expect(bench.title).to_contain_text("2.")
    bench.press("k")
    expect(bench.title).to_contain_text("1.")
    bench.press("a", "n")
    expect(bench.title).to_contain_text("2.")

    bench.part("list").focus()
    bench.press("Home")

    expect(bench.title).to_contain_text("1.")


def test_a_point_is_moved_with_the_arrow_keys(held):
    (x, y), *_ = held.outline().geoms[0].exterior.coords

    held.press("Shift+ArrowRight", "ArrowDown")

    held.saved()
    corners = shapely.get_coordinates(held.outline()).tolist()
    assert pytest.approx([x + 10, y + 1]) in corners
    assert pytest.approx([x, y]) not in corners


def test_a_point_is_added_and_removed(held):
    held.press("i")
    held.saved()
    assert held.corners() == 5

    held.press("Delete")
    held.saved()
    assert held.corners() == 4

    held.press("Delete", "Delete")
    expect(held.part("notice")).to_contain_text("An outline needs three points.")
    held.saved()
    assert held.corners() == 3


def test_undo_goes_back_to_what_the_engine_drew(held):
    held.press("Shift+ArrowRight", "i")
    held.saved()
    assert held.finding().edited

    held.press("Control+z", "Control+z")

    held.saved()
    assert not held.finding().edited
    assert held.outline().equals(shapely.box(50, 50, 150, 150))


def test_a_finding_is_drawn_with_the_crosshair(bench):
    bench.open().whole()

    bench.press("d", "Enter", "Shift+ArrowRight", "Shift+ArrowRight", "Enter")
    bench.press("Shift+ArrowDown", "Shift+ArrowDown", " ", "Enter")
    expect(bench.page.get_by_text("What did you draw?")).to_be_visible()
    bench.press("7")

    expect(bench.title).to_have_text("3. Dent")
    bench.saved()
    assert (bench.finding(3).source, bench.corners(3)) == ("person", 3)


def test_a_drawing_is_taken_back_point_by_point_and_given_up(bench):
    bench.open().whole()

    bench.press("d", "Enter", "Shift+ArrowRight", "Enter", "Backspace", "Control+z", "Escape")

    expect(bench.button("Select and reshape")).to_have_attribute("aria-pressed", "true")
    expect(bench.rows).to_have_count(2)
    expect(bench.button("Undo")).to_have_attribute("aria-disabled", "true")


def test_a_reference_line_is_drawn_measured_and_taken_back(bench):
    bench.open(1).whole()

    bench.press("m", "Enter", "Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight", "Enter")
    expect(bench.page.get_by_label("Length")).to_be_focused()
    bench.page.keyboard.type("2 1/2")
    bench.press("Enter")
    bench.saved()
    expect(bench.part("scale")).to_contain_text("line of 2.5 ft")
    expect(bench.part("detail-area")).to_contain_text("sq ft")

    bench.press("Control+z")
    bench.saved()
    expect(bench.part("scale")).to_contain_text("No scale")

    bench.press("Control+Shift+z")
    bench.saved()
    expect(bench.part("detail-area")).to_contain_text("sq ft")


def test_a_drawn_finding_is_deleted_with_a_key_and_brought_back(bench):
    bench.open().whole()
    bench.press("d", "Enter", "Shift+ArrowRight", "Enter", "Shift+ArrowDown", "Enter", "Enter", "1")
    bench.saved()
    expect(bench.rows).to_have_count(3)

    bench.press("Delete")
    bench.saved()
    assert bench.finding(3).removed

    bench.press("Control+z")
    bench.saved()
    assert not bench.finding(3).removed


def test_the_outlines_hide_while_b_is_held(bench):
    bench.open(1).whole().can_be_reshaped()
    bench.part("canvas").focus()
    bench.press("v")
    shown = bench.picture()

    bench.page.keyboard.down("b")
    assert bench.picture() != shown
    bench.page.keyboard.up("b")

    assert bench.picture() == shown


def test_the_keys_take_the_focus_and_give_it_back(bench):
    bench.open().part("canvas").focus()

    bench.press("?")
    expect(bench.page.get_by_role("heading", name="Keyboard")).to_be_focused()
    expect(bench.page.get_by_role("heading", name="Keyboard")).to_be_in_viewport()
    bench.press("Escape")

    expect(bench.part("canvas")).to_be_focused()


def test_keys_that_are_switched_off_do_nothing(bench):
    bench.open()
    bench.press("?")
    bench.page.get_by_label("Use these keys").uncheck()
    bench.button("Close").click()

    bench.press("a")

    expect(bench.title).to_have_text("1. Crack")
    assert bench.finding(1).review == "proposed"
