"""What an answer costs, by a dated table of prices; what the table doesn't hold isn't guessed.

The table is configuration, a JSON list with a row for each model and each time of its price:

    [{"models": ["gemini-2.5-flash"], "input_usd": "0.30", "output_usd": "2.50",
      "since": null, "until": "2026-12-31", "as_of": "2026-11-28", "source": "ai.google.dev/..."}]

Prices are in US dollars for a million tokens, thinking billed as output. They are those of prompts
up to 200,000 tokens, of which no question of ours has a twentieth.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from itertools import combinations
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from assessment.engines.base import Usage

MILLION = 1_000_000

SMALLEST = Decimal("0.000001")
"""US dollars. Costs are rounded up to it, so that what adds up is never more than its sum."""

RELEASE = re.compile(r"-\d{3}")
"""What a numbered release has after the model's own name, as in gemini-2.5-flash-001."""

Usd = Annotated[Decimal, Field(ge=0, lt=1_000_000, allow_inf_nan=False)]
ModelId = Annotated[str, Field(min_length=1, pattern=r"^[^/\s]+$")]


class PricesError(Exception):
    """The table can't be used; the message says where and why."""


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")

    models: Annotated[list[ModelId], Field(min_length=1)]
    input_usd: Usd
    output_usd: Usd
    since: date | None = None
    until: date | None = None
    as_of: date
    source: Annotated[str, Field(min_length=1)]


_ROWS = TypeAdapter(list[_Row])


@dataclass(frozen=True, slots=True)
class Price:
    """What the tokens of one model cost, as the `source` said on the day `as_of`.

    US dollars for a million tokens. It holds from the day `since` to the day `until`, both within;
    None is without end.
    """

    model: str
    input_usd: Decimal
    output_usd: Decimal
    as_of: date
    source: str
    since: date | None = None
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it is the price of that day."""
        return (self.since or date.min) <= day <= (self.until or date.max)


@dataclass(frozen=True, slots=True)
class Prices:
    """The prices of models."""

    rows: tuple[Price, ...] = ()

    def of(self, model: str, day: date) -> Price | None:
        """The price of a model on a day; None where nobody knows it.

        A numbered release has the price of its model; any other name is another model.

        >>> table = prices_read('[{"models": ["flash"], "input_usd": "0.3", "output_usd": "2.5", '
        ...                     '"as_of": "2026-11-28", "source": "a price list"}]')
        >>> table.of("models/flash-001", date(2026, 12, 1)).output_usd
        Decimal('2.5')
        >>> table.of("flash-image", date(2026, 12, 1)) is None
        True
        """
        name = _own_name(model)
        fitting = (row for row in self.rows if row.model == name and row.holds(day))
        return next(fitting, None)


def _own_name(model: str) -> str:
    name = model.rpartition("/")[2].lower()
    return name[:-4] if RELEASE.fullmatch(name[-4:]) else name


def cost(usage: Usage, price: Price) -> Decimal | None:
    """What the tokens cost in US dollars, rounded up to the millionth; None where one is unknown.

    >>> cost(Usage(1_000, 2_000), Price("m", Decimal("0.30"), Decimal("2.50"), date.min, ""))
    Decimal('0.005300')
    >>> cost(Usage(1_000), Price("m", Decimal("0.30"), Decimal("2.50"), date.min, "")) is None
    True
    """
    if usage.input_tokens is None or usage.output_tokens is None:
        return None
    usd = usage.input_tokens * price.input_usd + usage.output_tokens * price.output_usd
    return (usd / MILLION).quantize(SMALLEST, ROUND_CEILING)


def prices_read(text: str) -> Prices:
    """The table of a JSON text. Raises PricesError, with a sentence."""
    try:
        rows = _ROWS.validate_json(text)
    except ValidationError as error:
        raise PricesError(_sentence(error)) from error
    prices = Prices(tuple(_prices(rows)))
    for one, other in combinations(prices.rows, 2):
        if _contradict(one, other):
            raise PricesError(f"{one.model} has two prices for the same day.")
    return prices


def _prices(rows: Iterable[_Row]) -> Iterator[Price]:
    for row in rows:
        if row.since and row.until and row.until < row.since:
            raise PricesError(f"The price of {row.models[0]} ends before it begins.")
        for model in row.models:
            yield Price(
                model=model.lower(),
                input_usd=row.input_usd,
                output_usd=row.output_usd,
                as_of=row.as_of,
                source=row.source,
                since=row.since,
                until=row.until,
            )


def _contradict(one: Price, other: Price) -> bool:
    later = max(one.since or date.min, other.since or date.min)
    return one.model == other.model and one.holds(later) and other.holds(later)


def _sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    path = [str(part + 1) if isinstance(part, int) else part for part in first["loc"]]
    where = f"Row {' '.join(path)}: " if path else ""
    return f"{where}{first['msg']}."
