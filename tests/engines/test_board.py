"""Notes that several threads and processes change, wherever they are kept."""

from __future__ import annotations

import multiprocessing
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assessment.engines import board as boards
from assessment.engines.base import EngineBusyError
from assessment.engines.board import (
    Board,
    FolderBoard,
    ProcessBoard,
    RedisBoard,
    board_at,
    change_afterwards,
    tell_unreadable,
)
from assessment.engines.breaker import CLOSED, read_circuit
from tests.conftest import missing
from tests.engines.noting import TIMES, count, count_there

STARTED_SECONDS = 20


def look(note: bytes, now: float) -> tuple[bytes, None]:
    return note, None


def count_often(board: Board) -> list[int]:
    return [board.change("n", count) for _ in range(TIMES)]


class Redis:
    """A Redis of the test's own, that can be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            self.port = listener.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        options = ("--port", str(self.port), "--bind", "127.0.0.1", "--save", "")
        command = ["redis-server", *options, "--dir", str(self._folder)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        end = time.monotonic() + STARTED_SECONDS
        while time.monotonic() < end:
            with socket.socket() as caller:
                if caller.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise AssertionError("Redis did not start.")

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait()
            self._process = None


@pytest.fixture
def redis(tmp_path) -> Iterator[Redis]:
    if shutil.which("redis-server") is None:
        missing("redis-server")
    server = Redis(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture(params=["process", "folder", "redis"])
def place(request, tmp_path) -> str:
    if request.param == "redis":
        return str(request.getfixturevalue("redis").url)
    return str(tmp_path / "notes") if request.param == "folder" else ""


@pytest.fixture
def board(place) -> Iterator[Board]:
    board = board_at(place)
    yield board
    board.close()


def test_an_address_says_where_notes_are_kept(tmp_path):
    kinds = {"": ProcessBoard, str(tmp_path): FolderBoard, "redis://localhost:1/0": RedisBoard}
    assert [type(board_at(place)) for place in kinds] == list(kinds.values())
    assert isinstance(board_at("rediss://localhost:1/0?ssl_cert_reqs=CERT_REQUIRED"), RedisBoard)


def test_a_note_says_what_was_last_said_and_each_name_has_its_own(board):
    assert board.change("a", look) == b""
    assert [board.change("a", count) for _ in range(3)] == [1, 2, 3]
    assert (board.change("a", look), board.change("b", look)) == (b"3", b"")


def test_the_time_given_is_the_time(board):
    assert board.change("n", lambda note, now: (now, None)) == pytest.approx(time.time(), abs=60)


def test_no_change_of_many_threads_is_lost(board):
    with ThreadPoolExecutor(16) as pool:
        numbers = list(pool.map(lambda _: board.change("n", count), range(16 * TIMES)))
    assert sorted(numbers) == list(range(1, 16 * TIMES + 1))


def test_a_crowd_is_no_outage(redis, caplog):
    crowd = [RedisBoard(redis.url) for _ in range(32)]
    with ThreadPoolExecutor(len(crowd)) as pool:
        told = [pool.submit(count_often, board) for board in crowd]
        numbers = [number for each in told for number in each.result()]
    for board in crowd:
        board.close()
    assert sorted(numbers) == list(range(1, len(crowd) * TIMES + 1))
    assert not caplog.records


def test_who_never_gets_on_in_a_crowd_is_told_to_come_later(redis, monkeypatch):
    monkeypatch.setattr(boards, "CROWDED_SECONDS", 0.1)
    board, other = RedisBoard(redis.url), RedisBoard(redis.url)

    def overtaken(note: bytes, now: float) -> tuple[int, bytes]:
        other.change("n", count)
        return count(note, now)

    with pytest.raises(EngineBusyError):
        board.change("n", overtaken)
    board.close()
    other.close()


@pytest.mark.parametrize("place", ["folder", "redis"], indirect=True)
def test_no_change_of_several_processes_is_lost(place, board):
    spawned = multiprocessing.get_context("spawn")
    processes = [spawned.Process(target=count_there, args=(place,)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert board.change("n", look) == str(3 * TIMES).encode()


def test_notes_in_redis_go_by_themselves(redis):
    board = RedisBoard(redis.url, prefix="tests:")
    board.change("n", count)
    left = board._redis.ttl("tests:n")
    board.close()
    assert 0 < left <= boards.KEPT_SECONDS


def test_without_redis_a_process_goes_on_from_what_it_knew_and_says_so_once(redis, caplog):
    board = RedisBoard(redis.url)
    board.change("n", count)
    redis.stop()
    assert [board.change("n", count) for _ in range(3)] == [2, 3, 4]
    board.close()
    assert caplog.text.count("Redis can't be reached") == 1


def test_a_redis_that_was_started_again_is_told_what_it_forgot(redis, monkeypatch):
    monkeypatch.setattr(boards, "AWAY_SECONDS", 0.0)
    board = RedisBoard(redis.url)
    board.change("n", count)
    redis.stop()
    board.change("n", count)
    redis.start()
    assert board.change("n", count) == 3
    assert board._redis.get("eaves:engine:n") == b"3"
    board.close()


def test_a_redis_that_never_was_there_stops_nobody(caplog):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        board = RedisBoard(f"redis://127.0.0.1:{listener.getsockname()[1]}/0")
        assert board.change("n", count) == 1
    board.close()
    assert "limits hold for this process alone" in caplog.text


def test_of_many_threads_none_waits_for_a_redis_that_hangs_after_another_has(monkeypatch):
    board = RedisBoard("redis://127.0.0.1:1/0")
    tried = []

    def hang(name: str, change: object) -> None:
        tried.append(name)
        time.sleep(0.3)
        raise board._failures("Timed out.")

    monkeypatch.setattr(board, "_change", hang)
    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(lambda _: board.change("n", count), range(8)))
    board.close()
    assert tried == ["n"]
    assert sorted(numbers) == list(range(1, 9))


def test_without_its_folder_a_process_goes_on_from_what_it_knew_and_says_so_once(tmp_path, caplog):
    folder = tmp_path / "notes"
    board = FolderBoard(folder)
    board.change("n", count)
    shutil.rmtree(folder)
    folder.write_text("no folder")
    assert [board.change("n", count) for _ in range(3)] == [2, 3, 4]
    assert caplog.text.count("The folder of notes can't be reached") == 1


def test_a_change_afterwards_raises_nothing_whatever_becomes_of_the_note(board, caplog):
    board.change("n", count)

    def stumble(note: bytes, now: float) -> tuple[None, bytes]:
        raise ValueError("A bug.")

    change_afterwards(board, "n", stumble)
    assert board.change("n", look) == b"1"
    assert "The note n could not be changed" in caplog.text


def test_an_unreadable_note_is_told_of_once(caplog):
    tell_unreadable.cache_clear()
    for _ in range(3):
        assert read_circuit(bytes(80)) == CLOSED
    assert caplog.text.count("can't be read") == 1
