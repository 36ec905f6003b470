"""Questions through the whole pipeline: how long they take, what is paid twice, and the pace.

Imported once Django is set up.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from typing import Any

import numpy as np
from django.core.management import call_command
from django.db import transaction
from django.db.models import QuerySet

from assessment import pipeline
from assessment.core.vocabulary import OPEN_OUTCOMES, JobStatus
from assessment.models import Job, Segmentation
from assessment.services.photos import query_add
from benchmarks.engine.ground import cpu_seconds, log_of, resident_mib, standin, workers
from benchmarks.engine.pictures import CHANCE, picture
from claims.models import Carrier, Claim
from claims.services import ClaimFacts

QUESTIONS = 200
PHOTOS_PER_CLAIM = 10
PROCESSES = 2
THREADS = 24
CALLS = 16
AT_ONCE = PROCESSES * CALLS
LATENCY = 1.0
FAULT_EVERY = 10
FAULTS: Sequence[Mapping[str, Any]] = (
    {"do": "quota", "retry_after": 1},
    {"do": "overloaded"},
    {"do": "reset"},
    {"do": "cut_body"},
    {"do": "garbled"},
    {"do": "cut"},
)
PATIENCE_SECONDS = 300.0
LOOK_SECONDS = 0.1
WINDOW_SECONDS = 60.0
HELD_SECONDS = 40.0
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the questions.

    `ideal` is how long it takes who loses no time, with the faults that came. `cpu` is in seconds
    of the workers that ask. `calls` counts requests, `repeated` those that were answered and paid
    for more than once, and `most_per_minute` the requests in the fullest sixty seconds that end
    with any second.
    """

    seconds: float
    ideal: float
    outcomes: Mapping[str, int]
    calls: int
    faults: int
    repeated: int
    most_per_minute: int
    cpu: float
    load: float


def script() -> list[Mapping[str, Any]]:
    """A step for every request: each takes the latency, and one in ten is a fault."""
    faults = [{**fault, "wait": LATENCY} for fault in FAULTS]
    steps: list[Mapping[str, Any]] = []
    for number in range(10 * QUESTIONS // FAULT_EVERY):
        ten: list[Mapping[str, Any]] = [{"do": "look", "wait": LATENCY}] * FAULT_EVERY
        ten[CHANCE.integers(FAULT_EVERY)] = faults[number % len(faults)]
        steps += ten
    return steps


def ideal_seconds(steps: Sequence[Mapping[str, Any]]) -> float:
    """How long it takes who loses no time: so many requests at once take the latency each, and
    what failed is asked again at once, or when the server says."""
    waiting = [0.0] * QUESTIONS
    free = [0.0] * AT_ONCE
    ends = []
    for step in steps:
        if not waiting:
            break
        end = max(heappop(free), heappop(waiting)) + LATENCY
        heappush(free, end)
        if step["do"] == "look":
            ends.append(end)
        else:
            heappush(waiting, end + step.get("retry_after", 0.0))
    return max(ends)


def claims_with_photos(photos: int) -> list[Claim]:
    """Claims whose photos are prepared and that nobody has asked anything yet."""
    carrier, _ = Carrier.objects.get_or_create(slug="bench", defaults={"name": "Bench"})
    claims = []
    for _ in range(0, photos, PHOTOS_PER_CLAIM):
        facts = ClaimFacts(number=f"BENCH-{next(_numbers)}")
        claim = pipeline.claim_start(carrier=carrier, facts=facts, by=None)
        for number in range(PHOTOS_PER_CLAIM):
            name = f"{number}.jpg"
            pipeline.photo_submit(claim=claim, data=picture(), name=name, by=None)
        claims.append(claim)
    pipeline.work_off("")
    return claims


def ask(claims: Sequence[Claim]) -> float:
    """Ask all at once, however long it takes to write the questions down; when that was, by
    time.monotonic."""
    with transaction.atomic():
        for claim in claims:
            query_add(claim=claim, text="cracks", by=None, engine="gemini")
        transaction.on_commit(pipeline.tickets_send)
        return time.monotonic()


def wait_until(done: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not done():
        if time.monotonic() > end:
            raise SystemExit(f"Not done: {list(open_jobs().values_list('kind', 'status')[:10])}")
        time.sleep(LOOK_SECONDS)


def all_closed(claims: Sequence[Claim]) -> bool:
    asked = Segmentation.objects.filter(photo__claim__in=claims)
    return not asked.filter(status__in=OPEN_OUTCOMES).exists()


def run_questions(**more: str) -> Run:
    """Ask of 200 photos, 32 calls at once; `more` are further variables for the workers."""
    claims, steps = claims_with_photos(QUESTIONS), script()
    with (
        standin(steps) as (url, log),
        workers(url, processes=PROCESSES, threads=THREADS, calls=CALLS, **more) as pids,
    ):
        workers_warm()
        load, before = os.getloadavg()[0], len(log_of(log))
        cpu = cpu_seconds(pids)
        started = ask(claims)
        wait_until(lambda: all_closed(claims))
        seconds, cpu = time.monotonic() - started, cpu_seconds(pids) - cpu
        lines = log_of(log)[before:]
    asked = Segmentation.objects.filter(photo__claim__in=claims)
    paid = Counter(line["asked"] for line in lines if line["paid"])
    return Run(
        seconds=seconds,
        ideal=ideal_seconds(steps[before:]),
        outcomes=Counter(asked.values_list("status", flat=True)),
        calls=len(lines),
        faults=sum(line["did"] != "look" for line in lines),
        repeated=sum(times - 1 for times in paid.values()),
        most_per_minute=fullest([line["came"] for line in lines]),
        cpu=cpu,
        load=load,
    )


def fullest(times: Sequence[float]) -> int:
    """The most that came within sixty seconds that end with any second."""
    came = np.array(times)
    ends = np.arange(came.min(), came.max() + WINDOW_SECONDS)
    return max(int(((came > end - WINDOW_SECONDS) & (came <= end)).sum()) for end in ends)


def workers_ready(asking: int) -> None:
    """Until all workers answer, those that ask and the other one; their start isn't measured."""
    from config.celery import app

    end = time.monotonic() + PATIENCE_SECONDS
    while len(app.control.ping(timeout=1.0) or ()) < asking + 1:
        if time.monotonic() > end:
            raise SystemExit("The workers did not start.")


def workers_warm() -> None:
    """Until about every thread has asked once, as each has to begin: connections, imports."""
    workers_ready(PROCESSES)
    first = claims_with_photos(PROCESSES * THREADS)
    ask(first)
    wait_until(lambda: all_closed(first) and not open_jobs().exists())


def open_jobs() -> QuerySet[Job]:
    return Job.objects.exclude(status__in=[JobStatus.DONE, JobStatus.FAILED])


def memory_under_way(calls: int) -> tuple[float, float]:
    """MiB of a worker before it was asked anything, and the most with so many calls under way."""
    claims = claims_with_photos(calls)
    held = {"do": "look", "wait": HELD_SECONDS}
    with standin([held]) as (url, log), workers(url, threads=calls, calls=calls) as (pid,):
        workers_ready(1)
        before = resident_mib(pid)
        asked = ask(claims)
        # Nobody is answered before all have asked, so that all are under way.
        wait_until(lambda: len(log_of(log)) >= calls)
        if time.monotonic() - asked > HELD_SECONDS:
            raise SystemExit("It took too long until all had asked.")
        return before, resident_mib(pid, "VmHWM")


def database_ready() -> None:
    call_command("migrate", verbosity=0)
