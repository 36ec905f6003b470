from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.core.measure import Measured
from assessment.core.units import FOOT
from assessment.reports.units import (
    DASH,
    SQUARE_FOOT,
    moment,
    money,
    number,
    percent,
    system,
)

US, METRIC = system("us"), system("metric")


def test_a_foot_is_exactly_0_3048_m():
    assert pytest.approx(0.3048, abs=0) == FOOT
    assert SQUARE_FOOT.square_metres == pytest.approx(0.09290304)


@pytest.mark.parametrize(
    ("square_metres", "us", "metric"),
    [
        (0.09290304, "1.0 SF", "0.093 m²"),
        (9.290304, "100 SF", "9.3 m²"),
        (56.86, "612 SF", "56.9 m²"),
        (1_000.0, "10,764 SF", "1,000 m²"),
        (0.0, "0 SF", "0 m²"),
    ],
)
def test_an_area_is_given_in_the_carriers_unit_and_the_other_in_brackets(square_metres, us, metric):
    assert US.area(square_metres) == us
    assert US.bracketed(square_metres) == f"[{metric}]"
    assert METRIC.area(square_metres) == metric
    assert METRIC.bracketed(square_metres) == f"[{us}]"


def test_an_interval_has_one_precision_for_both_ends():
    measure = Measured(9.5, 8.984, 10.071, "")
    assert US.interval(measure) == f"96.7{DASH}108.4"
    assert METRIC.interval(measure) == f"9.0{DASH}10.1"


@settings(deadline=None)
@given(st.floats(0.01, 1e6))
def test_rounding_is_never_off_by_more_than_a_twentieth(value):
    assert float(number(value).replace(",", "")) == pytest.approx(value, rel=0.05)


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "0.0 %"), (0.0004, "< 0.1 %"), (0.0041, "0.4 %"), (0.1909, "19 %"), (1.0, "100 %")],
)
def test_a_share_is_a_percentage(share, text):
    assert percent(share) == text


def test_days_follow_the_custom_of_the_carrier():
    day = date(2026, 5, 3)
    assert US.day(day) == "May 3, 2026"
    assert METRIC.day(day) == "3 May 2026"


def test_moments_are_printed_in_utc():
    dallas = timezone(timedelta(hours=-5))
    assert moment(datetime(2026, 5, 9, 12, 1, 8, tzinfo=dallas)) == "2026-05-09 17:01:08 UTC"
    assert moment(datetime(2026, 5, 9, 17, 1, 8, tzinfo=UTC)) == "2026-05-09 17:01:08 UTC"


def test_an_unknown_amount_is_a_dash_and_no_zero():
    assert money(None, "USD") == "—"
    assert money(Decimal("0"), "USD") == "USD 0.00"
    assert money(Decimal("312000"), "USD") == "USD 312,000.00"
