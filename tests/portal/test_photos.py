from __future__ import annotations

from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessment import pipeline
from assessment.core.vocabulary import Outcome
from assessment.models import Call, Segmentation, Sighting
from claims.evidence.upload import UploadRefusedError
from claims.models import Photo, PhotoStatus, Role
from portal import workbench
from tests.factories import jpeg, make_finding, make_photo
from tests.fakes import square
from tests.portal.desk import Desk

pytestmark = pytest.mark.django_db


def page(desk, photo=None):
    """The page of a photo, of the desk's own if none is named."""
    answer = desk.client.get(desk.url("photo", photo=(photo or desk.photo).number))
    assert answer.status_code == 200
    return answer


def another(desk, *, asked=False) -> Photo:
    """A further photo of the claim, with nothing found on it unless it was asked."""
    photo = make_photo(desk.photo.claim, jpeg(seed=99))
    if not asked:
        Sighting.objects.filter(finding__photo=photo).delete()
        photo.findings.all().delete()
        Call.objects.filter(segmentation__photo=photo).delete()
        photo.segmentations.all().delete()
    return photo


def test_the_page_shows_what_its_script_reads(desk):
    context = page(desk).context

    assert context["data"] == desk.read()
    assert (context["claim"], context["photo"]) == (desk.photo.claim, desk.photo)
    assert context["may_assess"]
    assert context["claim_url"] == f"/claims/{desk.photo.claim.number}/"


def test_the_page_says_where_the_claim_stands_and_why(desk):
    context = page(desk).context

    assert context["tag"].kind == "review"
    assert context["reasons"]


def test_without_a_script_the_page_shows_outlines_with_their_numbers(desk, user):
    make_finding(desk.photo, by=user)
    desk.change(number=2, removed=True)

    overlay = ElementTree.fromstring(page(desk).context["overlay"])  # noqa: S314  # our own

    texts = [each.text for each in overlay.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == ["1"]
    title = overlay.find("{http://www.w3.org/2000/svg}title")
    assert title is not None
    assert title.text == "Photo 1 with the outlines of its findings"
    assert "style" not in {name for each in overlay.iter() for name in each.attrib}


def test_without_a_script_each_finding_can_be_accepted(desk):
    assert desk.url("finding_review", finding=1) in page(desk).content.decode()


def test_without_a_script_a_finding_tells_what_else_it_was_called(desk, fake_engine):
    fake_engine.detections = (square(label="brown patch"),)
    pipeline.query_ask(claim=desk.photo.claim, text="stains", by=None)
    pipeline.work_off("")
    page = desk.client.get(desk.url("photo")).content.decode()

    assert "Also seen as “brown patch” when looking for “stains”." in page
    assert "1 finding, 1 known before" in page


def test_what_went_wrong_with_a_plain_form_is_said_on_the_page_that_follows(desk):
    url = desk.url("finding_review", finding=1)

    answer = desk.client.post(url, {"review": "accepted", "revision": 9}, follow=True)

    assert "This finding has changed since you saw it." in answer.content.decode()


def two_pages(desk, user, monkeypatch) -> None:
    """A photo whose findings stand on a page each."""
    monkeypatch.setattr(workbench, "LISTED", 1)
    make_finding(desk.photo, by=user)


def test_without_a_script_a_page_lists_only_so_many_findings_and_says_where_the_others_are(
    desk, user, monkeypatch
):
    two_pages(desk, user, monkeypatch)
    text = page(desk).text

    assert desk.url("finding_review", finding=1) in text
    assert desk.url("finding_review", finding=2) not in text
    assert "1 finding comes after these." in text
    assert '<a href="?from=2">Findings from 2 on</a>' in text


def test_the_next_page_lists_the_rest_and_leads_back(desk, user, monkeypatch):
    two_pages(desk, user, monkeypatch)
    answer = desk.client.get(desk.url("photo"), {"from": "2"})

    assert [each["number"] for each in answer.context["data"]["findings"]] == [2]
    assert "1 finding comes before these." in answer.text
    assert '<a href="?from=1">' in answer.text
    assert "after these" not in answer.text


def test_a_page_that_holds_all_findings_says_nothing_of_others(desk):
    assert "More findings" not in page(desk).text


@pytest.mark.parametrize("start", ["0", "-1", "x", "9" * 30, ""])
def test_a_start_that_is_none_is_the_first(desk, start):
    answer = desk.client.get(desk.url("photo"), {"from": start})

    assert [each["number"] for each in answer.context["data"]["findings"]] == [1]


def test_a_plain_review_comes_out_on_the_page_that_lists_the_finding(desk, user, monkeypatch):
    two_pages(desk, user, monkeypatch)
    url = desk.url("finding_review", finding=2)

    done = desk.client.post(url, {"review": "rejected", "revision": 1})
    overtaken = desk.client.post(url, {"review": "accepted", "revision": 9})

    assert done.headers["Location"] == f"{desk.url('photo')}?from=2#finding-2"
    assert overtaken.headers["Location"] == f"{desk.url('photo')}?from=2"


def test_an_auditor_sees_the_page_and_no_form(desk, in_role):
    auditor = Desk(in_role(Role.AUDITOR), desk.photo)

    answer = page(auditor)

    assert not answer.context["may_assess"]
    assert auditor.url("finding_review", finding=1) not in answer.content.decode()


@pytest.mark.parametrize("number", [7, 10**30])
def test_a_photo_that_is_not_there_is_not_found(desk, number):
    assert desk.client.get(desk.url("photo", photo=number)).status_code == 404


def test_a_photo_that_is_being_prepared_says_so_and_offers_the_claim(desk):
    photo = pipeline.photo_submit(
        claim=desk.photo.claim, data=jpeg(seed=5), name="new.jpg", by=None
    )

    answer = page(desk, photo)

    assert "This photo is being prepared." in answer.content.decode()
    assert answer.context["claim_url"] in answer.content.decode()


def test_a_photo_that_was_refused_says_why_and_offers_the_claim(desk):
    with pytest.raises(UploadRefusedError) as refusal:
        pipeline.photo_submit(claim=desk.photo.claim, data=b"text", name="a.txt", by=None)

    answer = page(desk, Photo.objects.get(number=2))

    assert str(refusal.value) in answer.context["why"]
    assert '<p class="notice bad" lang="en">' in answer.text
    assert answer.context["claim_url"] in answer.content.decode()


# The photos beside it


def test_the_filmstrip_counts_what_is_left_on_each_photo(desk):
    other = another(desk)

    frames = page(desk).context["filmstrip"]

    assert frames == [
        {
            "number": 1,
            "url": desk.url("photo"),
            "thumbnail": desk.url("picture", size="thumbnail"),
            "left": 1,
            "state": "ready",
            "current": True,
        },
        {
            "number": 2,
            "url": desk.url("photo", photo=2),
            "thumbnail": desk.url("picture", photo=2, size="thumbnail"),
            "left": 0,
            "state": "ready",
            "current": False,
        },
    ]
    assert other.number == 2


def test_a_reviewed_finding_and_one_taken_back_are_not_left(desk, user):
    desk.change(review="accepted")
    make_finding(desk.photo, by=user)
    desk.change(number=2, review="proposed")
    desk.change(2, number=2, removed=True)

    assert [frame["left"] for frame in page(desk).context["filmstrip"]] == [0]


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Outcome.QUEUED, "working"),
        (Outcome.RUNNING, "working"),
        (Outcome.UNANSWERED, "failed"),
        (Outcome.FAILED, "failed"),
        (Outcome.ANSWERED, "ready"),
    ],
)
def test_a_photo_with_a_question_unanswered_is_not_shown_as_done(desk, outcome, state):
    Segmentation.objects.update(status=outcome, reason="Why.")

    assert [frame["state"] for frame in page(desk).context["filmstrip"]] == [state]


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (PhotoStatus.RECEIVED, "working"),
        (PhotoStatus.REFUSED, "refused"),
        (PhotoStatus.FAILED, "failed"),
    ],
)
def test_a_photo_that_cannot_be_worked_on_is_shown_as_such(desk, status, state):
    other = another(desk)
    Photo.objects.filter(pk=other.pk).update(status=status, refusal="Why.")

    assert page(desk).context["filmstrip"][1]["state"] == state


def test_from_each_photo_one_comes_to_its_neighbours(desk):
    another(desk)
    third = make_photo(desk.photo.claim, jpeg(seed=3))

    def ways(number):
        context = desk.client.get(desk.url("photo", photo=number)).context
        return context["previous"], context["next"]

    urls = [desk.url("photo", photo=number) for number in (1, 2, 3)]
    assert third.number == 3
    assert [ways(number) for number in (1, 2, 3)] == [
        (None, urls[1]),
        (urls[0], urls[2]),
        (urls[1], None),
    ]


def test_the_next_photo_with_work_follows_and_after_the_last_comes_the_first(desk):
    another(desk)
    make_photo(desk.photo.claim, jpeg(seed=3))

    def next_open(number):
        return desk.client.get(desk.url("photo", photo=number)).context["next_open"]

    urls = [desk.url("photo", photo=number) for number in (1, 2, 3)]
    assert [next_open(number) for number in (1, 2, 3)] == [urls[2], urls[2], urls[0]]


def test_where_no_other_photo_has_work_there_is_no_next(desk):
    another(desk)

    assert page(desk).context["next_open"] is None


def test_as_many_queries_are_sent_for_one_photo_as_for_many(desk, user):
    desk.change(review="accepted")
    few = queries_of(desk)
    for seed in range(3):
        make_finding(make_photo(desk.photo.claim, jpeg(seed=seed + 10)), by=user)
        make_finding(desk.photo, by=user)

    assert queries_of(desk) == few
    assert few < 20


def queries_of(desk) -> int:
    with CaptureQueriesContext(connection) as captured:
        page(desk)
    return len(captured)
