"""What a text in plain words names, and in which of four languages it is written."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from assessment.core.languages.english import ENGLISH
from assessment.core.languages.french import FRENCH
from assessment.core.languages.german import GERMAN
from assessment.core.languages.language import Language, Phrase, without, words_of
from assessment.core.languages.spanish import SPANISH
from assessment.core.vocabulary import DamageType

LANGUAGES: Mapping[str, Language] = {
    language.tag: language for language in (ENGLISH, SPANISH, FRENCH, GERMAN)
}

NEGATIONS = frozenset().union(*(language.negations for language in LANGUAGES.values()))
"""Of any language: a word such as "fissures" belongs to two."""

MOST_TELLING_FIRST = (
    DamageType.TARPAULIN,
    DamageType.HAIL_IMPACT,
    DamageType.CRACK,
    DamageType.STAIN,
    DamageType.MISSING_COVERING,
    DamageType.DENT,
    DamageType.BROKEN_GLASS,
    DamageType.BURN,
    DamageType.DEBRIS,
)
"""Of several kinds that a text names, the first of these is meant: hail leaves dents."""

LETTERS = {"ñ": "es", "ä": "de", "ö": "de", **dict.fromkeys("çœêèàâîûëï", "fr")}
"""Letters that only one of the four languages uses."""
ENOUGH_KNOWN = 0.4
"""A language must know more than this share of a text's words: Portuguese shares many with Spanish
and is none of the four."""


def damage_type_in(text: str) -> DamageType:
    """The damage type that a label or a question names in whole words; OTHER where it names none.

    What a text says is not there is not named by it.

    >>> damage_type_in("Cracked stucco beside the window")
    <DamageType.CRACK: 'crack'>
    >>> damage_type_in("Dachziegel, die fehlen")
    <DamageType.MISSING_COVERING: 'missing_covering'>
    >>> damage_type_in("charcoal shingles")
    <DamageType.OTHER: 'other'>
    """
    named = {kind for language in LANGUAGES.values() for kind in _named(text, language)}
    return next((kind for kind in MOST_TELLING_FIRST if kind in named), DamageType.OTHER)


def _named(text: str, language: Language) -> set[DamageType]:
    kinds, longest = _kinds(language.tag)
    words = without(language.small, text)
    return {
        kinds[phrase]
        for start in range(len(words))
        if start == 0 or words[start - 1] not in NEGATIONS
        for length in range(1, longest + 1)
        if (phrase := tuple(words[start : start + length])) in kinds
    }


@cache
def _kinds(tag: str) -> tuple[Mapping[Phrase, DamageType], int]:
    """The kind that each phrase of a language names, and the length of the longest."""
    named = LANGUAGES[tag].damage
    kinds = {phrase: kind for kind, phrases in named.items() for phrase in phrases}
    return kinds, max(map(len, kinds))


def language_of(text: str) -> str:
    """The language of a short text as a tag of BCP 47, of the four that Eaves knows.

    Empty where it knows too few of the words, or two languages fit as well.

    >>> language_of("die Dachfläche mit den meisten Rissen"), language_of("fissures")
    ('de', '')
    """
    words = words_of(text)
    fits = {tag: sum(_fits(word, tag) for word in words) for tag in LANGUAGES}
    best = max(fits.values())
    fitting = [tag for tag in LANGUAGES if fits[tag] == best]
    return fitting[0] if len(fitting) == 1 and best > ENOUGH_KNOWN * len(words) else ""


def _fits(word: str, tag: str) -> int:
    """1 for a word that the language knows, 1 more for letters that only this one has."""
    return (word in _recognised(tag)) + any(LETTERS.get(letter) == tag for letter in word)


@cache
def _recognised(tag: str) -> frozenset[str]:
    language = LANGUAGES[tag]
    named = {word for phrases in language.damage.values() for each in phrases for word in each}
    return language.small | language.negations | language.others | named
