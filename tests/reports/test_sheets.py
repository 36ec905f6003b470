"""What stands beside a photo, and above all what may not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.core.vocabulary import (
    DamageType,
    FindingSource,
    Outcome,
    RejectReason,
    ReviewStatus,
)
from assessment.reports.sheets import MOST_LINES, Panel, key, panel, sheet
from assessment.reports.units import system
from assessment.reports.wording import REASONS
from tests.reports.reading import elements
from tests.reports.specimens import OVERVIEW, REFUSED, ROOF, TALL, finding, photo, query

US = system("us")

queries = st.builds(
    query,
    text=st.sampled_from(["hail", "cracks", "stains"]),
    outcome=st.sampled_from(Outcome),
    reason=st.sampled_from(["", "the engine declined this photo"]),
    lost=st.sampled_from([(), ("one outline was cut off",)]),
)


@settings(deadline=None)
@given(st.lists(queries, max_size=4), st.sampled_from(["", "too dark"]))
def test_nothing_found_is_said_only_where_every_question_was_answered_in_full(asked, refusal):
    said = panel(photo(queries=tuple(asked), findings=(), refusal=refusal))
    full = all(item.outcome is Outcome.ANSWERED and not item.lost for item in asked)
    assert said.judged == (said.title == "Nothing found") == bool(asked and full and not refusal)


def test_nothing_found_names_what_was_looked_for():
    assert panel(OVERVIEW).text == "Looked for “missing shingles”, “hail”."


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        (
            query(outcome=Outcome.UNANSWERED, reason="declined"),
            "“missing shingles” not answered: declined",
        ),
        (
            query(outcome=Outcome.FAILED, reason="no key"),
            "“missing shingles” not answered, the run failed: no key",
        ),
        (
            query(outcome=Outcome.QUEUED),
            "“missing shingles” not answered yet, waiting to be asked",
        ),
        (query(outcome=Outcome.RUNNING), "“missing shingles” not answered yet, being asked"),
        (
            query(lost=("one outline was cut off",)),
            "“missing shingles” answered in part: one outline was cut off",
        ),
    ],
)
def test_a_photo_that_was_not_judged_says_why(asked, text):
    said = panel(photo(queries=(query("hail"), asked), findings=()))
    assert (said.title, said.text) == ("Not judged", text)


def test_a_photo_that_nobody_was_asked_about_is_not_judged():
    said = panel(photo(queries=(), findings=()))
    assert (said.title, said.text) == ("Not judged", "No question was asked of this photo.")


def test_a_refused_photo_prints_its_reason_and_no_picture():
    printed = sheet(REFUSED, US)
    assert (printed.clean, printed.outlined) == ("", "")
    assert printed.panel == Panel("Not usable", REFUSED.refusal, judged=False)


def test_findings_are_outlined_beside_the_clean_photo():
    printed = sheet(ROOF, US)
    assert printed.panel is None
    assert not [tag for tag, _ in elements(printed.clean) if tag == "path"]
    assert [tag for tag, _ in elements(printed.outlined) if tag == "path"]


def test_one_line_for_each_finding_says_size_and_review():
    lines = [line.text for line in sheet(ROOF, US).lines]
    assert lines == [
        "1 missing covering: missing shingles, south slope. 612 SF (571\N{EN DASH}655)."
        " Accepted, D. Okafor.",
        "2 crack: cracked ridge cap. 1.6 SF (1.3\N{EN DASH}1.9)."
        " Drawn by a person, accepted, D. Okafor.",
        "3 hail impact: hail impacts near the gutter. 41.3 SF (32.3\N{EN DASH}50.6)."
        " Not reviewed. Approximate outline.",
        "4 stain: shade of the chimney. 1.3 % of the picture. Rejected, D. Okafor.",
    ]


@pytest.mark.parametrize("reason", RejectReason)
def test_a_rejected_finding_says_why(reason):
    rejected = finding(review=ReviewStatus.REJECTED, reason=reason.value)
    (line,) = sheet(photo(findings=(rejected,)), US).lines
    assert line.text.endswith(f"Rejected, D. Okafor ({REASONS[reason]}).")


@pytest.mark.parametrize(
    ("corrected_by", "said"),
    [("Ana Ruiz", "Outline corrected by Ana Ruiz."), ("", "Outline corrected by a person.")],
)
def test_a_corrected_outline_is_said_to_be_corrected(corrected_by, said):
    corrected = finding(edited=True, corrected_by=corrected_by)
    (line,) = sheet(photo(findings=(corrected,)), US).lines
    assert line.text.endswith(f"Accepted, D. Okafor. {said}")


def test_corrected_outlines_are_named_within_their_group():
    crowd = [finding(number, edited=number in {2, 3}) for number in range(1, 8)]
    (line,) = sheet(photo(findings=tuple(crowd)), US).lines
    assert line.text.endswith("Outline corrected by a person: 2\N{EN DASH}3.")


def test_many_findings_alike_share_a_line():
    assert len(TALL.findings) > MOST_LINES
    lines = [line.text for line in sheet(TALL, US).lines]
    assert lines == [
        "1\N{EN DASH}7 dent: 7 findings, areas in the table of findings. Not reviewed."
    ]


def test_an_approximate_finding_is_named_within_its_group():
    crowd = [finding(number, approximate=number == 4) for number in range(1, 8)]
    (line,) = sheet(photo(findings=tuple(crowd)), US).lines
    assert line.text.endswith("Approximate: 4.")


def test_findings_do_not_hide_an_unanswered_question():
    assert sheet(TALL, US).notes == "“stains” answered in part: one of 3 outlines was cut off."


def test_a_caption_leaves_rejected_findings_out():
    rejected = finding(label="shade", review=ReviewStatus.REJECTED)
    assert sheet(ROOF, US).caption == (
        "Missing shingles, south slope; cracked ridge cap; hail impacts near the gutter"
    )
    assert sheet(photo(findings=(rejected,)), US).caption == "Every finding was rejected"


def test_a_caption_says_no_more_than_was_looked_for():
    assert sheet(OVERVIEW, US).caption == "Nothing found of what was looked for"


def test_a_tall_photo_is_no_higher_than_a_wide_one():
    assert sheet(OVERVIEW, US).width == "100.00"
    assert sheet(TALL, US).width == "56.25"


def test_a_capture_time_that_is_missing_is_said_to_be_missing():
    assert sheet(TALL, US).taken == "no capture time in the file"


def test_the_key_is_left_out_where_nothing_is_outlined():
    assert key((OVERVIEW, REFUSED)) == ()
    assert len(key((OVERVIEW, ROOF))) == 4


def test_spoken_text_of_an_outlined_photo_holds_every_finding():
    kinds = (DamageType.DENT, DamageType.BURN)
    entries = tuple(
        finding(number, label=f"<{kind}>", damage_type=kind, source=FindingSource.PERSON)
        for number, kind in enumerate(kinds, start=1)
    )
    drawing = sheet(photo(findings=entries), US).outlined
    title = drawing.partition("<title>")[2].partition("</title>")[0]
    assert "1 dent: &lt;dent&gt;." in title
    assert "2 burn: &lt;burn&gt;." in title


def test_an_outline_found_within_the_engines_box_says_so():
    refined = finding(approximate=True, refined=True)
    (line,) = sheet(photo(findings=(refined,)), US).lines
    assert line.text.endswith(" Approximate outline, found within the engine's box.")
