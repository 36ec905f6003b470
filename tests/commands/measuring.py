"""Running the commands that measure and read, and looking at what they say."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

from django.core.management import CommandError, call_command


def run(command: str, *arguments: object) -> dict[str, Any]:
    """Run a command that answers in JSON on standard output; its answer and its exit status."""
    out = io.StringIO()
    status = 0
    try:
        call_command(command, *map(str, arguments), "--json", "-", stdout=out)
    except CommandError as error:
        status = error.returncode
    return {**json.loads(out.getvalue()), "status": status}


def polygon(*corners: tuple[float, float]) -> dict[str, Any]:
    """A GeoJSON polygon."""
    return {"type": "Polygon", "coordinates": [[list(each) for each in (*corners, corners[0])]]}


def square(left: float, top: float, side: float) -> dict[str, Any]:
    """A GeoJSON square."""
    right, bottom = left + side, top + side
    return polygon((left, top), (right, top), (right, bottom), (left, bottom))


def written(folder: Path, document: object) -> Path:
    """A file that holds a document as JSON."""
    path = folder / "outline.geojson"
    path.write_text(json.dumps(document))
    return path
