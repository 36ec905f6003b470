"""Rows of the queue: what each says, and how those at work keep up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assessment import pipeline
from assessment.core.vocabulary import JobKind, Lane, Outcome, Stage
from assessment.models import Docket, Segmentation
from assessment.tasks import TASKS
from claims.models import Claim
from portal.queue_rows import MOST_ASKING, waiting_text
from portal.wording import LANE_TAGS, STAGE_TAGS
from tests.selectors.standing import claim_at

pytestmark = [pytest.mark.django_db, pytest.mark.service]

QUEUE = "/claims/"
SIGN_OF_POLLING = 'hx-trigger="poll from:body"'


def row_of(claim: Claim) -> str:
    return f"{QUEUE}{claim.number}/row/"


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_has_a_word(carrier, member_client, stage):
    claim_at(carrier, stage)

    page = member_client.get(QUEUE, {"tab": "all"}).text

    assert f"</svg>{STAGE_TAGS[stage].label}</span>" in page


@pytest.mark.parametrize("lane", [Lane.STRAIGHT_THROUGH, Lane.FAST_TRACK])
def test_the_two_fast_lanes_are_told_apart(carrier, member_client, lane):
    claim_at(carrier, Stage.FAST, docket={"lane": lane})

    assert f"</svg>{LANE_TAGS[lane].label}</span>" in member_client.get(f"{QUEUE}?tab=fast").text


def test_reasons_for_a_review_are_not_told_once_the_claim_is_decided(carrier, member_client):
    claim_at(carrier, Stage.DECIDED, docket={"reasons": ["The ridge sags."]})

    assert "The ridge sags." not in member_client.get(QUEUE, {"tab": "decided"}).text


def test_photos_that_failed_are_named(at_work, member_client):
    Segmentation.objects.update(status=Outcome.FAILED, reason="Asked five times.")
    Docket.objects.update(stage=Stage.FAILED)

    page = member_client.get(QUEUE, {"tab": "failed"}).text

    assert "Photos 1, 2 could not be analysed." in page
    assert "See why" in page


def test_a_row_at_work_shows_how_far_it_has_come_and_asks_for_news(at_work, member_client):
    page = member_client.get(QUEUE, {"tab": "analysing"}).text

    assert '<progress class="progress" value="1" max="2"' in page
    assert '<span role="status">1 of 2 photos</span>' in page
    assert f'hx-get="{row_of(at_work)}" {SIGN_OF_POLLING}' in page


def test_only_the_first_rows_at_work_ask(carrier, member_client):
    for _ in range(MOST_ASKING + 2):
        claim_at(carrier, Stage.ANALYSING)

    page = member_client.get(QUEUE, {"tab": "analysing"}).text

    assert page.count(SIGN_OF_POLLING) == MOST_ASKING


def test_a_row_without_news_is_not_sent_again(at_work, member_client):
    row = member_client.get(row_of(at_work))
    headers = {"If-None-Match": row.headers["ETag"]}

    assert row.text.lstrip().startswith("<tr data-row")
    assert 'hx-headers="{&quot;If-None-Match&quot;: &quot;\\&quot;' in row.text
    assert member_client.get(row_of(at_work), headers=headers).status_code == 304


def test_a_row_with_news_is_sent(at_work, member_client):
    seen = member_client.get(row_of(at_work)).headers["ETag"]
    TASKS[JobKind.SEGMENT](seconds=0.0)

    row = member_client.get(row_of(at_work), headers={"If-None-Match": seen})

    assert "2 of 2 photos" in row.text
    assert SIGN_OF_POLLING in row.text


def test_a_row_that_is_through_asks_no_more(at_work, member_client):
    pipeline.work_off("")

    row = member_client.get(row_of(at_work)).text

    assert "Needs review" in row
    assert "hx-" not in row


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(-1, "0 m"), (0.9, "0 m"), (59, "59 m"), (160, "2 h 40 m"), (1800, "1 d 6 h")],
)
def test_a_wait_is_told_in_two_units_at_most(minutes, text):
    assert waiting_text(timedelta(minutes=minutes)) == text
