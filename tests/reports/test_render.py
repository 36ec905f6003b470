from __future__ import annotations

import time
from dataclasses import replace

import pytest

from assessment.core.vocabulary import Lane
from assessment.reports.content import SECTIONS
from assessment.reports.render import MOST_FINDINGS, ReportError, markup, render
from assessment.reports.wording import DIRECTIONS, UNDECIDED
from tests.reports.reading import elements, objects, reader, squeezed, text_of
from tests.reports.specimens import DOSSIER, INSURED, OVERVIEW, TRIAGE, finding, photo, pictures

SMALL = replace(DOSSIER, photos=(OVERVIEW,), totals=())
EMPTY = replace(DOSSIER, photos=(), totals=(), triage=None)
POINTS_PER_MM = 72 / 25.4
A_DAY = 86_400


def test_every_page_says_which_one_it_is(report):
    total = len(report.pages)
    for number, page in enumerate(report.pages, start=1):
        assert f"Page {number} of {total}" in page.extract_text()


def test_every_page_carries_document_and_time(report):
    for page in report.pages:
        assert "Document PDR-2026-004127-01 · made 2026-05-12 16:40 UTC" in page.extract_text()


def test_pages_after_the_cover_name_claim_and_section(report):
    assert "Claim 26-TX-004127" not in report.pages[0].extract_text().splitlines()[0]
    second = report.pages[1].extract_text()
    assert "Claim 26-TX-004127 · María" in second
    assert "1 At a glance" in second


def test_every_hash_stands_whole_in_the_evidence_and_short_under_its_photo(report):
    text = text_of(report)
    for entry in DOSSIER.photos:
        assert text.count(entry.sha256) == 1
        assert f"SHA-256 {entry.sha256[:12]}" in text
    assert DOSSIER.log_head in text


def test_every_reason_is_printed_with_its_rule(report):
    text = squeezed(report.pages[1].extract_text())
    for reason in (*TRIAGE.reasons, *TRIAGE.near_misses):
        assert squeezed(f"{reason.sentence.removesuffix('.')} (rule {reason.rule}).") in text


def test_the_sums_come_from_the_findings(report):
    text = text_of(report)
    assert "11 findings: 2 accepted, 1 rejected, 8 not reviewed; 1 drawn by a person" in text
    assert squeezed("9 questions: 8 answered, 1 unanswered; 10 findings proposed") in squeezed(text)


def test_areas_come_in_both_units_with_their_interval(report):
    text = squeezed(report.pages[1].extract_text())
    assert squeezed("612 SF missing covering, 95 %: 571\N{EN DASH}655 [56.9 m²]") in text


def test_the_contents_line_gives_the_pages_of_the_sections(report):
    starts = {
        item.title.split(" ", 1)[1]: report.get_destination_page_number(item) + 1
        for item in report.outline
        if not isinstance(item, list)
    }
    assert list(starts) == [name for _, name in SECTIONS]
    cover = squeezed(report.pages[0].extract_text())
    assert squeezed(" · ".join(f"{name} {page}" for name, page in starts.items())) in cover


def test_the_insured_is_printed_in_full(report):
    assert squeezed(INSURED) in squeezed(report.pages[0].extract_text())


@pytest.mark.parametrize(("units", "paper"), [("us", (215.9, 279.4)), ("metric", (210, 297))])
def test_paper_follows_the_units(units, paper):
    pages = reader(render(replace(SMALL, units=units), pictures(SMALL))).pages
    size = (float(pages[0].mediabox.width), float(pages[0].mediabox.height))
    assert size == pytest.approx([side * POINTS_PER_MM for side in paper], abs=0.1)


def test_the_same_dossier_gives_the_same_bytes_on_another_day(monkeypatch):
    first = render(SMALL, pictures(SMALL))
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + A_DAY)
    assert render(SMALL, pictures(SMALL)) == first


def test_fonts_carry_no_clock_where_harfbuzz_has_no_subsetter(monkeypatch):
    monkeypatch.setattr("weasyprint.pdf.fonts.harfbuzz_subset", None)
    first = render(SMALL, pictures(SMALL))
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + A_DAY)
    assert render(SMALL, pictures(SMALL)) == first


def test_another_dossier_gives_other_bytes():
    other = replace(SMALL, log_entries=SMALL.log_entries + 1)
    assert render(SMALL, pictures(SMALL)) != render(other, pictures(other))


def test_only_shipped_fonts_are_used(report):
    names = {
        str(font.get_object()["/BaseFont"]).partition("+")[2]
        for page in report.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert names
    assert all(name.startswith("Source-") for name in names)


def test_photos_go_in_as_they_were_handed_over(report):
    images = {
        bytes(item.get_object()._data)
        for page in report.pages
        for item in page["/Resources"].get("/XObject", {}).values()
        if item.get_object()["/Subtype"] == "/Image"
    }
    assert set(pictures(DOSSIER).values()) <= images


def test_the_document_is_tagged_titled_and_in_english(report):
    catalog = report.root_object
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == "en"
    assert report.metadata.title == (
        "Property damage report PDR-2026-004127-01, claim 26-TX-004127"
    )


def test_the_file_is_dated_by_the_dossier(report):
    assert report.metadata.creation_date == DOSSIER.made_at


def test_the_document_declares_archive_and_access(report):
    metadata = report.root_object["/Metadata"].get_object().get_data()
    assert metadata.count(b"<rdf:RDF") == 1
    assert b'pdfaid:part="3"' in metadata
    assert b'pdfaid:conformance="A"' in metadata
    assert b'pdfuaid:part="1"' in metadata


def test_every_figure_has_words_for_who_cannot_see_it(report):
    figures = [item for item in objects(report) if item.get("/S") == "/Figure"]
    assert len(figures) > len(DOSSIER.photos)
    assert all(len(figure.get("/Alt", "")) >= 8 for figure in figures)


def test_nothing_the_template_asks_for_is_missing():
    for dossier in (DOSSIER, EMPTY):
        assert "[missing:" not in markup(dossier)


def test_the_page_claims_no_more_than_is_known():
    page = markup(DOSSIER)
    assert "an assumed error of the outline" in page
    assert "true value in 95 of 100" not in page
    assert "No damage found" not in page


def test_the_log_is_named_by_its_owner_and_its_last_entry():
    assert "Carrier's log up to entry 412, head" in markup(DOSSIER)


def test_approximate_areas_are_marked_on_the_page():
    assert '<span class="grey">approximate outlines</span>' in markup(DOSSIER)
    assert "≈ approximate outlines: " in markup(DOSSIER)


def test_a_claim_without_photos_still_makes_a_report():
    text = text_of(reader(render(EMPTY, {})))
    assert UNDECIDED.headline in text
    assert "No photo has been received." in text
    assert "Nothing found" not in text


@pytest.mark.parametrize("lane", Lane)
def test_every_lane_has_its_headline(lane):
    page = markup(replace(DOSSIER, triage=replace(TRIAGE, lane=lane)))
    assert DIRECTIONS[lane].headline in page


def test_a_missing_print_copy_is_no_blank_space():
    with pytest.raises(ReportError, match=r"photo 1 .* is missing or can't be read"):
        render(SMALL, {})


@pytest.mark.parametrize(
    "body", [b"", b"not a picture", b"<svg xmlns='http://www.w3.org/2000/svg'/>"]
)
def test_a_print_copy_that_is_no_jpeg_stops_the_report(body):
    with pytest.raises(ReportError, match="The original is kept"):
        render(SMALL, {OVERVIEW.picture: body})


def test_a_cut_off_print_copy_stops_the_report():
    whole = pictures(SMALL)[OVERVIEW.picture]
    with pytest.raises(ReportError, match="photo 1"):
        render(SMALL, {OVERVIEW.picture: whole[: len(whole) // 2]})


def test_unknown_units_are_refused_with_a_sentence():
    with pytest.raises(ReportError, match='set to "furlongs"'):
        render(replace(SMALL, units="furlongs"), pictures(SMALL))


def test_too_many_findings_are_refused_with_a_sentence():
    crowd = photo(1, findings=tuple(finding(n) for n in range(MOST_FINDINGS + 1)))
    with pytest.raises(ReportError, match="501 findings; a report holds"):
        render(replace(SMALL, photos=(crowd,)), pictures(SMALL))


def test_foreign_signs_are_printed_as_their_code_points():
    claim = replace(DOSSIER.claim, insured="王小明 \N{RIGHT-TO-LEFT OVERRIDE}txt Łucja")
    cover = reader(render(replace(SMALL, claim=claim), pictures(SMALL))).pages[0].extract_text()
    assert squeezed("[U+738B][U+5C0F][U+660E] [U+202E]txt Łucja") in squeezed(cover)


def test_pictures_are_named_by_our_own_numbers():
    addresses = {
        attrs.get("href", attrs.get("src"))
        for tag, attrs in elements(markup(DOSSIER))
        if tag in {"img", "image"}
    }
    assert addresses == {f"photo:{entry.number}" for entry in DOSSIER.photos if entry.picture}
