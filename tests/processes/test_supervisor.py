from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from config import supervisor as supervising
from config.supervisor import BASE_DIR, Supervisor

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print('ready', flush=True); time.sleep(60)",
]
# What `make demo` is to the supervisor: a command that works inside the block until it is done.
WORKING = f"""
import sys, time
from config.supervisor import Supervisor
with Supervisor({{"one": {SLEEPER}, "two": {SLEEPER}}}) as supervisor:
    print(supervisor.pid_of("one"), supervisor.pid_of("two"), flush=True)
    time.sleep(60)
"""


@pytest.fixture
def working() -> Iterator[subprocess.Popen[str]]:
    """A process of its own that runs a supervisor."""
    with subprocess.Popen(
        [sys.executable, "-c", WORKING], cwd=BASE_DIR, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.kill()


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_everything_it_started_is_gone_when_it_ends():
    with Supervisor({"one": SLEEPER, "two": SLEEPER}) as supervisor:
        pids = [supervisor.pid_of("one"), supervisor.pid_of("two")]
        assert all(map(alive, pids))

    assert not any(map(alive, pids))


def test_what_dies_is_started_again(monkeypatch):
    monkeypatch.setattr(supervising, "RESTART_SECONDS", 0.0)
    with Supervisor({"one": SLEEPER}) as supervisor:
        first = supervisor.pid_of("one")
        os.kill(first, signal.SIGKILL)
        end = time.monotonic() + 10
        while supervisor.pid_of("one") == first and time.monotonic() < end:
            supervisor.tend()
            time.sleep(0.01)

        assert supervisor.pid_of("one") != first
        assert alive(supervisor.pid_of("one"))


def test_what_cannot_start_is_not_started_in_a_tight_loop():
    with Supervisor({"one": [sys.executable, "-c", "raise SystemExit(1)"]}) as supervisor:
        first = supervisor.pid_of("one")
        for _ in range(20):
            supervisor.tend()
            time.sleep(0.01)

        assert supervisor.pid_of("one") == first


def test_what_does_not_stop_when_asked_is_killed(monkeypatch, capfd):
    monkeypatch.setattr(supervising, "STOP_SECONDS", 0.5)
    with Supervisor({"one": STUBBORN}) as supervisor:
        pid = supervisor.pid_of("one")
        end = time.monotonic() + 10
        while "ready" not in capfd.readouterr().out and time.monotonic() < end:
            time.sleep(0.01)

    assert not alive(pid)


def test_an_error_inside_the_block_leaves_no_process_behind():
    pids = []

    def fail() -> None:
        with Supervisor({"one": SLEEPER}) as supervisor:
            pids.append(supervisor.pid_of("one"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert not alive(pids[0])


def test_what_hangs_is_killed_and_started_again():
    with Supervisor({"one": SLEEPER}) as supervisor:
        first = supervisor.pid_of("one")
        supervisor.restart("one")

        assert not alive(first)
        assert alive(supervisor.pid_of("one"))


def test_what_hangs_can_be_started_again_even_if_it_ended_just_now():
    with Supervisor({"one": [sys.executable, "-c", "raise SystemExit(1)"]}) as supervisor:
        first = supervisor.pid_of("one")
        end = time.monotonic() + 10
        while alive(first) and time.monotonic() < end:
            supervisor.tend()
        supervisor.restart("one")

        assert supervisor.pid_of("one") != first


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_the_work_with_its_status_and_leaves_no_process_behind(
    working, number, status
):
    pids = [int(pid) for pid in working.stdout.readline().split()]

    working.send_signal(number)

    assert working.wait(30) == status
    assert len(pids) == 2
    assert not any(map(alive, pids))


def test_a_second_signal_does_not_cut_the_stopping_short(monkeypatch):
    see_off = supervising._see_off

    def asked_again(*args) -> None:
        signal.raise_signal(signal.SIGINT)
        see_off(*args)

    monkeypatch.setattr(supervising, "_see_off", asked_again)
    supervisor = Supervisor({"one": SLEEPER})
    with pytest.raises(SystemExit), supervisor:
        signal.raise_signal(signal.SIGTERM)

    assert not alive(supervisor.pid_of("one"))


def test_a_signal_while_a_command_is_being_started_leaves_no_process_behind(monkeypatch):
    popen = subprocess.Popen

    def interrupted(*args, **kwargs) -> subprocess.Popen[bytes]:
        child = popen(*args, **kwargs)
        signal.raise_signal(signal.SIGTERM)
        return child

    monkeypatch.setattr(subprocess, "Popen", interrupted)
    supervisor = Supervisor({"one": SLEEPER})
    with pytest.raises(SystemExit):
        supervisor.__enter__()

    assert not alive(supervisor.pid_of("one"))


def test_what_signals_do_is_afterwards_what_it_was_before():
    before = [signal.getsignal(number) for number in supervising.STOP_SIGNALS]
    with Supervisor({"one": SLEEPER}):
        pass

    assert [signal.getsignal(number) for number in supervising.STOP_SIGNALS] == before
