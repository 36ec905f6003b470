"""benchmarks/RESULTS.md, of which each benchmark writes its own part anew."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

RESULTS = Path(__file__).parent / "RESULTS.md"


def put(title: str, body: str, page: Path = RESULTS) -> None:
    """Write the part "# title", in place of what stood under it, else at the end."""
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    parts = re.split(r"^# (.*)\n", text, flags=re.MULTILINE)[1:]
    bodies = dict(zip(parts[::2], parts[1::2], strict=True)) | {title: body}
    whole = (f"# {name}\n\n{each.strip()}\n" for name, each in bodies.items())
    page.write_text("\n".join(whole), encoding="utf-8")


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
