"""Every address of the portal, with every verb: who may come in, and who never does.

An address that isn't in the table fails the test: whoever adds a page says here whose it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from assessment import pipeline
from assessment.core.catalogue.wording import Wording
from assessment.core.vocabulary import ReportStatus
from assessment.services.questions import standing_add
from claims.models import Carrier, User
from tests.factories import make_claim, make_finding, make_photo, make_user

pytestmark = pytest.mark.django_db

VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")
JSON = {"accept": "application/json"}
# The admin guards its own addresses; who sees what there has tests beside the models.
NOT_THE_PORTALS = {"admin"}

Arguments = dict[str, object]


class Open(Enum):
    """To whom a verb of an address is open."""

    PUBLIC = auto()
    MEMBER = auto()
    """A member of a carrier; the address names nothing that a carrier owns."""
    OWNER = auto()
    """The carrier of what the address names; to others it isn't there."""
    NOBODY = auto()
    """The address doesn't know the verb."""


@dataclass(frozen=True)
class Door:
    """An address: to whom each verb is open, and arguments that name something of a carrier."""

    verbs: Mapping[str, Open]
    arguments: Callable[[Carrier], Arguments]

    def opening(self, verb: str) -> Open:
        return self.verbs.get(verb, Open.NOBODY)


def door(arguments: Callable[[Carrier], Arguments] = lambda _: {}, /, **verbs: Open) -> Door:
    return Door(verbs, arguments)


def a_claim(carrier: Carrier) -> Arguments:
    return {"number": make_claim(carrier).number}


def a_report(carrier: Carrier) -> Arguments:
    report = pipeline.report_request(claim=make_claim(carrier), by=None)
    report.status, report.file, report.sha256 = ReportStatus.READY, "reports/none.pdf", "0" * 64
    report.save()
    return {"number": report.claim.number, "report": report.number}


def a_photo(carrier: Carrier) -> Arguments:
    photo = make_photo(make_claim(carrier))
    return {"number": photo.claim.number, "photo": photo.number}


def a_picture(carrier: Carrier) -> Arguments:
    return {**a_photo(carrier), "size": "working"}


def a_question(carrier: Carrier) -> Arguments:
    claim = make_claim(carrier)
    query = pipeline.query_ask(claim=claim, text="cracks", by=None)
    make_photo(claim)
    return {"number": claim.number, "question": query.pk}


def a_finding(carrier: Carrier) -> Arguments:
    finding = make_finding(make_photo(make_claim(carrier)), by=make_user(carrier))
    photo = finding.photo
    return {"number": photo.claim.number, "photo": photo.number, "finding": finding.number}


def a_standing_question(carrier: Carrier) -> Arguments:
    query = standing_add(carrier=carrier, peril="hail", wording=Wording("bent gutters"), by=None)
    return {"question": query.pk}


DOORS: dict[str, Door] = {
    "admin/login/": door(**dict.fromkeys(VERBS, Open.PUBLIC)),
    "portal:home": door(GET=Open.PUBLIC),
    "portal:sign_in": door(GET=Open.PUBLIC, POST=Open.PUBLIC),
    "portal:sign_out": door(POST=Open.PUBLIC),
    "portal:carrier": door(POST=Open.MEMBER),
    "portal:queue": door(GET=Open.MEMBER),
    "portal:queue_row": door(a_claim, GET=Open.OWNER),
    "portal:take_next": door(POST=Open.MEMBER),
    "portal:questions": door(GET=Open.MEMBER),
    "portal:question_add": door(GET=Open.MEMBER, POST=Open.MEMBER),
    "portal:question_catalogue": door(GET=Open.MEMBER, POST=Open.MEMBER),
    "portal:question": door(a_standing_question, GET=Open.OWNER, POST=Open.OWNER),
    "portal:question_switch": door(a_standing_question, POST=Open.OWNER),
    "portal:new_claim": door(GET=Open.MEMBER, POST=Open.MEMBER),
    "portal:claim": door(a_claim, GET=Open.OWNER),
    "portal:claim_state": door(a_claim, GET=Open.OWNER),
    "portal:details": door(a_claim, GET=Open.OWNER, POST=Open.OWNER),
    "portal:upload": door(a_claim, POST=Open.OWNER),
    "portal:ask": door(a_claim, POST=Open.OWNER),
    "portal:ask_again": door(a_question, GET=Open.OWNER, POST=Open.OWNER),
    "portal:retry": door(a_claim, POST=Open.OWNER),
    "portal:assign": door(a_claim, POST=Open.OWNER),
    "portal:decide": door(a_claim, POST=Open.OWNER),
    "portal:reopen": door(a_claim, POST=Open.OWNER),
    "portal:notes": door(a_claim, POST=Open.OWNER),
    "portal:history": door(a_claim, GET=Open.OWNER),
    "portal:reports": door(a_claim, POST=Open.OWNER),
    "portal:report_panel": door(a_claim, GET=Open.OWNER),
    "portal:report": door(a_report, GET=Open.OWNER),
    "portal:photo": door(a_photo, GET=Open.OWNER),
    "portal:picture": door(a_picture, GET=Open.OWNER),
    "portal:scale": door(a_photo, PUT=Open.OWNER, DELETE=Open.OWNER),
    "portal:length": door(GET=Open.MEMBER),
    "portal:findings": door(a_photo, GET=Open.OWNER, POST=Open.OWNER),
    "portal:finding": door(a_finding, GET=Open.OWNER, PATCH=Open.OWNER),
    "portal:finding_review": door(a_finding, POST=Open.OWNER),
}
EACH = [(name, verb) for name in DOORS for verb in VERBS]


def addresses(
    patterns: list[URLPattern | URLResolver], namespace: str = "", prefix: str = ""
) -> Iterator[str]:
    """The name of every address that isn't another app's; its path where it has no name."""
    for pattern in patterns:
        path = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}" if pattern.name else path
        elif pattern.namespace not in NOT_THE_PORTALS:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern.url_patterns, inner, path)


def unlisted(urlconf: str) -> set[str]:
    return set(addresses(get_resolver(urlconf).url_patterns)) - set(DOORS)


def path_of(name: str, arguments: Arguments) -> str:
    return f"/{name}" if name.endswith("/") else reverse(name, kwargs=arguments)


def fault(opening: Open, path: str, verb: str, stranger: User) -> str:
    """What is wrong with an opening, as a sentence; empty if it holds."""
    nobody, foreign = Client(), Client()
    foreign.force_login(stranger)
    anonymous = nobody.generic(verb, path)
    if opening is Open.NOBODY:
        closed = foreign.generic(verb, path).status_code == 405
        return "" if closed else "answers a verb that the table doesn't list"
    if opening is Open.PUBLIC:
        return "" if anonymous.status_code < 400 else "isn't public"
    if not sent_to_sign_in(anonymous):
        return f"answers {anonymous.status_code} to somebody who isn't signed in"
    if nobody.generic(verb, path, headers=JSON).status_code != 403:
        return "doesn't refuse a program that isn't signed in"
    if opening is Open.OWNER and foreign.generic(verb, path).status_code != 404:
        return "isn't hidden from another carrier"
    return ""


def sent_to_sign_in(response) -> bool:
    sign_in = reverse("portal:sign_in")
    return response.status_code == 302 and str(response.url).startswith(sign_in)


def test_every_address_is_in_the_table():
    assert unlisted("config.urls") == set()


def test_the_table_lists_nothing_that_is_gone():
    assert set(DOORS) <= set(addresses(get_resolver("config.urls").url_patterns))


@pytest.mark.parametrize(("name", "verb"), EACH)
def test_a_door_is_open_to_those_it_is_for(name, verb, carrier, stranger):
    entry = DOORS[name]
    path = path_of(name, entry.arguments(carrier))

    assert fault(entry.opening(verb), path, verb, stranger) == ""


def test_an_address_that_was_forgotten_is_named():
    assert "leaking" in unlisted("tests.portal.specimen_urls")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("walled", ""),
        ("leaking", "isn't hidden from another carrier"),
        ("open", "answers 200 to somebody who isn't signed in"),
    ],
)
def test_a_door_without_a_wall_is_noticed(settings, carrier, stranger, name, expected):
    settings.ROOT_URLCONF = "tests.portal.specimen_urls"
    path = reverse(name, kwargs=a_claim(carrier))

    assert fault(Open.OWNER, path, "GET", stranger) == expected


def test_a_verb_that_was_forgotten_is_noticed(settings, carrier, stranger):
    settings.ROOT_URLCONF = "tests.portal.specimen_urls"
    path = reverse("open", kwargs=a_claim(carrier))

    assert fault(Open.NOBODY, path, "GET", stranger) != ""
