"""What an installation without a server keeps for itself in its data folder."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def kept_secret(path: Path, *, strength: int = 50) -> str:
    """The secret in that file; made on first use of so many random bytes, its owner's to read.

    Raises ImproperlyConfigured where nothing can be kept in its folder.
    """
    try:
        with suppress(FileNotFoundError):
            return path.read_text()
        return _made(path, strength)
    except OSError as error:
        raise ImproperlyConfigured(
            f"{path} can't be read or made: {error.strerror}. Set EAVES_DATA_DIR to a folder that "
            "can be written."
        ) from error


def _made(path: Path, strength: int) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent) as part:
        part.write(secrets.token_urlsafe(strength))
        part.flush()
        # The name appears with the whole secret behind it; of several processes one is first.
        with suppress(FileExistsError):
            os.link(part.name, path)
    return path.read_text()
