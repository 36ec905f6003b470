"""A language as a table, and how a table is written down.

A line of a table is a word or a phrase. Braces hold its endings or beginnings: "crack{,s,ed}" is
crack, cracks and cracked, and "tuile{,s} manquante{,s}" four phrases. Endings are listed because
others make other words: charcoal, stainless, dentil, Umriss.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from assessment.core.vocabulary import DamageType

Phrase = tuple[str, ...]
"""Words in their order, without those that say nothing."""

LETTERS = re.compile(r"[^\W\d_]+")
LETTERS_AND_DIGITS = re.compile(r"[^\W_]+")

BRACES = re.compile(r"\{([^{}]*)\}")
UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue"}


@dataclass(frozen=True, slots=True)
class Language:
    """The words of one language that Eaves knows.

    `tag` is that of BCP 47. `small` words say nothing of what is asked for; `others` are those
    words of questions that help to tell the language, and nothing else; a `negation` turns the
    words behind it around. `materials` and `places` may stand within the name of a damage, one at a
    time: "missing asphalt shingles", "broken rear window". `damage` holds the names of each kind of
    damage, `harmless` what sounds like one and is none: "stained glass".
    """

    tag: str
    small: frozenset[str]
    negations: frozenset[str]
    others: frozenset[str]
    materials: frozenset[str]
    places: frozenset[str]
    damage: Mapping[DamageType, frozenset[Phrase]]
    harmless: frozenset[Phrase]


def words_of(text: str, *, digits: bool = False) -> list[str]:
    """The words of a text in small letters, however its accents were typed.

    A word is a run of letters, or of letters and digits.

    >>> words_of("Hail-damaged: 2 vents")
    ['hail', 'damaged', 'vents']
    """
    pattern = LETTERS_AND_DIGITS if digits else LETTERS
    return pattern.findall(unicodedata.normalize("NFC", text).casefold())


def spelled(lines: str) -> Iterator[str]:
    """Every text that the lines stand for.

    >>> list(spelled("crack{,s}"))
    ['crack', 'cracks']
    """
    for line in lines.splitlines():
        parts = BRACES.split(line.strip())
        choices = [part.split(",") if place % 2 else [part] for place, part in enumerate(parts)]
        yield from ("".join(chosen) for chosen in product(*choices) if any(chosen))


def words(lines: str) -> frozenset[str]:
    """Single words, as they are typed with their accents and without.

    >>> sorted(words("más y{,a}"))
    ['mas', 'más', 'y', 'ya']
    """
    typed = (word for line in lines.splitlines() for word in line.split())
    return frozenset(form for word in typed for each in spelled(word) for form in _typed(each))


def phrases(lines: str, small: frozenset[str]) -> frozenset[Phrase]:
    """The phrases of a table without their small words, with their accents and without."""
    return frozenset(
        form
        for text in spelled(lines)
        for form in product(*(_typed(word) for word in words_of(text) if word not in small))
    )


def gone(things: str, states: str, small: frozenset[str]) -> frozenset[Phrase]:
    """The phrases for things that are gone: "missing tile", and "tile that is missing"."""
    known = [phrases(lines, small) for lines in (things, states)]
    return frozenset(
        phrase for thing, state in product(*known) for phrase in (thing + state, state + thing)
    )


def readings(words: Sequence[str], between: Collection[str]) -> Iterator[Phrase]:
    """The phrases that words may stand for: as they are, and without one word within them.

    >>> list(readings(["missing", "asphalt", "shingles"], {"asphalt"}))
    [('missing', 'asphalt', 'shingles'), ('missing', 'shingles')]
    """
    yield tuple(words)
    for place in range(1, len(words) - 1):
        if words[place] in between:
            yield (*words[:place], *words[place + 1 :])


def _typed(word: str) -> list[str]:
    """A word as people type it: each accent may be left out, and an umlaut spelled out."""
    folded = unicodedata.normalize("NFC", word).casefold()
    return ["".join(letters) for letters in product(*map(_letters, folded))]


def _letters(letter: str) -> list[str]:
    bare = unicodedata.normalize("NFD", letter)[0]
    forms = [letter, bare, UMLAUTS.get(letter, letter)]
    return list(dict.fromkeys(forms))
