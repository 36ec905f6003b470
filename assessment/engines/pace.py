"""How many questions and tokens a minute a model may be sent, by all who ask with the same key.

Exact over a sliding window: in any sixty seconds no more is sent than is allowed. Whoever comes too
early is told when the turn comes. The times told are spread as the places come free, so that a
thousand questions that wait don't all come back for one place.
"""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

from assessment.engines.base import EngineBusyError
from assessment.engines.board import Board, change_afterwards, tell_unreadable

MARGIN_SECONDS = 1.0
"""What leaves here a minute apart may arrive nearer to each other by as much."""

WINDOW_SECONDS = 60.0 + MARGIN_SECONDS

TICK = 1e-6
"""What is sent at the same moment is told apart by its times."""

JUST_AFTER = 0.001
"""A place is free when the window has passed, and not yet as it passes."""

PATIENCE_SECONDS = 3.0
"""A turn that comes so soon is waited for; putting a job back costs about as much."""

MISSED_SECONDS = 5.0
"""Whoever was told a time and isn't there so much later doesn't come."""

FARTHEST_SECONDS = 900.0
"""Nobody is told a time beyond: by then limits may be others, and there may be less to do."""

BUSY = "As much is asked as is allowed in a minute; this question's turn comes in {:.0f} s."


@dataclass(frozen=True, slots=True)
class Limits:
    """Requests and tokens sent per minute; None where there is no limit."""

    requests: int | None = None
    tokens: int | None = None


class Sent(NamedTuple):
    """When something was sent, or may be, in seconds of the board's clock, and its tokens."""

    at: float
    tokens: float


@dataclass(frozen=True, slots=True)
class Window:
    """What was sent within the window, and the times told to those who came too early; each in
    the order of time."""

    sent: tuple[Sent, ...] = ()
    told: tuple[Sent, ...] = ()

    def at(self, now: float) -> Window:
        """Without what has passed. A clock that was set back doesn't block for longer."""
        sent = (
            each for each in self.sent if now - WINDOW_SECONDS < each.at <= now + MARGIN_SECONDS
        )
        told = (
            each for each in self.told if now - MISSED_SECONDS < each.at <= now + FARTHEST_SECONDS
        )
        return Window(tuple(sent), tuple(told))

    def has_room(self, limits: Limits, tokens: float) -> bool:
        """Whether one more may be sent now."""
        if limits.requests is not None and len(self.sent) >= limits.requests:
            return False
        if limits.tokens is None or not self.sent:
            # One that is larger than the limit alone goes when nothing else was sent.
            return True
        return sum(each.tokens for each in self.sent) + tokens <= limits.tokens

    def with_sent(self, now: float, tokens: float) -> Window:
        """After one more is sent; the first who was told to come by now is thought to be this."""
        last = self.sent[-1].at if self.sent else 0.0
        is_due = self.told and self.told[0].at <= now + JUST_AFTER
        return Window(
            (*self.sent, Sent(max(now, last + TICK), tokens)),
            self.told[1:] if is_due else self.told,
        )

    def next_turn(self, limits: Limits, tokens: float, now: float) -> float:
        """When one more may be sent at the earliest, if all who were told come at their time."""
        ahead = [*self.sent, *self.told]
        turn = max(now, self.told[-1].at if self.told else 0.0)
        if limits.requests is not None and len(ahead) >= limits.requests:
            turn = max(turn, ahead[-limits.requests].at + WINDOW_SECONDS)
        if limits.tokens is not None:
            over = sum(each.tokens for each in ahead) + tokens - limits.tokens
            for each in ahead:
                if over <= 0:
                    break
                over -= each.tokens
                turn = max(turn, each.at + WINDOW_SECONDS)
        return turn + JUST_AFTER

    def corrected(self, ticket: float, sent: Sent) -> Window:
        """With what was really sent, and when, in place of what was taken for it."""
        others = [each for each in self.sent if each.at != ticket]
        if len(others) == len(self.sent):
            return self
        return replace(self, sent=tuple(sorted([*others, sent])))


def read_window(note: bytes) -> Window:
    """What a note says; an empty one, or one that can't be read, says that nothing was sent."""
    if not note:
        return Window()
    try:
        numbers = array("d", note)
        pairs = [Sent(*numbers[place : place + 2]) for place in range(1, len(numbers), 2)]
        count = int(numbers[0])
    except (OverflowError, TypeError, ValueError):
        tell_unreadable("what was sent")
        return Window()
    return Window(tuple(pairs[:count]), tuple(pairs[count:]))


def note_of(window: Window) -> bytes:
    """A window as a note: how many were sent, and then each with its tokens."""
    flat = [number for each in (*window.sent, *window.told) for number in each]
    return array("d", [len(window.sent), *flat]).tobytes()


@dataclass(frozen=True, slots=True)
class Ticket:
    """Leave to send one question: the time it was given, by the board's clock and by ours."""

    name: str
    at: float
    given: float


class Pace:
    """The windows of the models asked at one place, on the board that all who ask share."""

    def __init__(
        self,
        board: Board,
        place: str,
        limits: Limits,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._board = board
        self._place = place
        self._limits = limits
        self._sleep = sleep
        self._clock = clock

    def turn(self, model: str, tokens: int) -> Ticket | None:
        """Leave to send a question of about so many tokens, waited for if it comes soon.

        None where nothing is limited. Raises EngineBusyError, which says when to come back.
        """
        if self._limits == Limits():
            return None
        name = f"pace:{self._place}:{model}"
        end = self._clock() + PATIENCE_SECONDS
        while True:
            at, wait = self._board.change(name, self._taken(tokens))
            if not wait:
                return Ticket(name, at, self._clock())
            if self._clock() + wait > end:
                raise EngineBusyError(BUSY.format(wait), retry_after=wait)
            self._sleep(wait)

    def sent(self, ticket: Ticket | None, tokens: int | None, *, at: float) -> None:
        """Put right what was taken for a question: when it was sent, by our clock, and its tokens
        where the vendor said how many."""
        if ticket is None:
            return
        moved = ticket.at + max(0.0, at - ticket.given)

        def correct(note: bytes, now: float) -> tuple[None, bytes]:
            window = read_window(note)
            taken = [each.tokens for each in window.sent if each.at == ticket.at]
            known = tokens if tokens is not None else sum(taken)
            return None, note_of(window.corrected(ticket.at, Sent(moved, known)))

        change_afterwards(self._board, ticket.name, correct)

    def _taken(
        self, tokens: float
    ) -> Callable[[bytes, float], tuple[tuple[float, float], bytes | None]]:
        """When it is sent, or may be, and how long to wait until then; 0 when it is sent now."""

        def take(note: bytes, now: float) -> tuple[tuple[float, float], bytes | None]:
            window = read_window(note).at(now)
            if window.has_room(self._limits, tokens):
                sent = window.with_sent(now, tokens)
                return (sent.sent[-1].at, 0.0), note_of(sent)
            turn = window.next_turn(self._limits, tokens, now)
            if turn - now > FARTHEST_SECONDS:
                return (turn, FARTHEST_SECONDS), None
            told = replace(window, told=(*window.told, Sent(turn, tokens)))
            return (turn, turn - now), note_of(told)

        return take
