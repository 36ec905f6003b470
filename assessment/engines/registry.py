"""Engines by name, imported on first use, so that nobody pays for a vendor's SDK unused."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, cast

from assessment.engines.base import Engine, EngineMisconfiguredError

ENGINES: Mapping[str, str] = {
    "local": "assessment.engines.local:LocalEngine",
    "gemini": "assessment.engines.gemini:GeminiEngine",
}


def build(name: str, options: Mapping[str, Any]) -> Engine:
    """Make the engine of that name with its options.

    Raises EngineMisconfiguredError for an unknown name, and whatever the engine raises when its
    options don't suffice.
    """
    if name not in ENGINES:
        known = ", ".join(sorted(ENGINES))
        raise EngineMisconfiguredError(f'There is no engine "{name}". Choose one of: {known}.')
    module, _, attribute = ENGINES[name].partition(":")
    return cast(Engine, getattr(import_module(module), attribute)(**options))
