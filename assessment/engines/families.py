"""What is known of each family of Gemini models, as data.

A new family is a new entry here and nothing else. Every entry names where its facts come from and
when they were read, because vendors change them without notice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assessment.core.vocabulary import AnswerForm


@dataclass(frozen=True, slots=True)
class Family:
    """How to ask the models of one family.

    `forms` are the outlines that it can be asked for, the richest first. Of `thinking_budget`
    (tokens) and `thinking_level` at most one is set: sending both is rejected. `temperature` None
    leaves the vendor's default. `most_objects` is asked for at most, and an answer ends after
    `most_tokens`, if given. The picture sent is at most `longest_side` pixels long.
    """

    name: str
    prefixes: tuple[str, ...]
    forms: tuple[AnswerForm, ...]
    thinking_budget: int | None
    thinking_level: str | None
    temperature: float | None
    most_objects: int
    most_tokens: int | None
    longest_side: int
    source: str
    as_of: date

    def form_for(self, wanted: AnswerForm) -> AnswerForm:
        """The form to ask for: the wanted one, or the richest it has that is no richer.

        >>> family_of("gemini-3.8-flash").form_for(AnswerForm.MASK)
        <AnswerForm.POLYGON: 'polygon'>
        """
        return next(form for form in self.forms if RICHNESS[form] <= RICHNESS[wanted])


RICHNESS = {AnswerForm.MASK: 2, AnswerForm.POLYGON: 1, AnswerForm.BOX: 0}

MASKS = (AnswerForm.MASK, AnswerForm.POLYGON, AnswerForm.BOX)
POLYGONS = (AnswerForm.POLYGON, AnswerForm.BOX)
BOXES = (AnswerForm.BOX,)

READ = date(2026, 11, 15)

MOST_OBJECTS = 25
"""Coordinates drift in longer answers, whatever the model."""

MOST_TOKENS = 16_384
"""Room for as many masks as are asked for: recorded ones are 24 kB of base64 together, and a token
is one and a half signs or more. What goes on is a loop, and ends here as an answer that was cut,
before the deadline and at a bounded price."""

LONGEST_SIDE = 1024
"""Pixels; Google's notebooks shrink to it, and the masks are no finer for a larger picture."""

UNKNOWN = Family(
    name="unknown",
    prefixes=(),
    forms=POLYGONS,
    thinking_budget=None,
    thinking_level=None,
    temperature=None,
    most_objects=MOST_OBJECTS,
    most_tokens=None,
    longest_side=LONGEST_SIDE,
    source="what every current model accepts: a schema, and nothing that differs between models",
    as_of=READ,
)

FAMILIES: tuple[Family, ...] = (
    Family(
        name="2.5",
        prefixes=("gemini-2.5",),
        forms=MASKS,
        thinking_budget=0,
        thinking_level=None,
        # Against endless repetition.
        temperature=0.5,
        most_objects=MOST_OBJECTS,
        most_tokens=MOST_TOKENS,
        longest_side=LONGEST_SIDE,
        source="ai.google.dev/gemini-api/docs/image-understanding; google-gemini/cookbook",
        as_of=READ,
    ),
    Family(
        name="2.5 pro",
        prefixes=("gemini-2.5-pro",),
        forms=MASKS,
        # The least it accepts: thinking can't be turned off.
        thinking_budget=128,
        thinking_level=None,
        temperature=0.5,
        most_objects=MOST_OBJECTS,
        most_tokens=MOST_TOKENS,
        longest_side=LONGEST_SIDE,
        source="ai.google.dev/gemini-api/docs/thinking",
        as_of=READ,
    ),
    Family(
        name="3.x",
        prefixes=("gemini-3",),
        forms=POLYGONS,
        thinking_budget=None,
        # The lowest level that all of the family accept.
        thinking_level="low",
        temperature=None,
        most_objects=MOST_OBJECTS,
        most_tokens=MOST_TOKENS,
        longest_side=LONGEST_SIDE,
        source="ai.google.dev/gemini-api/docs/gemini-3: no masks; polygons by schema",
        as_of=READ,
    ),
    Family(
        name="robotics-er 1",
        prefixes=("gemini-robotics-er-1",),
        forms=BOXES,
        thinking_budget=0,
        thinking_level=None,
        temperature=0.5,
        most_objects=MOST_OBJECTS,
        most_tokens=MOST_TOKENS,
        longest_side=LONGEST_SIDE,
        source="ai.google.dev/gemini-api/docs/robotics-overview",
        as_of=READ,
    ),
    Family(
        name="robotics-er",
        prefixes=("gemini-robotics-er",),
        forms=BOXES,
        thinking_budget=None,
        thinking_level="low",
        temperature=None,
        most_objects=MOST_OBJECTS,
        most_tokens=MOST_TOKENS,
        longest_side=LONGEST_SIDE,
        source="ai.google.dev/gemini-api/docs/robotics-overview: version 2 builds on 3.5",
        as_of=READ,
    ),
)


def family_of(model_id: str) -> Family:
    """The family with the longest prefix of the model's id, path and case aside; or UNKNOWN.

    >>> family_of("publishers/google/models/gemini-2.5-flash").name
    '2.5'
    """
    name = model_id.rpartition("/")[2].lower()
    fitting = [
        (len(prefix), family)
        for family in FAMILIES
        for prefix in family.prefixes
        if name.startswith(prefix)
    ]
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else UNKNOWN
