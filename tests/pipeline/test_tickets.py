"""Tickets: sent by many at once, and after whatever did something."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import current_app

from assessment import pipeline
from assessment.core.vocabulary import JobKind
from assessment.tasks import TASKS

pytestmark = pytest.mark.service

PATIENCE_SECONDS = 60
ASKING = TASKS[JobKind.SEGMENT]


@pytest.fixture(autouse=True)
def due(monkeypatch, settings) -> Iterator[None]:
    """There are always questions due, and nothing waits in the queue but what a test sends."""
    for name in ("data_folder_in", "control_folder"):
        if folder := settings.CELERY_BROKER_TRANSPORT_OPTIONS.get(name):
            Path(folder).mkdir(parents=True, exist_ok=True)
    monkeypatch.setattr(pipeline, "jobs_due_by_kind", lambda: {JobKind.SEGMENT: 50})
    purge()
    yield
    purge()


def purge() -> None:
    waiting()  # Looking declares the queue.
    with current_app.connection_or_acquire() as broker:
        broker.default_channel.queue_purge("vision")


def waiting() -> int:
    with current_app.producer_or_acquire() as producer:
        return pipeline._waiting(str(ASKING.name), producer)


def test_no_more_tickets_wait_than_workers_can_take_up():
    pipeline.tickets_send()
    pipeline.tickets_send()

    assert waiting() == pipeline.MOST_TICKETS[JobKind.SEGMENT]


def test_more_threads_than_there_are_connections_send_tickets_at_once():
    many = 2 * int(current_app.conf.broker_pool_limit)
    threads = [threading.Thread(target=pipeline.tickets_send, daemon=True) for _ in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)

    assert not any(thread.is_alive() for thread in threads)
    assert waiting() >= pipeline.MOST_TICKETS[JobKind.SEGMENT]


@pytest.mark.parametrize(("done", "sent"), [(1, True), (0, False)])
def test_a_ticket_that_did_something_is_followed_by_others(done, sent):
    pipeline.tickets_follow(sender=ASKING, result=done)

    assert (waiting() > 0) is sent


def test_what_is_no_ticket_is_followed_by_none():
    pipeline.tickets_follow(sender=pipeline.sweep, result=1)

    assert waiting() == 0
