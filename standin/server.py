"""The server: real HTTP on a socket of this machine, one thread per request."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http.server import ThreadingHTTPServer
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
from standin.warps import ENDLESS, warped
from standin.wire import Wire

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

TEXTS = {Act.GARBLED: GARBLED_TEXT, Act.CUT_EMPTY: ""}

CUT = frozenset({Act.CUT, Act.CUT_EMPTY, *ENDLESS})
"""The acts that end at the token limit."""

WITHHELD = {Act.SAFETY: replies.refusal, Act.BLOCKED: replies.blocked}

CHANGED: Mapping[Act, Callable[[replies.Body], replies.Body]] = {
    Act.NO_CANDIDATE: lambda body: body | {"candidates": []},
    Act.NO_CONTENT: replies.without_content,
    Act.PIECES: replies.in_pieces,
    Act.THOUGHTS: replies.thinking_first,
    Act.TOOL: replies.with_tool,
    Act.NO_USAGE: lambda body: {key: body[key] for key in body if key != "usageMetadata"},
    Act.NO_MODEL: lambda body: {key: body[key] for key in body if key != "modelVersion"},
}
"""What becomes of the body of an answer."""


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
    replaced by saying that text. `requests` holds what was asked last, in order: so many as are
    `kept`, all unless told.
    """

    def __init__(
        self,
        script: Sequence[Step | Act] = (Act.LOOK,),
        *,
        answer: str | None = None,
        truth: Sequence[Picture] = (),
        manner: Manner = PERFECT,
        rules: Rules = OPEN,
        kept: int | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.requests: deque[Received] = deque(maxlen=kept)
        self._turns = 0
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
            turn = min(self._turns, len(self._steps) - 1)
            self._turns += 1
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
    # A worker that asks many questions at once connects for all of them in the same moment.
    request_queue_size = 128
    standin: Standin


class _Handler(Wire):
    server: _Server

    def setup(self) -> None:
        self.stopping = self.server.standin.stopping
        super().setup()

    def answer(self, body: bytes | None) -> None:
        if body is None:
            self._fail(413, "The request has no length, or is too long.", Step())
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        received = Received(self.path, headers, parse_body(body))
        try:
            self._answer(received)
        except RejectedError as error:
            self._reject(error)

    def list_models(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            models = listed(read_listed(self.path, headers, self.server.standin.rules))
        except RejectedError as error:
            self._reject(error)
        else:
            self.send(200, json.dumps(models).encode())

    def _answer(self, received: Received) -> None:
        standin = self.server.standin
        request = (received.path, received.headers, received.body, standin.rules)
        if counted := read_counted(*request):
            self.send(200, json.dumps(replies.count(*counted)).encode())
            return
        step = standin.next_step(received)
        standin.stopping.wait(step.wait)
        self._act(step, read_asked(*request))

    def _reject(self, error: RejectedError) -> None:
        body = replies.failure(error.status, error.message, *error.details)
        self.send(error.status, json.dumps(body).encode())

    def _act(self, step: Step, asked: Asked) -> None:
        match step.do:
            case Act.RESET:
                self.reset()
            case Act.REJECT:
                self._fail(step.status or 400, step.text or "The request was rejected.", step)
            case Act.QUOTA | Act.OVERLOADED | Act.GONE:
                status, message = ERRORS[step.do]
                self._fail(status, message.format(asked.model), step)
            case Act.RAW:
                self.send(step.status or 200, step.text.encode(), {"Content-Type": step.type})
            case _:
                self.play(json.dumps(self._reply(step, asked)).encode(), step)

    def _reply(self, step: Step, asked: Asked) -> replies.Body:
        model = step.model_served or asked.served
        if step.do in WITHHELD:
            return WITHHELD[step.do](model, asked.question, step.reason)
        text, finish = self._said(step, asked), step.finish
        if step.do in CUT:
            text, finish = text[: len(text) // 2] if step.do is Act.CUT else text, "MAX_TOKENS"
        answer = replies.answer(text, model, asked.question, finish=finish)
        body = billed(answer, asked.generation)
        return CHANGED[step.do](body) if step.do in CHANGED else body

    def _said(self, step: Step, asked: Asked) -> str:
        if step.do in TEXTS:
            return TEXTS[step.do]
        return warped(step.do, self.server.standin.text_for(asked, step))

    def _fail(self, status: int, message: str, step: Step) -> None:
        delay = step.retry_header or ("" if step.retry_after is None else str(step.retry_after))
        body = replies.failure(status, message, retry_after=step.retry_after)
        self.send(status, json.dumps(body).encode(), {"Retry-After": delay} if delay else {})
