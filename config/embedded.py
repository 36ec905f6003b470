"""What an installation without a server keeps for itself in its data folder."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def kept_secret(path: Path, *, strength: int = 50) -> str:
    """The secret in that file; made on first use of so many random bytes, its owner's to read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(strength))
    return path.read_text()
