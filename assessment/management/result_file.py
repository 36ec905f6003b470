"""Where a command's result goes as JSON: a file, or standard output."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, OutputWrapper

STANDARD_OUTPUT = "-"


def check_target(target: str | None, inputs: Sequence[Path]) -> None:
    """Before anything is done: can the result be written, and not over what it is made from?"""
    if target is None or target == STANDARD_OUTPUT:
        return
    path = Path(target)
    if path.is_dir() or not path.parent.is_dir():
        raise CommandError(f"{target} can't be written: no such folder.", returncode=2)
    if any(path.exists() and each.exists() and path.samefile(each) for each in inputs):
        raise CommandError(f"{target} would be overwritten; name another file.", returncode=2)


def write_json(result: dict[str, Any], target: str, stdout: OutputWrapper) -> None:
    """Write a result to a file, or to standard output for "-"."""
    text = json.dumps(result, indent=2, ensure_ascii=False, allow_nan=False)
    if target == STANDARD_OUTPUT:
        stdout.write(text)
        return
    try:
        # A file named in the text need not have a name in UTF-8; it comes out as it went in.
        Path(target).write_bytes(f"{text}\n".encode(errors="surrogateescape"))
    except OSError as error:
        raise CommandError(f"{target} can't be written: {error.strerror}.", returncode=2) from None
