"""Answers kept from run to run, one line of JSON each: what was asked once isn't paid for twice."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from assessment.core.vocabulary import AnswerForm


class Outcome(StrEnum):
    """What became of a question."""

    ANSWERED = "answered"
    REFUSED = "refused"
    GARBLED = "garbled"
    UNAVAILABLE = "unavailable"
    REJECTED = "rejected"


class Key(NamedTuple):
    """What an answer is an answer to: other words, or another model, are another question."""

    photo_sha256: str
    question: str
    engine: str
    model: str
    prompt_version: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What one call brought, and in how many seconds; `text` is empty where nothing came.

    `reason` says why the engine itself declined or could not read it; whether a text can be read is
    otherwise found out anew each time: the reader may have learned. `form`, `rest` and `cut` are as
    in a Turn of the ladder, `asked_on` is the day of UTC, by which its price goes.
    """

    outcome: Outcome
    text: str
    reason: str
    seconds: float
    input_tokens: int | None
    output_tokens: int | None
    form: AnswerForm | None
    rest: bool
    cut: bool
    model_requested: str
    model_served: str
    asked_on: str


class AnswerFile:
    """The calls in a file, all read at the start; each new one is added the moment it comes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.unreadable = 0
        self._kept: dict[Key, list[Kept]] = defaultdict(list)
        lines = path.read_bytes().split(b"\n") if path.exists() else []
        for line in filter(None, lines):
            self._take(line)
        self._is_torn = bool(lines and lines[-1])

    def get(self, key: Key) -> tuple[Kept, ...]:
        """The calls made for that, in their order."""
        return tuple(self._kept.get(key, ()))

    def add(self, key: Key, kept: Kept) -> None:
        """Keep what a call brought. Raises OSError where the file can't be written."""
        line = json.dumps({**key._asdict(), **asdict(kept)}).encode() + b"\n"
        # A run that was killed may have left half a line; the next one starts on its own.
        start = b"\n" if self._is_torn else b""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab", buffering=0) as file:
            file.write(start + line)
        self._is_torn = False
        self._kept[key].append(kept)

    def _take(self, line: bytes) -> None:
        try:
            told = json.loads(line)
            key, kept = Key(**{name: told[name] for name in Key._fields}), _kept(told)
            self._kept[key].append(kept)
        except (ValueError, KeyError, TypeError):
            self.unreadable += 1


def _kept(told: Mapping[str, Any]) -> Kept:
    values = {name: told[name] for name in Kept.__dataclass_fields__}
    form = AnswerForm(told["form"]) if told["form"] else None
    return Kept(**{**values, "outcome": Outcome(told["outcome"]), "form": form})
