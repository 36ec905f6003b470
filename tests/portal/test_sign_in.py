"""Signing in and out, and how guessing is slowed down."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

from portal.models import SignInAttempt
from portal.throttle import (
    FAILURES_ALLOWED,
    WINDOW,
    TooManyAttemptsError,
    attempt_begin,
    attempt_succeeded,
    client_address,
)
from tests.factories import make_user

PASSWORD = "correct horse battery"
WRONG = "not the password"
SIGN_IN = "/sign-in/"

pytestmark = [pytest.mark.django_db, pytest.mark.service]


def attempt(client, email, password=WRONG, address="192.0.2.1", **more):
    data = {"username": email, "password": password, **more}
    return client.post(SIGN_IN, data, REMOTE_ADDR=address)


def fail_often(client, email: str, address: str = "192.0.2.1") -> None:
    for _ in range(FAILURES_ALLOWED):
        assert attempt(client, email, address=address).status_code == 200


def test_e_mail_and_password_lead_to_the_queue(client, user):
    response = attempt(client, user.email.upper(), PASSWORD)

    assert response.headers["Location"] == "/claims/"


def test_one_comes_out_where_one_wanted_to_go(client, user):
    response = attempt(client, user.email, PASSWORD, next="/claims/?q=oak")

    assert response.headers["Location"] == "/claims/?q=oak"


def test_no_link_leads_through_the_sign_in_to_another_site(client, user):
    response = attempt(client, user.email, PASSWORD, next="https://elsewhere.example/")

    assert response.headers["Location"] == "/claims/"


def test_an_unknown_e_mail_and_a_wrong_password_look_the_same(client, user):
    def errors(email):
        return attempt(client, email).context["form"].non_field_errors()

    assert errors(user.email) == errors("nobody@example.com")
    assert errors(user.email)


def test_a_closed_account_looks_like_a_wrong_password(client, user):
    user.is_active = False
    user.save()

    assert "belong together" in attempt(client, user.email, PASSWORD).text


def test_password_managers_know_the_fields(client):
    page = client.get(SIGN_IN).text

    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page


def test_signing_out_takes_a_form(member_client):
    assert member_client.get("/sign-out/").status_code == 405
    assert member_client.post("/sign-out/").headers["Location"] == SIGN_IN
    assert member_client.get("/claims/").status_code == 302


def test_the_admin_has_no_door_of_its_own(client):
    response = client.get("/admin/login/?next=/admin/")

    assert response.headers["Location"] == f"{SIGN_IN}?next=/admin/"


def test_after_too_many_failures_even_the_right_password_must_wait(client, user):
    fail_often(client, user.email)

    response = attempt(client, user.email, PASSWORD)

    assert response.status_code == 429
    assert "Wait 15 minutes" in response.text


def test_an_account_waits_wherever_the_attempts_come_from(client, user):
    for number in range(FAILURES_ALLOWED):
        attempt(client, user.email, address=f"192.0.2.{number}")

    assert attempt(client, user.email, PASSWORD, address="198.51.100.7").status_code == 429


def test_an_address_waits_whichever_account_it_tries(client, user):
    for number in range(FAILURES_ALLOWED):
        attempt(client, f"guess{number}@example.com")

    assert attempt(client, user.email, PASSWORD).status_code == 429
    assert attempt(client, user.email, PASSWORD, address="198.51.100.7").status_code == 302


def test_an_unknown_e_mail_waits_like_a_known_one(client):
    fail_often(client, "nobody@example.com")

    assert attempt(client, "nobody@example.com").status_code == 429


def test_the_wait_ends(client, user):
    fail_often(client, user.email)
    SignInAttempt.objects.update(at=timezone.now() - WINDOW)

    assert attempt(client, user.email, PASSWORD).status_code == 302


def test_the_wait_is_told_in_minutes_rounded_up(client, user):
    fail_often(client, user.email)
    SignInAttempt.objects.update(at=timezone.now() - WINDOW + timedelta(seconds=50))

    assert "Wait 1 minute," in attempt(client, user.email).text


def test_trying_while_one_waits_does_not_lengthen_the_wait(client, user):
    fail_often(client, user.email)
    for _ in range(FAILURES_ALLOWED):
        attempt(client, user.email)

    assert SignInAttempt.objects.count() == 2 * FAILURES_ALLOWED


def test_a_success_forgives_the_account_but_not_the_address(client, user):
    for _ in range(FAILURES_ALLOWED - 1):
        attempt(client, user.email)
    attempt(client, user.email, PASSWORD)

    assert attempt(client, user.email, WRONG, address="198.51.100.7").status_code == 200
    attempt(client, "nobody@example.com")
    assert attempt(client, "somebody@example.com").status_code == 429


def test_what_was_typed_is_not_kept(client):
    attempt(client, "my-password-by-mistake")

    kept = SignInAttempt.objects.values_list("key", flat=True)
    assert not [key for key in kept if "my-password" in key]


def test_people_who_succeed_never_wait(carrier):
    person = make_user(carrier)
    for _ in range(3 * FAILURES_ALLOWED):
        attempt_succeeded(attempt_begin(person.email, "192.0.2.1"))

    assert not SignInAttempt.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("log_can_be_emptied")
def test_attempts_side_by_side_count_each_other():
    def try_once(_number: int) -> bool:
        try:
            attempt_begin("ana@example.com", "192.0.2.1")
        except TooManyAttemptsError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        let_in = sum(pool.map(try_once, range(4 * FAILURES_ALLOWED)))

    assert 1 <= let_in <= FAILURES_ALLOWED


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "", "203.0.113.9"),
        (0, "198.51.100.7", "203.0.113.9"),  # nobody of ours wrote this
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "10.0.0.1, 198.51.100.7", "198.51.100.7"),  # the first was made up by the visitor
        (2, "198.51.100.7, 10.0.0.2", "198.51.100.7"),
        (1, "", "203.0.113.9"),
        (1, "2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        (1, "unknown", "unknown"),
    ],
)
def test_only_our_own_proxies_are_believed(settings, proxies, forwarded, address):
    settings.EAVES_PROXIES = proxies
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR="203.0.113.9")

    assert client_address(request) == address
