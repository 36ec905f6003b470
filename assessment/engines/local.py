"""The local engine: what OpenCV alone can honestly see, with no key and no network.

It knows a few kinds of damage and says so when asked for anything else, or when it is shown a
photo on which a search can't judge. Whatever it marks is approximate: a person looks at it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import cv2
import numpy as np

from assessment.core.vocabulary import DamageType
from assessment.engines.base import Answer, EngineRefusedError, Reading, Request, Usage
from assessment.engines.local_answer import as_reading, as_text, regions_of
from assessment.engines.local_cracks import LONG_SIDE, find_cracks
from assessment.engines.local_regions import Picture, find_debris, find_tarpaulins
from assessment.engines.local_scene import shows_a_town_from_above, shows_one_surface
from assessment.engines.local_surface import (
    LARGEST_GAP,
    Judgement,
    find_gaps,
    find_stains,
    surface_is_light,
)
from assessment.engines.local_vocabulary import EXAMPLES, KINDS, VERSION, understand

MODEL = "eaves-local-3"
"""Changes whenever the same photo could give another answer."""
REGION_SIDE = 1024
"""Longest side searched for everything but cracks, px: regions don't gain by more."""
MOST_CRACKED = 0.03
"""Share of the photo above which lines are a pattern, such as shingles or bricks, and no cracks."""
UNJUDGED = (
    "Regions that reach the photo's border or fill more than {:.0%} of it, and may be {}: {}. The "
    "local engine can't judge them; look there yourself."
)
NOBODY_LOOKED = "Nothing was marked, and that does not mean there is no damage: look yourself."


class LocalEngine:
    """Searches the photo itself for the kinds of local_vocabulary.KINDS."""

    name = "local"
    model = MODEL
    second_model = ""
    varies = False
    prompt_version = VERSION
    wants_full_size = True
    examples = EXAMPLES

    def billed_at_most(self, request: Request) -> Mapping[str, Usage]:
        """Nothing: it works on this machine."""
        return {}

    def ask(self, request: Request) -> Answer:
        """Search the photo for what the question names.

        Raises EngineRefusedError for a question that isn't understood in full, a photo that can't
        be decoded, and a photo on which the search can't judge.
        """
        kinds = understand(request.text)
        picture = _decoded(request.image)
        size = (request.width, request.height)
        judged = {kind: SEARCHES[kind](picture) for kind in kinds}
        regions = [
            region
            for kind, judgement in judged.items()
            for region in regions_of(judgement.marks, KINDS[kind].label, kind, size)
        ]
        lost = [
            UNJUDGED.format(LARGEST_GAP, KINDS[kind].name, judgement.unjudged)
            for kind, judgement in judged.items()
            if judgement.unjudged
        ]
        return Answer(as_text(size, regions, lost), model_requested=MODEL, model_served=MODEL)

    def read(self, text: str, width: int, height: int) -> Reading:
        """Read an answer of this engine. Raises GarbledAnswerError unless it is whole."""
        return as_reading(text, width, height)

    def close(self) -> None:
        """There is nothing to let go of."""


def _decoded(image: bytes) -> Picture:
    picture = None
    if image:
        picture = cv2.imdecode(np.frombuffer(image, np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        raise _refusal("The photo can't be decoded.")
    return np.asarray(picture, np.uint8)


def _bounded(picture: Picture, long_side: int) -> Picture:
    scale = long_side / max(picture.shape[:2])
    if scale >= 1:
        return picture
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def _refusal(reason: str) -> EngineRefusedError:
    return EngineRefusedError(f"{reason} {NOBODY_LOOKED}")


def _cracks(picture: Picture) -> Judgement:
    if not shows_one_surface(_bounded(picture, REGION_SIDE)):
        raise _refusal(
            "The local engine finds cracks on one surface close by; this photo shows more than one."
        )
    found = find_cracks(_bounded(picture, LONG_SIDE))
    if found.mean() > MOST_CRACKED:
        raise _refusal(
            "The surface is full of lines; the local engine can't tell cracks from its pattern."
        )
    return Judgement(found)


def _debris(picture: Picture) -> Judgement:
    small = _bounded(picture, REGION_SIDE)
    if not shows_a_town_from_above(small):
        raise _refusal(
            "The local engine finds debris and storm damage in photos of a town from above, half a "
            "metre for each pixel; this one doesn't look like one. Missing shingles, cracks and "
            "stains can be asked for by name."
        )
    return Judgement(find_debris(small))


def _gaps(picture: Picture) -> Judgement:
    small = _bounded(picture, REGION_SIDE)
    if not shows_one_surface(small):
        raise _refusal(
            "The local engine finds what is missing from one covering; none fills this photo."
        )
    return find_gaps(small)


def _stains(picture: Picture) -> Judgement:
    small = _bounded(picture, REGION_SIDE)
    if not shows_one_surface(small) or not surface_is_light(small):
        raise _refusal("The local engine finds stains on one light surface; none fills this photo.")
    return find_stains(small)


def _tarpaulins(picture: Picture) -> Judgement:
    return Judgement(find_tarpaulins(_bounded(picture, REGION_SIDE)))


SEARCHES: Mapping[DamageType, Callable[[Picture], Judgement]] = {
    DamageType.CRACK: _cracks,
    DamageType.MISSING_COVERING: _gaps,
    DamageType.STAIN: _stains,
    DamageType.DEBRIS: _debris,
    DamageType.TARPAULIN: _tarpaulins,
}
