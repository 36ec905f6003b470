"""What all the looks at a photo show together, and what of it nobody could look at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assessment.core.agreement import agreed
from assessment.core.things import Thing, joined, outlines_of, things_in
from assessment.engines.base import EngineError, EngineRefusedError, Reading
from assessment.services.calls import Look
from assessment.services.looks import Climb
from assessment.services.lost import lost_of
from assessment.services.pictures import Pictures
from assessment.services.refining import boxes_outlined


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a question shows on a photo, and a sentence for each part of its answer that is lost.

    To `unasked` looks an answer may still come: what kept it away was no refusal.
    """

    things: list[Thing]
    lost: tuple[str, ...]
    unasked: int


def gathered(climbs: Sequence[Climb], pictures: Pictures) -> Gathered:
    """Read the answers of all looks and put them together.

    Things that several windows show are one in each run, and the runs are held against each other.
    Raises EngineError, that of the first look, when nothing of any look can be read.
    """
    readings: dict[Look, Reading] = {}
    errors: dict[Look, EngineError] = {}
    for climb in climbs:
        try:
            readings[climb.look] = climb.reading()
        except EngineError as error:
            errors[climb.look] = error
    if not readings:
        raise next(iter(errors.values()))
    return Gathered(
        things=_things(readings, pictures),
        lost=lost_of(readings, errors, pictures.photo),
        unasked=sum(_may_be_answered(climb) for climb in climbs),
    )


def _may_be_answered(climb: Climb) -> bool:
    return climb.error is not None and not isinstance(climb.error, EngineRefusedError)


def _things(readings: dict[Look, Reading], pictures: Pictures) -> list[Thing]:
    # A run of which nothing came says nothing for or against what the others show.
    answered = list(dict.fromkeys(look.run for look in readings))
    looked = [{look.tile for look in readings if look.run == run} for run in answered]
    runs = [joined(list(_seen(readings, run, pictures))) for run in answered]

    def looked_there(other: int, run: int, place: int) -> bool:
        return not looked[other].isdisjoint(runs[run][place].windows)

    return [
        replace(runs[run][place], agreement=agreement)
        for run, place, agreement in agreed([outlines_of(things) for things in runs], looked_there)
    ]


def _seen(readings: dict[Look, Reading], run: int, pictures: Pictures) -> Iterable[Thing]:
    """What a run saw, window by window, in the order of its answers."""
    for look, reading in readings.items():
        if look.run == run:
            detections = boxes_outlined(reading.detections, look, pictures)
            yield from things_in(detections, look.window, look.tile)
