"""Files by content: named by their SHA-256, written whole or not at all, never changed."""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from pathlib import Path

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, default_storage

logger = logging.getLogger(__name__)

PIECE_BYTES = 1 << 20


class EvidenceChangedError(Exception):
    """The bytes of a stored file are no longer those that its name promises."""


class EvidenceStorage(FileSystemStorage):
    """A local folder in which a file is there whole, or not there."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        # Names are hashes of the content: whoever else writes this one writes the same bytes.
        return name

    def _save(self, name: str, content: File[bytes]) -> str:
        path = Path(self.path(name))
        _make_folder(path.parent)
        # A folder around the part, so that nothing of it stays behind when writing fails.
        with tempfile.TemporaryDirectory(dir=path.parent) as passing:
            with tempfile.NamedTemporaryFile(dir=passing, delete=False) as part:
                for chunk in content.chunks():
                    part.write(chunk)
                part.flush()
                os.fsync(part.fileno())
            Path(part.name).replace(path)
        _flush_folder(path.parent)
        return name


def _make_folder(folder: Path) -> None:
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for made in missing:
        _flush_folder(made.parent)


def _flush_folder(folder: Path) -> None:
    # Without this a power cut can lose the new name although the bytes are on disk.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def keep(room: str, data: bytes, suffix: str) -> str:
    """Store bytes below a room ("originals", "derived", "reports"); returns the file's name.

    A file of that name that no longer holds these bytes is replaced by them.
    """
    digest = hashlib.sha256(data).hexdigest()
    name = f"{room}/{digest[:2]}/{digest[2:4]}/{digest}{suffix}"
    if not _is_intact(name):
        default_storage.save(name, ContentFile(data))
    return name


def _is_intact(name: str) -> bool:
    try:
        load(name)
    except FileNotFoundError:
        return False
    except EvidenceChangedError:
        logger.warning("The stored file %s was changed; the same bytes came again, kept now.", name)
        return False
    return True


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


def digest(name: str) -> str:
    """The SHA-256 of a stored file as it is now, in hex; read in pieces, however large it is.

    Raises OSError when it can't be read, FileNotFoundError among them.
    """
    seen = hashlib.sha256()
    with default_storage.open(name) as file:
        for piece in file.chunks(PIECE_BYTES):
            seen.update(piece)
    return seen.hexdigest()
