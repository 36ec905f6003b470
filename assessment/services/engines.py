"""The engines as this installation is configured: the one place where settings meet them."""

from __future__ import annotations

import threading
from functools import cache

from django.conf import settings

from assessment.engines import registry
from assessment.engines.base import Engine, EngineMisconfiguredError

_built: list[Engine] = []
_building = threading.Lock()


def engine_named(name: str) -> Engine:
    """The engine of that name, one per process. Raises EngineMisconfiguredError."""
    # Threads that start at the same moment must not each build one, with connections of its own.
    with _building:
        return _engine_named(name)


@cache
def _engine_named(name: str) -> Engine:
    engine = registry.build(name, settings.EAVES_ENGINES.get(name, {}))
    _built.append(engine)
    return engine


def engines_close() -> None:
    """Let go of every engine, and of its connections; whoever needs one again builds it anew."""
    with _building:
        _engine_named.cache_clear()
        while _built:
            _built.pop().close()


def examples_of(name: str) -> tuple[str, ...]:
    """Questions in the words that this engine understands; empty where any words do, or where
    it can't be built."""
    try:
        return engine_named(name).examples
    except EngineMisconfiguredError:
        return ()


def prompt_version_of(name: str) -> str:
    """In which wording this engine would ask now; empty when it can't be built.

    An engine that is set up wrongly is found out when it is asked: then its reason is stored with
    the question.
    """
    try:
        return engine_named(name).prompt_version
    except EngineMisconfiguredError:
        return ""
