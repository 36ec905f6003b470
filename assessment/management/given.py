"""The files named on the command line: looked at before they are read, read within bounds."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Sequence
from pathlib import Path

from claims.evidence.upload import MAX_BYTES, SEND_SMALLER, UploadRefusedError

# Reading one of these could wait for ever, or never end.
NOT_FILES: Sequence[tuple[Callable[[int], bool], str, str]] = (
    (stat.S_ISDIR, "a folder", "Please name the photos in it."),
    (stat.S_ISFIFO, "a pipe", "Please write the photo to a file and name that."),
    (stat.S_ISSOCK, "a socket", "Please name the photo itself."),
    (stat.S_ISBLK, "a device", "Please name the photo itself."),
    (stat.S_ISCHR, "a device", "Please name the photo itself."),
)


def look_at(path: Path) -> None:
    """Can this be a photo, before a byte of it is read?

    Raises OSError where nothing can be read, UploadRefusedError for what is no file or too large.
    """
    status = path.stat()
    for is_kind, kind, remedy in NOT_FILES:
        if is_kind(status.st_mode):
            raise UploadRefusedError(f"This is {kind}, not a photo.", remedy)
    if not os.access(path, os.R_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    _bound(status.st_size)


def read_photo(path: Path) -> bytes:
    """The bytes of a file. Raises UploadRefusedError, also for one that has changed meanwhile."""
    try:
        look_at(path)
        with path.open("rb") as file:
            # One that grows, or tells no size, is not read further than the door would take it.
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UploadRefusedError(
            f"The file can't be read: {error.strerror}.", "Please name it once more."
        ) from error
    _bound(len(data))
    return data


def _bound(size: int) -> None:
    if size > MAX_BYTES:
        limit = f"{MAX_BYTES // 1_000_000} MB"
        raise UploadRefusedError(f"The file is larger than {limit}.", SEND_SMALLER)
