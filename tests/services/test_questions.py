"""The same question put to further photos."""

from __future__ import annotations

import json

import pytest

from assessment import pipeline
from assessment.models import DamageQuery, Segmentation
from assessment.services.photos import QueryAskedError
from claims.models import AuditEntry, Claim, Photo
from tests.factories import jpeg, make_claim, make_photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def photos(carrier, fake_engine) -> list[Photo]:
    """Three photos of a claim that are ready, and of which nothing was asked."""
    claim = make_claim(carrier)
    return [make_photo(claim) for _ in range(3)]


def ask(photos: list[Photo], *chosen: int, text: str = "dents", by=None) -> DamageQuery:
    """Ask of the photos with these numbers, of all where there are none."""
    named = [photo for photo in photos if photo.number in chosen]
    claim = Claim.objects.get(pk=photos[0].claim_id)
    return pipeline.query_ask(claim=claim, text=text, by=by, photos=named)


def asked() -> list[int]:
    return sorted(Segmentation.objects.values_list("photo__number", flat=True))


@pytest.mark.parametrize("again", ["dents", " Dents ", "DENTS"])
def test_the_same_words_are_the_same_question_for_the_photos_chosen_besides(photos, again):
    first = ask(photos, 1)

    second = ask(photos, 1, 3, text=again)

    assert second == first
    assert asked() == [1, 3]
    assert sorted(first.photos.values_list("number", flat=True)) == [1, 3]


def test_capitals_beyond_english_and_spaces_are_no_other_words(photos):
    ask(photos, 1, text="ÁNGULO  roto")

    assert ask(photos, 2, text="ángulo roto").text == "ÁNGULO roto"


def test_a_question_for_chosen_photos_is_put_to_all_and_to_those_to_come(photos):
    query = ask(photos, 2)

    ask(photos)
    claim = Claim.objects.get(pk=photos[0].claim_id)
    pipeline.photo_submit(claim=claim, data=jpeg(seed=999), name="later.jpg", by=None)
    pipeline.work_off("")

    assert not query.photos.exists()
    assert asked() == [1, 2, 3, 4]


def test_a_photo_that_was_chosen_before_it_was_ready_is_asked_once_it_is(photos):
    ask(photos, 1)
    claim = Claim.objects.get(pk=photos[0].claim_id)
    later = pipeline.photo_submit(claim=claim, data=jpeg(seed=999), name="later.jpg", by=None)

    ask([*photos, later], later.number)
    assert asked() == [1]

    pipeline.work_off("")
    assert asked() == [1, later.number]


@pytest.mark.parametrize(("before", "chosen"), [((), ()), ((), (1,)), ((1, 2), (2,))])
def test_what_all_those_photos_were_asked_is_not_asked_again(photos, before, chosen):
    ask(photos, *before)
    done = (asked(), AuditEntry.objects.count())

    with pytest.raises(QueryAskedError, match="asked that already"):
        ask(photos, *chosen)

    assert (asked(), AuditEntry.objects.count()) == done


def test_the_log_names_the_photos_that_came_to_a_question(photos, user):
    ask(photos, 1)
    ask(photos, 1, 2, by=user)
    ask(photos, by=user)

    entries = AuditEntry.objects.filter(action="query.asked").order_by("sequence")
    assert [json.loads(entry.data)["photos"] for entry in entries] == [[1], [2], "all"]
