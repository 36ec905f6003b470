"""What `assess` is given: files that are no photos, and photos given twice."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from assessment.management import given
from claims.evidence.upload import MAX_BYTES, UploadRefusedError
from claims.models import AuditEntry, Claim
from tests.commands.assessing import assess
from tests.factories import jpeg

pytestmark = [pytest.mark.django_db, pytest.mark.service]


@pytest.fixture
def no_photos(tmp_path) -> dict[str, Path]:
    """What no photo can be, by what the command calls it."""
    paths = {"a folder": tmp_path / "folder", "a pipe": tmp_path / "pipe"}
    paths["a folder"].mkdir()
    os.mkfifo(paths["a pipe"])
    return {**paths, "a device": Path("/dev/zero"), "larger than 60 MB": _huge(tmp_path)}


def _huge(folder: Path) -> Path:
    path = folder / "huge.jpg"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    return path


@pytest.mark.parametrize("kind", ["a folder", "a pipe", "a device", "larger than 60 MB"])
def test_what_no_photo_can_be_is_refused_unread_and_the_others_go_on(
    roof_file, roof, no_photos, kind
):
    result = assess(no_photos[kind], roof_file, "--query", roof.question)

    refused, answered = result["photos"]
    assert result["status"] == 3
    assert refused["sha256"] is None
    assert refused["queries"][0]["outcome"] == "failed"
    assert kind in refused["queries"][0]["reason"]
    assert answered["queries"][0]["outcome"] == "answered"
    entry = AuditEntry.objects.get(action="photo.refused")
    assert kind in entry.data


def test_where_nothing_can_be_a_photo_nothing_is_asked(no_photos):
    with pytest.raises(CommandError, match=r"a folder.*a pipe.*a device") as raised:
        call_command("assess", *map(str, no_photos.values()), "--query", "cracks")

    assert raised.value.returncode == 2
    assert not Claim.objects.exists()


def test_a_file_that_grows_while_it_is_read_is_read_no_further_than_the_limit(
    tmp_path, monkeypatch
):
    path = tmp_path / "growing.jpg"
    path.write_bytes(bytes(100))
    monkeypatch.setattr(given, "look_at", lambda _path: None)
    monkeypatch.setattr(given, "MAX_BYTES", 10)

    with pytest.raises(UploadRefusedError, match="larger than"):
        given.read_photo(path)


def test_a_file_that_goes_before_it_is_read_is_refused(tmp_path):
    with pytest.raises(UploadRefusedError, match="No such file"):
        given.read_photo(tmp_path / "gone.jpg")


def test_the_same_bytes_given_twice_are_told_once(roof_file, tmp_path, fake_engine, capsys):
    copy, other = tmp_path / "copy.jpg", tmp_path / "other.jpg"
    shutil.copy(roof_file, copy)
    other.write_bytes(jpeg())
    result = assess(roof_file, copy, other, "--query", "cracks", "--engine", "fake")

    first, second, third = result["photos"]
    assert result["status"] == 0
    assert (first["same_as"], third["same_as"]) == (None, None)
    assert len(first["queries"]) == len(third["queries"]) == 1
    assert (second["same_as"], second["queries"]) == (str(roof_file), [])
    assert fake_engine.asked == 2

    call_command("assess", str(roof_file), str(copy), "--query", "cracks", "--engine", "fake")
    printed = capsys.readouterr().out
    assert f"{copy} is the same photo as {roof_file}\n" in printed
    assert printed.count('"cracks":') == 1
