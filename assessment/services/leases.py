"""Keeping the jobs that this process is at: one thread extends the leases of all of them."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import Error as DatabaseFault
from django.db import connection

from assessment.models import Job
from assessment.services.jobs import LONGEST_JOB_SECONDS, leases_extend

logger = logging.getLogger(__name__)

# A worker that lives says so three times per lease; one missed beat loses nothing.
BEATS_PER_LEASE = 3


@contextmanager
def lease_kept(job: Job) -> Iterator[None]:
    """Extend the lease of a job for as long as the work goes on, and no longer than any job takes:
    a heartbeat beyond that would keep a hung call alive for ever."""
    try:
        _keeper.take(job)
        yield
    finally:
        _keeper.let_go(job)


class _Keeper:
    """The jobs to keep and until when, and the thread that does; it lives on while there are any.

    With a thread for each, every job would need two connections to the database.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._kept: dict[int, tuple[Job, float]] = {}
        self._thread: threading.Thread | None = None

    def take(self, job: Job) -> None:
        with self._changed:
            self._kept[id(job)] = job, time.monotonic() + LONGEST_JOB_SECONDS
            # A process that was forked has its parent's object, but not its thread.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._beat, name="leases", daemon=True)
                self._thread.start()

    def let_go(self, job: Job) -> None:
        with self._changed:
            self._kept.pop(id(job), None)
            self._changed.notify()

    def _beat(self) -> None:
        while jobs := self._due():
            try:
                leases_extend(jobs)
            except DatabaseFault as error:
                # The next beat may get through; until the leases run out nothing is lost.
                logger.warning("Leases could not be extended: %s", error)
            finally:
                connection.close()

    def _due(self) -> list[Job]:
        """The jobs whose leases are to be extended, once it is time; none when all are done."""
        with self._changed:
            pause = float(settings.EAVES_LEASE_SECONDS) / BEATS_PER_LEASE
            self._changed.wait_for(lambda: not self._kept, pause)
            now = time.monotonic()
            jobs = [job for job, end in self._kept.values() if now < end]
            if not jobs:
                self._thread = None
            return jobs


_keeper = _Keeper()
