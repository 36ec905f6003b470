"""Notes on a claim."""

from __future__ import annotations

import pytest

from assessment.core.vocabulary import DecisionKind
from assessment.services.decisions import claim_decide
from claims.models import Claim, Note, Role
from claims.services import note_add

pytestmark = [pytest.mark.django_db, pytest.mark.service]


def address(claim: Claim) -> str:
    return f"/claims/{claim.number}/notes/"


def panel(client, claim: Claim) -> str:
    return str(client.get(f"/claims/{claim.number}/").text.partition('id="notes"')[2])


def test_a_note_stands_in_the_file_with_its_author(member_client, claim, user):
    answer = member_client.post(address(claim), {"text": " The tenant moved out. "})

    assert answer.url == f"/claims/{claim.number}/#notes"
    note = Note.objects.get(claim=claim)
    assert (note.text, note.by) == ("The tenant moved out.", user)
    assert "Ana Ruiz, " in panel(member_client, claim)


def test_the_newest_note_comes_first(member_client, claim, user):
    for text in ("one", "two"):
        note_add(claim=claim, text=f"Note {text}", by=user)

    shown = panel(member_client, claim)
    assert shown.index("Note two") < shown.index("Note one")


def test_a_note_keeps_its_lines_and_nothing_else_is_made_of_it(member_client, claim, user):
    note_add(claim=claim, text="Roof\nhttps://example.com <i>old</i>", by=user)

    assert "Roof<br>https://example.com &lt;i&gt;old&lt;/i&gt;" in panel(member_client, claim)


def test_an_empty_note_is_not_added(member_client, claim):
    answer = member_client.post(address(claim), {"text": " \n "})

    assert answer.status_code == 422
    assert 'href="#note_text"' in answer.text
    assert not Note.objects.exists()


def test_a_note_too_long_is_given_back_whole(member_client, claim):
    text = "long " * 3000

    answer = member_client.post(address(claim), {"text": text})

    assert answer.status_code == 422
    assert text.strip() in answer.text


def test_a_note_on_a_claim_decided_meanwhile_is_given_back(member_client, claim, user):
    claim_decide(claim=claim, kind=DecisionKind.APPROVE, note="", by=user)

    answer = member_client.post(address(claim), {"text": "The tenant moved out."})

    assert answer.status_code == 409
    assert "The tenant moved out." in answer.text
    assert not Note.objects.exists()
    assert "Add note" not in panel(member_client, claim)


def test_an_auditor_reads_notes_and_writes_none(in_role, claim, user):
    note_add(claim=claim, text="Seen.", by=user)
    auditor = in_role(Role.AUDITOR)

    assert auditor.post(address(claim), {"text": "Mine"}).status_code == 403
    assert "Seen." in panel(auditor, claim)
    assert Note.objects.count() == 1
