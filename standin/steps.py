"""What the stand-in does with a request: a step, and scripts of them.

A script is a JSON list. Each entry is the name of an act, or an object with the act under "do"
and any of the step's other fields.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Act(StrEnum):
    """One way to answer, or to fail."""

    LOOK = "look"
    SAY = "say"
    QUOTA = "quota"
    OVERLOADED = "overloaded"
    REJECT = "reject"
    GONE = "gone"
    CUT = "cut"
    CUT_EMPTY = "cut_empty"
    SAFETY = "safety"
    BLOCKED = "blocked"
    GARBLED = "garbled"
    LEAKED = "leaked"
    PLACEHOLDER = "placeholder"
    DRIP = "drip"
    STALL = "stall"
    RESET = "reset"
    RESET_BODY = "reset_body"
    CUT_BODY = "cut_body"
    TORN_JSON = "torn_json"
    HUGE = "huge"
    BOMB = "bomb"
    PACKED = "packed"
    BAD_PACKING = "bad_packing"
    BAD_UTF8 = "bad_utf8"
    REDIRECT = "redirect"
    NO_CANDIDATE = "no_candidate"
    NO_CONTENT = "no_content"
    PIECES = "pieces"
    THOUGHTS = "thoughts"
    TOOL = "tool"
    NO_USAGE = "no_usage"
    NO_MODEL = "no_model"
    ENDLESS_MASK = "endless_mask"
    ENDLESS_NUMBER = "endless_number"
    INVERTED = "inverted"
    TURNED = "turned"
    PIXELS = "pixels"
    BOXES = "boxes"
    TWICE = "twice"
    RELABELLED = "relabelled"
    RAW = "raw"


@dataclass(frozen=True, slots=True)
class Step:
    """An act and its particulars.

    `text` is what "say" says, the message of "reject", where "redirect" sends to and the whole
    body of "raw", whose content type is `type`. `model_served` is named as the serving model in
    place of the one asked for, `finish` as the finish reason, and `reason` says why "safety" and
    "blocked" withhold. `retry_after` (seconds) goes with whatever is an error, in its body and its
    header Retry-After, where `retry_header` overrides it; `status` is that of "reject" (else 400),
    "redirect" (307) and "raw" (200); `size` the bytes of "huge" and, unpacked, of "bomb"; `pause`
    the seconds between two bytes of "drip", `wait` those before anything is answered.
    """

    do: Act = Act.LOOK
    text: str = ""
    model_served: str = ""
    finish: str = "STOP"
    retry_after: int | None = None
    retry_header: str = ""
    reason: str = ""
    type: str = "application/json; charset=UTF-8"
    status: int | None = None
    size: int = 64 << 20
    pause: float = 0.2
    wait: float = 0.0


TYPES: dict[str, tuple[type, ...]] = {
    "do": (str,),
    "text": (str,),
    "model_served": (str,),
    "finish": (str,),
    "retry_header": (str,),
    "reason": (str,),
    "type": (str,),
    "retry_after": (int,),
    "status": (int,),
    "size": (int,),
    "pause": (int, float),
    "wait": (int, float),
}


class BadScriptError(Exception):
    """A script that can't be read, with a sentence that says why."""


def read_script(text: str) -> list[Step]:
    """Read a script. Raises BadScriptError."""
    try:
        entries = json.loads(text)
    except ValueError as error:
        raise BadScriptError(f"The script is not JSON: {error}.") from error
    if not isinstance(entries, list) or not entries:
        raise BadScriptError("The script must be a JSON list with at least one step.")
    return [_step(number, entry) for number, entry in enumerate(entries, start=1)]


def _step(number: int, entry: Any) -> Step:
    particulars = {"do": entry} if isinstance(entry, str) else entry
    if not isinstance(particulars, dict):
        raise BadScriptError(f"Step {number} must be a name or an object.")
    if unknown := particulars.keys() - TYPES.keys():
        raise BadScriptError(f"Step {number} has unknown fields: {', '.join(sorted(unknown))}.")
    _check_types(number, particulars)
    try:
        return Step(**particulars | {"do": Act(particulars.get("do", Act.LOOK))})
    except ValueError as error:
        acts = ", ".join(Act)
        raise BadScriptError(f"Step {number} must do one of: {acts}.") from error


def _check_types(number: int, particulars: dict[str, Any]) -> None:
    for name, value in particulars.items():
        if type(value) not in TYPES[name] or (not isinstance(value, str) and value < 0):
            raise BadScriptError(f'Step {number} has no usable value for "{name}".')
