"""A client that all threads of a process share, on an event loop in a thread of its own.

Connections of an asynchronous client belong to one event loop. With a loop that lives as long as
the process they are kept and used again, and any number of threads may call at once.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
import weakref
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import CancelledError, Future
from typing import Any, Generic, TypeVar

from assessment.engines.base import EngineBusyError

logger = logging.getLogger(__name__)

Client = TypeVar("Client")
Reply = TypeVar("Reply")

GRACE_SECONDS = 5.0
"""What a loop that is busy may be late by, before its caller goes on without it."""

CLOSING_SECONDS = 5.0
"""Longest wait for connections to be closed; whoever ends a process can't wait for a network."""


class Line(Generic[Client]):
    """One client per process, made by `connect` on first use and ended by `hang_up` on its loop.

    Any thread may call. A process that was forked connects anew: it has none of its parent's
    threads, and must not touch the connections it was born with. After `close` the next call
    connects anew; a line that nobody holds any more, or that the process ends with, closes itself.
    """

    def __init__(
        self, connect: Callable[[], Client], hang_up: Callable[[Client], Awaitable[None]]
    ) -> None:
        self._connect = connect
        self._hang_up = hang_up
        self._lock = threading.Lock()
        self._open: _Open[Client] | None = None
        self._closing: weakref.finalize[..., Any] | None = None
        self._inherited: list[_Open[Client]] = []
        _LINES.add(self)

    def call(self, make: Callable[[Client], Coroutine[Any, Any, Reply]], *, within: float) -> Reply:
        """Run what `make` returns on the loop and wait for it.

        Raises TimeoutError after `within` seconds, when the call has been cancelled and its
        connection closed, EngineBusyError when the line is closed meanwhile, and whatever the call
        raises.
        """
        future = self._submitted(make, within)
        try:
            return future.result(within + GRACE_SECONDS)
        except CancelledError:
            raise EngineBusyError(
                "This worker stopped while the question was asked; it is asked again.",
                retry_after=0.0,
            ) from None
        except BaseException:
            # Whoever interrupts the caller interrupts the call.
            future.cancel()
            raise

    def close(self) -> None:
        """End calls under way and close all connections."""
        with self._lock:
            closing, self._open, self._closing = self._closing, None, None
        if closing is not None:
            closing()

    def _submitted(
        self, make: Callable[[Client], Coroutine[Any, Any, Reply]], within: float
    ) -> Future[Reply]:
        # Under the lock, so that nothing is handed to a loop that is being closed.
        with self._lock:
            if self._open is None:
                self._open = _Open(self._connect(), self._hang_up)
                self._closing = weakref.finalize(self, self._open.close)
            return self._open.submit(make, within)

    def _forget(self) -> None:
        """In a forked child: leave the parent's connections alone, and a lock that may be held."""
        self._lock = threading.Lock()
        if self._closing is not None:
            self._closing.detach()
        if self._open is not None:
            self._inherited.append(self._open)
        self._open = self._closing = None


class _Open(Generic[Client]):
    """A client and the running loop that it belongs to."""

    def __init__(self, client: Client, hang_up: Callable[[Client], Awaitable[None]]) -> None:
        self._client = client
        self._hang_up = hang_up
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name="engine-line", daemon=True)
        self._thread.start()

    def submit(
        self, make: Callable[[Client], Coroutine[Any, Any, Reply]], within: float
    ) -> Future[Reply]:
        async def bounded() -> Reply:
            # A time-out per read doesn't stop a server that drips; cancelling does, and closes the
            # connection.
            async with asyncio.timeout(within):
                return await make(self._client)

        return asyncio.run_coroutine_threadsafe(bounded(), self._loop)

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop)
        # Garbage may be collected in any thread, in this loop's, too.
        if threading.current_thread() is not self._thread:
            self._thread.join(2 * CLOSING_SECONDS)

    def _serve(self) -> None:
        try:
            self._loop.run_forever()
        finally:
            self._loop.close()

    async def _end(self) -> None:
        try:
            calls = asyncio.all_tasks() - {asyncio.current_task()}
            for call in calls:
                call.cancel()
            await asyncio.gather(*calls, return_exceptions=True)
            async with asyncio.timeout(CLOSING_SECONDS):
                await self._hang_up(self._client)
        except Exception as error:  # noqa: BLE001 - the loop must end, whatever a connection does
            logger.warning("A connection could not be closed cleanly (%s).", type(error).__name__)
        finally:
            self._loop.stop()


_LINES: weakref.WeakSet[Line[Any]] = weakref.WeakSet()


def _forget_all() -> None:
    for line in list(_LINES):
        line._forget()


os.register_at_fork(after_in_child=_forget_all)
