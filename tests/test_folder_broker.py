"""The broker made of files."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from kombu import Connection

import config.celery  # noqa: F401 - names our transport
from config.folder_broker import Transport


@pytest.fixture
def connection(tmp_path: Path):
    folders = {
        "data_folder_in": str(tmp_path / "messages"),
        "data_folder_out": str(tmp_path / "messages"),
        "control_folder": str(tmp_path / "control"),
    }
    (tmp_path / "messages").mkdir()
    with Connection("filesystem://localhost", transport_options=folders) as connection:
        yield connection


def test_the_embedded_broker_is_ours(connection):
    assert isinstance(connection.transport, Transport)


def test_a_message_comes_out_as_it_was_put(connection):
    # Under a name of its own: kombu remembers for a whole process which queues it has bound.
    queue = connection.SimpleQueue(f"broker-{uuid4()}")
    queue.put({"look": "there may be work"})
    assert queue.get(timeout=30).payload == {"look": "there may be work"}


def test_a_message_that_is_being_written_is_not_taken(connection, tmp_path, monkeypatch):
    """Whoever looks between the writing and the naming finds nothing."""
    seen = []
    rename = Path.rename

    def look_first(path: Path, target: Path) -> Path:
        seen.append(connection.default_channel._size("work"))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", look_first)
    connection.default_channel._put("work", {"look": "now"})
    assert seen == [0]
    assert connection.default_channel._get("work") == {"look": "now"}
