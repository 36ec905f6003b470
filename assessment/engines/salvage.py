"""Whatever can be saved of a text that was meant to be JSON.

A model's answer may be fenced, wrapped in prose, cut at the token limit or sprinkled with bare
words. The reader goes through it once, keeps every value that is complete, and marks as torn each
object in which anything is missing or unreadable, so that nothing half-read passes for whole.
What is proper JSON, as most answers are, the json module reads, to the same result and faster.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field
from itertools import chain
from typing import TypeAlias, cast

from assessment.engines.base import GarbledAnswerError

Value: TypeAlias = "dict[str, Value] | list[Value] | str | float | bool | None"
Holder: TypeAlias = "dict[str, Value] | list[Value]"

MOST_DEPTH = 12
"""Wrapper, list, object, mask, rings, chunks and points nest seven deep; twelve leave room."""

MOST_VALUES = 200_000
"""200 objects with 400 vertices each, and as much again."""

WORDS: dict[str, Value] = {
    "true": True,
    "True": True,
    "false": False,
    "False": False,
    "null": None,
    "None": None,
    "NaN": math.nan,
    "Infinity": math.inf,
    "-Infinity": -math.inf,
}

# Possessive quantifiers keep every match linear in its length. Those of groups are plain: before
# Python 3.11.5 such a group that fails halfway keeps what it took (CPython issue 106052). A run of
# mask tokens may come without its quotes, and a real data URI may follow it.
TOKEN = re.compile(
    r"""
    (?P<open>[\[{])
  | (?P<close>[\]}])
  | (?P<mark>[:,])
  | (?P<text>"[^"\\]*+(?:\\.[^"\\]*+)*")
  | (?P<cut>")
  | (?P<number>-?\d++(?:\.\d++)?(?:[eE][+-]?\d++)?)(?![\w.+-])
  | (?P<tokens>(?:<(?:start_of_mask|end_of_mask|seg_\d++)>)+
      (?:"?\s*+data:image/png;base64,[A-Za-z0-9+/=\s]*+)?"?)
  | (?P<word>[^\s\[\]{}:,"]++)
    """,
    re.VERBOSE | re.DOTALL,
)

HOLDERS = frozenset({list, dict})

START = re.compile(r"[\[{]")


class Torn(dict[str, Value]):
    """An object that was cut, or holds something unreadable."""


@dataclass(frozen=True, slots=True)
class Salvage:
    """The values found, whether all of them are whole, and the text that stood around them."""

    values: tuple[Value, ...]
    whole: bool
    around: str


@dataclass(slots=True)
class _Open:
    """A list or object that isn't closed yet."""

    holder: Holder
    key: str | None = None
    whole: bool = True

    def take(self, value: Value) -> None:
        if isinstance(self.holder, list):
            self.holder.append(value)
        elif self.key is None:
            self._name(value)
        else:
            self.whole &= self.key not in self.holder
            self.holder[self.key] = value
            self.key = None

    def _name(self, value: Value) -> None:
        if isinstance(value, str):
            self.key = value
        else:
            self.whole = False

    def separate(self, mark: str) -> None:
        if mark == "," and self.key is not None:
            self.key = None
            self.whole = False

    def closed(self) -> Holder:
        self.whole &= self.key is None
        if isinstance(self.holder, dict) and not self.whole:
            return Torn(self.holder)
        return self.holder


@dataclass(slots=True)
class _Reader:
    text: str
    position: int = 0
    stack: list[_Open] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)
    around: list[str] = field(default_factory=list)
    whole: bool = True
    taken: int = 0
    proper: bool = True

    def read(self) -> Salvage:
        while self._step():
            pass
        self.whole &= not self.stack
        while self.stack:
            self._shut(proper=False)
        return Salvage(tuple(self.values), self.whole, "".join(self.around))

    def _step(self) -> bool:
        if not self.stack:
            return self._skip_prose()
        token = TOKEN.search(self.text, self.position)
        if token is None or token.lastgroup is None or token.lastgroup == "cut":
            return False
        self.position = token.end()
        self._accept(token.lastgroup, token.group())
        return True

    def _skip_prose(self) -> bool:
        start = START.search(self.text, self.position)
        end = start.start() if start else len(self.text)
        self.around.append(self.text[self.position : end])
        self.position = end
        if start and not self._take_proper():
            self.position += 1
            self._open(start.group())
        return start is not None

    def _take_proper(self) -> bool:
        """Take the value that begins here, if it is proper JSON within every bound.

        Once it isn't, no other is tried: each trial may go through the rest of the text.
        """
        if not self.proper:
            return False
        try:
            value, end = PROPER.raw_decode(self.text, self.position)
            size = _size(value)
        except (ValueError, RecursionError):
            self.proper = False
            return False
        self._count(size)
        self.values.append(value)
        self.position = end
        return True

    def _accept(self, kind: str, token: str) -> None:
        match kind:
            case "open":
                self._open(token)
            case "close":
                self._close(token)
            case "mark":
                self.stack[-1].separate(token)
            case "text":
                self._take(_unquoted(token))
            case "number":
                self._take(float(token))
            case "tokens":
                self._take(token)
            case _:
                self._word(token)

    def _open(self, bracket: str) -> None:
        if len(self.stack) >= MOST_DEPTH:
            raise GarbledAnswerError(
                "The answer is nested too deep to be an answer; the raw text was kept."
            )
        self.stack.append(_Open([] if bracket == "[" else {}))

    def _close(self, bracket: str) -> None:
        kind = list if bracket == "]" else dict
        if not any(isinstance(frame.holder, kind) for frame in self.stack):
            self.stack[-1].whole = False
            return
        while not isinstance(self.stack[-1].holder, kind):
            self._shut(proper=False)
        self._shut(proper=True)

    def _shut(self, *, proper: bool) -> None:
        frame = self.stack.pop()
        frame.whole &= proper
        value = frame.closed()
        if self.stack:
            self._take(value)
            self.stack[-1].whole &= frame.whole
        else:
            self._count()
            self.values.append(value)
            self.whole &= frame.whole

    def _take(self, value: Value) -> None:
        self._count()
        self.stack[-1].take(value)

    def _count(self, values: int = 1) -> None:
        self.taken += values
        if self.taken > MOST_VALUES:
            raise GarbledAnswerError(
                f"The answer holds more than {MOST_VALUES} values; the raw text was kept."
            )

    def _word(self, word: str) -> None:
        if word in WORDS:
            self._take(WORDS[word])
        else:
            self.stack[-1].whole = False


def salvage(text: str) -> Salvage:
    """Read all that is complete, in one pass, linear in the text's length.

    Numbers come as floats; those too large for one are not finite. Raises GarbledAnswerError when
    the text nests deeper than MOST_DEPTH or holds more than MOST_VALUES.

    >>> salvage('Here: [{"a": 1}, {"a": 2').values
    ([{'a': 1.0}, {'a': 2.0}],)
    """
    return _Reader(text).read()


def _once(pairs: list[tuple[str, Value]]) -> dict[str, Value]:
    named = dict(pairs)
    if len(named) < len(pairs):
        raise ValueError("a name stands twice in an object")
    return named


PROPER = json.JSONDecoder(
    object_pairs_hook=_once,
    parse_float=float,
    parse_int=float,
    parse_constant=WORDS.__getitem__,
    strict=False,
)


def _size(value: Holder) -> int:
    """How many values and names it holds; ValueError if it is nested too deep to be an answer."""
    size = 1
    inside: list[Value] = [value]
    for _ in range(MOST_DEPTH + 1):
        # Whole levels at a time, and no function called for a value: most are coordinates.
        holders = cast("list[Holder]", [each for each in inside if type(each) in HOLDERS])
        if not holders:
            return size
        objects = [each for each in holders if isinstance(each, dict)]
        inside = list(chain.from_iterable(chain(holders, map(dict.values, objects))))
        size += len(inside)
    raise ValueError("it is nested too deep")


def _unquoted(token: str) -> str:
    """The string inside the quotes; one with broken escapes is kept as it stands."""
    try:
        return str(json.loads(token, strict=False))
    except ValueError:
        return token[1:-1]
