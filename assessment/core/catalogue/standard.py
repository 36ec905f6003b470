"""The standard catalogue: what is worth asking of every claim, by its peril.

A carrier takes from it what it wants asked, in the language of its people. Small damage is looked
for in tiles, where a photo as a whole shows it too small; what compares things or tells them by
their place needs the photo as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator

from assessment.core.catalogue.entry import Entry
from assessment.core.catalogue.hail_and_wind import HAIL, WIND
from assessment.core.catalogue.impact_and_collision import COLLISION, IMPACT
from assessment.core.catalogue.water_and_fire import FIRE, WATER

STANDARD: tuple[Entry, ...] = (*HAIL, *WIND, *WATER, *FIRE, *IMPACT, *COLLISION)

CATALOGUE_PERILS = tuple(dict.fromkeys(entry.peril for entry in STANDARD))

LANGUAGES = ("en", "es", "fr", "de")
"""The languages of the catalogue, as tags of BCP 47."""


def entries_for(peril: str) -> tuple[Entry, ...]:
    """The questions worth asking after this peril; none for a peril that isn't in the catalogue."""
    return tuple(entry for entry in STANDARD if entry.peril == peril)


def standing_entries_for(peril: str) -> tuple[Entry, ...]:
    """Those of them that are worth putting to every photo."""
    return tuple(entry for entry in entries_for(peril) if not entry.per_claim)


def entries_in_words(text: str) -> Iterator[tuple[Entry, str]]:
    """The entries with these words in any language, capitals aside, and that language."""
    wanted = text.casefold()
    for entry in STANDARD:
        for language in LANGUAGES:
            if entry.text(language).casefold() == wanted:
                yield entry, language
