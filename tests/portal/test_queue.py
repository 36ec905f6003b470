"""The queue as a person sees it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from assessment.core.vocabulary import JobKind, Stage
from assessment.engines.base import EngineUnavailableError
from assessment.models import Docket, Job, Segmentation
from assessment.selectors import claim_list
from assessment.selectors.claim_list import Tab
from assessment.selectors.queue import STUCK_AFTER
from assessment.tasks import TASKS
from claims.models import Peril, Role
from tests.factories import make_carrier, make_claim, make_user
from tests.selectors.standing import claim_at

pytestmark = [pytest.mark.django_db, pytest.mark.service]

QUEUE = "/claims/"
# Session, person, memberships; the page, its progress and its failures; the counts and one's own;
# the engine, what is overdue and whose lease ran out.
QUERIES = 11


def test_the_queue_opens_on_what_needs_a_review(carrier, member_client):
    claim_at(carrier, number="NEEDS-ME")
    claim_at(carrier, Stage.DECIDED, number="DONE")

    page = member_client.get(QUEUE).text

    assert "NEEDS-ME" in page
    assert "DONE" not in page


def test_a_row_leads_to_its_claim(carrier, member_client):
    claim_at(carrier, number="HX 1")

    assert 'href="/claims/HX%201/"' in member_client.get(QUEUE).text


def test_a_row_says_why_what_is_left_and_how_long_it_has_waited(carrier, member_client):
    docket = {"reasons": ["The ridge sags."], "photos": 14, "unreviewed": 47}
    claim_at(carrier, hours=30.5, insured="M. Alvarez", address="118 Cedar Ln", docket=docket)

    page = member_client.get(QUEUE).text

    assert "<li>The ridge sags.</li>" in page
    assert "M. Alvarez, 118 Cedar Ln" in page
    assert "47 to check" in page
    assert ">1 d 6 h</time>" in page


def test_a_row_says_who_has_it(carrier, member_client):
    claim_at(carrier, assignee=make_user(carrier))

    assert "With Ana Ruiz" in member_client.get(QUEUE).text


def test_the_head_says_how_many_need_a_person_and_since_when(carrier, member_client):
    claim_at(carrier, hours=30.5)
    claim_at(carrier, hours=1)

    page = member_client.get(QUEUE).text.replace("\N{NO-BREAK SPACE}", " ")

    assert "2 need a person. The oldest has waited 1 day, 6 hours." in page


def test_each_tab_says_how_many_claims_it_holds(carrier, user, member_client):
    claim_at(carrier, Stage.FAST)
    claim_at(carrier, Stage.FAST, assignee=user)

    page = member_client.get(QUEUE).text

    assert '<a href="?tab=mine">My claims <span class="count">1</span></a>' in page
    assert '<a href="?tab=fast">Fast lane <span class="count">2</span></a>' in page


def test_the_tab_one_is_on_is_marked(member_client):
    page = member_client.get(QUEUE, {"tab": "mine"}).text

    assert '<a href="?tab=mine" aria-current="page">My claims' in page
    assert page.count('aria-current="page">') == 2  # and the way here, in the header


def test_another_tab_keeps_the_filter_and_begins_anew(carrier, member_client, monkeypatch):
    monkeypatch.setattr(claim_list, "PAGE_SIZE", 1)
    for number in range(2):
        claim_at(carrier, hours=number, peril=Peril.HAIL)
    page = member_client.get(QUEUE, {"peril": "hail"})

    onward = member_client.get(QUEUE, {"peril": "hail", "after": page.context["next"]}).text

    assert 'href="?peril=hail&amp;tab=fast"' in onward


def test_a_search_goes_over_every_claim(carrier, member_client):
    claim_at(carrier, Stage.DECIDED, number="OAK-1")
    make_claim(carrier, number="OAK-2")

    page = member_client.get(QUEUE, {"q": "oak"}).text

    assert "OAK-1" in page
    assert "OAK-2" in page
    assert 'class="count"' not in page


def test_a_search_within_a_tab_stays_there(carrier, member_client):
    claim_at(carrier, Stage.DECIDED, number="OAK-1")
    make_claim(carrier, number="OAK-2")

    page = member_client.get(QUEUE, {"q": "oak", "tab": "decided"}).text

    assert "OAK-1" in page
    assert "OAK-2" not in page


def test_the_filter_form_remembers_the_tab_and_the_search(carrier, member_client):
    page = member_client.get(QUEUE, {"q": "oak", "tab": "fast", "peril": "hail"}).text

    assert '<input type="hidden" name="tab" value="fast" id="id_tab">' in page
    assert '<input type="hidden" name="q" value="oak"' in page
    assert '<option value="hail" selected>Hail</option>' in page


def test_one_walks_the_pages_there_and_back(carrier, member_client, monkeypatch):
    monkeypatch.setattr(claim_list, "PAGE_SIZE", 1)
    for hours in (3, 2, 1):
        claim_at(carrier, hours=hours, number=f"H{hours}")

    first = member_client.get(QUEUE)
    second = member_client.get(QUEUE, {"after": first.context["next"]})
    again = member_client.get(QUEUE, {"before": second.context["previous"]})

    assert 'rel="prev"' not in first.text
    assert ">H2<" in second.text
    assert 'rel="prev"' in second.text
    assert 'rel="next"' in second.text
    assert "H3" in again.text
    assert ">H2<" not in again.text


@pytest.mark.parametrize("count", [3, 30])
def test_more_claims_take_no_more_queries(carrier, member_client, django_assert_num_queries, count):
    for _ in range(count):
        claim_at(carrier, Stage.ANALYSING)
        claim_at(carrier, Stage.FAILED)

    with django_assert_num_queries(QUERIES):
        page = member_client.get(QUEUE, {"tab": "all"})

    assert page.text.count("<tr data-row") == min(2 * count, claim_list.PAGE_SIZE)


def test_another_carriers_claim_is_no_place_to_go_on_from(member_client):
    theirs = make_claim(make_carrier())

    assert member_client.get(QUEUE, {"after": f"1.{theirs.number}"}).status_code == 404


@pytest.mark.parametrize(
    "said",
    [{"q": "a\0b"}, {"tab": "other"}, {"sort": "x"}, {"peril": "x"}, {"after": "x"}],
    ids=str,
)
def test_an_address_that_makes_no_sense_is_refused(member_client, said):
    assert member_client.get(QUEUE, said).status_code == 400


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        (QUEUE, "Nothing is waiting for a review."),
        (f"{QUEUE}?tab=all", "No claims yet."),
        (f"{QUEUE}?tab=mine", "You have taken up no claim."),
        (f"{QUEUE}?tab=failed", "No claim stands here now."),
        (f"{QUEUE}?peril=hail", "No claims match."),
        (f"{QUEUE}?q=oak", "No claim matches."),
        (f"{QUEUE}?q=oak&tab=fast", "No claim in this list matches."),
    ],
)
def test_an_empty_list_says_why(member_client, address, sentence):
    assert sentence in member_client.get(address).text


def test_an_empty_review_list_says_what_went_fast_today(carrier, member_client):
    claim_at(carrier, Stage.FAST)
    claim_at(carrier, Stage.FAST, hours=24)

    page = member_client.get(QUEUE).text

    assert "1 claim went down the fast lane today." in page
    assert 'href="/claims/?tab=fast"' in page


def test_the_end_of_the_list_says_so(carrier, member_client):
    claim = claim_at(carrier)

    page = member_client.get(QUEUE, {"after": f"{10**16}.{claim.number}"}).text

    assert "There are no more claims in this list." in page


def test_a_name_cannot_smuggle_markup_into_the_list(carrier, member_client):
    claim_at(carrier, insured="<script>alert(1)</script>")

    assert "<script>alert" not in member_client.get(QUEUE).text


def test_the_next_claim_is_the_one_that_has_waited_longest(carrier, user, member_client):
    claim_at(carrier, hours=1, number="SHORT")
    claim_at(carrier, hours=9, number="LONG")

    response = member_client.post("/next-claim/")

    assert response.headers["Location"] == "/claims/LONG/"
    assert Docket.objects.get(assignee=user).claim.number == "LONG"


def test_a_claim_is_given_once(carrier, member_client):
    claim_at(carrier, hours=2, number="FIRST")
    claim_at(carrier, hours=1, number="SECOND")

    given = [member_client.post("/next-claim/").headers["Location"] for _ in range(3)]

    assert given == ["/claims/FIRST/", "/claims/SECOND/", QUEUE]


def test_who_asks_when_nothing_is_left_is_told(carrier, member_client):
    claim_at(carrier, assignee=make_user(carrier))

    page = member_client.post("/next-claim/", follow=True).text

    assert "Every claim that needs a review is taken up by somebody." in page


def test_who_may_only_look_is_offered_no_work(in_role):
    page = in_role(Role.AUDITOR).get(QUEUE).text

    assert "Review next claim" not in page
    assert "New claim" not in page


def test_an_engine_that_cannot_be_reached_is_told_of(at_work, member_client, fake_engine):
    fake_engine.errors = [EngineUnavailableError("Gemini can't be reached (ConnectError).")]
    TASKS[JobKind.SEGMENT](seconds=0.0)

    page = member_client.get(QUEUE).text

    assert "The analysis engine can't be reached." in page
    assert "1 question waits, asked <time" in page
    assert "Gemini can&#x27;t be reached (ConnectError)." in page


def test_a_queue_where_nobody_works_is_told_of(at_work, member_client):
    Job.objects.update(run_after=timezone.now() - STUCK_AFTER - timedelta(seconds=1))

    assert "The analysis isn't running." in member_client.get(QUEUE).text


@pytest.mark.parametrize(
    ("role", "told"), [(Role.MANAGER, True), (Role.ADMINISTRATOR, True), (Role.ADJUSTER, False)]
)
def test_those_who_manage_are_told_of_answers_by_another_model(at_work, in_role, role, told):
    said = "fake-1 was asked, and other-2 answered."
    Segmentation.objects.filter(calls_made=1).update(model_served="other-2", drift=said)

    page = in_role(role).get(QUEUE).text

    for words in (
        "Answers don't come as they were asked for.",
        "Of 1 questions in the last 24 hours, 1 was answered by another model",
        "asked <time",
        "fake-1 → other-2, 1 question:",
        said,
    ):
        assert (words in page) is told


def test_no_trouble_no_notice(carrier, member_client):
    claim_at(carrier)

    assert 'class="notice' not in member_client.get(QUEUE).text


def test_every_tab_opens(carrier, member_client):
    assert {member_client.get(QUEUE, {"tab": tab}).status_code for tab in Tab} == {200}
