"""The server: real HTTP on a socket of this machine, one thread per request."""

from __future__ import annotations

import json
import os
import socket
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Any, Self

from standin import replies
from standin.asked import OPEN, Asked, Rules, parse_body, read_asked, read_counted, read_listed
from standin.billing import billed
from standin.models import listed
from standin.player import Manner, Player
from standin.rejected import RejectedError
from standin.sight import UnreadableImageError
from standin.spelling import PLACEHOLDER
from standin.steps import Act, Step
from standin.truth import Picture

MOST_BYTES = 32 << 20
"""A little more than the real service takes inline."""

GARBLED_TEXT = "I have looked at the picture, and this is what I think of it: [[{"

ERRORS = {
    Act.QUOTA: (429, "You exceeded your current quota."),
    Act.OVERLOADED: (503, "The model is overloaded."),
    Act.GONE: (404, "This model models/{} is no longer available to new users."),
}
"""The status and the message of each, the model put in."""

MASKS = {
    Act.LEAKED: "<start_of_mask><seg_115><seg_8><seg_42><seg_7><end_of_mask>",
    Act.PLACEHOLDER: PLACEHOLDER,
}
"""What was seen in place of every mask."""

PERFECT = Manner()

NO_HEADERS: Mapping[str, str] = {}

RESET_AT_ONCE = struct.pack("ii", 1, 0)
"""SO_LINGER on with no time: closing sends RST in place of FIN."""


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it came: header names in lower case, the body parsed, None if not JSON."""

    path: str
    headers: dict[str, str]
    body: Any


class Standin:
    """A stand-in for generateContent, for the length of a `with` block.

    Each request takes the next step of the script, and the last step repeats. Looking tells of
    what stands out in the picture; with `truth`, of what is true of it; with `answer`, it is
    replaced by saying that text. `requests` holds what was asked, in order.
    """

    def __init__(
        self,
        script: Sequence[Step | Act] = (Act.LOOK,),
        *,
        answer: str | None = None,
        truth: Sequence[Picture] = (),
        manner: Manner = PERFECT,
        rules: Rules = OPEN,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.requests: list[Received] = []
        self.stopping = Event()
        self._steps = [Step(step) if isinstance(step, Act) else step for step in script]
        self._answer = answer
        self._player = Player(truth, manner)
        self.rules = rules
        self._lock = Lock()
        self._server = _Server((host, port), _Handler)
        self._server.standin = self
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        """The address to use as the client's base URL."""
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def wait(self) -> None:
        """Serve until interrupted."""
        self._thread.join()

    def next_step(self, received: Received) -> Step:
        """Note the request and take the step that is its turn."""
        with self._lock:
            turn = min(len(self.requests), len(self._steps) - 1)
            self.requests.append(received)
        return self._player.step(self._steps[turn], received.path, received.body)

    def text_for(self, asked: Asked, step: Step) -> str:
        """What the model says: the recorded text, or what is seen in the picture."""
        if step.do is Act.SAY:
            return step.text
        if self._answer is not None:
            return self._answer
        try:
            return self._player.text(asked, MASKS.get(step.do))
        except UnreadableImageError as error:
            raise RejectedError(400, str(error)) from error


class _Server(ThreadingHTTPServer):
    # Threads are joined at the end, so that no socket outlives the block.
    daemon_threads = False
    standin: Standin


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        self.close_connection = True
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > MOST_BYTES:
            self._send(413, replies.failure(413, "The request has no length, or is too long."))
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        received = Received(self.path, headers, parse_body(self.rfile.read(int(length))))
        try:
            self._answer(received)
        except RejectedError as error:
            self._reject(error)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def do_GET(self) -> None:
        self.close_connection = True
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            self._send(200, listed(read_listed(self.path, headers, self.server.standin.rules)))
        except RejectedError as error:
            self._reject(error)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: what came is in `requests`."""

    def _answer(self, received: Received) -> None:
        standin = self.server.standin
        request = (received.path, received.headers, received.body, standin.rules)
        if counted := read_counted(*request):
            self._send(200, replies.count(*counted))
            return
        step = standin.next_step(received)
        standin.stopping.wait(step.wait)
        self._act(step, read_asked(*request))

    def _reject(self, error: RejectedError) -> None:
        self._send(error.status, replies.failure(error.status, error.message, *error.details))

    def _act(self, step: Step, asked: Asked) -> None:
        match step.do:
            case Act.RESET:
                self._reset()
            case Act.REJECT:
                self._fail(step.status, step.text or "The request was rejected.", step)
            case Act.QUOTA | Act.OVERLOADED | Act.GONE:
                status, message = ERRORS[step.do]
                self._fail(status, message.format(asked.model), step)
            case Act.RAW:
                self._send_raw(200, step.text.encode())
            case Act.DRIP:
                self._drip(self._reply(step, asked), step.pause)
            case Act.CUT_BODY | Act.TORN_JSON:
                self._cut(self._reply(step, asked), declared=step.do is Act.CUT_BODY)
            case _:
                self._send(200, self._reply(step, asked))

    def _reply(self, step: Step, asked: Asked) -> replies.Body:
        model = step.model_served or asked.served
        match step.do:
            case Act.SAFETY:
                return replies.refusal(model, asked.question)
            case Act.BLOCKED:
                return replies.blocked(model, asked.question)
            case Act.CUT_EMPTY:
                return replies.answer("", model, asked.question, finish="MAX_TOKENS")
            case Act.GARBLED:
                return replies.answer(GARBLED_TEXT, model, asked.question)
        text = self.server.standin.text_for(asked, step)
        if step.do is Act.CUT:
            half = text[: len(text) // 2]
            return replies.answer(half, model, asked.question, finish="MAX_TOKENS")
        body = replies.answer(text, model, asked.question, finish=step.finish)
        return billed(body, asked.generation)

    def _fail(self, status: int, message: str, step: Step) -> None:
        delay = step.retry_header or ("" if step.retry_after is None else str(step.retry_after))
        body = replies.failure(status, message, retry_after=step.retry_after)
        self._send(status, body, {"Retry-After": delay} if delay else {})

    def _send(
        self, status: int, body: replies.Body, headers: Mapping[str, str] = NO_HEADERS
    ) -> None:
        self._send_raw(status, json.dumps(body).encode(), headers)

    def _send_raw(self, status: int, raw: bytes, headers: Mapping[str, str] = NO_HEADERS) -> None:
        self._head(status, {**headers, "Content-Length": str(len(raw))})
        self.wfile.write(raw)

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        self.send_header("Connection", "close")
        self.end_headers()

    def _cut(self, body: replies.Body, *, declared: bool) -> None:
        """Half of the body, with its whole length declared or with none."""
        raw = json.dumps(body).encode()
        self._head(200, {"Content-Length": str(len(raw))} if declared else {})
        self.wfile.write(raw[: len(raw) // 2])

    def _drip(self, body: replies.Body, pause: float) -> None:
        raw = json.dumps(body).encode()
        self._head(200, {"Content-Length": str(len(raw))})
        for byte in raw:
            self.wfile.write(bytes([byte]))
            if self.server.standin.stopping.wait(pause):
                return

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_ONCE)
        os.close(self.connection.detach())
