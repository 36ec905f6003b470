"""What a text in plain words names, and in which of four languages it is written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from assessment.core.languages.english import ENGLISH
from assessment.core.languages.french import FRENCH
from assessment.core.languages.german import GERMAN
from assessment.core.languages.language import Language, Phrase, readings, words_of
from assessment.core.languages.spanish import SPANISH
from assessment.core.vocabulary import DamageType

LANGUAGES: Mapping[str, Language] = {
    language.tag: language for language in (ENGLISH, SPANISH, FRENCH, GERMAN)
}

NEGATIONS = frozenset().union(*(language.negations for language in LANGUAGES.values()))
"""Of any language: a word such as "fissures" belongs to two."""
NEGATION_REACH = 3
"""A negation turns around what begins within so many words behind it: "no visible hail damage"."""
FREE = re.compile(r"\b(?:free (?:of|from)|frei von|libres? de|exempte?s? d[e'])\s*")
"""What says "without" in more words than one."""
SAID_BEHIND = re.compile(r"\b([^\W\d_]+)[-\s]free\b")
"""A word that says so behind the thing: "crack-free"."""
CLAUSE_ENDS = re.compile(
    r"[.,;:()!?\n]|\b(?:but|beside|next to|near|above|below|behind|pero|sino|junto a|bajo|mais"
    r"|près de|sous|aber|sondern|neben|unter|über|hinter)\b"
)
"""Where a negation ends at the latest: intact shingles beside a cracked wall."""

HARMLESS = frozenset().union(*(language.harmless for language in LANGUAGES.values()))
"""Of any language, too: a German "Fleck" is a stain, an English one isn't."""
LONGEST_HARMLESS = max(map(len, HARMLESS))

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
FOREIGN_LETTERS = frozenset("ãõåø")
FOREIGN_WORDS = frozenset(
    (
        *("água", "águas", "telha", "telhas", "telhado", "telhados", "teto", "tetos", "janela"),
        *("janelas", "rachadura", "rachaduras", "fönster", "taket", "vägg", "väggen", "och"),
    )
)
"""Letters and words of none of the four, in languages that share many words with one of them."""
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
    said = _said(text)
    named = {kind for language in LANGUAGES.values() for kind in _named(said, language)}
    return next((kind for kind in MOST_TELLING_FIRST if kind in named), DamageType.OTHER)


class _Word(NamedTuple):
    """A word of a text, the clause that it stands in, and whether it only sounds like damage."""

    text: str
    clause: int
    harmless: bool


def _said(text: str) -> list[_Word]:
    plain = unicodedata.normalize("NFC", text).casefold()
    plain = SAID_BEHIND.sub(r"without \1", FREE.sub("without ", plain))
    clauses = CLAUSE_ENDS.split(plain)
    placed = [(word, clause) for clause, part in enumerate(clauses) for word in words_of(part)]
    words = [word for word, _ in placed]
    harmless = {
        place
        for start in range(len(words))
        for length in range(1, LONGEST_HARMLESS + 1)
        if tuple(words[start : start + length]) in HARMLESS
        for place in range(start, start + length)
    }
    return [_Word(word, clause, at in harmless) for at, (word, clause) in enumerate(placed)]


def _named(said: Sequence[_Word], language: Language) -> Iterator[DamageType]:
    kinds, longest = _kinds(language.tag)
    between = language.materials | language.places
    words = [word for word in said if word.text not in language.small]
    for start in range(len(words)):
        if _is_negated(words, start):
            continue
        for end in range(start + 1, min(start + longest + 1, len(words)) + 1):
            part = words[start:end]
            if not all(word.harmless for word in part):
                phrases = readings([word.text for word in part], between)
                yield from (kinds[phrase] for phrase in phrases if phrase in kinds)


def _is_negated(words: Sequence[_Word], place: int) -> bool:
    before = words[max(0, place - NEGATION_REACH) : place]
    return any(word.text in NEGATIONS and word.clause == words[place].clause for word in before)


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
    if FOREIGN_WORDS.intersection(words) or FOREIGN_LETTERS.intersection("".join(words)):
        return ""
    fits = {tag: sum(_fits(word, tag) for word in words) for tag in LANGUAGES}
    best = max(fits.values())
    # Letters alone tell nothing: Swedish has umlauts, too.
    known = [tag for tag in LANGUAGES if not _recognised(tag).isdisjoint(words)]
    fitting = [tag for tag in LANGUAGES if fits[tag] == best]
    is_told = len(fitting) == 1 and fitting[0] in known and best > ENOUGH_KNOWN * len(words)
    return fitting[0] if is_told else ""


def _fits(word: str, tag: str) -> int:
    """1 for a word that the language knows, 1 more for letters that only this one has."""
    return (word in _recognised(tag)) + any(LETTERS.get(letter) == tag for letter in word)


@cache
def _recognised(tag: str) -> frozenset[str]:
    language = LANGUAGES[tag]
    named = {word for phrases in language.damage.values() for each in phrases for word in each}
    return language.small | language.negations | language.others | named
