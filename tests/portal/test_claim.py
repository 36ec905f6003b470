"""The page of a claim: what it says in each state, and how it follows the work."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessment import pipeline
from assessment.models import Docket, Segmentation
from assessment.reports.content import TEMPLATE_VERSION
from assessment.reports.render import markup
from assessment.selectors.claim_dossier import claim_dossier
from claims.models import Carrier, Claim, ClaimStatus, Photo, PhotoStatus, Units
from portal.claim_words import duration_named, photos_named
from tests.factories import make_claim
from tests.portal.claim_states import STATES, post, text_of, with_photos

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(carrier, user, fake_engine, member_client):
    """The text of the page of a claim in the state of that name."""

    def show(name: str, part: str = "") -> str:
        claim = STATES[name](carrier, user, fake_engine)
        return text_of(member_client.get(f"/claims/{claim.number}/{part}"))

    return show


def test_the_head_says_whose_claim_it_is(shown):
    page = shown("empty")

    for words in ("M. Alvarez", "118 Cedar Ln", "Hail, May 14, 2026", "HO-3 88-204417"):
        assert words in page


@pytest.mark.parametrize(
    ("state", "sentences"),
    [
        (
            "empty",
            [
                "Waiting for photos",
                "Add the first ones here.",
                "There are no photos, so nobody has looked for damage yet.",
                "Nothing has been looked for yet.",
                "It is asked of every photo as soon as it is there.",
            ],
        ),
        (
            "analysing",
            [
                "2 of 4 photos",
                "routed once every photo is ready and every question is answered",
                "2 found on photos 1, 2",
                "Being looked for on photo 3",
                "To be asked once prepared: photo 4",
                "Being prepared",
            ],
        ),
        (
            "unscaled",
            [
                "Why a person is needed",
                "All 4 questions were answered in full.",
                "3 to check",
                "Check 12 findings",
                "8 to review",
                "None accepted",
                "No scale yet. Draw a line of known length on",
                "of the rules",
            ],
        ),
        (
            "reviewed",
            [
                "4 accepted",
                "4 rejected",
                "32.0 sq ft (21.7 to 45.8)",
                "Reference line:",
                "Reviewed",
            ],
        ),
        (
            "partly_failed",
            [
                "1 question was not answered on photo",
                "The answer broke off in the middle.",
                "Try again",
                "The engine declined to look at this photo.",
                "The file is a PDF document, not a photo.",
                "Not looked at in full",
            ],
        ),
        (
            "engine_away",
            [
                "The engine that looks at photos can&#x27;t be reached.",
                "The engine did not answer within 120 seconds.",
                "Waiting on photos 1, 2, 3, 4",
                "0 of 4 photos",
            ],
        ),
        (
            "decided",
            [
                "This claim is decided and can only be read.",
                "How the claim was routed before the decision: Fast lane.",
                "Why a person was needed",
                "only accepted findings count",
            ],
        ),
    ],
)
def test_each_state_has_its_sentences(shown, state, sentences):
    page = shown(state)

    assert [sentence for sentence in sentences if sentence not in page] == []


@pytest.mark.parametrize("state", ["partly_failed", "engine_away", "analysing", "empty"])
def test_nothing_is_said_to_be_absent_where_nobody_looked(shown, state):
    assert "Nothing found" not in shown(state)


def test_where_somebody_looked_nothing_found_is_said(carrier, user, fake_engine, member_client):
    fake_engine.detections = ()
    claim = with_photos(carrier, user, 2)
    pipeline.work_off("")

    page = text_of(member_client.get(f"/claims/{claim.number}/"))

    assert "Nothing found on photos 1, 2" in page


def test_an_answer_of_which_a_part_was_lost_is_not_called_nothing_found(
    carrier, user, fake_engine, member_client
):
    fake_engine.detections, fake_engine.lost = (), ("An outline broke off.",)
    claim = with_photos(carrier, user, 1)
    pipeline.work_off("")

    page = text_of(member_client.get(f"/claims/{claim.number}/"))

    assert "Nothing found" not in page
    assert "A part of the answer was lost on photo 1: An outline broke off." in page


def test_a_photo_that_could_not_be_prepared_is_counted_and_can_be_tried_again(
    carrier, user, fake_engine, member_client
):
    claim = with_photos(carrier, user, 3)
    pipeline.work_off("")
    failed = Photo.objects.filter(number=2)
    failed.update(status=PhotoStatus.FAILED, refusal="Tried 5 times, then given up.")

    page = text_of(member_client.get(f"/claims/{claim.number}/"))

    assert "1 of 3 photos could not be prepared: photo 2. Tried 5 times" in page

    after = text_of(post(member_client, claim, "retry"))

    assert "1 thing is tried again." in after
    assert Photo.objects.get(number=2).status == PhotoStatus.RECEIVED


def test_what_was_answered_in_part_can_be_tried_again(carrier, user, fake_engine, member_client):
    claim = with_photos(carrier, user, 2)
    pipeline.work_off("")
    Segmentation.objects.filter(photo__number=2).update(unasked=1, lost=["Not asked."])

    page = text_of(member_client.get(f"/claims/{claim.number}/"))

    assert "1 question was answered only in part on photo 2. The rest can be asked for." in page
    assert "1 thing is tried again." in text_of(post(member_client, claim, "retry"))


def test_where_nothing_failed_nothing_is_tried_again(claim, member_client):
    assert "Nothing had failed any more" in post(member_client, claim, "retry").text


@pytest.mark.parametrize(
    ("units", "reason", "passed"),
    [
        (Units.US, "may reach 80.1 sq ft, the upper end", "within the limit of 107.6 sq ft"),
        (Units.METRIC, "may reach 7.44 m², the upper end", "within the limit of 10 m²"),
    ],
)
def test_portal_and_report_tell_reasons_in_the_units_of_the_carrier(
    carrier, user, fake_engine, member_client, units, reason, passed
):
    Carrier.objects.update(units=units)
    claim = STATES["reviewed"](Carrier.objects.get(), user, fake_engine)

    page = text_of(member_client.get(f"/claims/{claim.number}/"))

    assert reason in page
    assert passed in page

    dossier = claim_dossier(
        claim, number=1, made_at=timezone.now(), by=user, template_version=TEMPLATE_VERSION
    )
    assert reason in markup(dossier)


def test_a_claim_that_was_decided_before_it_was_routed_says_so(claim, member_client):
    Claim.objects.update(status=ClaimStatus.DECIDED)
    Docket.objects.update(stage="decided")

    assert "decided before the rules had judged it" in text_of(
        member_client.get(f"/claims/{claim.number}/")
    )


def test_more_photos_and_findings_take_no_more_queries(
    carrier, user, fake_engine, member_client, django_assert_num_queries
):
    few, many = (
        STATES["unscaled"](carrier, user, fake_engine),
        with_photos(carrier, user, 12),
    )
    pipeline.query_ask(claim=many, text="dents", by=user)
    pipeline.work_off("")
    for part in ("", "state/"):
        member_client.get(f"/claims/{few.number}/{part}")
        with django_assert_num_queries(_queries(member_client, few, part)):
            member_client.get(f"/claims/{many.number}/{part}")


def _queries(client, claim: Claim, part: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        client.get(f"/claims/{claim.number}/{part}")
    return len(caught)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(4, "a few seconds"), (43, "40 seconds"), (89, "90 seconds"), (100, "2 minutes")],
)
def test_a_time_is_told_as_roughly_as_it_is_known(seconds, words):
    assert duration_named(seconds) == words


@pytest.mark.parametrize(
    ("numbers", "words"),
    [((3,), "photo 3"), ((3, 5), "photos 3, 5"), (tuple(range(1, 9)), "8 photos")],
)
def test_few_photos_are_named_and_many_counted(numbers, words):
    assert photos_named(numbers) == words


def test_a_name_cannot_smuggle_markup_into_the_page(carrier, member_client):
    claim = make_claim(carrier, insured="<script>alert(1)</script>")

    assert "<script>alert" not in member_client.get(f"/claims/{claim.number}/").text


def test_a_number_with_odd_characters_has_a_page(carrier, member_client):
    claim = make_claim(carrier, number="HX 1 & é")

    assert member_client.get(reverse("portal:claim", args=[claim.number])).status_code == 200
