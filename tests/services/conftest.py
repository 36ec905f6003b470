"""Every question of these tests is answered by an engine that sees one square."""

from __future__ import annotations

import pytest

from assessment.models import Finding
from assessment.services import jobs
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
