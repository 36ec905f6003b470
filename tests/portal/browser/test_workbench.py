"""The workbench with mouse and buttons: every finding is judged, reshaped, drawn and measured."""

from __future__ import annotations

import io

import numpy as np
import pytest
import shapely
from PIL import Image
from playwright.sync_api import expect
from shapely import MultiPolygon

from assessment import pipeline
from assessment.core.vocabulary import DamageType
from tests.factories import drone_jpeg, jpeg, make_photo, make_user
from tests.fakes import hairline, square
from tests.portal.browser.bench import Bench
from tests.services.steps import changed

SQUARE = (50, 50, 150, 150)
# The photo is plaster, far brighter than what lies beyond it.
DARK = 60


def assert_outline(outline: MultiPolygon, expected: shapely.Polygon) -> None:
    """The same but for the pixel that a pointer may be off, and the hair by which a line is."""
    assert outline.symmetric_difference(expected).area < 0.02 * expected.area


def test_a_finding_is_accepted_and_the_next_one_is_in_hand(bench):
    bench.open()
    expect(bench.title).to_have_text("1. Crack")

    bench.act("accept")

    expect(bench.title).to_contain_text("2.")
    bench.saved()
    assert bench.finding(1).review == "accepted"


def test_a_finding_is_rejected_with_a_reason(bench):
    bench.open()
    bench.act("reject")
    bench.page.get_by_role("button", name="Duplicate").click()

    expect(bench.title).to_contain_text("2.")
    bench.saved()
    assert (bench.finding(1).review, bench.finding(1).reason) == ("rejected", "duplicate")


def test_the_strip_of_photos_counts_what_is_left(bench, fake_engine):
    make_photo(bench.photo.claim, jpeg(seed=7))
    bench.open()
    here = bench.page.locator(".filmstrip [aria-current]")
    expect(here).to_contain_text("2 to review")

    bench.press("a")
    expect(here).to_contain_text("1 to review")
    bench.press("a")
    expect(here.get_by_label("nothing to review")).to_be_visible()
    expect(here).not_to_contain_text("to review", use_inner_text=True)
    bench.press("Control+z")
    expect(here).to_contain_text("1 to review")


def test_after_the_last_finding_the_next_photo_is_one_key_away(bench, fake_engine):
    other = make_photo(bench.photo.claim, jpeg(seed=7))
    bench.open()

    bench.press("a", "a")
    expect(bench.page.get_by_text("Photo 1 done", exact=True)).to_be_visible()
    bench.press("Control+Enter")

    bench.page.wait_for_url(f"**/photos/{other.number}/")
    bench.wait()
    assert {bench.finding(number).review for number in (1, 2)} == {"accepted"}


def test_a_click_on_the_picture_takes_a_finding_in_hand(bench):
    bench.open().whole()

    bench.click((220, 100))

    expect(bench.title).to_contain_text("2.")
    expect(bench.part("list")).to_have_attribute("aria-activedescendant", "row-2")


def test_a_point_is_dragged(bench):
    bench.open(1).whole().can_be_reshaped()

    bench.drag((150, 150), (175, 175))

    bench.saved()
    moved = shapely.Polygon([(50, 50), (150, 50), (175, 175), (50, 150)])
    assert_outline(bench.outline(), moved)
    assert bench.finding().edited


def test_a_point_goes_where_the_next_click_is(bench):
    bench.open(1).whole().can_be_reshaped()

    bench.click((150, 150), (175, 175))

    bench.saved()
    moved = shapely.Polygon([(50, 50), (150, 50), (175, 175), (50, 150)])
    assert_outline(bench.outline(), moved)


def test_a_click_on_the_edge_adds_a_point_and_one_with_alt_removes_it(bench):
    bench.open(1).whole().can_be_reshaped()

    bench.click((100, 50))
    bench.saved()
    assert bench.corners() == 5
    assert_outline(bench.outline(), shapely.box(*SQUARE))

    bench.page.keyboard.down("Alt")
    bench.click((100, 50))
    bench.page.keyboard.up("Alt")
    bench.saved()
    assert bench.corners() == 4


def test_an_opening_is_cut_and_the_area_drops(bench):
    bench.open(1).whole().can_be_reshaped()
    bench.button("Cut an opening").click()

    bench.click((80, 80), (120, 80), (100, 120), (80, 80))

    bench.saved()
    assert bench.finding().area_px == pytest.approx(10_000 - 800, rel=0.005)
    expect(bench.part("detail-area")).to_have_text("12 % of the photo")


def test_a_finding_is_drawn_deleted_and_brought_back(bench):
    bench.open().whole()
    bench.button("Draw a finding").click()
    bench.click((200, 160), (300, 160), (300, 220), (200, 220), (200, 160))
    expect(bench.page.get_by_text("What did you draw?")).to_be_visible()
    bench.page.get_by_role("button", name="Dent").click()

    expect(bench.title).to_have_text("3. Dent")
    bench.saved()
    drawn = bench.finding(3)
    assert (drawn.source, drawn.review, drawn.damage_type) == ("person", "accepted", "dent")
    assert_outline(bench.outline(3), shapely.box(200, 160, 300, 220))

    bench.act("delete")
    bench.saved()
    expect(bench.rows).to_have_count(2)
    assert bench.finding(3).removed

    bench.button("Undo").click()
    bench.saved()
    expect(bench.rows).to_have_count(3)
    assert not bench.finding(3).removed


def test_a_reference_line_measures_every_finding_anew(bench):
    bench.open(1).whole()
    bench.button("Reference line").click()
    bench.click((60, 200), (260, 200))
    bench.page.get_by_label("Length").fill("2")
    bench.button("Set the scale").click()

    bench.saved()
    expect(bench.part("scale")).to_contain_text("Scale: 1 ft = ")
    expect(bench.part("detail-area")).to_contain_text(" sq ft (")
    expect(bench.rows.nth(1)).to_contain_text("sq ft")
    assert bench.finding(1).area_m2 == pytest.approx(0.0929, rel=0.05)

    bench.button("Remove the line").click()
    bench.saved()
    expect(bench.part("scale")).to_contain_text("No scale")
    expect(bench.part("detail-area")).to_have_text("13 % of the photo")


def test_a_short_line_is_warned_of_and_an_area_too_uncertain_has_its_reason(bench, fake_engine):
    fake_engine.detections = (hairline(),)
    bench = Bench(bench.page, make_photo(bench.photo.claim)).open(1).whole()
    bench.button("Reference line").click()
    bench.click((60, 200), (160, 200))
    bench.page.get_by_label("Length").fill("1")
    bench.button("Set the scale").click()
    bench.saved()

    expect(bench.part("scale-warnings")).to_contain_text("shorter than 120 pixels")
    expect(bench.part("detail-area")).to_contain_text("Area too uncertain, ")
    expect(bench.part("detail-unmeasured")).to_contain_text("Too uncertain to print: between 0")
    expect(bench.rows.first).to_contain_text("Area too uncertain")


def test_a_drones_photo_has_a_scale_before_anybody_draws_a_line(bench):
    bench = Bench(bench.page, make_photo(bench.photo.claim, drone_jpeg())).open(1).whole()

    expect(bench.part("scale")).to_contain_text("Scale by what the drone tells of its flight.")
    expect(bench.part("scale-basis")).to_contain_text("height of 40.0 m over the take-off point")
    expect(bench.part("scale-warnings")).to_contain_text("31 % too large")
    expect(bench.button("Remove the line")).to_be_hidden()
    expect(bench.part("detail-area")).to_contain_text(" sq ft (")


@pytest.mark.parametrize("expected", ["status of 422"])
def test_a_length_that_is_none_is_asked_for_again(bench):
    bench.open(1).whole()
    bench.button("Reference line").click()
    bench.click((60, 200), (90, 200))
    expect(bench.page.get_by_text("Short line.")).to_be_visible()

    bench.page.get_by_label("Length").fill("ten feet")
    bench.press("Enter")

    expect(bench.part("no-length")).to_contain_text("“ten feet” can't be read as a length.")
    expect(bench.page.get_by_label("Length")).to_be_focused()


@pytest.mark.parametrize("written", ["10' 6\"", "126 in", "10.5"])
def test_a_length_is_written_as_one_likes(bench, written):
    bench.open(1).whole()
    bench.button("Reference line").click()
    bench.click((60, 200), (260, 200))
    bench.page.get_by_label("Length").fill(written)
    bench.press("Enter")

    expect(bench.part("scale")).to_contain_text("line of 10.5 ft")
    bench.saved()


def test_who_reviewed_a_finding_and_who_changed_it_since_are_told_apart(bench, carrier):
    bench.open(1).act("accept")
    bench.saved()
    expect(bench.part("detail-title")).to_contain_text("2.")
    dana = make_user(carrier)
    dana.name = "Dana Fox"
    dana.save()
    changed(bench.finding(1), dana, damage_type=DamageType.STAIN)

    facts = bench.reload().part("detail-facts")

    expect(facts).to_contain_text("Reviewed by Ana Ruiz, ")
    expect(facts).to_contain_text("Last changed by Dana Fox, ")


def test_what_the_engine_drew_shows_while_o_is_held(bench):
    bench.open(1).whole().can_be_reshaped()
    bench.drag((150, 150), (175, 175))
    bench.saved()
    bench.part("canvas").focus()
    bench.press("v")
    edited = bench.picture()

    bench.page.keyboard.down("o")
    assert bench.picture() != edited
    bench.page.keyboard.up("o")
    assert bench.picture() == edited

    bench.act("restore")
    bench.saved()
    assert_outline(bench.outline(), shapely.box(*SQUARE))
    assert not bench.finding().edited


def test_everything_is_there_after_the_page_is_loaded_again(bench):
    bench.open(1).whole().can_be_reshaped()
    bench.drag((150, 150), (175, 175))
    bench.act("accept")
    bench.act("type")
    bench.page.get_by_role("button", name="Dent").click()
    bench.saved()

    bench.reload()

    expect(bench.rows.nth(0)).to_contain_text("1. Crack")
    expect(bench.rows.nth(0)).to_contain_text("Accepted")
    expect(bench.rows.nth(1)).to_contain_text("2. Dent")
    expect(bench.part("left")).to_have_text("1 of 2 to review")
    expect(bench.title).to_have_text("1. Crack")  # the address names it
    expect(bench.part("detail-facts")).to_contain_text("The outline was changed by a person")


def test_a_finding_in_the_corner_is_shown_with_little_beyond_the_photo(bench, fake_engine):
    fake_engine.detections = (square(left=0, top=0, side=30),)
    photo = make_photo(bench.photo.claim, jpeg(seed=7))
    bench.page.emulate_media(reduced_motion="reduce")

    picture = Image.open(io.BytesIO(Bench(bench.page, photo).open(1).picture())).convert("L")

    beyond = np.asarray(picture) < DARK
    assert beyond.mean() < 0.25


def test_the_view_stays_while_one_goes_through_findings_that_are_well_in_view(bench):
    bench.page.emulate_media(reduced_motion="reduce")
    bench.open(1)
    bench.press("Escape")
    unselected = bench.picture()

    bench.press("j", "Escape")

    assert bench.picture() == unselected


def test_what_two_searches_show_is_told_once_with_all_that_it_was_called(bench, fake_engine):
    fake_engine.detections = (square(label="brown patch"),)
    pipeline.query_ask(claim=bench.photo.claim, text="stains", by=None)
    pipeline.work_off("")
    bench.open(1)

    expect(bench.rows).to_have_count(2)
    expect(bench.rows.first).to_contain_text("crack in plaster · brown patch")
    told = "Also seen as “brown patch” when looking for “stains”."
    expect(bench.part("detail-facts")).to_contain_text(told)
    expect(bench.part("searches")).to_contain_text("1 found, 1 known before")
