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

    `form` is the outline to ask for. Of `thinking_budget` (tokens) and `thinking_level` at most
    one is set: sending both is rejected. `temperature` None leaves the vendor's default.
    `json_mode` asks for JSON with a schema. `most_objects` is asked for at most.
    """

    name: str
    prefixes: tuple[str, ...]
    form: AnswerForm
    thinking_budget: int | None
    thinking_level: str | None
    temperature: float | None
    json_mode: bool
    most_objects: int
    source: str
    as_of: date


READ = date(2026, 11, 15)

MOST_OBJECTS = 25
"""Coordinates drift in longer answers, whatever the model."""

UNKNOWN = Family(
    name="unknown",
    prefixes=(),
    form=AnswerForm.POLYGON,
    thinking_budget=None,
    thinking_level=None,
    temperature=None,
    json_mode=True,
    most_objects=MOST_OBJECTS,
    source="what every current model accepts: a schema, and nothing that differs between models",
    as_of=READ,
)

FAMILIES: tuple[Family, ...] = (
    Family(
        name="2.5",
        prefixes=("gemini-2.5",),
        form=AnswerForm.MASK,
        thinking_budget=0,
        thinking_level=None,
        # Against endless repetition.
        temperature=0.5,
        # With JSON mode on, masks were seen to come as a placeholder word.
        json_mode=False,
        most_objects=MOST_OBJECTS,
        source="ai.google.dev/gemini-api/docs/image-understanding; google-gemini/cookbook",
        as_of=READ,
    ),
    Family(
        name="2.5 pro",
        prefixes=("gemini-2.5-pro",),
        form=AnswerForm.MASK,
        # The least it accepts: thinking can't be turned off.
        thinking_budget=128,
        thinking_level=None,
        temperature=0.5,
        json_mode=False,
        most_objects=MOST_OBJECTS,
        source="ai.google.dev/gemini-api/docs/thinking",
        as_of=READ,
    ),
    Family(
        name="3.x",
        prefixes=("gemini-3",),
        form=AnswerForm.POLYGON,
        thinking_budget=None,
        # The lowest level that all of the family accept.
        thinking_level="low",
        temperature=None,
        json_mode=True,
        most_objects=MOST_OBJECTS,
        source="ai.google.dev/gemini-api/docs/gemini-3: no masks; polygons by schema",
        as_of=READ,
    ),
    Family(
        name="robotics-er 1",
        prefixes=("gemini-robotics-er-1",),
        form=AnswerForm.BOX,
        thinking_budget=0,
        thinking_level=None,
        temperature=0.5,
        json_mode=True,
        most_objects=MOST_OBJECTS,
        source="ai.google.dev/gemini-api/docs/robotics-overview",
        as_of=READ,
    ),
    Family(
        name="robotics-er",
        prefixes=("gemini-robotics-er",),
        form=AnswerForm.BOX,
        thinking_budget=None,
        thinking_level="low",
        temperature=None,
        json_mode=True,
        most_objects=MOST_OBJECTS,
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
