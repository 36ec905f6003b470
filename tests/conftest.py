"""What every test can ask for."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils import translation

from assessment.engines import registry
from assessment.services.engines import engine_named, engines_close
from assessment.services.jobs import stopping
from claims.models import Carrier, Claim, User
from tests.factories import make_carrier, make_claim, make_user
from tests.fakes import FakeEngine

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
append_only = import_module("claims.migrations.0002_audit_append_only")


def missing(what: str) -> None:
    """Skip on a user's machine; where everything must be there, fail."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing, and in CI nothing may be.")
    pytest.skip(f"{what} is not on this machine.")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real photos and answers."""
    if not SHARED_DATA.is_dir():
        missing("../shared/data")
    return SHARED_DATA


@pytest.fixture(scope="session", autouse=True)
def _data_folder_goes_with_the_tests() -> Iterator[None]:
    yield
    shutil.rmtree(settings.DATA_DIR, ignore_errors=True)


@pytest.fixture(autouse=True)
def _no_language_is_left_over() -> Iterator[None]:
    """A request in Spanish leaves its thread speaking Spanish."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _engines_are_built_anew() -> Iterator[None]:
    yield
    engines_close()


@pytest.fixture(autouse=True)
def _the_next_test_may_work() -> Iterator[None]:
    """A worker that is told to stop is that of one test."""
    yield
    stopping.clear()


@pytest.fixture(autouse=True)
def _nothing_is_kept_in_the_cache() -> Iterator[None]:
    """The ids of one test are those of the next."""
    yield
    cache.clear()


@pytest.fixture
def fake_engine(settings, monkeypatch) -> FakeEngine:
    """The engine that every question of this test is put to."""
    monkeypatch.setitem(registry.ENGINES, "fake", "tests.fakes:FakeEngine")
    settings.EAVES_ENGINES = {**settings.EAVES_ENGINES, "fake": {}}
    settings.EAVES_ENGINE = "fake"
    engine = engine_named("fake")
    assert isinstance(engine, FakeEngine)
    return engine


def log_protect() -> None:
    """Put the triggers of the log in place, whatever an earlier test left."""
    log_release()
    with connection.cursor() as cursor:
        for statement in append_only.CREATE[connection.vendor]:
            cursor.execute(statement)


def log_release() -> None:
    """Take the triggers away, as only the owner of the database can."""
    with connection.cursor() as cursor:
        for statement in append_only.DROP[connection.vendor]:
            cursor.execute(statement)


@pytest.fixture
def log_can_be_emptied(transactional_db: None) -> Iterator[None]:
    """Tests that commit are cleaned up by emptying every table, which the log's triggers refuse."""
    log_protect()
    yield
    log_release()


@pytest.fixture
def carrier(db: None) -> Carrier:
    return make_carrier()


@pytest.fixture
def user(carrier: Carrier) -> User:
    return make_user(carrier)


@pytest.fixture
def claim(carrier: Carrier) -> Claim:
    return make_claim(carrier)
