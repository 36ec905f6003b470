from __future__ import annotations

import os
import signal
import sys
import time

import pytest

from config import supervisor as supervising
from config.supervisor import Supervisor

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print('ready', flush=True); time.sleep(60)",
]


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
