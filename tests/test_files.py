from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from claims import files
from claims.files import EvidenceChangedError

PHOTO = b"the bytes of a photo"


@pytest.fixture(autouse=True)
def _empty_store(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "claims.files.EvidenceStorage",
            "OPTIONS": {"location": str(tmp_path / "files")},
        },
    }


def stored(tmp_path: Path) -> list[str]:
    return [path.name for path in tmp_path.rglob("*") if path.is_file()]


def test_what_is_kept_is_loaded_byte_for_byte():
    assert files.load(files.keep("originals", PHOTO, ".jpg")) == PHOTO


def test_the_same_bytes_are_one_file(tmp_path):
    names = {files.keep("originals", PHOTO, ".jpg") for _ in range(2)}

    assert len(names) == 1
    assert len(stored(tmp_path)) == 1


def test_a_changed_file_is_not_loaded():
    name = files.keep("originals", PHOTO, ".jpg")
    Path(default_storage.path(name)).write_bytes(b"other bytes")

    with pytest.raises(EvidenceChangedError, match="Restore it from a backup"):
        files.load(name)


@pytest.mark.parametrize("left", [b"", b"the bytes of a"], ids=["empty", "cut"])
def test_a_changed_file_is_mended_when_the_right_bytes_come_again(left):
    name = files.keep("originals", PHOTO, ".jpg")
    Path(default_storage.path(name)).write_bytes(left)

    assert files.keep("originals", PHOTO, ".jpg") == name
    assert files.load(name) == PHOTO


def test_a_failed_write_leaves_nothing_behind(tmp_path, monkeypatch):
    def half_of_it():
        yield PHOTO[:4]
        raise ConnectionResetError

    torn = ContentFile(PHOTO)
    monkeypatch.setattr(torn, "chunks", half_of_it)

    with pytest.raises(ConnectionResetError):
        default_storage.save("originals/photo.jpg", torn)
    assert stored(tmp_path) == []


def test_every_folder_it_made_is_flushed_to_disk(tmp_path, monkeypatch):
    flushed: set[int] = set()
    fsync = os.fsync

    def recorded(descriptor: int) -> None:
        flushed.add(os.fstat(descriptor).st_ino)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", recorded)
    name = files.keep("originals", PHOTO, ".jpg")

    above = Path(default_storage.path(name)).parents
    entries = above[: list(above).index(tmp_path) + 1]
    assert {folder.stat().st_ino for folder in entries} <= flushed


def test_what_is_gone_is_said_to_be_gone(tmp_path):
    name = files.keep("originals", PHOTO, ".jpg")
    shutil.rmtree(tmp_path / "files")

    with pytest.raises(FileNotFoundError):
        files.load(name)
