"""A model that fails again and again is left alone for a while, and tried by one."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.engines.base import (
    EngineBusyError,
    EngineMisconfiguredError,
    EngineUnavailableError,
    GarbledAnswerError,
)
from assessment.engines.board import Change, ProcessBoard, Result
from assessment.engines.breaker import (
    CLOSED,
    FIRST_COOL_DOWN,
    LONGEST_COOL_DOWN,
    MOST_FAILURES,
    PROBE_SECONDS,
    WITHIN_SECONDS,
    Breaker,
    Circuit,
    ModelAwayError,
    note_of,
    read_circuit,
)

LONGEST_CALL = 120.0
FAILED = EngineUnavailableError("Overloaded.")


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock) -> Breaker:
    return Breaker(ProcessBoard(clock), "here", longest=LONGEST_CALL)


def call(breaker: Breaker, error: Exception | None = None, model: str = "m") -> None:
    """One call that ends like this."""
    with suppress(*([type(error)] if error else [])), breaker.watching(model):
        if error:
            raise error


def opened(breaker: Breaker, **last: float) -> None:
    for _ in range(MOST_FAILURES - 1):
        call(breaker, FAILED)
    call(breaker, EngineUnavailableError("Overloaded.", **last))


def wait_of(breaker: Breaker) -> float:
    with pytest.raises(ModelAwayError) as caught:
        call(breaker)
    assert caught.value.retry_after is not None
    return caught.value.retry_after


def test_a_model_that_failed_a_few_times_is_still_asked(breaker):
    for _ in range(MOST_FAILURES - 1):
        call(breaker, FAILED)
    call(breaker)


def test_a_model_that_failed_too_often_in_a_row_is_left_alone_and_says_until_when(breaker):
    opened(breaker)
    assert wait_of(breaker) == FIRST_COOL_DOWN
    with pytest.raises(EngineUnavailableError, match="m does not answer"):
        call(breaker)


def test_an_answer_in_between_begins_the_count_anew(breaker):
    for _ in range(3):
        for _ in range(MOST_FAILURES - 1):
            call(breaker, FAILED)
        call(breaker)


@pytest.mark.parametrize(
    "error", [EngineMisconfiguredError("Rejected."), GarbledAnswerError("Unreadable.")]
)
def test_what_proves_that_the_service_is_there_is_no_failure(breaker, error):
    for _ in range(MOST_FAILURES - 1):
        call(breaker, FAILED)
    call(breaker, error)
    call(breaker, FAILED)
    call(breaker)


def test_a_question_that_was_not_sent_says_nothing_about_the_model(breaker):
    for _ in range(MOST_FAILURES - 1):
        call(breaker, FAILED)
    call(breaker, EngineBusyError("Later.", retry_after=1.0))
    call(breaker, FAILED)
    assert wait_of(breaker) == FIRST_COOL_DOWN


def test_failures_far_apart_are_no_storm(clock):
    breaker = Breaker(ProcessBoard(clock), "here", longest=1.0)
    for _ in range(3 * MOST_FAILURES):
        call(breaker, FAILED)
        clock.now += WITHIN_SECONDS / 2
    call(breaker)


def test_one_who_waits_out_every_time_out_opens_it_too(breaker, clock):
    for _ in range(MOST_FAILURES):
        clock.now += LONGEST_CALL
        call(breaker, FAILED)
    assert wait_of(breaker) == FIRST_COOL_DOWN


@pytest.mark.parametrize(
    "note",
    [
        bytes(80),
        b"{}",
        b"[]",
        b"7",
        b'{"failures": 1}',
        b'{"failures": ["x"]}',
        b'{"failures": [], "of_another_release": 1}',
        b'{"failures": [], "cool_down": null}',
        b"\xff\xfe",
    ],
)
def test_of_a_model_whose_note_can_not_be_read_nothing_is_known(note, clock):
    board = ProcessBoard(clock)
    breaker = Breaker(board, "here", longest=LONGEST_CALL)
    board.keep("breaker:here:m", note)
    call(breaker)
    opened(breaker)
    assert wait_of(breaker) == FIRST_COOL_DOWN


class Lost(ProcessBoard):
    """A board that keeps no note once a call is under way."""

    lost = False

    def change(self, name: str, change: Change[Result]) -> Result:
        if self.lost:
            raise MemoryError
        return super().change(name, change)


@pytest.mark.parametrize("error", [None, FAILED, GarbledAnswerError("Unreadable.")])
def test_how_a_call_ended_is_told_whatever_becomes_of_the_note(error):
    board = Lost()
    breaker, ended = Breaker(board, "here", longest=LONGEST_CALL), None
    try:
        with breaker.watching("m"):
            board.lost = True
            if error:
                raise error
    except Exception as raised:  # noqa: BLE001
        ended = raised
    assert ended is error


def test_after_the_cool_down_one_call_probes_and_the_others_come_back(breaker, clock):
    opened(breaker)
    clock.now += FIRST_COOL_DOWN
    with breaker.watching("m"):
        assert wait_of(breaker) == PROBE_SECONDS
    call(breaker)


def test_a_probe_that_fails_is_waited_for_twice_as_long_up_to_a_bound(breaker, clock):
    opened(breaker)
    waits = [wait_of(breaker)]
    for _ in range(8):
        clock.now += waits[-1]
        call(breaker, FAILED)
        waits.append(wait_of(breaker))
    assert waits[:4] == [5.0, 10.0, 20.0, 40.0]
    assert waits[-1] == LONGEST_COOL_DOWN


def test_a_probe_that_was_not_sent_leaves_its_place_to_the_next(breaker, clock):
    opened(breaker)
    clock.now += FIRST_COOL_DOWN
    call(breaker, EngineBusyError("Later.", retry_after=1.0))
    call(breaker)
    call(breaker)


def test_a_probe_whose_worker_was_killed_holds_its_place_no_longer_than_a_call_lasts(
    breaker, clock
):
    opened(breaker)
    clock.now += FIRST_COOL_DOWN
    breaker._enter("m")
    clock.now += LONGEST_CALL
    call(breaker)


def test_the_servers_own_delay_is_the_least_that_it_is_left_alone(breaker):
    opened(breaker, retry_after=90.0)
    assert wait_of(breaker) == 90.0


def test_a_call_that_fails_late_changes_nothing_and_one_that_comes_through_closes(breaker):
    with breaker.watching("m"):
        opened(breaker)
        wait = wait_of(breaker)
    call(breaker)
    with suppress(EngineUnavailableError), breaker.watching("m"):
        opened(breaker)
        raise FAILED
    assert wait_of(breaker) == wait


def test_a_probe_that_fails_after_another_call_came_through_is_one_failure():
    assert not CLOSED.failed(1000.0, is_probe=True).is_open


def test_each_model_has_a_breaker_of_its_own(breaker):
    opened(breaker)
    call(breaker, model="another")


times = st.floats(0, 500)
circuits = st.lists(
    st.tuples(st.sampled_from(["fail", "succeed", "withdraw"]), times, st.floats(0, 1e5)),
    max_size=60,
)


@given(circuits)
def test_whatever_happens_a_model_is_asked_again_in_bounded_time(events):
    circuit, now = CLOSED, 1000.0
    for what, pause, delay in events:
        now += pause
        if circuit.wait(now):
            continue
        is_probe = circuit.is_open
        circuit = circuit.entered(now, LONGEST_CALL)
        match what:
            case "fail":
                circuit = circuit.failed(now, is_probe=is_probe, delay=delay)
            case "succeed":
                circuit = CLOSED
            case "withdraw":
                circuit = circuit.withdrawn()
        assert circuit.wait(now) <= LONGEST_COOL_DOWN
        assert circuit.wait(now + LONGEST_COOL_DOWN) == 0.0
        assert len(circuit.failures) <= MOST_FAILURES
        assert read_circuit(note_of(circuit)) == circuit


def test_nothing_known_is_a_closed_circuit():
    assert read_circuit(b"") == Circuit()
