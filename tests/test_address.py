from __future__ import annotations

import errno
import os
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from config.address import Address


@pytest.fixture
def taken() -> Iterator[int]:
    """A port at which another program listens and says nothing."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.fixture
def web_server() -> Iterator[HTTPServer]:
    """Answers with the status that its path names."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(int(self.path.strip("/")))
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_free_address_has_no_fault():
    assert Address("127.0.0.1", free_port()).fault() == ""
    assert Address("0.0.0.0", free_port()).fault() == ""  # noqa: S104


def test_a_taken_port_is_named_with_what_to_do(taken):
    fault = Address("127.0.0.1", taken).fault()

    assert f"Port {taken} is taken" in fault
    assert f"--port {taken + 1}" in fault


def test_an_address_of_another_machine_is_named_with_what_to_do():
    fault = Address("192.0.2.1", 8000).fault()

    assert "Nothing can listen at 192.0.2.1:8000" in fault
    assert "--host" in fault


def test_a_port_for_administrators_is_named_with_what_to_do(monkeypatch):
    def forbidden(*_: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(socket.socket, "bind", forbidden)

    assert "above 1023" in Address("127.0.0.1", 80).fault()


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "127.0.0.1:8000"),
        ("0.0.0.0", "127.0.0.1:8000"),  # noqa: S104
        ("::", "[::1]:8000"),
        ("eaves.example.com", "eaves.example.com:8000"),
    ],
)
def test_who_listens_everywhere_is_reached_on_this_machine(host, shown):
    assert str(Address(host, 8000).from_here()) == shown


@pytest.mark.parametrize(
    ("status", "answers"), [(200, True), (301, True), (400, True), (500, False)]
)
def test_a_page_a_redirect_and_a_refusal_are_answers_and_a_failure_is_none(
    web_server, status, answers
):
    assert Address("127.0.0.1", web_server.server_port).answers(f"/{status}/") is answers


def test_where_nobody_listens_there_is_no_answer():
    assert not Address("127.0.0.1", free_port()).answers("/")


def test_where_somebody_listens_and_is_silent_there_is_no_answer(taken, monkeypatch):
    monkeypatch.setattr("config.address.ANSWER_SECONDS", 0.05)

    assert not Address("127.0.0.1", taken).answers("/")
