"""The models that the stand-in plays, as data, and what each accepts.

Ranges and levels of thinking are those of ai.google.dev/gemini-api/docs/thinking, the dates those
of ai.google.dev/gemini-api/docs/deprecations, both read on 2026-11-15.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

INPUT_LIMIT, OUTPUT_LIMIT = 1_048_576, 65_536
END_OF_2_5 = date(2026, 12, 1)

FLASH_LEVELS = ("minimal", "low", "medium", "high")
PRO_LEVELS = ("low", "medium", "high")


class Ending(StrEnum):
    """What becomes of a call to a model from its end on."""

    SERVE = "serve"
    GONE = "gone"
    REROUTE = "reroute"


@dataclass(frozen=True, slots=True)
class Model:
    """One model.

    `budgets` are the least and the most tokens of thinking that may be set; `can_rest` says that
    thinking can be turned off by 0. `levels` are those that may be named in place of a budget, none
    where only budgets are known. From `ends` on, calls go to `successor`, if it has one.
    """

    name: str
    budgets: tuple[int, int]
    can_rest: bool = True
    levels: tuple[str, ...] = ()
    ends: date | None = None
    successor: str = ""


FLASH_2_5 = Model(
    "gemini-2.5-flash", (1, 24_576), ends=END_OF_2_5, successor="gemini-3.5-flash-lite"
)
PRO_2_5 = Model(
    "gemini-2.5-pro",
    (128, 32_768),
    can_rest=False,
    ends=END_OF_2_5,
    successor="gemini-3.8-flash",
)
FLASH_3 = Model("gemini-3.8-flash", (1, 24_576), levels=FLASH_LEVELS)
PRO_3 = Model("gemini-3.1-pro-preview", (128, 32_768), can_rest=False, levels=PRO_LEVELS)

_ALL = (
    FLASH_2_5,
    PRO_2_5,
    replace(FLASH_2_5, name="gemini-2.5-flash-lite", budgets=(512, 24_576), ends=None),
    replace(PRO_3, name="gemini-3-pro-preview", levels=("low", "high")),
    PRO_3,
    replace(FLASH_3, name="gemini-3-flash-preview"),
    replace(FLASH_3, name="gemini-3.5-flash"),
    replace(FLASH_3, name="gemini-3.5-flash-lite"),
    FLASH_3,
    replace(FLASH_3, name="gemini-flash-latest"),
    replace(FLASH_2_5, name="gemini-robotics-er-1.6-preview", ends=None),
    replace(FLASH_3, name="gemini-robotics-er-2-preview"),
)
MODELS: Mapping[str, Model] = {model.name: model for model in _ALL}


def like_its_family(name: str) -> Model:
    """A model that isn't in the table, taken to be as the others of its family.

    >>> like_its_family("gemini-2.5-flash-002").levels
    ()
    >>> like_its_family("gemini-4-flash").levels
    ('minimal', 'low', 'medium', 'high')
    """
    old = name.startswith(("gemini-2.5", "gemini-robotics-er-1"))
    sort = (PRO_2_5 if old else PRO_3) if "-pro" in name else (FLASH_2_5 if old else FLASH_3)
    return replace(sort, name=name, ends=None, successor="")


def listed(models: Sequence[Model] | Model) -> dict[str, Any]:
    """One model, or a page with all of them, as they are told of."""
    if isinstance(models, Model):
        return _described(models)
    return {"models": [_described(model) for model in models]}


def _described(model: Model) -> dict[str, Any]:
    return {
        "name": f"models/{model.name}",
        "version": "001",
        "displayName": model.name.replace("-", " ").title(),
        "description": "Played by the stand-in.",
        "inputTokenLimit": INPUT_LIMIT,
        "outputTokenLimit": OUTPUT_LIMIT,
        "supportedGenerationMethods": ["generateContent", "countTokens"],
        "temperature": 1,
        "topP": 0.95,
        "topK": 64,
        "maxTemperature": 2,
        "thinking": True,
    }
