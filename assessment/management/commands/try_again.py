"""manage.py try_again: open again what failed in a claim."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessment import pipeline
from claims.models import Claim


class Command(BaseCommand):
    help = "Open again the questions, photos and reports of a claim that failed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("carrier", help="the carrier's slug")
        parser.add_argument("claim", help="the claim's number")

    def handle(self, *_args: Any, carrier: str, claim: str, **_options: Any) -> None:
        found = Claim.objects.filter(carrier__slug=carrier, number=claim).first()
        if found is None:
            raise CommandError(f'Carrier "{carrier}" has no claim "{claim}".', returncode=2)
        opened = pipeline.claim_retry(claim=found, by=None)
        self.stdout.write(f"Tried again: {opened}." if opened else "Nothing had failed.")
