"""What a report says once a person has decided."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assessment.core.vocabulary import DecisionKind, Lane
from assessment.reports.decided import counted, decided, is_closed
from assessment.reports.render import markup, render
from assessment.reports.wording import DECISIONS, DIRECTIONS
from tests.reports.reading import reader, squeezed
from tests.reports.specimens import DECISION, DOSSIER, OVERVIEW, TRIAGE, pictures

CLOSED = replace(DOSSIER, decision=DECISION)
AWAITING = replace(
    DOSSIER, decision=replace(DECISION, kind=DecisionKind.MORE_PHOTOS, note="The rear slope.")
)


def test_the_decision_stands_on_the_first_page_with_who_when_and_why():
    small = replace(CLOSED, photos=(OVERVIEW,), totals=())
    glance = squeezed(reader(render(small, pictures(small))).pages[1].extract_text())

    assert squeezed("The assessment is approved") in glance
    assert squeezed("Decided by Dana Okafor, 2026-05-12 16:39:00 UTC") in glance
    assert squeezed(DECISION.note) in glance
    assert squeezed("8 findings not reviewed and 1 question without an answer") in glance


def test_a_decided_claim_says_that_only_accepted_findings_count():
    page = markup(CLOSED)

    assert "The claim is decided: only accepted findings are counted." in page
    assert "Every finding is counted" not in page


def test_an_open_claim_says_that_what_is_not_rejected_counts():
    for dossier in (DOSSIER, AWAITING):
        assert "Every finding is counted that nobody has rejected" in markup(dossier)
        assert "only accepted findings" not in markup(dossier)


def test_a_decided_claim_has_no_next_step_and_an_open_one_has():
    step = DIRECTIONS[Lane(TRIAGE.lane)].next_step

    assert step not in markup(CLOSED)
    assert step in markup(AWAITING)
    assert step in markup(DOSSIER)


def test_a_decided_claim_tells_its_lane_as_a_thing_of_the_past():
    headline = DIRECTIONS[Lane(TRIAGE.lane)].headline

    assert "How the claim was routed before the decision: review" in markup(CLOSED)
    assert headline not in markup(CLOSED)
    assert headline in markup(AWAITING)
    assert "routed before the decision" not in markup(AWAITING)


def test_a_claim_that_was_decided_before_it_was_routed_waits_for_no_lane():
    page = markup(replace(CLOSED, triage=None))

    assert "Before the decision no lane had been chosen" in page
    assert "no lane has been chosen yet" not in page.lower()


def test_only_before_the_decision_is_a_report_preliminary():
    assert "Report no. 1: hail" in markup(CLOSED)
    assert "Preliminary" not in markup(CLOSED)
    assert "Preliminary report no. 1: hail" in markup(AWAITING)


def test_asking_for_photos_leaves_nothing_out():
    told = decided(AWAITING.decision)

    assert told is not None
    assert (told.tag, told.note, told.undone) == ("waiting for photos", "The rear slope.", "")
    assert not is_closed(AWAITING.decision)


@pytest.mark.parametrize(
    ("unreviewed", "open_questions", "said"),
    [
        (0, 0, ""),
        (1, 0, "1 finding not reviewed when it was decided; not counted here."),
        (0, 2, "2 questions without an answer when it was decided; not counted here."),
    ],
)
def test_what_was_left_undone_is_counted(unreviewed, open_questions, said):
    told = decided(replace(DECISION, unreviewed=unreviewed, open_questions=open_questions))

    assert told is not None
    assert told.undone == said


@pytest.mark.parametrize("kind", DecisionKind)
def test_every_decision_has_its_headline(kind):
    dossier = replace(DOSSIER, decision=replace(DECISION, kind=kind))

    assert DECISIONS[kind] in markup(dossier)
    assert "[missing:" not in markup(dossier)


def test_without_a_decision_nothing_is_said_of_one():
    assert decided(None) is None
    assert counted(None).startswith("Every finding is counted")
    assert "Decided by" not in markup(DOSSIER)
