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
CLASS = "class"
"""The option that names the class of an engine that doesn't come with Eaves, as module:Class."""


def build(name: str, options: Mapping[str, Any]) -> Engine:
    """Make the engine of that name with its options, of which CLASS may name its class.

    Raises EngineMisconfiguredError for an unknown name, for a class that can't be imported, isn't
    made with these options or lacks what an engine has, and whatever the engine raises when its
    options don't suffice.
    """
    if CLASS in options:
        rest = {key: value for key, value in options.items() if key != CLASS}
        return _checked(name, _made(name, str(options[CLASS]), rest))
    if name not in ENGINES:
        known = ", ".join(sorted(ENGINES))
        raise EngineMisconfiguredError(f'There is no engine "{name}". Choose one of: {known}.')
    module, _, attribute = ENGINES[name].partition(":")
    return cast(Engine, getattr(import_module(module), attribute)(**options))


def _made(name: str, path: str, options: Mapping[str, Any]) -> object:
    module, _, attribute = path.partition(":")
    try:
        made = getattr(import_module(module), attribute)
    except (ImportError, SyntaxError, ValueError) as error:
        raise _fault(name, f"its module {module} can't be imported ({error})") from error
    except AttributeError as error:
        raise _fault(name, f"there is no {attribute or 'class'} in {module}") from error
    try:
        return made(**options)
    except TypeError as error:
        raise _fault(name, f"{path} can't be made with its options ({error})") from error


def _checked(name: str, engine: object) -> Engine:
    methods = [key for key in vars(Engine) if not key.startswith("_")]
    missing = [key for key in (*Engine.__annotations__, *methods) if not hasattr(engine, key)]
    if missing:
        raise _fault(name, f"{type(engine).__name__} lacks {', '.join(missing)}")
    made = cast(Engine, engine)
    if made.name != name:
        raise _fault(name, f'its class calls itself "{made.name}"; both names must be the same')
    return made


def _fault(name: str, what: str) -> EngineMisconfiguredError:
    return EngineMisconfiguredError(
        f'The engine "{name}" of EAVES_MORE_ENGINES can\'t be used: {what}.'
    )
