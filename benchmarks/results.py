"""RESULTS.md, in parts: each benchmark writes its own and leaves the others alone."""

from __future__ import annotations

import re
from pathlib import Path

RESULTS = Path(__file__).parent / "RESULTS.md"
PART = re.compile(r"^(?=# )", re.MULTILINE)


def part_put(text: str) -> None:
    """Put a part of the page, which begins with its heading, in place of what it was or last."""
    heading = text.partition("\n")[0]
    page = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else ""
    parts = [part for part in PART.split(page) if part]
    kept = [text if part.startswith(heading + "\n") else part for part in parts]
    if text not in kept:
        kept.append(text)
    RESULTS.write_text("\n".join(part.rstrip("\n") + "\n" for part in kept), encoding="utf-8")
