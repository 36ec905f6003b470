"""One client for all threads of a process, on a loop of its own."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from assessment.engines.base import EngineBusyError
from assessment.engines.line import Line

THREADS = 64
PATIENCE_SECONDS = 30


class FakeClient:
    """Tells in which thread and on which loop it is called."""

    def __init__(self) -> None:
        self.loops: set[int] = set()
        self.is_hung_up = False
        self.was_cancelled = False

    async def answer(self, said: str) -> str:
        self.loops.add(id(asyncio.get_running_loop()))
        await asyncio.sleep(0.01)
        return said

    async def hang(self) -> None:
        try:
            await asyncio.sleep(PATIENCE_SECONDS)
        except asyncio.CancelledError:
            self.was_cancelled = True
            raise


async def hang_up(client: FakeClient) -> None:
    client.is_hung_up = True


class Made:
    """A line, and the clients that it made."""

    def __init__(self) -> None:
        self.clients: list[FakeClient] = []
        self.line = Line(self.connect, hang_up)

    def connect(self) -> FakeClient:
        self.clients.append(FakeClient())
        return self.clients[-1]


@pytest.fixture
def made() -> Iterator[Made]:
    made = Made()
    yield made
    made.line.close()


def said(line: Line[FakeClient], words: str = "yes") -> str:
    return line.call(lambda client: client.answer(words), within=PATIENCE_SECONDS)


def lines_alive() -> int:
    return sum(thread.name == "engine-line" for thread in threading.enumerate())


def until(done: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not done():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_many_threads_share_one_client_and_one_loop(made):
    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(lambda number: said(made.line, str(number)), range(2 * THREADS)))
    (client,) = made.clients
    assert answers == [str(number) for number in range(2 * THREADS)]
    assert len(client.loops) == 1


def test_nothing_is_connected_before_the_first_call(made):
    assert not made.clients


def test_a_call_that_hangs_is_cancelled_at_its_deadline(made):
    with pytest.raises(TimeoutError):
        made.line.call(lambda client: client.hang(), within=0.05)
    assert made.clients[0].was_cancelled
    assert said(made.line) == "yes"


def test_closing_ends_the_calls_under_way_and_they_may_be_made_again(made):
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(made.line.call, lambda client: client.hang(), within=PATIENCE_SECONDS)
        until(lambda: bool(made.clients))
        made.line.close()
        with pytest.raises(EngineBusyError, match="asked again") as caught:
            call.result(PATIENCE_SECONDS)
    assert caught.value.retry_after == 0.0
    assert made.clients[0].is_hung_up


def test_a_closed_line_is_connected_anew_by_the_next_call(made):
    said(made.line)
    made.line.close()
    made.line.close()
    assert said(made.line) == "yes"
    assert [client.is_hung_up for client in made.clients] == [True, False]


def test_a_line_that_nobody_holds_any_more_closes_itself():
    # Lines of tests before this one may still be about to go.
    gc.collect()
    made, before = Made(), lines_alive()
    said(made.line)
    clients = made.clients
    del made
    gc.collect()
    assert clients[0].is_hung_up
    assert lines_alive() == before


def test_a_client_that_can_not_be_closed_keeps_nobody(caplog):
    async def fail(_: FakeClient) -> None:
        raise OSError("the network is gone")

    line = Line(FakeClient, fail)
    said(line)
    line.close()
    assert "could not be closed cleanly (OSError)" in caplog.text
    assert "the network" not in caplog.text


def test_what_connecting_raises_reaches_the_caller_and_the_next_call_tries_again():
    clients: list[FakeClient] = []

    def connect() -> FakeClient:
        clients.append(FakeClient())
        if len(clients) == 1:
            raise ValueError("no credentials")
        return clients[-1]

    line = Line(connect, hang_up)
    with pytest.raises(ValueError, match="no credentials"):
        said(line)
    assert said(line) == "yes"
    line.close()


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_forked_child_connects_anew_and_leaves_its_parents_client_alone(made):
    said(made.line)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        # In the child: no thread of the parent's, and no assertion may get out of here.
        try:
            heard = said(made.line)
            told = f"{heard} {len(made.clients)} {made.clients[0].is_hung_up}"
            made.line.close()
        except BaseException as error:  # noqa: BLE001 - told to the parent
            told = repr(error)
        os.write(writer, told.encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        assert pipe.read() == "yes 2 False"
    os.waitpid(child, 0)
    assert said(made.line) == "yes"
    assert len(made.clients) == 1
