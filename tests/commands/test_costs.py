"""What was spent, at the command line."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from assessment import pipeline
from assessment.models import Call
from tests.factories import make_carrier, make_claim, make_photo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fake_engine")]


def told(*arguments: str) -> str:
    out = io.StringIO()
    call_command("costs", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def paid() -> Call:
    """An answer that cost one and a half dollars."""
    claim = make_claim(make_carrier("acme"))
    make_photo(claim)
    pipeline.query_ask(claim=claim, text="cracks", by=None)
    pipeline.work_off("")
    Call.objects.update(
        cost_usd=Decimal("1.5"),
        input_tokens=1_234,
        answered_at=datetime(2026, 11, 30, 12, tzinfo=UTC),
    )
    return Call.objects.get()


def test_each_day_is_a_line_with_its_model_tokens_and_cost(paid):
    _, line, last = told().splitlines()

    assert line.split() == [
        "2026-11-30",
        "acme",
        "fake-1-served",
        "1",
        "0",
        "1,234",
        "11",
        "1.500000",
    ]
    assert last == "In all: 1.500000 USD"


def test_what_nobody_knows_the_price_of_is_said(paid):
    Call.objects.update(cost_usd=None)

    assert "unknown" in told()
    assert "Answers of unknown cost: 1." in told()


def test_nothing_asked_is_nothing_told():
    assert told() == "Nothing was asked.\n"


def test_other_carriers_and_earlier_days_can_be_left_out(paid):
    make_carrier("other")

    assert told("--carrier", "other") == told("--since", "2026-12-01") == "Nothing was asked.\n"
    assert "acme" in told("--carrier", "acme", "--since", "2026-11-30")


def test_the_result_is_json_where_that_is_asked_for(paid, tmp_path):
    target = tmp_path / "costs.json"
    told("--json", str(target))

    result = json.loads(target.read_text())
    assert result == json.loads(told("--json", "-"))
    assert (result["cost_usd"], result["unknown"]) == (1.5, 0)
    assert result["days"][0]["day"] == "2026-11-30"


@pytest.mark.parametrize("arguments", [["--carrier", "nobody"], ["--json", "/nowhere/x.json"]])
def test_what_makes_no_sense_is_refused(arguments):
    with pytest.raises(CommandError) as error:
        told(*arguments)

    assert error.value.returncode == 2
