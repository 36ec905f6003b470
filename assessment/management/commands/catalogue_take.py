"""manage.py catalogue_take: a carrier takes over questions from the standard catalogue."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessment.core.catalogue.standard import CATALOGUE_PERILS, LANGUAGES, standing_entries_for
from assessment.services.questions import standing_take
from claims.models import Carrier


class Command(BaseCommand):
    help = (
        "Have the questions of the standard catalogue asked of a carrier's claims from now on. "
        "What the carrier has already stays as it is, so the command may be repeated."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--carrier", required=True, metavar="SLUG")
        parser.add_argument(
            "--peril",
            action="append",
            choices=CATALOGUE_PERILS,
            help="may be repeated (default: all)",
        )
        parser.add_argument("--language", choices=LANGUAGES, default="en", help="(en)")

    def handle(
        self,
        *_args: Any,
        carrier: str,
        peril: list[str] | None,
        language: str,
        **_options: Any,
    ) -> None:
        owner = Carrier.objects.filter(slug=carrier).first()
        if owner is None:
            raise CommandError(f'There is no carrier "{carrier}". Nothing was taken.', returncode=2)
        perils = [each for each in CATALOGUE_PERILS if each in (peril or CATALOGUE_PERILS)]
        wanted = [entry for each in perils for entry in standing_entries_for(each)]
        taken = standing_take(carrier=owner, entries=wanted, language=language, by=None)
        self.stdout.write(
            f"{owner} asks {len(taken)} more questions of the photos that come from now on; "
            f"{len(wanted) - len(taken)} of those wanted were there already."
        )
