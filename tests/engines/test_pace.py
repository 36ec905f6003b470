"""No more is sent in any minute than is allowed; who comes too early is told when to come."""

from __future__ import annotations

import math
from array import array
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.engines.base import EngineBusyError
from assessment.engines.board import ProcessBoard
from assessment.engines.pace import (
    FARTHEST_SECONDS,
    JUST_AFTER,
    MISSED_SECONDS,
    PATIENCE_SECONDS,
    WINDOW_SECONDS,
    Limits,
    Pace,
    Ticket,
    Window,
    note_of,
    read_window,
)

MINUTE = 60.0


class Clock:
    """A time that only passes when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1_000_000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def paced(clock: Clock, **limits: int) -> Pace:
    return Pace(ProcessBoard(clock), "here", Limits(**limits), sleep=clock.sleep, clock=clock)


def turn(pace: Pace, tokens: int = 1) -> Ticket:
    ticket = pace.turn("m", tokens)
    assert ticket is not None
    return ticket


def refused(pace: Pace, tokens: int = 1) -> float:
    with pytest.raises(EngineBusyError) as caught:
        pace.turn("m", tokens)
    assert caught.value.retry_after is not None
    return caught.value.retry_after


@given(
    pauses=st.lists(st.floats(0, 40), min_size=1, max_size=60),
    requests=st.integers(1, 8),
    tokens=st.integers(50, 400),
    sizes=st.lists(st.integers(1, 120), min_size=60, max_size=60),
)
def test_no_window_of_a_minute_holds_more_than_is_allowed(pauses, requests, tokens, sizes):
    clock, sent = Clock(), []
    pace = paced(clock, requests=requests, tokens=tokens)
    for pause, size in zip(pauses, sizes, strict=False):
        clock.now += pause
        try:
            pace.turn("m", size)
        except EngineBusyError:
            continue
        sent.append((clock.now, size))
    for end, _ in sent:
        within = [size for at, size in sent if end - MINUTE < at <= end]
        assert len(within) <= requests
        assert sum(within) <= tokens or len(within) == 1


@given(
    coming=st.integers(1, 40),
    requests=st.integers(1, 8),
    tokens=st.integers(50, 400),
    sizes=st.lists(st.integers(1, 50), min_size=40, max_size=40),
)
def test_whoever_comes_when_told_has_a_turn_then(coming, requests, tokens, sizes):
    clock = Clock()
    pace = paced(clock, requests=requests, tokens=tokens)
    told = []
    for size in sizes[:coming]:
        try:
            pace.turn("m", size)
        except EngineBusyError as error:
            told.append((error.retry_after or 0.0, size))
    came = clock.now
    for wait, size in told:
        if wait < FARTHEST_SECONDS:
            clock.now = max(clock.now, came + wait)
            pace.turn("m", size)


@given(
    st.lists(st.tuples(st.floats(0, 2e9), st.integers(0, 10**6)), max_size=20), st.integers(0, 20)
)
def test_a_window_is_read_as_it_was_noted(pairs, place):
    window = read_window(note_of(Window(tuple(pairs[:place]), tuple(pairs[place:]))))
    assert window.sent == tuple(pairs[:place])
    assert window.told == tuple(pairs[place:])


def test_without_limits_nobody_waits_and_nothing_is_noted():
    clock = Clock()
    pace = paced(clock)
    assert [pace.turn("m", 10**9) for _ in range(1000)] == [None] * 1000


def test_a_turn_that_comes_soon_is_waited_for():
    clock = Clock()
    pace = paced(clock, requests=1)
    turn(pace)
    clock.now += WINDOW_SECONDS - PATIENCE_SECONDS / 2

    turn(pace)

    assert clock.slept == [pytest.approx(PATIENCE_SECONDS / 2, abs=2 * JUST_AFTER)]


def test_the_times_told_are_spread_as_places_come_free():
    clock = Clock()
    pace = paced(clock, requests=2)
    turn(pace)
    clock.now += 10
    turn(pace)

    waits = [refused(pace) for _ in range(4)]

    free = [WINDOW_SECONDS - 10, WINDOW_SECONDS, 2 * WINDOW_SECONDS - 10, 2 * WINDOW_SECONDS]
    assert waits == pytest.approx(free, abs=0.01)


def test_nobody_is_told_a_time_that_is_far_away():
    clock = Clock()
    pace = paced(clock, requests=1)
    turn(pace)
    waits = [refused(pace) for _ in range(100)]
    assert max(waits) == FARTHEST_SECONDS


def test_a_question_larger_than_the_limit_is_sent_when_nothing_else_was():
    pace = paced(Clock(), tokens=100)
    turn(pace, 5000)
    refused(pace, 1)


def test_what_the_vendor_counted_replaces_what_was_taken_for_it():
    clock = Clock()
    pace = paced(clock, tokens=1000)
    pace.sent(turn(pace, 900), 200, at=clock.now)
    turn(pace, 800)
    refused(pace, 1)


def test_a_minute_begins_when_the_question_was_sent_and_not_when_it_got_its_turn():
    clock = Clock()
    pace = paced(clock, requests=1)
    ticket = turn(pace)
    clock.now += 20
    pace.sent(ticket, None, at=clock.now)
    assert refused(pace) == pytest.approx(WINDOW_SECONDS, abs=0.01)


def test_each_model_has_a_pace_of_its_own():
    pace = paced(Clock(), requests=1)
    assert pace.turn("a", 1)
    assert pace.turn("b", 1)


def test_a_clock_that_was_set_back_blocks_nobody_for_longer_than_it_must():
    clock = Clock()
    pace = paced(clock, requests=1)
    turn(pace)
    clock.now -= 3600
    turn(pace)


@given(st.binary(max_size=80))
def test_a_note_that_can_not_be_read_blocks_nobody_for_longer_than_a_window(note):
    clock = Clock()
    board = ProcessBoard(clock)
    board.keep("pace:here:m", note)
    pace = Pace(board, "here", Limits(requests=3), sleep=clock.sleep, clock=clock)
    with suppress(EngineBusyError):
        turn(pace)
    clock.now += FARTHEST_SECONDS + MISSED_SECONDS
    turn(pace)


@pytest.mark.parametrize("note", [b"short", bytes(16), array("d", [math.nan]).tobytes()])
def test_an_unreadable_note_is_an_empty_one(note):
    assert read_window(note).at(1_000_000.0) == Window()


def test_what_was_told_before_the_clock_was_set_back_blocks_nobody():
    clock = Clock()
    pace = paced(clock, requests=1)
    turn(pace)
    refused(pace)
    clock.now -= 10 * FARTHEST_SECONDS
    turn(pace)
    assert refused(pace) == pytest.approx(WINDOW_SECONDS, abs=0.01)
