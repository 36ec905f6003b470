"""Answers spelled wrongly, in the ways in which models were seen to misspell them.

Each takes the text of a right answer, fenced or bare, and gives that of a wrong one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from standin.steps import Act

Entry = dict[str, Any]

PIXELS_PER_THOUSANDTH = 4
"""As of a photo of 4000 pixels, whatever was sent."""

LOOPS = 20_000
"""Times that an endless answer says the same once more."""

OTHER_LABEL = "discolouration"


def warped(act: Act, text: str) -> str:
    """The text as this act has it; as it is, where the act doesn't touch it, or finds nothing in it
    that it could misspell."""
    if act in ENDLESS:
        return _without_end(text, ENDLESS[act])
    if act not in WARPS:
        return text
    start, end = text.find("["), text.rfind("]") + 1
    try:
        entries = WARPS[act](json.loads(text[start:end]))
    except (ValueError, TypeError, LookupError):
        return text
    return text[:start] + json.dumps(entries) + text[end:]


def _without_end(text: str, more: str) -> str:
    """The text up to its last object, going on with more of them."""
    if end := text.rfind("}") + 1:
        return text[:end] + more
    return text[: text.rfind("[") + 1 or len(text)] + more.removeprefix(", ")


def _boxes(change: Callable[[list[int]], list[int]]) -> Callable[[list[Entry]], list[Entry]]:
    return lambda entries: [entry | {"box_2d": change(entry["box_2d"])} for entry in entries]


def _without_masks(entries: list[Entry]) -> list[Entry]:
    return [{key: entry[key] for key in entry if key != "mask"} for entry in entries]


def _relabelled(entries: list[Entry]) -> list[Entry]:
    return [*entries, *(entry | {"label": OTHER_LABEL} for entry in entries)]


def _turned(entries: list[Entry]) -> list[Entry]:
    """Polygons as [y, x], beside boxes that are right."""
    points = [[[y, x] for x, y in entry["mask"]] for entry in entries]
    return [entry | {"mask": mask} for entry, mask in zip(entries, points, strict=True)]


WARPS: Mapping[Act, Callable[[list[Entry]], list[Entry]]] = {
    Act.INVERTED: _boxes(lambda box: [box[2], box[3], box[0], box[1]]),
    Act.PIXELS: _boxes(lambda box: [PIXELS_PER_THOUSANDTH * side for side in box]),
    Act.TURNED: _turned,
    Act.BOXES: _without_masks,
    Act.TWICE: lambda entries: entries * 2,
    Act.RELABELLED: _relabelled,
}

ENDLESS: Mapping[Act, str] = {
    Act.ENDLESS_MASK: ', {"label": "more", "mask": "data:image/png;base64,iV' + "+Pj4" * LOOPS,
    Act.ENDLESS_NUMBER: ', {"label": "more", "score": 0.' + "0" * LOOPS,
}
"""What an answer goes on with after its objects, until the limit."""
