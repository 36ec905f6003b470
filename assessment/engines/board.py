"""What workers tell each other about an engine: small notes, changed by one of them at a time.

Who has asked when (pace.py) and whether the engine is there (breaker.py) concerns every process
that asks with the same key. A note is some bytes under a name, and it is changed by a pure function
of what it says and the time. Where notes are kept:

    redis://...     in Redis, by its clock: all workers of a service
    a folder        in files under a lock: all processes of one machine
    nowhere         in this process alone
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import random
import re
import threading
import time
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Protocol, TypeVar

from assessment.engines.base import EngineBusyError

Result = TypeVar("Result")

Change = Callable[[bytes, float], tuple[Result, bytes | None]]
"""What a note says (empty at first) and the time in seconds, to a result and what it says then.

None leaves it as it is. It may be called several times, so it must change nothing itself.
"""

logger = logging.getLogger(__name__)

KEPT_SECONDS = 3600
"""How long a note that nobody changes stays in Redis; longer than anything in it matters."""

REDIS_SECONDS = 1.0
"""Longest wait for Redis to answer."""

AWAY_SECONDS = 5.0
"""A place that could not be reached is left alone for so long."""

CROWDED_SECONDS = 5.0
"""How long is tried while others change a note first: each time one of them got on, so it is never
a standstill, and no outage either."""

SHORTEST_PAUSE, LONGEST_PAUSE = 0.0005, 0.05
"""Who was not first tries again at any time within a pause that doubles: then most will be."""

CROWDED_PAUSE = 1.0
CROWDED = "Too many workers ask at this moment; this question's turn comes in a moment."

CELERYS_SPELLING = re.compile(r"(ssl_cert_reqs=)CERT_(\w+)")
"""The one setting in the address of a broker that the client of Redis spells otherwise."""

READ = """
local time = redis.call('TIME')
return {redis.call('GET', KEYS[1]) or '', time[1], time[2]}
"""

SWAP = """
if redis.sha1hex(redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1
"""


class Board(Protocol):
    """Where notes are kept."""

    def change(self, name: str, change: Change[Result]) -> Result:
        """Change a note, and return what the change results in. Raises EngineBusyError when others
        change it all the time."""
        ...

    def close(self) -> None:
        """Let go of what it holds open."""
        ...


def change_afterwards(board: Board, name: str, change: Change[None]) -> None:
    """Change a note when what it tells of is over: an answer that came is not lost with the note,
    and an error is not hidden by another one."""
    try:
        board.change(name, change)
    except EngineBusyError:
        logger.warning("The note %s is changed by too many; it stays as it was.", name)
    except Exception:
        logger.exception("The note %s could not be changed; it stays as it was.", name)


@cache
def tell_unreadable(what: str) -> None:
    """Log, once in a process, that such a note can't be read and is taken for an empty one."""
    logger.warning("A note of %s can't be read, so nothing is known of what it told.", what)


def board_at(place: str) -> Board:
    """The board at that address: a URL of Redis, a folder, or nothing for this process alone."""
    if not place:
        return ProcessBoard()
    if place.partition("://")[0] in {"redis", "rediss"}:
        return RedisBoard(place)
    return FolderBoard(Path(place))


class ProcessBoard:
    """Notes of this process alone."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._notes: dict[str, bytes] = {}

    def change(self, name: str, change: Change[Result]) -> Result:
        with self._lock:
            result, changed = change(self._notes.get(name, b""), self._clock())
            if changed is not None:
                self._notes[name] = changed
        return result

    def note(self, name: str) -> bytes:
        """What a note says now."""
        return self._notes.get(name, b"")

    def keep(self, name: str, note: bytes) -> None:
        """Replace a note."""
        with self._lock:
            self._notes[name] = note

    def close(self) -> None:
        """Nothing is held open."""


class SharedBoard(ABC):
    """Notes at a place that several processes share.

    While it can't be reached, each process goes on by itself from what it knew last: asking goes
    on, and a limit holds for each process.
    """

    def __init__(self, place: str, failures: type[Exception]) -> None:
        self._place = place
        self._failures = failures
        self._alone = ProcessBoard()
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._away_until = 0.0

    def change(self, name: str, change: Change[Result]) -> Result:
        if self._may_be_there():
            # Threads of one process take turns here and don't race each other over there.
            with self._turn_at(name):
                # Of those who waited here meanwhile, none waits for it once more.
                if self._may_be_there():
                    try:
                        return self._change(name, change)
                    except self._failures as error:
                        self._leave_alone(error)
        return self._alone.change(name, change)

    @contextmanager
    def _turn_at(self, name: str) -> Iterator[None]:
        if not self._locks[name].acquire(timeout=CROWDED_SECONDS):
            raise EngineBusyError(CROWDED, retry_after=CROWDED_PAUSE)
        try:
            yield
        finally:
            self._locks[name].release()

    def _leave_alone(self, error: Exception) -> None:
        self._away_until = time.monotonic() + AWAY_SECONDS
        logger.warning(
            "%s can't be reached (%s): limits hold for this process alone until it is back.",
            self._place,
            type(error).__name__,
        )

    def _may_be_there(self) -> bool:
        return time.monotonic() >= self._away_until

    @abstractmethod
    def _change(self, name: str, change: Change[Result]) -> Result:
        """Change a note over there. Raises what was named as its failures."""


class FolderBoard(SharedBoard):
    """Notes of all processes of a machine, in files; made on first use.

    A process that is killed lets go of its lock, and a note is replaced whole.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__("The folder of notes", OSError)
        self._folder = folder

    def _change(self, name: str, change: Change[Result]) -> Result:
        path = self._folder / hashlib.sha256(name.encode()).hexdigest()[:32]
        self._folder.mkdir(parents=True, exist_ok=True)
        with path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            said = path.read_bytes() if path.exists() else b""
            known = said or self._alone.note(name)
            self._alone.keep(name, known)
            result, changed = change(known, time.time())
            if changed is not None:
                part = path.with_suffix(".part")
                part.write_bytes(changed)
                part.replace(path)
                self._alone.keep(name, changed)
        return result

    def close(self) -> None:
        """Nothing is held open."""


class RedisBoard(SharedBoard):
    """Notes of all workers that share a Redis, by its clock.

    Tickets come by the same Redis, so in service what goes on while it is away is the rest of the
    slices under way.
    """

    def __init__(self, url: str, prefix: str = "eaves:engine:") -> None:
        # Imported here: an installation of one machine has no need of it.
        from redis import Redis
        from redis.backoff import NoBackoff
        from redis.exceptions import RedisError
        from redis.retry import Retry

        super().__init__("Redis", RedisError)
        self._redis = Redis.from_url(
            CELERYS_SPELLING.sub(lambda found: found[1] + found[2].lower(), url),
            socket_timeout=REDIS_SECONDS,
            socket_connect_timeout=REDIS_SECONDS,
            retry=Retry(NoBackoff(), 1),
        )
        self._read = self._redis.register_script(READ)
        self._swap = self._redis.register_script(SWAP)
        self._prefix = prefix

    def _change(self, name: str, change: Change[Result]) -> Result:
        key, pause = self._prefix + name, SHORTEST_PAUSE
        end = time.monotonic() + CROWDED_SECONDS
        while time.monotonic() < end:
            said, seconds, microseconds = self._read(keys=[key])
            # A Redis that was started again has forgotten what this process still knows.
            known = said or self._alone.note(name)
            result, changed = change(known, int(seconds) + int(microseconds) / 1e6)
            seen = hashlib.sha1(said, usedforsecurity=False).hexdigest()
            if changed is None or self._swap(keys=[key], args=[seen, changed, KEPT_SECONDS]):
                self._alone.keep(name, known if changed is None else changed)
                return result
            time.sleep(random.uniform(0.0, pause))  # noqa: S311
            pause = min(2 * pause, LONGEST_PAUSE)
        raise EngineBusyError(CROWDED, retry_after=CROWDED_PAUSE)

    def close(self) -> None:
        self._redis.close()
