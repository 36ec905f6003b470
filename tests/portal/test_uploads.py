"""Photos coming in through the portal."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from claims.models import Claim, ClaimStatus, Photo, PhotoStatus, Role
from portal import upload_limit
from portal.models import UploadKey
from tests.factories import jpeg, make_claim

pytestmark = pytest.mark.django_db

JSON = {"accept": "application/json"}


def photo(data: bytes | None = None, name: str = "roof.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg() if data is None else data, "image/jpeg")


def address(claim: Claim) -> str:
    return f"/claims/{claim.number}/photos/"


def send(client: Client, claim: Claim, *photos: SimpleUploadedFile, key: str = ""):
    """As the page's script sends one photo."""
    headers = {**JSON, "idempotency-key": key} if key else JSON
    return client.post(address(claim), {"photo": list(photos)}, headers=headers)


def send_plainly(client: Client, claim: Claim, *photos: SimpleUploadedFile):
    """As the form does without a script; returns the page that the person sees then."""
    return client.post(address(claim), {"photo": list(photos)}, follow=True)


def test_a_photo_that_comes_is_answered_with_its_page(claim, user, member_client):
    response = send(member_client, claim, photo())

    assert response.status_code == 201
    assert response.json() == {"photo": f"/claims/{claim.number}/photos/1/", "name": "roof.jpg"}
    assert Photo.objects.get().received_by == user


def test_the_same_bytes_are_the_photo_that_is_there(claim, member_client):
    send(member_client, claim, photo())

    response = send(member_client, claim, photo(name="again.jpg"))

    assert response.status_code == 200
    assert "photo 1 of the claim already" in response.json()["reason"]
    assert Photo.objects.count() == 1


def test_a_file_that_is_no_photo_is_refused_with_its_sentence_and_stands_in_the_claim(
    claim, member_client
):
    response = send(member_client, claim, photo(b"%PDF-1.7", "estimate.pdf"))

    assert response.status_code == 422
    assert "not a photo" in response.json()["refused"]
    assert Photo.objects.get().status == PhotoStatus.REFUSED


def test_an_upload_that_is_sent_again_is_answered_as_before(claim, member_client):
    key = str(uuid4())
    first = send(member_client, claim, photo(), key=key)

    again = send(member_client, claim, photo(), key=key)

    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert Photo.objects.count() == 1


def test_a_copy_stays_a_copy_when_it_is_sent_again(claim, member_client):
    send(member_client, claim, photo(), key="first")

    answers = [send(member_client, claim, photo(), key="second") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]


def test_a_key_of_another_file_is_refused_and_nothing_is_kept(claim, member_client):
    send(member_client, claim, photo(), key="one")

    response = send(member_client, claim, photo(jpeg(seed=2)), key="one")

    assert response.status_code == 422
    assert "belongs to another file" in response.json()["refused"]
    assert Photo.objects.count() == 1


def test_a_key_belongs_to_one_claim(carrier, claim, member_client):
    send(member_client, claim, photo(), key="one")

    response = send(member_client, make_claim(carrier), photo(jpeg(seed=2)), key="one")

    assert response.status_code == 201


def test_old_keys_are_forgotten(claim, member_client):
    send(member_client, claim, photo(), key="old")
    UploadKey.objects.update(at=timezone.now() - timedelta(days=2))

    send(member_client, claim, photo(jpeg(seed=2)), key="new")

    assert UploadKey.objects.count() == 1


@pytest.mark.parametrize("count", [0, 2])
def test_the_script_sends_one_photo_at_a_time(claim, member_client, count):
    response = send(member_client, claim, *(photo() for _ in range(count)))

    assert response.status_code == 422
    assert not Photo.objects.exists()


@pytest.fixture
def smallest_limit(monkeypatch) -> None:
    monkeypatch.setattr(upload_limit, "MAX_BYTES", 10_000)


def test_a_file_that_is_too_large_is_dropped_while_it_comes_in(
    claim, member_client, smallest_limit
):
    response = send(member_client, claim, photo(jpeg() + bytes(100_000)))

    assert response.status_code == 422
    assert "The file is larger than" in response.json()["refused"]
    assert not Photo.objects.exists()


def test_the_limit_itself_is_not_too_large(claim, member_client, monkeypatch):
    monkeypatch.setattr(upload_limit, "MAX_BYTES", len(jpeg()))

    assert send(member_client, claim, photo()).status_code == 201


def test_a_form_without_a_script_takes_several_and_says_which_were_not(
    claim, member_client, monkeypatch
):
    monkeypatch.setattr(upload_limit, "MAX_BYTES", 50_000)
    send(member_client, claim, photo())

    page = send_plainly(
        member_client,
        claim,
        photo(bytes(60_000), "huge.jpg"),
        photo(jpeg(seed=2), "new.jpg"),
        photo(b"hello", "note.txt"),
        photo(name="copy.jpg"),
        photo(jpeg(seed=3), "other.jpg"),
    ).text

    assert "huge.jpg: The file is larger than" in page
    assert "note.txt: The file is a text file, not a photo." in page
    assert "copy.jpg: This is photo 1 of the claim already." in page
    assert "2 photos were added." in page
    assert Photo.objects.exclude(status=PhotoStatus.REFUSED).count() == 3


def test_what_is_said_in_english_is_marked_in_a_spanish_page(claim, member_client):
    member_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "es"

    page = send_plainly(member_client, claim, photo(b"hello", "note.txt"), photo())
    refused = send(member_client, claim, photo(b"%PDF-1.7", "estimate.pdf"))
    Claim.objects.update(status=ClaimStatus.DECIDED)
    locked = send(member_client, claim, photo(jpeg(seed=2)))

    assert '<p class="notice bad" role="alert" lang="en">note.txt: The file is' in page.text
    assert '<p class="notice good" role="alert">' in page.text
    assert refused.json()["lang"] == "en"
    assert locked.json()["lang"] == "es"
    assert "Este siniestro está decidido" in locked.json()["refused"]


def test_a_form_without_a_photo_says_so(claim, member_client):
    assert "Choose at least one." in send_plainly(member_client, claim).text


def test_a_decided_claim_takes_no_photo(claim, member_client):
    Claim.objects.update(status=ClaimStatus.DECIDED)

    by_script = send(member_client, claim, photo())
    plainly = send_plainly(member_client, claim, photo())

    assert by_script.status_code == plainly.status_code == 409
    assert "is decided" in by_script.json()["refused"]
    assert "Nothing was changed." in plainly.text
    assert not Photo.objects.exists()


def test_an_auditor_sends_no_photo(claim, in_role):
    response = send(in_role(Role.AUDITOR), claim, photo())

    assert response.status_code == 403
    assert response.json()["refused"]
    assert not Photo.objects.exists()


def test_a_form_of_another_site_is_refused(claim, user):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user)

    response = strict.post(address(claim), {"photo": photo()})

    assert response.status_code == 403
    assert not Photo.objects.exists()


def test_a_photo_with_the_pages_own_token_is_taken(claim, user):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user)
    page = strict.get(f"/claims/{claim.number}/")
    token = str(page.context["csrf_token"])

    response = strict.post(
        address(claim), {"photo": photo()}, headers={**JSON, "x-csrftoken": token}
    )

    assert response.status_code == 201
