"""What Django's system check says about settings that don't go together."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from assessment.engines.base import EngineMisconfiguredError
from assessment.engines.prices import PricesError
from assessment.engines.registry import CLASS
from assessment.models.segmentation import MOST_RUNS
from assessment.services.asking import LONGEST_ASKING
from assessment.services.costs import prices_configured
from assessment.services.engines import engine_named
from assessment.services.work import SLICE_SECONDS

# Seconds to cut a photo into tiles, and to work out what all answers show together.
WORKING_OUT = 60.0

# Where the deadline of an engine of ours is set.
WHERE = {"gemini": "GEMINI_DEADLINE"}


@register
def engine_can_be_asked(**_: Any) -> list[CheckMessage]:
    """The chosen engine has what it signs in with."""
    gemini = settings.GEMINI
    if settings.EAVES_ENGINE != "gemini" or gemini["api_key"].strip() or gemini["project"]:
        return []
    return [
        Error(
            "EAVES_ENGINE is gemini, but there is neither a key nor a project to ask it with.",
            hint="Set GEMINI_API_KEY or GOOGLE_CLOUD_PROJECT, or EAVES_ENGINE=local.",
            id="assessment.E001",
        )
    ]


@register
def engines_of_others_can_be_built(**_: Any) -> list[CheckMessage]:
    """The chosen engine is one there is, and each that doesn't come with Eaves is an engine."""
    faults: list[CheckMessage] = []
    if settings.EAVES_ENGINE not in settings.EAVES_ENGINES:
        known = ", ".join(sorted(settings.EAVES_ENGINES))
        sentence = f'EAVES_ENGINE is "{settings.EAVES_ENGINE}", and there is no such engine.'
        faults.append(Error(sentence, hint=f"Choose one of: {known}.", id="assessment.E005"))
    for name in (name for name, options in settings.EAVES_ENGINES.items() if CLASS in options):
        try:
            engine_named(name)
        except EngineMisconfiguredError as error:
            hint = "See docs/write-an-engine.md; its folder must be on PYTHONPATH."
            faults.append(Error(error.message, hint=hint, id="assessment.E004"))
    return faults


@register
def answers_come_before_the_worker_is_killed(**_: Any) -> list[CheckMessage]:
    """A task may begin its last question as its slice ends, and must live to read every answer."""
    longest = settings.CELERY_TASK_TIME_LIMIT - SLICE_SECONDS - LONGEST_ASKING - WORKING_OUT
    return [
        Error(
            f"The deadline of the engine {name} is {deadline:g} s, so a worker would be killed "
            f"while it still waits for an answer: it begins calls for {LONGEST_ASKING:g} s.",
            hint=f"Set it ({WHERE.get(name, 'in EAVES_MORE_ENGINES')}) below {longest:g} s.",
            id="assessment.E002",
        )
        for name, options in settings.EAVES_ENGINES.items()
        if (deadline := options.get("deadline", 0.0)) >= longest
    ]


@register
def questions_are_put_a_possible_number_of_times(**_: Any) -> list[CheckMessage]:
    """EAVES_RUNS is a number of runs that a question may have."""
    if 1 <= settings.EAVES_RUNS <= MOST_RUNS:
        return []
    return [
        Error(
            f"EAVES_RUNS is {settings.EAVES_RUNS}; a question is put 1 to {MOST_RUNS} times.",
            id="assessment.E003",
        )
    ]


@register
def prices_can_be_read(**_: Any) -> list[CheckMessage]:
    """The table of prices is one; without it no cost is known, and no budget lets anything pass."""
    try:
        prices_configured()
    except PricesError as error:
        return [
            Error(
                f"The prices can't be used. {error}",
                hint="Set EAVES_PRICES to a JSON file such as config/prices.json, or to the JSON.",
                id="assessment.E006",
            )
        ]
    return []
