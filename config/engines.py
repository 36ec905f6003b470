"""Engines that don't come with Eaves, as the environment names them."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from assessment.engines.registry import CLASS, ENGINES

NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")
EXAMPLE = '{"sam3": {"class": "my_engines.sam3:Sam3Engine", "url": "http://10.0.0.7:8080"}}'


def more_engines(text: str) -> dict[str, dict[str, Any]]:
    """The engines that a JSON object names, each with its class and what it is made with.

    Raises ImproperlyConfigured with a sentence for anything else.
    """
    try:
        told = json.loads(text or "{}")
    except ValueError as error:
        raise _fault(f"is no JSON ({error})") from error
    if not isinstance(told, dict):
        raise _fault("is no JSON object")
    for name, options in told.items():
        if not NAME.fullmatch(name) or name in ENGINES:
            raise _fault(f'names an engine "{name}"; take up to 32 small letters, none of ours')
        if not isinstance(options, dict) or ":" not in str(options.get(CLASS, "")):
            raise _fault(f'gives "{name}" no class, written module:Class')
        if "deadline" in options and not _is_time(options["deadline"]):
            raise _fault(f'gives "{name}" a deadline that is no number of seconds')
    return told


def _is_time(told: object) -> bool:
    return isinstance(told, int | float) and not isinstance(told, bool) and 0 < told < math.inf


def _fault(what: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"EAVES_MORE_ENGINES {what}. An example: {EXAMPLE}")
