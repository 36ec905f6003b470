"""The stand-in in a process of its own, which writes down what it was asked: one line of JSON each.

    python -m benchmarks.engine.server SCRIPT LOG

A line holds when a request came (seconds since the epoch), the SHA-256 of everything in it that is
asked, and what was done with it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from pathlib import Path

from standin.server import Received, Standin
from standin.steps import Act, Step, read_script

ANSWER = json.dumps(
    [
        {
            "box_2d": [100 * row, 100, 100 * row + 80, 300],
            "label": "crack",
            "mask": [[100, 100 * row], [300, 100 * row], [300, 100 * row + 80]],
        }
        for row in range(1, 6)
    ]
)

PAID = {Act.LOOK, Act.SAY, Act.CUT, Act.GARBLED}
"""What comes back whole, and is paid for."""


class Noting(Standin):
    """Writes down each request as its turn comes."""

    def __init__(self, script: list[Step], log: Path) -> None:
        super().__init__(script, answer=ANSWER, kept=0)
        self._log = log.open("a", buffering=1, encoding="utf-8")

    def next_step(self, received: Received) -> Step:
        came = time.time()
        step = super().next_step(received)
        asked = json.dumps([received.path, received.body], sort_keys=True)
        line = {
            "came": came,
            "asked": hashlib.sha256(asked.encode()).hexdigest(),
            "did": step.do,
            "paid": step.do in PAID,
        }
        self._log.write(json.dumps(line) + "\n")
        return step


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("script", type=Path)
    parser.add_argument("log", type=Path)
    options = parser.parse_args()
    script = read_script(options.script.read_text(encoding="utf-8"))
    with Noting(script, options.log) as standin:
        sys.stdout.write(f"{standin.url}\n")
        sys.stdout.flush()
        standin.wait()


if __name__ == "__main__":
    main()
