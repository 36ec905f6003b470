"""The few words that the local engine understands, as data, and how a question is read.

A question is understood only if nothing remains of it once filler, places and the names of the
kinds are taken away. What remains could be the very word that matters, so it is never ignored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from assessment.core.vocabulary import DamageType
from assessment.engines.base import EngineRefusedError

VERSION = "local-words-1"
"""Changes with any table below: the same question may then be read in another way."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of damage: its name in messages, the label of its findings, and its phrases."""

    name: str
    label: str
    phrases: frozenset[tuple[str, ...]]


def _phrases(*texts: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(text.split()) for text in texts)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


COVERINGS = ("shingle", "tile", "slate", "siding", "cladding", "covering", "panel", "board")
GONE = ("missing", "lost", "torn off", "blown off", "torn away", "blown away")


def _missing() -> frozenset[tuple[str, ...]]:
    names = [name + ending for name in COVERINGS for ending in ("", "s")]
    before = [f"{gone} {name}" for gone in GONE for name in names]
    after = [f"{name} {gone}" for gone in GONE for name in names]
    return _phrases(*before, *after)


KINDS: Mapping[DamageType, Kind] = {
    DamageType.CRACK: Kind(
        "cracks", "crack", _phrases("crack", "cracks", "cracked", "cracking", "hairline cracks")
    ),
    DamageType.MISSING_COVERING: Kind(
        "missing shingles, tiles or siding", "missing covering", _missing()
    ),
    DamageType.STAIN: Kind(
        "water stains",
        "stain",
        _phrases("stain", "stains", "stained", "staining", "water damage", "damp patches")
        | _phrases("water stain", "water stains", "water stained", "brown stain", "brown stains"),
    ),
    DamageType.DEBRIS: Kind(
        "debris or storm damage seen from above",
        "debris",
        _phrases("debris", "rubble", "wreckage", "destroyed", "destruction", "storm damage")
        | _phrases(
            "storm debris", "weather damage", "wind damage", "tornado damage", "hurricane damage"
        ),
    ),
    DamageType.TARPAULIN: Kind(
        "blue tarpaulins",
        "tarpaulin",
        _phrases("blue tarpaulin", "blue tarpaulins", "blue tarp", "blue tarps"),
    ),
}

EXAMPLES = (
    "cracks in the wall",
    "missing shingles",
    "water stains on the ceiling",
    "storm damage",
    "blue tarpaulins",
)
"""A question for each kind."""

FILLER = _words(
    "a an the any all every each some this that these those there is are has have been which where "
    "of on in at to from with by and or for me please show find mark segment outline detect "
    "visible seen above"
)
PLACES = _words(
    "roof roofs wall walls ceiling ceilings facade façade facades elevation elevations slope "
    "slopes home homes house houses building buildings property properties surface plaster "
    "stucco concrete masonry brickwork render photo picture image"
)
LONGEST_PHRASE = max(len(phrase) for kind in KINDS.values() for phrase in kind.phrases)


def understand(text: str) -> tuple[DamageType, ...]:
    """The kinds a question asks for, in the order of its words.

    Raises EngineRefusedError, naming the words, if anything in it isn't understood.
    """
    words = [w for w in re.findall(r"[^\W_]+", text.casefold()) if w not in FILLER | PLACES]
    kinds: dict[DamageType, None] = {}
    unknown = []
    while words:
        length, kind = _leading_phrase(words)
        if kind is None:
            unknown.append(words[0])
        else:
            kinds[kind] = None
        words = words[length:]
    if unknown:
        quoted = ", ".join(f'"{word}"' for word in dict.fromkeys(unknown))
        raise EngineRefusedError(f"The local engine does not understand {quoted}. {known_kinds()}")
    if not kinds:
        raise EngineRefusedError(f"The question names no kind of damage. {known_kinds()}")
    return tuple(kinds)


def known_kinds() -> str:
    """A sentence that lists what can be asked, and what to do otherwise."""
    names = ", ".join(kind.name for kind in KINDS.values())
    return (
        f"It knows these kinds: {names}. Nobody has looked at the photo for this question: "
        "ask for one of these, ask another engine, or look yourself."
    )


def _leading_phrase(words: list[str]) -> tuple[int, DamageType | None]:
    """The longest phrase the words begin with: its length and kind, or one word and None."""
    for length in range(min(LONGEST_PHRASE, len(words)), 0, -1):
        for damage_type, kind in KINDS.items():
            if tuple(words[:length]) in kind.phrases:
                return length, damage_type
    return 1, None
