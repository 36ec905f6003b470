"""What an installation without a server keeps for itself in its data folder."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path


def kept_secret(path: Path, *, strength: int = 50) -> str:
    """The secret in that file; made on first use of so many random bytes, its owner's to read."""
    with suppress(FileNotFoundError):
        return path.read_text()
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent) as part:
        part.write(secrets.token_urlsafe(strength))
        part.flush()
        # The name appears with the whole secret behind it; of several processes one is first.
        with suppress(FileExistsError):
            os.link(part.name, path)
    return path.read_text()
