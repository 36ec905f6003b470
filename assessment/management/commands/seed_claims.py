"""manage.py seed_claims: as many claims as it takes to try the queue at size."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from assessment.management.made_up import NUMBERED, made_up
from assessment.models import Docket
from claims.models import AuditEntry, Carrier, Claim, User

BATCH = 2000


class Command(BaseCommand):
    help = (
        "Add made-up claims to a carrier, to try the queue at size. They have a place in the queue "
        "and nothing else: no photos, no findings, and no entry in the log, so verify_audit names "
        "each of them. They can't be taken back; use a database that is for trying."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--carrier", required=True, help="its slug; made if there is none")
        parser.add_argument("--count", type=int, default=100_000, help="how many (100000)")
        parser.add_argument(
            "--yes", action="store_true", help="even to a carrier that has real claims"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["count"] < 1:
            raise CommandError("Nothing was added. Give --count a number above 0.")
        slug = options["carrier"]
        name = slug.replace("-", " ").title()
        carrier, _ = Carrier.objects.get_or_create(slug=slug, defaults={"name": name})
        if AuditEntry.objects.of(carrier).exists() and not options["yes"]:
            raise CommandError(
                f"{carrier} has real claims, and made-up ones can't be taken back. Nothing was "
                "added. Choose another carrier, or say --yes."
            )
        self._add(carrier, options["count"])
        self.stdout.write(f"{options['count']} made-up claims added to {carrier}.")

    def _add(self, carrier: Carrier, count: int) -> None:
        first = Claim.objects.of(carrier).filter(number__startswith=NUMBERED).count() + 1
        members = list(User.objects.filter(memberships__carrier=carrier).order_by("pk"))
        numbers = range(first, first + count)
        pairs = made_up(carrier, members, numbers, timezone.now())
        while batch := list(islice(pairs, BATCH)):
            _save(batch)


def _save(pairs: Sequence[tuple[Claim, Docket]]) -> None:
    claims, dockets = zip(*pairs, strict=True)
    with transaction.atomic():
        Claim.objects.bulk_create(claims)
        for docket in dockets:
            # It was made before its claim had an id.
            docket.claim_id = docket.claim.pk
        Docket.objects.bulk_create(dockets)
