"""Whether a model that has failed again and again is left alone for a while.

    closed --- MOST_FAILURES in a row ---> open --- cool-down over ---> half-open: one call probes
       ^                                    ^                               |              |
       |                                    +--- it fails, twice as long ---+              |
       +------------------------------------------- any call comes through ---------------+

Everybody who asks the same model shares its state on a board. What is counted is that nobody could
answer: overload, quota, time-out, a lost connection. A rejected request, a refusal and an answer
that can't be read prove that the service is there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace

from assessment.engines.base import (
    EngineBusyError,
    EngineMisconfiguredError,
    EngineUnavailableError,
    GarbledAnswerError,
)
from assessment.engines.board import Board, Change, change_afterwards, tell_unreadable

MOST_FAILURES = 5
"""Failures in a row after which a model is left alone. Each call that it ends is paid by a wait of
the job; at 10 % failures five in a row are one case in a hundred thousand."""

WITHIN_SECONDS = 60.0
"""Failures that are farther apart are no storm, unless calls take so long to fail that so many of
them, one after the other, take longer."""

FIRST_COOL_DOWN = 5.0
LONGEST_COOL_DOWN = 300.0

PROBE_SECONDS = 1.0
"""While a call probes, the others are told to come back so soon."""

AWAY = "{} does not answer: {} calls in a row came to nothing, so it is left alone for a while."


class ModelAwayError(EngineUnavailableError):
    """The model is left alone; it is asked again in `retry_after` seconds."""


@dataclass(frozen=True, slots=True)
class Circuit:
    """What is known of a model: when its last calls failed in a row, and, once it is left alone,
    from when it is asked again. Times are in seconds of the board's clock.

    `probed_until` is when a call that probes must have ended; 0 while none does.
    """

    failures: tuple[float, ...] = ()
    asked_again_at: float = 0.0
    cool_down: float = 0.0
    probed_until: float = 0.0

    @property
    def is_open(self) -> bool:
        return self.cool_down > 0.0

    def wait(self, now: float) -> float:
        """Seconds until a call may be tried; 0 when it may now."""
        if not self.is_open:
            return 0.0
        if now < self.asked_again_at:
            return self.asked_again_at - now
        return PROBE_SECONDS if now < self.probed_until else 0.0

    def entered(self, now: float, longest: float) -> Circuit:
        """After a call has begun that may take so long; when open, it is the probe."""
        return replace(self, probed_until=now + longest) if self.is_open else self

    def failed(
        self, now: float, *, is_probe: bool, delay: float = 0.0, within: float = WITHIN_SECONDS
    ) -> Circuit:
        """After a call failed; `delay` is what the server asked for itself. Failures count that lie
        `within` so many seconds.

        Calls that were under way when it opened change nothing, and a probe is a call like others
        where one that came through has closed it meanwhile. (One that outlives a second opening is
        taken for the probe of that; the model is then left alone for longer than it need be.)
        """
        if is_probe and self.is_open:
            return self._opened(now, 2 * self.cool_down, delay)
        if self.is_open:
            return self
        lately = (*(then for then in self.failures if now - then < within), now)
        if len(lately) < MOST_FAILURES:
            return replace(self, failures=lately)
        return replace(self, failures=lately)._opened(now, FIRST_COOL_DOWN, delay)

    def withdrawn(self) -> Circuit:
        """After a probe ended without a word of the model; the next call probes."""
        return replace(self, probed_until=0.0)

    def _opened(self, now: float, cool_down: float, delay: float) -> Circuit:
        bounded = min(max(cool_down, FIRST_COOL_DOWN), LONGEST_COOL_DOWN)
        again = now + min(max(bounded, delay), LONGEST_COOL_DOWN)
        return Circuit(self.failures, again, bounded)


CLOSED = Circuit()


def read_circuit(note: bytes) -> Circuit:
    """What a note says; of a model with an empty note, or an unreadable one, nothing is known."""
    if not note:
        return CLOSED
    try:
        said = json.loads(note)
        failures = tuple(float(then) for then in said.pop("failures"))
        return Circuit(failures, **{name: float(value) for name, value in said.items()})
    except (AttributeError, LookupError, TypeError, ValueError):
        tell_unreadable("failures")
        return CLOSED


def note_of(circuit: Circuit) -> bytes:
    """A circuit as a note."""
    return json.dumps(asdict(circuit)).encode()


class Breaker:
    """The circuits of the models that are asked at one place, on the board that all share.

    `longest` is the seconds that a call may take: a probe whose worker was killed is over then.
    """

    def __init__(self, board: Board, place: str, *, longest: float) -> None:
        self._board = board
        self._place = place
        self._longest = longest
        self._within = max(WITHIN_SECONDS, MOST_FAILURES * longest)

    @contextmanager
    def watching(self, model: str) -> Iterator[None]:
        """Let one call through and note how it ended. Raises ModelAwayError."""
        is_probe = self._enter(model)
        try:
            yield
        except EngineBusyError:
            self._withdraw(model, is_probe=is_probe)
            raise
        except EngineUnavailableError as error:
            self._fail(model, is_probe=is_probe, delay=error.retry_after or 0.0)
            raise
        except (GarbledAnswerError, EngineMisconfiguredError):
            self._succeed(model)
            raise
        except BaseException:
            self._withdraw(model, is_probe=is_probe)
            raise
        self._succeed(model)

    def _enter(self, model: str) -> bool:
        """Whether the call that begins is a probe. Raises ModelAwayError when it may not begin."""

        def enter(note: bytes, now: float) -> tuple[tuple[Circuit, float], bytes | None]:
            circuit = read_circuit(note)
            wait = circuit.wait(now)
            begun = circuit if wait else circuit.entered(now, self._longest)
            return (circuit, wait), None if begun == circuit else note_of(begun)

        circuit, wait = self._board.change(self._name(model), enter)
        if wait:
            raise ModelAwayError(AWAY.format(model, MOST_FAILURES), retry_after=wait)
        return circuit.is_open

    def _fail(self, model: str, *, is_probe: bool, delay: float) -> None:
        self._note(
            model,
            lambda note, now: (
                None,
                note_of(
                    read_circuit(note).failed(
                        now, is_probe=is_probe, delay=delay, within=self._within
                    )
                ),
            ),
        )

    def _succeed(self, model: str) -> None:
        self._note(
            model,
            lambda note, now: (None, None if read_circuit(note) == CLOSED else note_of(CLOSED)),
        )

    def _withdraw(self, model: str, *, is_probe: bool) -> None:
        if is_probe:
            self._note(model, lambda note, now: (None, note_of(read_circuit(note).withdrawn())))

    def _note(self, model: str, change: Change[None]) -> None:
        change_afterwards(self._board, self._name(model), change)

    def _name(self, model: str) -> str:
        return f"breaker:{self._place}:{model}"
