from __future__ import annotations

import sys

import pytest

from assessment.management import waiting as waited
from assessment.management.stepping import stepping
from tests.commands.test_waiting import PATIENCE_SECONDS, Watched


def test_steps_are_told_in_lines_where_nobody_watches_a_terminal(monkeypatch):
    monkeypatch.setattr(waited, "LINE_SECONDS", 0.01)
    stream = Watched(terminal=False)
    monkeypatch.setattr(sys, "stderr", stream)
    with stepping(3) as step:
        step("one")
        step("two")
        stream.written.clear()
        assert stream.written.wait(PATIENCE_SECONDS)
    assert "Case 2 of 3: two" in stream.getvalue()


@pytest.mark.parametrize("steps", [0, 2])
def test_a_terminal_shows_a_bar_that_goes_at_the_end(monkeypatch, steps):
    stream = Watched(terminal=True)
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    with stepping(2) as step:
        for number in range(steps):
            step(f"wall [/{number}]")
    assert "0/2" in stream.getvalue()
    assert ("wall [/1]" in stream.getvalue()) is (steps == 2)
