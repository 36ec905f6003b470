"""Every question of these tests is answered by an engine that sees one square, or by a stand-in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from assessment.engines import breaker
from assessment.models import Finding
from assessment.services import jobs
from standin.server import Standin
from standin.steps import Act, Step
from tests.factories import make_finding
from tests.services.steps import looked_at


@pytest.fixture(autouse=True)
def engine(fake_engine, monkeypatch):
    """The engine; what was put off is due at once."""
    monkeypatch.setattr(jobs, "_backoff", lambda attempts: 0.0)
    return fake_engine


@pytest.fixture
def photo(claim):
    """A photo that was asked about once."""
    return looked_at(claim)


@pytest.fixture
def seen(photo) -> Finding:
    """What the engine saw on the photo: 100 x 100 pixels, not reviewed."""
    return Finding.objects.get(photo=photo)


@pytest.fixture
def hand_drawn(photo, user) -> Finding:
    """What a person drew on the photo: 100 x 100 pixels, accepted by that."""
    return make_finding(photo, by=user)


@pytest.fixture
def playing(settings, monkeypatch) -> Callable[..., AbstractContextManager[Standin]]:
    """The stand-in with a script, as the engine that is asked; what is put off is due at once, and
    however often the model fails, it isn't left alone."""
    monkeypatch.setattr(jobs, "_backoff", lambda attempts: 0.0)
    monkeypatch.setattr(breaker, "MOST_FAILURES", 1_000)

    @contextmanager
    def play(*script: Step | Act, model: str = "gemini-2.5-flash", **more) -> Iterator[Standin]:
        with Standin(script) as standin:
            gemini = {"model": model, "api_key": "k", "base_url": standin.url, **more}
            settings.EAVES_ENGINES = {"gemini": {**gemini, "fallbacks": ["gemini-3.8-flash"]}}
            settings.EAVES_ENGINE = "gemini"
            yield standin

    return play
