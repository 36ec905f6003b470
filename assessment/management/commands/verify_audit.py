"""manage.py verify_audit: is all that is kept still what was received, and does the log tell it?"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessment.management.waiting import waiting
from assessment.selectors.audit import reports_in_log, reports_intact
from claims.models import Carrier
from claims.selectors import audit_verify, claims_in_log, originals_intact, photos_in_log

Check = Callable[[Carrier], Iterator[str]]

IN_LOG: Mapping[str, Check] = {
    "claims": claims_in_log,
    "photos": photos_in_log,
    "reports": reports_in_log,
}
FILES: Mapping[str, Check] = {"originals": originals_intact, "PDFs": reports_intact}


class Command(BaseCommand):
    help = (
        "Walk the audit log of each carrier and name the first entry that was changed, removed or "
        "put elsewhere; see that it mentions every claim, photo and report, and that each original "
        "and each PDF still has its SHA-256. Exit status: 0 when all holds, 1 when something does "
        "not, 2 on bad usage."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--carrier", metavar="SLUG", help="only what this carrier has")
        parser.add_argument(
            "--head", metavar="HASH", help="an entry's hash kept elsewhere: it must still be there"
        )
        parser.add_argument(
            "--log-only", action="store_true", help="leave the stored files unread: much faster"
        )

    def handle(
        self,
        *_args: Any,
        carrier: str | None,
        head: str | None,
        log_only: bool,
        **_options: Any,
    ) -> None:
        carriers = Carrier.objects.filter(slug=carrier) if carrier else Carrier.objects.all()
        if carrier and not carriers:
            raise CommandError(f'There is no carrier "{carrier}".', returncode=2)
        checks = IN_LOG if log_only else {**IN_LOG, **FILES}
        faults = {each.slug: self._faults(each, checks) for each in carriers}
        if head and not any(each.audit_entries.filter(hash=head).exists() for each in carriers):
            raise CommandError(f"No entry has the hash {head}: the end of a log was cut off.")
        if any(faults.values()):
            broken = ", ".join(f"{slug} ({number})" for slug, number in faults.items() if number)
            raise CommandError(f"What stands above does not hold, for: {broken}.")

    def _faults(self, carrier: Carrier, checks: Mapping[str, Check]) -> int:
        """Say what is wrong with a carrier's log and files; returns how many things that is."""
        faults = self._chain_faults(carrier)
        counts = []
        for things, check in checks.items():
            number, found = _look(carrier, things, check)
            counts.append(f"{number} {things}")
            faults += found
        self.stdout.write(f"{carrier.slug}: looked at {', '.join(counts)}")
        for fault in faults:
            self.stderr.write(self.style.ERROR(f"{carrier.slug}: {fault}"))
        return len(faults)

    def _chain_faults(self, carrier: Carrier) -> list[str]:
        with waiting() as wait:
            wait.say(f"{carrier.slug}: walking the log")
            state = audit_verify(carrier)
        self.stdout.write(f"{carrier.slug}: {state.entries} entries hold, head {state.head}")
        return [state.fault] if state.fault else []


def _look(carrier: Carrier, things: str, check: Check) -> tuple[int, list[str]]:
    number, faults = 0, []
    with waiting() as wait:
        for number, fault in enumerate(check(carrier), start=1):
            wait.say(f"{carrier.slug}: looking at the {things}, {number} done")
            if fault:
                faults.append(fault)
    return number, faults
