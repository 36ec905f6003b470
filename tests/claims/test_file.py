"""The claim file: opened, numbered, written into, logged."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from assessment.models import Decision, Report, Triage
from claims.models import AuditEntry, Claim, Note, Peril
from claims.models.numbering import next_number
from claims.selectors import audit_verify
from claims.services import ClaimFacts, claim_log, claim_open, note_add
from tests.conftest import log_release
from tests.factories import make_carrier, make_claim

pytestmark = [pytest.mark.django_db, pytest.mark.service]


def opened(carrier, number="HX-1", **facts) -> Claim:
    return claim_open(carrier=carrier, facts=ClaimFacts(number, **facts), by=None)


def test_a_claim_that_is_opened_is_logged(carrier, user):
    claim = claim_open(carrier=carrier, facts=ClaimFacts("HX-1", peril=Peril.HAIL), by=user)

    entry = AuditEntry.objects.get(claim=claim)
    assert (entry.action, entry.actor, entry.subject) == ("claim.opened", user.email, "claim HX-1")
    assert json.loads(entry.data) == {"peril": "hail"}


@pytest.mark.parametrize(
    "number", ["HX-10482", "7", "2026 118-B", "É-1", "a.b", "...", "next", "x" * 50]
)
def test_a_number_that_can_stand_in_an_address_is_taken(carrier, number):
    assert opened(carrier, number).number == number


@pytest.mark.parametrize(
    "number",
    [
        "",
        " ",
        " HX",
        "HX ",
        "a/b",
        "a?b",
        "a#b",
        "a%b",
        "a\\b",
        ".",
        "..",
        "HX\n",
        "H\nX",
        "H\0X",
        "\t",
        "x" * 51,
    ],
)
def test_a_number_that_cannot_stand_in_an_address_is_refused_with_a_sentence(carrier, number):
    with pytest.raises(ValidationError) as error:
        opened(carrier, number)

    (sentence, *_) = error.value.message_dict["number"]
    assert sentence.endswith(".")
    assert not Claim.objects.exists()


def test_the_sentence_on_a_number_names_each_sign_that_it_cannot_hold(carrier):
    with pytest.raises(ValidationError) as error:
        opened(carrier, "a%b")

    (sentence,) = error.value.message_dict["number"]
    assert "/ ? # % \\ or a line break" in sentence


def test_a_number_is_taken_once_per_carrier(carrier):
    opened(carrier)
    opened(make_carrier())

    with pytest.raises(ValidationError, match="already exists"):
        opened(carrier)


@pytest.mark.parametrize(
    "facts", [{"currency": "usd"}, {"limit": -1}, {"deductible": -1}, {"peril": "flood"}]
)
def test_a_fact_that_makes_no_sense_is_refused(carrier, facts):
    with pytest.raises(ValidationError):
        opened(carrier, **facts)


def test_a_note_keeps_its_words_its_author_and_a_place_in_the_log(claim, user):
    note = note_add(claim=claim, text="  Called back.\nSends photos.  ", by=user)

    assert (note.text, note.by) == ("Called back.\nSends photos.", user)
    entry = AuditEntry.objects.get(claim=claim, action="note.added")
    assert (entry.actor, json.loads(entry.data)) == (user.email, {"text": note.text})


@pytest.mark.parametrize("text", ["", "  \n "])
def test_a_note_without_words_is_refused(claim, user, text):
    with pytest.raises(ValidationError):
        note_add(claim=claim, text=text, by=user)

    assert not Note.objects.exists()


def test_the_database_refuses_a_note_without_words(claim, user):
    with pytest.raises(IntegrityError, match="note_has_words"), transaction.atomic():
        Note.objects.create(claim=claim, text="", by=user)


def test_the_history_of_a_claim_is_its_own(carrier, claim):
    other = make_claim(carrier)
    claim_log(claim, None, "photo.received", {}, part="photo 3")

    entries = claim.history.order_by("sequence")
    assert [(entry.action, entry.subject) for entry in entries] == [
        ("claim.opened", f"claim {claim.number}"),
        ("photo.received", f"claim {claim.number} photo 3"),
    ]
    assert other.history.count() == 1


def test_an_entry_is_sealed_with_the_claim_that_it_is_about(carrier, claim):
    other = make_claim(carrier)
    entry = claim.history.get()
    log_release()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE claims_auditentry SET claim_id = %s WHERE id = %s", [other.pk, entry.pk]
        )

    assert "claim.opened" in audit_verify(carrier).fault
    assert "was changed" in audit_verify(carrier).fault


def test_numbers_go_on_from_the_last_and_begin_at_one(claim, user):
    rows = Decision.objects.filter(claim=claim)
    assert next_number(rows) == 1

    for number in (1, 4):
        Decision.objects.create(
            claim=claim, number=number, kind="approve", unreviewed=0, open_questions=0, by=user
        )

    assert next_number(rows) == 5
    assert next_number(Triage.objects.filter(claim=claim)) == 1
    assert next_number(Report.objects.filter(claim=claim)) == 1
