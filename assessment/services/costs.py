"""What answers cost here: the prices that this installation is configured with."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from assessment.engines.base import Answer, EngineError, Usage
from assessment.engines.prices import Prices, PricesError, cost, prices_read

logger = logging.getLogger(__name__)

FREE = Decimal(0)
JSON_BEGINS = ("[", "{")


class PriceUnknownError(EngineError):
    """Nobody knows what this model costs, and there is a budget to keep: it isn't asked."""

    def __init__(self, model: str) -> None:
        super().__init__(
            f"{model} was not asked: there is a budget to keep, and the price of this model is not "
            "known. Whoever runs this service can add it to the prices (EAVES_PRICES); then try "
            "again."
        )


class Cost(NamedTuple):
    """What an answer cost, and when its price was read; both None where that isn't known."""

    usd: Decimal | None = None
    as_of: date | None = None


def prices_configured() -> Prices:
    """The table of prices: EAVES_PRICES is a JSON file, or the JSON. Raises PricesError."""
    return _prices(settings.EAVES_PRICES)


@cache
def _prices(told: str) -> Prices:
    if told.lstrip().startswith(JSON_BEGINS):
        return prices_read(told)
    try:
        text = Path(told).read_text(encoding="utf-8")
    except OSError as error:
        raise PricesError(f"{told} can't be read: {error.strerror}.") from error
    except ValueError as error:
        raise PricesError(f"{told} is no file of text.") from error
    return prices_read(text)


def prices_known() -> Prices:
    """The table of prices; one that can't be used knows none, and no work stops over it."""
    try:
        return prices_configured()
    except PricesError as error:
        logger.error("No price is known, so no cost: %s", error)
        return Prices()


def cost_of(answer: Answer, *, is_free: bool) -> Cost:
    """What an answer that came now cost: by the price of the model that gave it."""
    if is_free:
        return Cost(FREE)
    model = answer.model_served or answer.model_requested
    price = prices_known().of(model, today())
    return Cost(cost(answer.usage, price), price.as_of) if price else Cost()


def usd_of(model: str, usage: Usage, day: date) -> Decimal | None:
    """What tokens of a model cost on a day, in US dollars; None where that isn't known."""
    price = prices_known().of(model, day)
    return cost(usage, price) if price else None


def most_of(bounds: Mapping[str, Usage]) -> Decimal:
    """The most that a question can cost, put to the dearest of these models with so many tokens.

    Raises PriceUnknownError.
    """
    return max(_most(model, usage) for model, usage in bounds.items())


def _most(model: str, usage: Usage) -> Decimal:
    usd = usd_of(model, usage, today())
    if usd is None:
        raise PriceUnknownError(model)
    return usd


def today() -> date:
    """The day by which prices change and budgets begin anew."""
    return datetime.now(UTC).date()
