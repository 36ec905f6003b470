"""manage.py verify_audit: does every carrier's log still hold?"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.models import Carrier
from claims.selectors import ChainState, audit_verify


class Command(BaseCommand):
    help = (
        "Walk the audit log of each carrier and name the first entry that was changed, removed or "
        "put elsewhere. With --head, also check that the log still ends where it once ended."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--carrier", metavar="SLUG", help="only this carrier's log")
        parser.add_argument(
            "--head", metavar="HASH", help="an entry's hash kept elsewhere: it must still be there"
        )

    def handle(self, *_args: Any, carrier: str | None, head: str | None, **_options: Any) -> None:
        carriers = Carrier.objects.filter(slug=carrier) if carrier else Carrier.objects.all()
        if carrier and not carriers:
            raise CommandError(f'There is no carrier "{carrier}".', returncode=2)
        broken = [each.slug for each in carriers if not self._holds(each)]
        if head and not any(each.audit_entries.filter(hash=head).exists() for each in carriers):
            raise CommandError(f"No entry has the hash {head}: the end of a log was cut off.")
        if broken:
            raise CommandError(f"The log of {', '.join(broken)} does not hold.")

    def _holds(self, carrier: Carrier) -> bool:
        state: ChainState = audit_verify(carrier)
        self.stdout.write(f"{carrier.slug}: {state.entries} entries hold, head {state.head}")
        if state.fault:
            self.stderr.write(self.style.ERROR(f"{carrier.slug}: {state.fault}"))
        return not state.fault
