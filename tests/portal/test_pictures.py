from __future__ import annotations

import io

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from assessment import pipeline
from tests.factories import jpeg, make_claim, make_photo
from tests.portal.desk import Desk

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("size", "pixels"),
    [("view", (1600, 1200)), ("working", (1024, 768)), ("thumbnail", (320, 240))],
)
def test_a_photo_has_copies_of_three_sizes(carrier, member_client, size, pixels):
    photo = make_photo(make_claim(carrier), jpeg(1600, 1200))
    desk = Desk(member_client, photo)

    answer = desk.client.get(desk.url("picture", size=size))

    assert answer.status_code == 200
    with Image.open(io.BytesIO(answer.content)) as picture:
        assert (picture.format, picture.size) == ("JPEG", pixels)
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == "inline"
    assert answer["Cache-Control"] == "private, no-cache"


def test_a_picture_that_is_there_already_is_not_sent_again(desk):
    url = desk.url("picture", size="working")
    tag = desk.client.get(url)["ETag"]

    again = desk.client.get(url, headers={"if-none-match": tag})
    changed = desk.client.get(url, headers={"if-none-match": '"another"'})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    assert again["Cache-Control"] == "private, no-cache"
    assert changed.status_code == 200


def test_a_picture_that_is_there_already_is_not_even_read(desk):
    url = desk.url("picture", size="working")
    tag = desk.client.get(url)["ETag"]
    default_storage.delete(desk.photo.working)

    assert desk.client.get(url, headers={"if-none-match": tag}).status_code == 304
    assert desk.client.get(url).status_code == 404


def test_a_picture_is_sent_only_while_its_reader_may_see_it(desk, stranger):
    url = desk.url("picture", size="working")
    tag = desk.client.get(url)["ETag"]
    desk.client.force_login(stranger)

    assert desk.client.get(url, headers={"if-none-match": tag}).status_code == 404


@pytest.mark.parametrize("size", ["original", "sha256", "claim"])
def test_nothing_but_the_copies_is_shown(desk, size):
    assert desk.client.get(desk.url("picture", size=size)).status_code == 404


def test_a_photo_without_copies_has_no_picture(desk):
    photo = pipeline.photo_submit(
        claim=desk.photo.claim, data=jpeg(seed=5), name="new.jpg", by=None
    )

    url = desk.url("picture", photo=photo.number, size="view")
    assert desk.client.get(url).status_code == 404


def test_a_copy_that_is_gone_is_not_found(desk):
    default_storage.delete(desk.photo.working)

    assert desk.client.get(desk.url("picture", size="working")).status_code == 404


def test_a_copy_that_was_tampered_with_is_not_shown(desk):
    with default_storage.open(desk.photo.working, "wb") as file:
        file.write(jpeg(seed=66))

    assert desk.client.get(desk.url("picture", size="working")).status_code == 404
