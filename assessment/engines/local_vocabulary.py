"""The few words that the local engine understands, and how a question is read.

A question is understood only if nothing remains of it, in one of the languages, once small words,
places and the names of the kinds are taken away. What remains could be the very word that matters,
so it is never ignored. Kinds that the engine can't judge are known by name, to be able to say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from assessment.core.languages.language import (
    Language,
    Phrase,
    phrases,
    readings,
    words,
    words_of,
)
from assessment.core.naming import LANGUAGES
from assessment.core.vocabulary import DamageType
from assessment.engines.base import EngineRefusedError
from assessment.engines.local_words import (
    BLUE_TARPAULINS,
    MOULD,
    PLACES,
    REQUESTS,
    RUST,
    SCRATCHES,
)

VERSION = "local-words-3"
"""Changes with any table of words: the same question may then be read in another way."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of damage that is searched for: its name in messages, the label of its findings."""

    name: str
    label: str


KINDS: Mapping[DamageType, Kind] = {
    DamageType.CRACK: Kind("cracks", "crack"),
    DamageType.MISSING_COVERING: Kind("missing shingles, tiles or siding", "missing covering"),
    DamageType.STAIN: Kind("water stains", "stain"),
    DamageType.DEBRIS: Kind("debris or storm damage seen from above", "debris"),
    DamageType.TARPAULIN: Kind("blue tarpaulins", "tarpaulin"),
}

EXAMPLES = (
    "cracks in the wall",
    "missing shingles",
    "water stains on the ceiling",
    "storm damage",
    "blue tarpaulins",
)
"""A question for each kind."""

CANNOT_JUDGE: Mapping[DamageType, str] = {
    DamageType.HAIL_IMPACT: "hail impacts",
    DamageType.DENT: "dents",
    DamageType.BROKEN_GLASS: "broken glass",
    DamageType.BURN: "burns",
}
"""Kinds that Eaves has words for and the engine no search, by their names in messages."""
NO_TYPE_OF_ITS_OWN = {"scratches": SCRATCHES, "mould": MOULD, "rust": RUST}
"""What else it can't judge, by the name in messages."""


@dataclass(frozen=True, slots=True)
class _Tongue:
    """A language as the engine reads it: each phrase names a kind, or what can't be judged."""

    skipped: frozenset[str]
    materials: frozenset[str]
    sought: Mapping[Phrase, DamageType]
    cannot: Mapping[Phrase, str]
    longest: int


@dataclass(frozen=True, slots=True)
class _Heard:
    """What a question says in one language: each thing once, in the order of its words."""

    kinds: tuple[DamageType, ...]
    cannot: tuple[str, ...]
    unknown: tuple[str, ...]


def understand(text: str) -> tuple[DamageType, ...]:
    """The kinds a question asks for, in the order of its words.

    Raises EngineRefusedError, naming the words, if it asks for what the engine can't judge, or if
    anything in it isn't understood.
    """
    heard = min((_heard(text, tongue) for tongue in TONGUES), key=_doubt)
    if heard.cannot:
        raise EngineRefusedError(
            f"The local engine can't judge {_listed(heard.cannot)}: none of its searches tells "
            f"that from a sound surface. {known_kinds()}"
        )
    if heard.unknown:
        quoted = ", ".join(f'"{word}"' for word in heard.unknown)
        raise EngineRefusedError(f"The local engine does not understand {quoted}. {known_kinds()}")
    if not heard.kinds:
        raise EngineRefusedError(f"The question names no kind of damage. {known_kinds()}")
    return heard.kinds


def known_kinds() -> str:
    """A sentence that lists what can be asked, and what to do otherwise."""
    names = ", ".join(kind.name for kind in KINDS.values())
    return (
        f"It knows these kinds: {names}. Nobody has looked at the photo for this question: "
        "ask for one of these, ask another engine, or look yourself."
    )


def _doubt(heard: _Heard) -> tuple[int, bool]:
    """The language in which the least is left over is the one that was spoken."""
    return len(heard.unknown), not (heard.kinds or heard.cannot)


def _listed(names: Iterable[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def _heard(text: str, tongue: _Tongue) -> _Heard:
    # A number is a word here: "the second house" and "house 2" both ask for one of several.
    left = [word for word in words_of(text, digits=True) if word not in tongue.skipped]
    kinds: dict[DamageType, None] = {}
    cannot: dict[str, None] = {}
    unknown: dict[str, None] = {}
    while left:
        phrase, length = _leading_phrase(left, tongue)
        if phrase in tongue.cannot:
            cannot[tongue.cannot[phrase]] = None
        elif phrase in tongue.sought:
            kinds[tongue.sought[phrase]] = None
        else:
            unknown[left[0]] = None
        left = left[length:]
    return _Heard(tuple(kinds), tuple(cannot), tuple(unknown))


def _leading_phrase(left: list[str], tongue: _Tongue) -> tuple[Phrase, int]:
    """The longest phrase the words begin with, or the first word; and how many words it takes."""
    for length in range(min(tongue.longest + 1, len(left)), 0, -1):
        for phrase in readings(left[:length], tongue.materials):
            if phrase in tongue.cannot or phrase in tongue.sought:
                return phrase, length
    return (left[0],), 1


def _tongue(language: Language) -> _Tongue:
    tarpaulins = phrases(BLUE_TARPAULINS[language.tag], language.small)
    named = {**language.damage, DamageType.TARPAULIN: tarpaulins}
    sought = {phrase: kind for kind in KINDS for phrase in named[kind]}
    cannot = dict(_beyond(language))
    places, requests = words(PLACES[language.tag]), words(REQUESTS[language.tag])
    longest = max(len(phrase) for phrase in (*sought, *cannot))
    skipped = language.small | places | requests
    return _Tongue(skipped, language.materials, sought, cannot, longest)


def _beyond(language: Language) -> Iterator[tuple[Phrase, str]]:
    for kind, name in CANNOT_JUDGE.items():
        yield from ((phrase, name) for phrase in language.damage[kind])
    for name, tables in NO_TYPE_OF_ITS_OWN.items():
        yield from ((phrase, name) for phrase in phrases(tables[language.tag], language.small))


TONGUES = tuple(_tongue(language) for language in LANGUAGES.values())
