from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.core.confidence import Reviewed, Sureness, calibrated
from assessment.core.measure import Measured
from assessment.core.vocabulary import Outcome, ReviewStatus
from assessment.reports import figures, glance, tables
from assessment.reports.units import system
from assessment.reports.wording import numbers, sureness_note
from assessment.selectors.dossier import LeftOut, PhotoEntry
from tests.reports.reading import elements
from tests.reports.specimens import (
    DOSSIER,
    OVERVIEW,
    REFUSED,
    ROOF,
    TALL,
    UNANSWERED,
    finding,
    photo,
    query,
)

US = system("us")


def notes(*photos: PhotoEntry) -> list[tuple[str, str]]:
    return [(row.photo, row.note) for row in tables.finding_rows(photos, US) if row.note]


def test_every_finding_has_its_row():
    rows = [row for row in tables.finding_rows(DOSSIER.photos, US) if not row.note]
    assert len(rows) == sum(len(entry.findings) for entry in DOSSIER.photos)


def test_a_photo_where_nothing_was_found_stays_in():
    assert notes(OVERVIEW) == [
        ("1", "looked for “missing shingles”: nothing found"),
        ("1", "looked for “hail”: nothing found"),
    ]


def test_an_unanswered_question_is_not_nothing_found():
    assert notes(UNANSWERED)[1] == ("3", "“cracks” not answered: the engine declined this photo")


def test_a_refused_photo_keeps_its_row():
    assert notes(REFUSED) == [("5", f"not usable: {REFUSED.refusal}")]


def test_a_photo_nobody_asked_about_keeps_its_row():
    assert notes(photo(queries=(), findings=())) == [("1", "no question was asked")]


def sure(agreement: float, *, right: int = 0, wrong: int = 0) -> Sureness:
    reviewed = [Reviewed(agreement, right=each) for each in [True] * right + [False] * wrong]
    return calibrated(reviewed).sureness(agreement)


@pytest.mark.parametrize(
    ("sureness", "told"),
    [
        (
            sure(0.83, right=61, wrong=3),
            "confidence high: agreement 0.83, 61 of 64 right",
        ),
        (
            sure(0.83, right=20, wrong=44),
            "confidence low: agreement 0.83, 20 of 64 right",
        ),
        (
            sure(0.42, right=9),
            "confidence not known: agreement 0.42, 9 of 44 reviews needed",
        ),
        (Sureness(), ""),
        (None, ""),
    ],
)
def test_a_row_tells_how_sure_its_finding_is(sureness, told):
    (row,) = tables.finding_rows([photo(findings=(finding(sureness=sureness),))], US)
    assert row.sureness == told


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ([Sureness(), None], "not known: each question was put to a photo only once"),
        ([Sureness(), sure(0.8)], "for a finding without this remark, it is not known"),
    ],
)
def test_above_the_table_stands_what_confidence_means_or_that_it_is_not_known(found, words):
    assert words in sureness_note([finding(sureness=each) for each in found])


def test_of_what_people_drew_alone_no_confidence_is_told():
    assert sureness_note([finding(), finding()]) == ""


def test_a_finding_without_area_says_why():
    without = finding(area_m2=None)
    rows = tables.finding_rows((photo(findings=(without,), scale=""),), US)
    assert rows[0].area == "no scale"
    rows = tables.finding_rows((photo(findings=(without,)),), US)
    assert rows[0].area == "not measured"


def test_every_measured_figure_names_basis_reference_and_place():
    rows = tables.measure_rows(tables.measured(DOSSIER.photos), US)
    assert [row.number for row in rows] == ["M-01", "M-02", "M-03"]
    assert rows[1].basis == "door line on the slope, plane assumed"
    assert rows[1].reference == "door width, 0.914 m"
    assert rows[1].photo == "2, finding 2"


def test_the_measure_of_a_rejected_finding_is_marked():
    rejected = finding(review=ReviewStatus.REJECTED)
    (row,) = tables.measure_rows(tables.measured((photo(findings=(rejected,)),)), US)
    assert row.photo == "1, finding 1, rejected"


def test_a_finding_says_who_corrected_its_outline():
    entries = (finding(1), finding(2, edited=True, corrected_by="Ana Ruiz"))
    rows = tables.finding_rows((photo(findings=entries),), US)
    assert [row.correction for row in rows] == ["", "outline corrected by Ana Ruiz"]


def test_the_outline_of_a_rejected_finding_is_no_open_item():
    rejected = finding(approximate=True, review=ReviewStatus.REJECTED)
    assert glance.open_items(replace(DOSSIER, photos=(photo(findings=(rejected,)),))) == ()


def test_photos_with_unmeasured_findings_are_listed():
    assert tables.unmeasured(DOSSIER.photos) == "2, 4"
    assert tables.unmeasured((OVERVIEW,)) == ""


def test_engines_are_told_apart_by_the_model_that_served():
    asked = (query(), query(model_served="other-002"), query(outcome=Outcome.FAILED))
    rows = tables.engine_rows((photo(queries=asked),))
    assert [(row.served, row.outcome) for row in rows] == [
        ("segmenter-pro-001", "2 questions: 1 answered, 1 failed; 0 findings proposed"),
        ("other-002", "1 question: 1 answered; 0 findings proposed"),
    ]


def test_a_model_that_did_not_name_itself_is_not_given_a_name():
    (row,) = tables.engine_rows((photo(queries=(query(model_served=""),)),))
    assert row.served == "not stated"


def test_open_items_hold_everything_a_person_must_settle():
    items = [(item.name, item.text) for item in glance.open_items(DOSSIER)]
    assert items == [
        ("Photo 2", "finding 3 not reviewed"),
        ("Photo 2", "finding 3 outline is approximate"),
        ("Photo 3", "“cracks” not answered: the engine declined this photo"),
        ("Photo 4", "“stains” answered in part: one of 3 outlines was cut off"),
        ("Photo 4", "findings 1\N{EN DASH}7 not reviewed"),
        ("Photo 4", "no scale, areas not measured (largest finding 0.2 % of the picture)"),
        ("Photo 5", f"not usable: {REFUSED.refusal}"),
    ]


def test_a_missing_decision_is_an_open_item():
    undecided = replace(DOSSIER, triage=None, photos=(OVERVIEW,))
    (item,) = glance.open_items(undecided)
    assert item.text == "no lane has been chosen yet"


def test_what_the_claim_does_not_say_is_marked_as_unknown():
    claim = replace(DOSSIER.claim, loss_date=None, peril="", address="", limit=None)
    facts = {fact.name: fact.text for fact in glance.facts(replace(DOSSIER, claim=claim), US)}
    assert facts["Loss"] == "day not known"
    assert facts["Property"] == facts["Limit"] == "—"


def test_the_loss_is_told_by_day_and_peril():
    facts = {fact.name: fact.text for fact in glance.facts(DOSSIER, US)}
    assert facts["Loss"] == "May 3, 2026 · hail"
    assert facts["Received"] == "5 photos, 1 not usable"


def test_an_area_with_approximate_outlines_is_marked_wherever_it_is_printed():
    rough = [total for total in DOSSIER.totals if total.approximate]
    (figure,) = glance.key_figures(rough, US)
    assert figure.details.startswith("hail impact, approximate outlines, 95 %: ")
    (row,) = glance.total_rows(rough, US)
    assert row.rough == "approximate outlines"
    chart = glance.area_chart(rough, US)
    assert "≈ hail impact</text>" in chart
    assert "hail impact, approximate outlines 41.3" in chart
    (note,) = glance.area_notes(rough)
    assert note.startswith("≈ approximate outlines: ")


def test_an_area_with_firm_outlines_is_not_marked():
    firm = [total for total in DOSSIER.totals if not total.approximate]
    printed = (glance.key_figures(firm, US), glance.total_rows(firm, US))
    assert "approximate" not in repr(printed)
    assert "≈" not in glance.area_chart(firm, US)
    assert glance.area_notes(firm) == ()


@pytest.mark.parametrize(("photos", "bare", "told"), [(1, 0, False), (2, 1, False), (2, 0, True)])
def test_areas_from_several_photos_may_hold_damage_twice(photos, bare, told):
    total = replace(DOSSIER.totals[0], photos=photos, photos_without_scale=bare)
    assert ("Damage that shows on two photos counts twice." in glance.area_notes([total])) is told


def test_key_figures_are_the_largest_measured_ones():
    values = [figure.value for figure in glance.key_figures(DOSSIER.totals, US)]
    assert values == ["612 SF", "41.3 SF", "1.6 SF"]


def test_a_type_without_scale_is_not_measured_rather_than_zero():
    row = glance.total_rows(DOSSIER.totals, US)[3]
    assert (row.area, row.unmeasured) == ("not measured", "1")
    chart = elements(glance.area_chart(DOSSIER.totals, US))
    rings = [attrs for tag, attrs in chart if tag == "circle" and attrs["fill"] == "none"]
    assert len(rings) == 1


def test_half_widths_are_a_share_of_the_value():
    entry = photo(findings=(finding(area_m2=Measured(50.0, 40.0, 60.0, "")),))
    assert "±20.0 %" in tables.measure_chart(tables.measured((entry,)))


def test_an_area_of_zero_has_no_half_width():
    entry = photo(findings=(finding(area_m2=Measured(0.0, 0.0, 0.0, "")),))
    assert "±0.0 %" in tables.measure_chart(tables.measured((entry,)))


@settings(deadline=None)
@given(st.floats(1e-6, 1e9))
def test_bars_and_whiskers_stay_within_the_plot(high):
    chart = figures.interval_chart("areas", [figures.Bar("a", high / 2, 0.0, high, "")], "SF")
    bars = [attrs for tag, attrs in elements(chart) if tag == "rect"]
    assert 0 < float(bars[0]["width"]) <= figures.PLOT_WIDTH


def test_text_in_a_chart_is_escaped():
    bar = figures.Bar("<b>", 1.0, 0.5, 1.5, "&")
    chart = figures.interval_chart("<i>", [bar], "<u>")
    assert not {"b", "i", "u"} & {tag for tag, _ in elements(chart)}


@pytest.mark.parametrize(
    ("values", "text"),
    [([], ""), ([4], "4"), ([1, 2], "1\N{EN DASH}2"), ([5, 1, 3, 2], "1\N{EN DASH}3, 5")],
)
def test_numbers_are_joined_into_runs(values, text):
    assert numbers(values) == text


def test_the_short_hash_is_the_head_of_the_long_one():
    for row, entry in zip(tables.file_rows(DOSSIER), DOSSIER.photos, strict=True):
        assert row.hash_head + row.hash_tail == entry.sha256
        assert len(row.hash_head) == tables.SHORT_HASH


def test_review_counts_are_summed_from_the_findings():
    facts = {fact.name: fact.text for fact in tables.disclosure((ROOF, TALL))}
    assert facts["Result"] == (
        "11 findings: 2 accepted, 1 rejected, 8 not reviewed; 1 drawn by a person"
    )


REFUSAL = "Too uncertain to print: between 0 and 0.4 m2."


def test_an_area_that_is_kept_back_says_so_in_the_tables_and_why_among_the_measurements():
    vague = photo(findings=(finding(area_m2=None, unmeasured=REFUSAL),))
    assert tables.finding_rows((vague,), US)[0].area == "too uncertain"
    assert tables.measured((vague,)) == ()
    (row,) = tables.unprinted_rows((vague, OVERVIEW))
    assert (row.reason, row.photo) == (REFUSAL, "1, finding 1")
    assert tables.unmeasured((vague,)) == ""


def test_the_reference_says_what_to_beware_of():
    wary = photo(scale_warnings=("The line is short.",))
    (row,) = tables.measure_rows(tables.measured((wary,)), US)
    assert row.reference == "door width, 0.914 m The line is short."


def test_a_total_says_which_photos_it_leaves_out():
    gaps = tuple(LeftOut(number, REFUSAL) for number in (2, 5, 6))
    total = replace(DOSSIER.totals[0], approximate=0, photos=1)
    (one,) = glance.area_notes([replace(total, left_out=gaps[:1])])
    assert one == f"Missing covering, without photo 2: {REFUSAL}"
    (several,) = glance.area_notes([replace(total, left_out=gaps)])
    assert several.startswith("Missing covering, without photos 2, 5\N{EN DASH}6: ")


def test_a_total_of_nothing_but_what_is_left_out_is_too_uncertain():
    total = replace(DOSSIER.totals[0], area_m2=None, left_out=(LeftOut(1, REFUSAL),))
    (row,) = glance.total_rows([total], US)
    assert (row.area, row.interval) == ("too uncertain", "")
    assert "too uncertain" in glance.area_chart([total], US)


def test_why_a_drones_photo_has_no_scale_is_an_open_item():
    bare = photo(scale="", no_scale="It was cut or resized.", findings=(finding(area_m2=None),))
    items = glance.open_items(replace(DOSSIER, photos=(bare,)))
    assert ("Photo 1", "It was cut or resized.") in [(item.name, item.text) for item in items]
