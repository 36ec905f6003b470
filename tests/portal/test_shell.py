"""What every page has in common: headers, language, errors with a way out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "portal" / "templates").rglob("*.html"))
INLINE = re.compile(
    r"""\sstyle\s*=|\son[a-z]+\s*=|<style|<script(?![^>]*\ssrc=)|javascript:""", re.I
)
EVERYWHERE = ["/", "/sign-in/", "/claims/", "/nowhere/", "/admin/", "/static/portal/dist/base.js"]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_anything_inline(template):
    assert not INLINE.search(template.read_text())


@pytest.mark.parametrize(
    "smuggled", ['<p style="color:red">', '<a onclick="x()">', "<script>x()</script>"]
)
def test_what_is_inline_would_be_noticed(smuggled):
    assert INLINE.search(smuggled)


@pytest.mark.parametrize("address", EVERYWHERE)
def test_every_response_bears_the_headers(client, address):
    response = client.get(address)
    response.close()

    headers = response.headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; ")
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_a_page_that_is_not_there_has_a_way_out(member_client):
    response = member_client.get("/nowhere/")

    assert response.status_code == 404
    assert "Look for the claim by its number." in response.text
    assert 'class="search"' in response.text


def test_a_fault_of_ours_says_what_to_do(settings, client):
    settings.ROOT_URLCONF = "tests.portal.specimen_urls"
    client.raise_request_exception = False

    response = client.get("/broken/")

    assert response.status_code == 500
    assert "Try again in a minute." in response.text


def test_a_form_that_is_not_ours_is_refused_with_a_sentence(user):
    strict = Client(enforce_csrf_checks=True)

    response = strict.post(reverse("portal:sign_in"), {"username": "a", "password": "b"})

    assert response.status_code == 403
    assert "load the page again" in response.text


def test_a_script_whose_token_is_of_an_earlier_session_is_told_to_sign_in(user):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user)

    response = strict.put("/claims/C-1/photos/1/scale/", headers={"accept": "application/json"})

    assert response.status_code == 403
    assert response.json()["signed_out"]


def test_a_browser_that_speaks_spanish_gets_spanish(client):
    page = client.get("/sign-in/", headers={"accept-language": "es-MX,es;q=0.9"}).text

    assert '<html lang="es">' in page
    assert "Iniciar sesión" in page


def test_a_language_that_is_not_spoken_here_gets_english(client):
    assert '<html lang="en' in client.get("/sign-in/", headers={"accept-language": "fi"}).text
