"""manage.py costs: what was asked of which model, day by day, and what it cost."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from assessment.management.result_file import check_target, write_json
from assessment.selectors.costs import DayOfModel, Spent, costs_by_day
from claims.models import Carrier

PIPE_COLUMNS = 120
UNKNOWN = (
    "Answers of unknown cost: {}. Either their models are not in the prices (EAVES_PRICES), or the "
    "vendor did not say how many tokens they had."
)


def day(text: str) -> date:
    """Read a date. Raises ArgumentTypeError."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f'"{text}" is no date: give one as 2026-12-01.') from None


class Command(BaseCommand):
    help = (
        "Say for each day (UTC), carrier and model how often it was asked, how many answers were "
        "taken over from earlier ones, the tokens, and what it cost in US dollars."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--carrier", metavar="SLUG", help="only what this carrier asked")
        parser.add_argument("--since", type=day, metavar="YYYY-MM-DD", help="from this day on")
        parser.add_argument("--json", metavar="FILE|-", help="write the result as JSON")

    def handle(
        self,
        *_args: Any,
        carrier: str | None,
        since: date | None,
        json: str | None,
        **_options: Any,
    ) -> None:
        check_target(json, [])
        carriers = Carrier.objects.filter(slug=carrier) if carrier else Carrier.objects.all()
        if carrier and not carriers:
            raise CommandError(f'There is no carrier "{carrier}".', returncode=2)
        days = costs_by_day(carriers, since)
        if json:
            write_json(_as_json(days), json, self.stdout)
        else:
            self._print(days)

    def _print(self, days: Sequence[DayOfModel]) -> None:
        if not days:
            self.stdout.write("Nothing was asked.")
            return
        table = Table("Day", "Carrier", "Model", box=None, pad_edge=False)
        for heading in ("Asked", "Reused", "Tokens in", "Tokens out", "USD"):
            table.add_column(heading, justify="right")
        for each in days:
            table.add_row(*_cells(each))
        console = Console(width=None if self.stdout.isatty() else PIPE_COLUMNS)
        with console.capture() as caught:
            console.print(table)
        self.stdout.write(caught.get().rstrip("\n"))
        self.stdout.write(f"In all: {_total(days):.6f} USD")
        if unknown := sum(each.spent.unknown for each in days):
            self.stdout.write(UNKNOWN.format(unknown))


def _cells(each: DayOfModel) -> list[str]:
    counts = (each.spent.asked, each.spent.reused, each.input_tokens, each.output_tokens)
    told = (f"{count:,}" for count in counts)
    return [str(each.day), each.carrier, each.model, *told, _usd(each.spent)]


def _usd(spent: Spent) -> str:
    if not spent.unknown:
        return f"{spent.usd:.6f}"
    return f"{spent.usd:.6f} + unknown" if spent.usd else "unknown"


def _total(days: Sequence[DayOfModel]) -> Decimal:
    return sum((each.spent.usd for each in days), Decimal(0))


def _as_json(days: Sequence[DayOfModel]) -> dict[str, Any]:
    return {
        "days": [_day(each) for each in days],
        "cost_usd": float(_total(days)),
        "unknown": sum(each.spent.unknown for each in days),
    }


def _day(each: DayOfModel) -> dict[str, Any]:
    return {
        "day": each.day.isoformat(),
        "carrier": each.carrier,
        "model": each.model,
        "asked": each.spent.asked,
        "reused": each.spent.reused,
        "input_tokens": each.input_tokens,
        "output_tokens": each.output_tokens,
        # Of the answers whose cost is known; `unknown` counts the others.
        "cost_usd": float(each.spent.usd),
        "unknown": each.spent.unknown,
    }
