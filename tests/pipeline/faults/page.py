"""The table of faults as a page for operators."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assessment.core.vocabulary import Outcome
from assessment.services.jobs import (
    FIRST_BACKOFF_SECONDS,
    LONGEST_BACKOFF_SECONDS,
    MAX_WAITS,
    MAX_WAITS_HELD,
)
from tests.pipeline.faults import FAULTS, TABLE
from tests.pipeline.faults.row import HASTY, Fault

INTRODUCTION = f"""\
# What can go wrong with Gemini, and what becomes of it

Each of these {len(FAULTS)} cases is played by the stand-in server (`standin/`) to the client that
asks Gemini, and goes through the whole pipeline in `tests/pipeline/test_faults.py`: a photo is
added, one question is asked of it, the claim is settled and its page is read. In no case does
anybody read that nothing was found, in none does a claim go straight through, and the key is in no
log, row or page.

A question is *answered*, or it is *declined* (by the model) or has *failed*: then nobody has looked
and the claim goes to an adjuster's desk. "Try again" on its page asks once more where no answer
came, and reads an answer that came anew; "Ask again" beside the question puts it anew and pays.
What is *put off* is asked again after the delay that the server names, a day at most, or up to a
fifth later. Where it names none, that is within {FIRST_BACKOFF_SECONDS:g} seconds, then after
longer delays, up to {LONGEST_BACKOFF_SECONDS / 60:g} minutes; after {MAX_WAITS + 1} tries it has
failed, and on the command line, where somebody waits, after {MAX_WAITS_HELD + 1}. Every text of the
model is kept, read or not, and so is every refusal.

"Requests" counts HTTP requests: an answer that can't be read is asked for in the next poorer form
of outline (masks, polygons, boxes). The deadline (`GEMINI_DEADLINE`) was {HASTY:g} seconds here
where it was waited for.

One thing can't be told from a right answer: boxes in pixels that all happen to lie within 0 to
1000, where nothing but boxes came. They are marked as approximate, as every bare box is.

This page is printed by `python -m tests.pipeline.faults`.
"""

HEAD = """\
| What happens | The question is | The adjuster reads | Requests | Findings |
|---|---|---|---|---|
"""

OUTCOMES = {
    Outcome.ANSWERED: "answered",
    Outcome.UNANSWERED: "declined",
    Outcome.FAILED: "failed",
}


def page() -> str:
    """The whole page."""
    parts = [INTRODUCTION, *(f"## {title}\n\n{_table(rows)}" for title, rows in TABLE.items())]
    return "\n".join(parts)


def _table(faults: Iterable[Fault]) -> str:
    return HEAD + "".join(f"| {' | '.join(_cells(fault))} |\n" for fault in faults)


def _cells(fault: Fault) -> Iterator[str]:
    outcome = OUTCOMES[fault.outcome]
    yield fault.name
    yield f"put off, then {outcome}" if fault.waits else outcome
    yield _told(fault)
    yield str(fault.calls)
    yield str(fault.findings)


def _told(fault: Fault) -> str:
    drift = f"(Operators: {fault.drift})" if fault.drift else ""
    return " ".join(text for text in (fault.told, drift) if text)
