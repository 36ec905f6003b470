"""Texts that came whole over the wire and are spelled wrongly, or by another model than asked."""

from __future__ import annotations

import json
from dataclasses import replace

from standin.steps import Act, Step
from tests.pipeline.faults.row import answered, unreadable

BROKEN_OFF = "The answer breaks off or is damaged; only what came complete was kept."

POLYGONS = "gemini-3.8-flash"
UNREAD = "The answer can't be read: {}. The raw text was kept; a person must look."


def _drawn(top: int, left: int, bottom: int, right: int) -> dict[str, object]:
    ring = [[left, top], [right, top], [right, bottom], [left, bottom]]
    return {"box_2d": [top, left, bottom, right], "label": "stain", "mask": ring}


STAIN = _drawn(333, 312, 667, 688)
"""The stain in the photo of the tests."""

OTHER = _drawn(10, 10, 100, 100)

BROKEN = json.dumps([STAIN, OTHER])[:-60]
"""One object and a piece of another."""

CUT = Step(Act.SAY, text=BROKEN, finish="MAX_TOKENS")


def _say(*objects: object) -> Step:
    return Step(Act.SAY, text=json.dumps(objects))


ANSWERS = (
    answered(
        "Cut at the limit; the rest comes when it is asked for",
        CUT,
        _say(OTHER),
        calls=2,
        findings=2,
    ),
    answered("Cut at the limit, and so is the rest", CUT, told=BROKEN_OFF, calls=2),
    answered(
        "Cut at the limit, to be continued: CONTINUATION",
        Step(Act.SAY, text=BROKEN, finish="CONTINUATION"),
        _say(OTHER),
        calls=2,
        findings=2,
    ),
    answered("Mask tokens in place of masks, then polygons", Act.LEAKED, Act.LOOK, calls=2),
    answered("A placeholder in place of masks, then polygons", Act.PLACEHOLDER, Act.LOOK, calls=2),
    answered("A mask that never ends, after whole objects", Act.ENDLESS_MASK, Act.LOOK, calls=2),
    answered(
        "A number that never ends, after whole objects", Act.ENDLESS_NUMBER, Act.LOOK, calls=2
    ),
    unreadable(
        "Prose, however it is asked",
        Act.GARBLED,
        told=UNREAD.format("it breaks off or is damaged before the first complete object"),
    ),
    unreadable(
        "A report of no damage in prose",
        Step(Act.SAY, text="There is no damage."),
        told=UNREAD.format("it holds no list of objects"),
    ),
    unreadable(
        "Nothing but null",
        Step(Act.SAY, text="null"),
        told=UNREAD.format("it holds no list of objects"),
    ),
    answered("Boxes upside down", Act.INVERTED),
    answered(
        "Boxes in pixels beside polygons",
        Act.PIXELS,
        told="Object 1 (dark area): its box and its outline disagree; the outline was kept.",
        model=POLYGONS,
    ),
    unreadable(
        "Boxes in pixels, and nothing else",
        _say({"box_2d": [1332, 1248, 2668, 2752], "label": "stain"}),
        told=UNREAD.format(
            "Object 1 (stain): its coordinates lie mostly outside the picture; it was left out"
        ),
    ),
    answered("Polygons with y before x", Act.TURNED, model=POLYGONS),
    answered("The same object twice", Act.TWICE),
    answered("The same object under two labels", Act.RELABELLED),
    answered(
        "Boxes, however it is asked",
        Act.BOXES,
        calls=2,
        drift="Asked for a mask, it answered with a box. "
        "Asked for a polygon, it answered with a box.",
    ),
    answered(
        "Polygons where masks were asked for",
        _say(STAIN),
        drift="Asked for a mask, it answered with a polygon.",
    ),
    answered(
        "Another model answers, and nobody says so",
        Step(model_served="gemini-3.5-flash-lite"),
        drift="gemini-2.5-flash was asked, and gemini-3.5-flash-lite answered.",
    ),
    replace(
        answered(
            "The model is gone, and its fallback answers",
            Act.GONE,
            Act.LOOK,
            calls=2,
            drift="gemini-3.8-flash was asked in place of gemini-2.5-flash.",
        ),
        kept=1,
    ),
)
