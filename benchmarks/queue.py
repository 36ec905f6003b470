"""How long the server takes for the queue of a carrier with many claims.

    manage.py migrate
    manage.py seed_claims --carrier bench --count 100000
    manage.py collectstatic --no-input    (where DATABASE_URL is set)
    python -m benchmarks.queue --carrier bench

Measures whole requests, through every layer but the network, over the database that the
environment configures (DATABASE_URL). It adds a person, gives them claims, and fills the table of
jobs with work long done: run it on a database that is for trying.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

import django
from rich.console import Console
from rich.table import Table

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from assessment.core.vocabulary import Stage  # noqa: E402
from assessment.models import Docket, Job  # noqa: E402
from assessment.selectors.claim_list import Tab  # noqa: E402
from assessment.services.docket import claim_take_next  # noqa: E402
from claims.models import Carrier, Claim, Membership, Role, User  # noqa: E402
from portal.forms.queue import NEWEST  # noqa: E402
from portal.views.queue import EPOCH, TICK  # noqa: E402

GOAL_MS = 100.0
# As many jobs as a hundred thousand claims of ten photos leave behind.
JOBS_DONE = 1_000_000
# What somebody has decided over the years, and what is on the desk.
OWN_DECIDED, OWN_OPEN = 5_000, 40
SEARCHES = {
    "a common word": "oak",
    "two common words": "ana alvarez",
    "a claim's number": "TRY-054321",
    "half an address": "9123 oak plano",
    "what no claim has": "zzz",
}

# The same pages every time.
CHANCE = random.Random(1)  # noqa: S311


@dataclass
class Times:
    """Milliseconds: on the wall, and of this process's own work, which a busy machine leaves alone.

    A server of its own, as PostgreSQL is, works in another process.
    """

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @contextmanager
    def taken(self) -> Iterator[None]:
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        self.wall.append((time.perf_counter() - wall) * 1000)
        self.cpu.append((time.process_time() - cpu) * 1000)


class Bench:
    """A person of the carrier, at their browser."""

    def __init__(self, carrier: Carrier, user: User, runs: int) -> None:
        self.carrier = carrier
        self.user = user
        self.runs = runs
        self.client = Client(headers={"host": "localhost"})
        self.client.force_login(user)
        self.table = Table("Page", "median ms", "p95 ms", "median CPU ms", "queries", "")

    def measure(self, name: str, addresses: list[str]) -> None:
        """Ask for pages, chosen from these, and note how long they took."""
        self._get(addresses[0])
        times = Times()
        for address in CHANCE.choices(addresses, k=self.runs):
            with times.taken():
                self._get(address)
        queries = set()
        for address in CHANCE.choices(addresses, k=5):
            with CaptureQueriesContext(connection) as captured:
                self._get(address)
            queries.add(len(captured))
        self._note(name, times, " or ".join(map(str, sorted(queries))))

    def measure_taking(self) -> None:
        """Take up the next claim, and put it back."""
        times = Times()
        for _ in range(self.runs):
            with transaction.atomic():
                with times.taken():
                    claim_take_next(carrier=self.carrier, by=self.user)
                transaction.set_rollback(True)
        self._note("Review next claim", times, "")

    def _get(self, address: str) -> None:
        response = self.client.get(address)
        if response.status_code != 200:
            raise SystemExit(f"{address} answers {response.status_code}.")

    def _note(self, name: str, times: Times, queries: str) -> None:
        p95 = statistics.quantiles(times.wall, n=20)[-1]
        figures = (statistics.median(times.wall), p95, statistics.median(times.cpu))
        verdict = "" if p95 < GOAL_MS else "above the goal"
        self.table.add_row(name, *(f"{each:.1f}" for each in figures), queries, verdict)


def pages(carrier: Carrier) -> Iterator[tuple[str, list[str]]]:
    """What is measured: a name, and the addresses to choose from."""
    for tab in Tab:
        yield f"{tab}, first page", [at(tab=tab)]
    for tab in (Tab.DECIDED, Tab.REVIEW, Tab.ALL):
        places = some_places(carrier, tab)
        yield f"{tab}, any depth", [at(tab=tab, after=place) for place in places]
        yield f"{tab}, any depth, back", [at(tab=tab, before=place) for place in places]
    hail = {"tab": Tab.DECIDED, "peril": "hail", "sort": NEWEST}
    places = some_places(carrier, Tab.DECIDED)
    yield "decided, hail, newest, any depth", [at(**hail, after=place) for place in places]
    for name, words in SEARCHES.items():
        yield f"search: {name}", [at(q=words)]
        yield f"search in decided: {name}", [at(q=words, tab=Tab.DECIDED)]
    yield "search of one peril: what no claim has", [at(q="zzz", peril="hail")]


def at(**said: str) -> str:
    """An address of the queue."""
    return f"/claims/?{urlencode(said)}"


def some_places(carrier: Carrier, tab: Tab) -> list[str]:
    """Places all over a list, as addresses name them."""
    dockets = Docket.objects.of(carrier)
    if tab is not Tab.ALL:
        dockets = dockets.filter(stage=Stage(tab))
    chosen = CHANCE.sample(list(dockets.values_list("since", "claim__number")), 200)
    return [f"{(since - EPOCH) // TICK}.{number}" for since, number in chosen]


def prepare(carrier: Carrier) -> User:
    """A person with claims of their own, a table of jobs as years leave it, and fresh figures."""
    user, made = User.objects.get_or_create(email="bench@example.com", defaults={"name": "Bench"})
    if made:
        Membership.objects.create(user=user, carrier=carrier, role=Role.ADJUSTER)
        take_up(carrier, user, Stage.DECIDED, OWN_DECIDED)
        take_up(carrier, user, Stage.REVIEW, OWN_OPEN)
    if Job.objects.count() < JOBS_DONE:
        with connection.cursor() as cursor:
            cursor.execute(FILL_JOBS, [JOBS_DONE, carrier.pk])
    if connection.vendor == "postgresql":
        # What autovacuum does by itself, a while later. SQLite never does.
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    return user


def take_up(carrier: Carrier, user: User, stage: Stage, count: int) -> None:
    some = Docket.objects.of(carrier).filter(stage=stage).order_by("?").values("pk")[:count]
    Docket.objects.filter(pk__in=list(some.values_list("pk", flat=True))).update(assignee=user)


FILL_JOBS = """
INSERT INTO assessment_job
    (kind, subject_id, carrier_id, status, priority, run_after, attempts, waits, fence, again,
     holder, reason, created_at)
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %s)
SELECT 'segment', -n, %s, 'done', 0, CURRENT_TIMESTAMP, 0, 0, 1, FALSE, '', '', CURRENT_TIMESTAMP
FROM numbers
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--carrier", required=True, help="the slug of a carrier with many claims")
    parser.add_argument("--runs", type=int, default=60, help="requests for each page (60)")
    options = parser.parse_args()
    carrier = Carrier.objects.get(slug=options.carrier)
    bench = Bench(carrier, prepare(carrier), options.runs)
    for name, addresses in pages(carrier):
        bench.measure(name, addresses)
    bench.measure_taking()
    claims = Claim.objects.of(carrier).count()
    console = Console(width=110)
    console.print(f"{connection.vendor}, {claims} claims, {Job.objects.count()} jobs")
    console.print(bench.table)


if __name__ == "__main__":
    main()
