"""A row of the table."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assessment.core.vocabulary import Outcome
from standin.steps import Act, Step

KEY = "a+key/that=nobody&may%see"
"""With signs that are spelled otherwise in an address."""

HASTY = 1.2
"""The deadline, in seconds, where a row waits for it."""

AGAIN = "Tried 2 times, then given up. "
"""What the reason of a fault that doesn't pass begins with, where the second try is the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What happens, and what must become of it.

    The stand-in plays the `script` to a client that asks `model`, at `address` if given; unless it
    `listens`, it isn't there the first time. `told` is what the adjuster reads beside the question,
    empty where there is nothing to tell, and `drift` what operators are told. `calls` are HTTP
    requests, and `kept` the answers that are kept. `waits` says that the question is put off, by
    `delay` seconds at least, with that to read meanwhile.
    """

    name: str
    script: tuple[Step | Act, ...]
    outcome: Outcome
    told: str = ""
    drift: str = ""
    calls: int = 1
    kept: int = 0
    findings: int = 0
    waits: bool = False
    delay: float = 0.0
    model: str = "gemini-2.5-flash"
    address: str = ""
    listens: bool = True
    deadline: float = 20.0


def passing(
    name: str, step: Step | Act, told: str, *, delay: float = 0.0, deadline: float = 20.0
) -> Fault:
    """What passes: the question is put off, asked once more and answered."""
    return Fault(
        name=name,
        script=(step, Act.LOOK),
        outcome=Outcome.ANSWERED,
        told=told,
        calls=2,
        kept=1,
        findings=1,
        waits=True,
        delay=delay,
        deadline=deadline,
    )


def lasting(name: str, *script: Step | Act, told: str, address: str = "", calls: int = 1) -> Fault:
    """What doesn't pass by itself: a person must change something, and try again."""
    return Fault(
        name=name,
        script=script,
        outcome=Outcome.FAILED,
        told=told,
        calls=calls,
        address=address,
    )


def refused(name: str, step: Step, told: str) -> Fault:
    """What the model declines."""
    return Fault(name=name, script=(step,), outcome=Outcome.UNANSWERED, told=told)


def answered(
    name: str,
    *script: Step | Act,
    told: str = "",
    drift: str = "",
    calls: int = 1,
    findings: int = 1,
    model: str = "gemini-2.5-flash",
) -> Fault:
    """What is answered all the same; what is missing is told."""
    return Fault(
        name=name,
        script=script,
        outcome=Outcome.ANSWERED,
        told=told,
        drift=drift,
        calls=calls,
        kept=calls,
        findings=findings,
        model=model,
    )


def unreadable(
    name: str, *script: Step | Act, told: str, calls: int = 3, model: str = "gemini-2.5-flash"
) -> Fault:
    """What can't be read in any form; every answer is kept."""
    fault = answered(name, *script, told=told, calls=calls, findings=0, model=model)
    return replace(fault, outcome=Outcome.FAILED)
