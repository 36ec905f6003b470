"""Files by content: named by their SHA-256, written whole or not at all, never changed."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, default_storage


class EvidenceChangedError(Exception):
    """The bytes of a stored file are no longer those that its name promises."""


class EvidenceStorage(FileSystemStorage):
    """A local folder in which a file is there whole, or not there."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        # Names are hashes of the content: a name that is taken holds the same bytes.
        return name

    def _save(self, name: str, content: File[bytes]) -> str:
        path = Path(self.path(name))
        if path.exists():
            return name
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as part:
            for chunk in content.chunks():
                part.write(chunk)
            part.flush()
            os.fsync(part.fileno())
        Path(part.name).replace(path)
        _flush_folder(path.parent)
        return name


def _flush_folder(folder: Path) -> None:
    # Without this a power cut can lose the new name although the bytes are on disk.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def keep(room: str, data: bytes, suffix: str) -> str:
    """Store bytes below a room ("originals", "derived", "reports"); returns the file's name."""
    digest = hashlib.sha256(data).hexdigest()
    name = f"{room}/{digest[:2]}/{digest[2:4]}/{digest}{suffix}"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(data))
    return name


def load(name: str) -> bytes:
    """The bytes of a stored file.

    Raises EvidenceChangedError when they don't match its name, FileNotFoundError when it is gone.
    """
    with default_storage.open(name) as file:
        data: bytes = file.read()
    if hashlib.sha256(data).hexdigest() != Path(name).stem:
        raise EvidenceChangedError(
            f"The stored file {name} was changed after it was received. Restore it from a backup."
        )
    return data
