from __future__ import annotations

import os
import secrets
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings

from assessment.management.embedded import queue_commands
from config.embedded import kept_secret


def test_a_secret_is_made_once(tmp_path):
    path = tmp_path / "var" / "secret_key"

    assert kept_secret(path) == kept_secret(path) == path.read_text()
    assert len(path.read_text()) >= 50


def test_a_secret_is_its_owners_to_read_and_leaves_no_other_file(tmp_path):
    path = tmp_path / "secret_key"
    kept_secret(path)

    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_who_comes_while_the_secret_is_being_made_gets_the_same_one(tmp_path, monkeypatch):
    path = tmp_path / "secret_key"
    make = secrets.token_urlsafe
    of_the_other = []

    def interrupted(strength: int) -> str:
        monkeypatch.setattr(secrets, "token_urlsafe", make)
        with ThreadPoolExecutor(1) as pool:
            of_the_other.append(pool.submit(kept_secret, path).result())
        return make(strength)

    monkeypatch.setattr(secrets, "token_urlsafe", interrupted)

    assert [kept_secret(path)] == of_the_other
    assert len(of_the_other[0]) >= 50


@pytest.fixture
def broker(settings, tmp_path, monkeypatch) -> Path:
    """The folder in which every run has its own."""
    monkeypatch.setenv("EAVES_RUN", "to be put back")
    folder = Path(tmp_path / "broker")
    settings.BROKER_DIR = folder / str(os.getpid())
    return folder


def ticket_of(broker: Path, pid: int) -> Path:
    ticket = broker / str(pid) / "messages" / "ticket.msg"
    ticket.parent.mkdir(parents=True)
    ticket.touch()
    return ticket


def ended_pid() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_a_run_leaves_the_tickets_of_another_alone(broker):
    ticket = ticket_of(broker, os.getppid())

    queue_commands()

    assert ticket.exists()


def test_what_earlier_runs_left_behind_goes(broker):
    of_ended, of_same_number = ticket_of(broker, ended_pid()), ticket_of(broker, os.getpid())

    queue_commands()

    assert not of_ended.parent.parent.exists()
    assert not of_same_number.exists()


def test_the_commands_of_a_run_use_its_broker_folder(broker):
    beat = queue_commands()["beat"]

    used = subprocess.run(
        [
            *(sys.executable, "-c"),
            "from config import settings as s; print(s.CELERY_BROKER_TRANSPORT_OPTIONS)",
        ],
        cwd=settings.BASE_DIR,
        env={**os.environ, "EAVES_DATA_DIR": str(broker.parent), "BROKER_URL": "filesystem://"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert f"'data_folder_in': '{settings.BROKER_DIR}/messages'" in used
    assert str(settings.BROKER_DIR / "beat-schedule") in beat
    assert sorted(folder.name for folder in settings.BROKER_DIR.iterdir()) == [
        "control",
        "messages",
    ]
