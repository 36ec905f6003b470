from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection

from assessment import pipeline
from assessment.models import Report
from claims import selectors
from claims.evidence.upload import UploadRefusedError
from claims.models import Photo
from tests.conftest import log_release
from tests.factories import jpeg, make_carrier, make_claim
from tests.pipeline.steps import assessed_claim

pytestmark = [pytest.mark.django_db, pytest.mark.service]


@pytest.fixture(autouse=True)
def _files_of_its_own(settings, tmp_path):
    options = {"location": str(tmp_path / "files")}
    storage = {"BACKEND": "claims.files.EvidenceStorage", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "default": storage}


@pytest.fixture
def assessed(carrier, fake_engine):
    """A claim with two photos and a report."""
    return assessed_claim(carrier, jpeg(seed=1), jpeg(seed=2))


def faults(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """Run the command, which must fail; the sentences it says."""
    with pytest.raises(CommandError) as raised:
        call_command("verify_audit", *arguments)
    assert raised.value.returncode == 1
    return capsys.readouterr().err.splitlines()


def tamper(statement: str, *values: int) -> None:
    """What somebody with the rights of the database's owner could do."""
    log_release()
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def overwrite(name: str) -> None:
    Path(default_storage.path(name)).write_bytes(b"other bytes")


def test_it_tells_the_head_and_how_much_it_looked_at(carrier, assessed, capsys):
    call_command("verify_audit")

    told = capsys.readouterr().out
    last = carrier.audit_entries.latest("sequence")
    assert f"{carrier.slug}: {last.sequence} entries hold, head {last.hash}" in told
    assert "1 claims, 2 photos, 1 reports, 2 originals, 1 PDFs" in told


def test_a_changed_entry_is_named(carrier, assessed, capsys):
    first = carrier.audit_entries.earliest("sequence")
    tamper("UPDATE claims_auditentry SET actor = 'somebody' WHERE id = %s", first.pk)

    (sentence,) = faults(capsys)
    assert sentence.startswith(f"{carrier.slug}: Entry 1 (claim.opened, claim {assessed.number})")


def test_a_log_that_was_emptied_is_missed_by_every_claim_photo_and_report(
    carrier, assessed, capsys
):
    tamper("DELETE FROM claims_auditentry")

    told = faults(capsys)
    assert told == [
        f"{carrier.slug}: The log has lost the opening of claim {assessed.number}.",
        f"{carrier.slug}: The log has lost how photo 1 (0.jpg) of claim {assessed.number} came in.",
        f"{carrier.slug}: The log has lost how photo 2 (1.jpg) of claim {assessed.number} came in.",
        f"{carrier.slug}: The log has lost how report 1 on claim {assessed.number} was made.",
    ]


def test_a_tail_that_was_cut_off_is_missed_by_what_it_told(carrier, assessed, capsys):
    last = carrier.audit_entries.filter(action="photo.received").latest("sequence")
    tamper("DELETE FROM claims_auditentry WHERE sequence >= %s", last.sequence)

    told = faults(capsys)
    assert [sentence for sentence in told if "Entry" in sentence] == []
    assert any("photo 2" in sentence for sentence in told)
    assert any("report 1" in sentence for sentence in told)
    assert not any("photo 1" in sentence for sentence in told)


def test_a_cut_off_tail_that_told_of_neither_is_found_by_a_head_kept_elsewhere(carrier, capsys):
    make_claim(carrier)
    claim = make_claim(carrier)
    pipeline.query_ask(claim=claim, text="cracks", by=None)
    head = carrier.audit_entries.latest("sequence")
    tamper("DELETE FROM claims_auditentry WHERE id = %s", head.pk)

    call_command("verify_audit")
    with pytest.raises(CommandError, match="cut off"):
        call_command("verify_audit", head=head.hash)


def test_a_report_with_another_pdf_than_the_log_says_is_named(carrier, assessed, capsys):
    Report.objects.update(sha256="0" * 64)

    told = faults(capsys)
    assert any("lost how report 1" in sentence for sentence in told)
    assert any("The PDF of report 1" in sentence for sentence in told)


def test_an_original_that_was_changed_is_named(carrier, assessed, capsys):
    overwrite(Photo.objects.get(number=2).original)

    (sentence,) = faults(capsys)
    assert "The original of photo 2 (1.jpg)" in sentence
    assert "was changed" in sentence
    assert "Restore it from a backup." in sentence


def test_an_original_that_is_gone_or_can_not_be_read_is_named(carrier, assessed, capsys):
    gone, folder = (
        Path(default_storage.path(photo.original)) for photo in Photo.objects.order_by("number")
    )
    gone.unlink()
    folder.unlink()
    folder.mkdir()

    told = faults(capsys)
    assert "The original of photo 1 (0.jpg)" in told[0]
    assert "is gone" in told[0]
    assert "The original of photo 2 (1.jpg)" in told[1]
    assert "can't be read" in told[1]


def test_a_pdf_that_was_changed_is_named(carrier, assessed, capsys):
    overwrite(Report.objects.get().file)

    (sentence,) = faults(capsys)
    assert "The PDF of report 1" in sentence


def test_the_log_can_be_looked_at_without_the_files(carrier, assessed, settings, capsys):
    shutil.rmtree(settings.STORAGES["default"]["OPTIONS"]["location"])

    call_command("verify_audit", "--log-only")

    assert "originals" not in capsys.readouterr().out


def test_a_file_refused_at_the_door_must_be_in_the_log_as_refused(carrier, claim, capsys):
    with pytest.raises(UploadRefusedError):
        pipeline.photo_submit(claim=claim, data=b"a text", name="note.jpg", by=None)
    call_command("verify_audit")
    tamper("DELETE FROM claims_auditentry WHERE action = 'photo.refused'")

    (sentence,) = faults(capsys)
    assert "photo 1 (note.jpg)" in sentence


def test_more_claims_than_are_looked_at_at_once_are_all_looked_at(carrier, monkeypatch, capsys):
    monkeypatch.setattr(selectors, "BATCH", 2)
    claims = [make_claim(carrier) for _ in range(5)]
    tamper("DELETE FROM claims_auditentry WHERE claim_id = %s", claims[-1].pk)

    (sentence,) = faults(capsys)
    assert claims[-1].number in sentence


def test_one_carrier_can_be_looked_at_alone(carrier, assessed, capsys):
    other = make_carrier()
    tamper("DELETE FROM claims_auditentry")

    call_command("verify_audit", carrier=other.slug)

    assert carrier.slug not in capsys.readouterr().out
    with pytest.raises(CommandError, match="no carrier") as raised:
        call_command("verify_audit", carrier="nobody")
    assert raised.value.returncode == 2
