"""The text of a model's answer, read into detections and sentences about what was lost.

Nothing unreadable passes for "nothing found": only an explicit empty list, alone, is an answer
without detections. Coordinates become float pixels of the upright photo here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from assessment.core.detection import Box, Detection, Grid, Ring
from assessment.core.vocabulary import AnswerForm
from assessment.engines.base import GarbledAnswerError, Reading
from assessment.engines.cutout import TOKENS
from assessment.engines.outline import FULL
from assessment.engines.region import OBJECT_KEYS, Region, UnusableObjectError, read_region
from assessment.engines.salvage import Salvage, Torn, Value, salvage

LONGEST_TEXT = 2_000_000
"""25 masks are 50 kB; what exceeds this is a loop."""

MOST_OBJECTS = 200
"""Beyond some 25 objects models drift, so the tail of a longer list is worth nothing."""

LONGEST_LABEL = 200

WRAPPERS = frozenset(
    {"masks", "segmentation_masks", "items", "results", "detections", "boxes", "objects"}
)
FENCE = re.compile(r"```(?:json)?", re.IGNORECASE)

BROKEN_OFF = "The answer breaks off or is damaged; only what came complete was kept."


def read_answer(text: str, width: int, height: int) -> Reading:
    """Read an answer about a photo of this size in pixels.

    Detections keep the answer's order; exact repeats are left out. Masks keep their own raster;
    polygons and boxes come in pixels. Takes time linear in the text's length. Raises
    GarbledAnswerError when nothing can be read and the answer isn't an explicit empty list.
    """
    if len(text) > LONGEST_TEXT:
        raise _garbled(f"it is {len(text)} characters long, far more than an answer can be")
    found = salvage(text)
    if _says_nothing_found(found):
        return Reading(())
    reading = _read_objects(found, width, height)
    if not reading.detections:
        raise _garbled(_why(text, found, reading))
    return reading


def _garbled(reason: str) -> GarbledAnswerError:
    return GarbledAnswerError(
        f"The answer can't be read: {reason}. The raw text was kept; a person must look."
    )


def _why(text: str, found: Salvage, reading: Reading) -> str:
    if TOKENS.search(text):
        return "it holds the model's internal mask tokens in place of outlines"
    if not found.values:
        return "it holds no list of objects" if text.strip() else "it is empty"
    if not found.whole:
        return "it breaks off or is damaged before the first complete object"
    return reading.lost[0].rstrip(".") if reading.lost else "it names no object in the picture"


def _says_nothing_found(found: Salvage) -> bool:
    """Whether the whole text is one explicit empty list, perhaps fenced or wrapped.

    An empty list amid prose doesn't count: the prose may say that nobody looked.
    """
    if len(found.values) != 1 or not found.whole or FENCE.sub("", found.around).strip():
        return False
    value = found.values[0]
    if isinstance(value, dict):
        return bool(value) and all(key in WRAPPERS and value[key] == [] for key in value)
    return value == []


def _read_objects(found: Salvage, width: int, height: int) -> Reading:
    detections: list[Detection] = []
    lost = [] if found.whole else [BROKEN_OFF]
    items = list(_objects(list(found.values)))
    seen: list[Value] = []
    for number, item in enumerate(items[:MOST_OBJECTS], start=1):
        if isinstance(item, Torn) or item in seen:
            continue
        seen.append(item)
        read, doubts = _read_object(item, width, height)
        detections += read
        lost += [f"Object {number}{_named(item)}: {doubt}." for doubt in doubts]
    if len(items) > MOST_OBJECTS:
        lost.append(f"Of {len(items)} objects only the first {MOST_OBJECTS} were read.")
    return Reading(tuple(detections), tuple(lost), cut=not found.whole)


def _objects(value: Value) -> Iterator[Value]:
    """Every object in the lists, wrappers and objects, and what stands beside one in a list."""
    if isinstance(value, list):
        beside = any(isinstance(item, dict) for item in value)
        for item in value:
            if beside and _is_plain(item):
                yield item
            else:
                yield from _objects(item)
    elif isinstance(value, dict):
        yield from _objects_of(value)


def _objects_of(value: dict[str, Value]) -> Iterator[Value]:
    """The object itself unless it only wraps others, and those that it holds."""
    wraps = _is_wrapper(value)
    if not wraps:
        yield value
    for key in value:
        if (wraps or key in WRAPPERS) and _holds_objects(value[key]):
            yield from _objects(value[key])


def _is_plain(value: Value) -> bool:
    """Whether it is neither an object nor a list that may hold one; an empty list says nothing."""
    if isinstance(value, list):
        return bool(value) and not any(isinstance(item, list | dict) for item in value)
    return not isinstance(value, dict)


def _is_wrapper(value: dict[str, Value]) -> bool:
    inside = [value[key] for key in WRAPPERS & value.keys()]
    return any(isinstance(item, list) for item in inside) and not OBJECT_KEYS & value.keys()


def _holds_objects(value: Value) -> bool:
    """Whether it is an object of the answer, a wrapper, or a list with any object in it."""
    if isinstance(value, dict):
        return bool(OBJECT_KEYS & value.keys()) or _is_wrapper(value)
    if isinstance(value, list):
        return any(isinstance(item, dict) or _holds_objects(item) for item in value)
    return False


def _read_object(item: Value, width: int, height: int) -> tuple[list[Detection], tuple[str, ...]]:
    if not isinstance(item, dict):
        return [], ("it is not an object and was left out",)
    try:
        region = read_region(item)
    except UnusableObjectError as error:
        return [], (f"{error}; it was left out",)
    return [_detection(region, _label(item.get("label")), width, height)], region.doubts


def _detection(region: Region, label: str, width: int, height: int) -> Detection:
    wide, high = width / FULL, height / FULL
    left, top, right, bottom = region.frame
    return Detection(
        label=label,
        box=Box(left * wide, top * high, right * wide, bottom * high),
        mask=_in_pixels(region.mask, (wide, high)),
        form=region.form,
        approximate=region.form is AnswerForm.BOX or bool(region.doubts),
        from_point=region.from_point,
    )


def _in_pixels(
    mask: Grid | tuple[Ring, ...] | None, scale: tuple[float, float]
) -> Grid | tuple[Ring, ...] | None:
    if isinstance(mask, tuple):
        return tuple(ring * scale for ring in mask)
    return mask


def _named(item: Value) -> str:
    label = _label(item.get("label")) if isinstance(item, dict) else ""
    return f" ({label})" if label else ""


def _label(value: Value) -> str:
    """The label as one line of printable text: control and direction characters fall out."""
    if not isinstance(value, str):
        return ""
    shown = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in value)
    return " ".join(shown.split())[:LONGEST_LABEL]
