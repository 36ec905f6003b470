"""Sentences about what is lost of an answer, and in which part of the photo."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from assessment.core.tiles import place_of
from assessment.engines.base import EngineError, Reading
from assessment.engines.ladder import MISSING
from assessment.services.calls import Look
from claims.models import Photo

# Each with the places {0}, the reason {1} and the run {2}.
NOT_LOOKED = "Nobody could look at {0}: {1}"
NOT_CLOSELY = "Nobody could look closely at {0}: {1}"
NOT_AGAIN = "Run {2} could not look at {0}, and agreement is of the other runs there: {1}"
IN_PLACE = "In {0}: {1}"
ON_THE_WHOLE = "{1}"


def lost_of(
    readings: Mapping[Look, Reading], errors: Mapping[Look, EngineError], photo: Photo
) -> tuple[str, ...]:
    """What the readings lost, and where nobody could look: each reason once, with its places.

    Where only the photo as a whole is looked at, what a reading lost needs no place.
    """
    places: dict[tuple[str, str, int], dict[str, None]] = {}
    for template, reason, run, look in (*_unread(readings, errors), *_unlooked(readings, errors)):
        there = places.setdefault((template, reason, run), {})
        there[place_of(look.window, photo.width, photo.height)] = None
    return tuple(
        template.format(_listed(list(there)), reason, run)
        for (template, reason, run), there in places.items()
    )


Told = tuple[str, str, int, Look]
"""A template, a reason, the run where it matters, else 0, and the look."""


def _unread(readings: Mapping[Look, Reading], errors: Mapping[Look, EngineError]) -> Iterator[Told]:
    """What was lost of the answers that came; whatever run it is, it is said once."""
    template = IN_PLACE if any(look.tile for look in (*readings, *errors)) else ON_THE_WHOLE
    parts_of = {look.run for look in readings if look.tile}
    for look, reading in readings.items():
        # What an answer about the whole photo left out, the parts were looked at for.
        told_by_parts = MISSING if look.tile == 0 and look.run in parts_of else frozenset()
        for sentence in reading.lost:
            if sentence not in told_by_parts:
                yield template, sentence, 0, look


def _unlooked(
    readings: Mapping[Look, Reading], errors: Mapping[Look, EngineError]
) -> Iterator[Told]:
    seen = {look.tile for look in readings}
    for look, error in errors.items():
        if look.tile in seen:
            yield NOT_AGAIN, error.message, look.run, look
        else:
            yield (NOT_CLOSELY if 0 in seen else NOT_LOOKED), error.message, 0, look


def _listed(places: Sequence[str]) -> str:
    *first, last = places
    return f"{', '.join(first)} and {last}" if first else last
