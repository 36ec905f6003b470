"""The same is not paid for twice."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from django.utils import timezone

from assessment import pipeline
from assessment.core.detection import Box
from assessment.core.vocabulary import AnswerForm, DamageType, JobKind, Outcome
from assessment.engines.base import (
    Answer,
    EngineRefusedError,
    EngineUnavailableError,
    GarbledAnswerError,
    Request,
    Usage,
)
from assessment.models import Call, DamageQuery, Earmark, Finding, Segmentation
from assessment.services import budget
from assessment.services.reuse import answer_kept, call_key
from assessment.tasks import TASKS
from claims.models import Claim
from tests.factories import jpeg, make_carrier, make_claim, make_photo
from tests.services.test_races import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.service]

PRICES = """[{"models": ["fake-1", "fake-1-served"], "input_usd": "1", "output_usd": "10",
              "as_of": "2026-11-28", "source": "this test"}]"""
COST = Decimal("0.000117")
"""Of the fake engine's answers, 7 tokens in and 11 out."""
BYTES = jpeg(seed=7)


@pytest.fixture(autouse=True)
def paid(engine, settings):
    """The fake engine is to be paid."""
    settings.EAVES_PRICES = PRICES
    engine.bounds = {"fake-1": Usage(100, 1_000)}
    return engine


def ask(claim: Claim, text: str = "cracks", data: bytes = BYTES) -> Segmentation:
    make_photo(claim, data)
    pipeline.query_ask(claim=claim, text=text, by=None)
    pipeline.work_off("")
    return Segmentation.objects.get(photo__claim=claim)


def test_the_cost_of_an_answer_is_kept_with_the_day_of_its_price(claim):
    segmentation = ask(claim)

    call = Call.objects.get()
    assert (call.cost_usd, str(call.priced_as_of)) == (COST, "2026-11-28")
    assert segmentation.cost_usd == COST
    assert not Earmark.objects.exists()


def test_a_cost_that_nobody_knows_is_none(claim, settings):
    settings.EAVES_PRICES = "[]"

    assert ask(claim).cost_usd is None
    assert (Call.objects.get().cost_usd, Call.objects.get().priced_as_of) == (None, None)


@pytest.mark.parametrize(
    ("served", "usage", "kept"),
    [
        ("m" * 150, Usage(7, 11), ("m" * 100, 7, 11)),
        ("m\0\n", Usage(7, 11), ("m", 7, 11)),
        ("m", Usage(-1, 11), ("m", None, 11)),
        ("m", Usage(7, 3_000_000_000), ("m", 7, None)),
    ],
)
def test_an_answer_is_kept_whatever_the_engine_says_of_it(
    claim, engine, monkeypatch, served, usage, kept
):
    monkeypatch.setattr(engine, "ask", lambda request: Answer("[]", "fake-1", served, usage))

    assert ask(claim).status == Outcome.ANSWERED

    call = Call.objects.get()
    assert (call.model_served, call.input_tokens, call.output_tokens) == kept


def test_an_engine_that_bills_nothing_costs_nothing(claim, engine):
    engine.bounds = {}

    assert ask(claim).cost_usd == 0
    assert Call.objects.get().priced_as_of is None


def test_the_same_question_to_the_same_photo_is_answered_from_store(claim, carrier, engine):
    first = ask(claim)
    second = ask(make_claim(carrier))

    assert engine.asked == 1
    assert (second.status, second.calls_made) == (Outcome.ANSWERED, 1)
    assert second.cost_usd == 0
    earlier, taken = Call.objects.order_by("pk")
    assert taken.reused_from == earlier
    assert bytes(taken.raw) == bytes(earlier.raw)
    assert (taken.segmentation, earlier.segmentation) == (second, first)
    assert Finding.objects.filter(segmentation=second).count() == 1


def test_an_answer_that_is_stored_is_taken_while_somebody_asks_for_another(claim, carrier, engine):
    ask(claim)
    Earmark.objects.create(
        carrier=carrier,
        claim=claim,
        key=Call.objects.get().key,
        usd=COST,
        created_at=timezone.now(),
    )

    assert ask(make_claim(carrier)).status == Outcome.ANSWERED
    assert engine.asked == 1


def test_what_was_taken_over_is_taken_over_from_where_it_was_paid(claim, carrier):
    ask(claim)
    ask(make_claim(carrier))
    ask(make_claim(carrier))

    paid_for = Call.objects.get(reused_from=None)
    assert set(Call.objects.exclude(pk=paid_for.pk).values_list("reused_from", flat=True)) == {
        paid_for.pk
    }


def test_another_carrier_s_answers_are_theirs(claim, engine):
    ask(claim)
    ask(make_claim(make_carrier()))

    assert engine.asked == 2


def test_another_photo_or_another_question_is_asked(claim, carrier, engine):
    ask(claim)
    ask(make_claim(carrier), data=jpeg(seed=8))
    ask(make_claim(carrier), text="stains")

    assert engine.asked == 3


def test_another_model_or_another_wording_is_asked(claim, carrier, engine):
    ask(claim)
    engine.model = "fake-2"
    ask(make_claim(carrier))
    engine.prompt_version = "fake-prompt-2"
    ask(make_claim(carrier))

    assert engine.asked == 3


def test_asked_again_on_purpose_it_is_paid_for_again_and_the_new_answer_is_the_one(
    claim, carrier, engine, user
):
    segmentation = ask(claim)
    query = segmentation.query
    pipeline.question_ask_again(claim=claim, query=query, by=user)
    pipeline.work_off("")

    assert engine.asked == 2
    again = Call.objects.get(round=2)
    assert (again.reused_from, again.cost_usd) == (None, COST)
    ask(make_claim(carrier))
    assert engine.asked == 2
    assert Call.objects.get(reused_from__isnull=False).reused_from == again


def test_the_answer_of_a_fallback_does_until_the_model_that_is_meant_can_be_asked(
    claim, carrier, engine, monkeypatch
):
    fallback = Answer("fake answer", "fallback-1", "fallback-1", Usage(7, 11))
    with monkeypatch.context() as patched:
        patched.setattr(engine, "ask", lambda request: fallback)
        ask(claim)
    ask(make_claim(carrier))
    assert engine.asked == 1
    ask(make_claim(carrier))
    assert engine.asked == 1
    assert Call.objects.get(reused_from__isnull=False).model_requested == "fake-1"


def test_the_answer_of_a_fallback_to_another_worker_in_the_same_round_is_taken(claim, engine):
    segmentation = ask(claim)
    Call.objects.update(model_requested="fallback-1")
    call = Call.objects.get()

    assert answer_kept(segmentation, call.key) == call


def test_other_words_for_the_second_model_are_another_key_of_it_alone(claim, engine):
    segmentation = ask(claim)
    versions = {"fake-1": "words-1", "fake-2": "words-1"}

    def keys() -> list[str]:
        requests = [request_of(segmentation.query, model=model) for model in ("", "fake-2")]
        return [call_key(segmentation, engine, request, WHOLE, 1) for request in requests]

    engine.prompt_version_of = versions.get
    first, second = keys()
    versions["fake-2"] = "words-2"

    assert keys()[0] == first
    assert keys()[1] != second


def test_a_budget_that_does_for_all_runs_one_by_one_does_for_all(claim, settings, monkeypatch):
    monkeypatch.setattr(budget, "FREE_AGAIN_SECONDS", 0.1)
    # Five are 0.0006 USD in the end, and 0.05 while they are under way.
    settings.EAVES_BUDGET_PER_CLAIM = Decimal("0.021")
    make_photo(claim, BYTES)
    pipeline.query_ask(claim=claim, text="cracks", by=None, runs=5)
    pipeline.work_off("")

    assert Segmentation.objects.get().calls_made == 5


def test_a_refusal_is_no_answer_and_is_asked_again(claim, carrier, engine):
    engine.errors = [EngineRefusedError("Declined.")]
    assert ask(claim).status == Outcome.UNANSWERED

    assert ask(make_claim(carrier)).status == Outcome.ANSWERED
    assert engine.asked == 2
    assert not Earmark.objects.exists()


def test_an_answer_that_could_not_be_read_was_paid_for_and_is_taken_over(claim, carrier, engine):
    answer = Answer("noise", "fake-1", "fake-1", Usage(7, 11))
    engine.errors = [GarbledAnswerError("Nothing to be read.", answer)]
    assert ask(claim).status == Outcome.FAILED

    other = ask(make_claim(carrier))
    assert (other.status, other.reason) == (Outcome.FAILED, "Nothing to be read.")
    assert engine.asked == 1


def test_an_engine_that_is_away_has_its_money_back(claim, engine):
    seen: list[int] = []
    engine.before_answer = lambda: seen.append(Earmark.objects.count())
    engine.errors = [EngineUnavailableError("Away.")] * 3

    assert ask(claim).status == Outcome.ANSWERED
    assert seen == [1, 1, 1, 1]
    assert not Earmark.objects.exists()


def test_a_fault_of_the_program_s_own_has_its_money_back(claim, engine):
    faults = [ValueError("A bug.")]

    def stumble() -> None:
        if faults:
            raise faults.pop()

    engine.before_answer = stumble

    assert ask(claim).status == Outcome.ANSWERED
    assert not Earmark.objects.exists()


def test_a_spent_budget_fails_the_question_with_its_reason_until_there_is_money(
    claim, engine, settings, user
):
    settings.EAVES_BUDGET_PER_CLAIM = Decimal("0.001")

    segmentation = ask(claim)
    assert (segmentation.status, engine.asked) == (Outcome.FAILED, 0)
    assert segmentation.reason.startswith("Not asked: of the budget of 0.001 USD for a claim")

    settings.EAVES_BUDGET_PER_CLAIM = Decimal("0.02")
    pipeline.claim_retry(claim=claim, by=user)
    pipeline.work_off("")
    segmentation.refresh_from_db()
    assert segmentation.status == Outcome.ANSWERED


def test_what_is_stored_is_taken_over_whatever_the_budget(claim, carrier, settings):
    ask(claim)
    settings.EAVES_BUDGET_PER_CLAIM = Decimal(0)

    assert ask(make_claim(carrier)).status == Outcome.ANSWERED


def test_a_budget_is_of_no_matter_to_an_engine_that_bills_nothing(claim, engine, settings):
    engine.bounds = {}
    settings.EAVES_BUDGET_PER_CLAIM = Decimal(0)

    assert ask(claim).status == Outcome.ANSWERED


def request_of(query: DamageQuery, **changes) -> Request:
    fields = {"text": query.text, "damage_type": DamageType(query.damage_type), **changes}
    return Request(b"", 320, 240, **fields)


WHOLE = Box(0, 0, 320, 240)


@pytest.mark.parametrize(
    "changes",
    [
        {"form": AnswerForm.BOX},
        {"known": (Box(1, 2, 3, 4),)},
        {"model": "fake-2"},
        {"damage_type": DamageType.BURN},
    ],
)
def test_whatever_decides_what_is_asked_is_in_the_key(claim, engine, changes):
    segmentation = ask(claim)
    plain = call_key(segmentation, engine, request_of(segmentation.query), WHOLE, 1)
    other = call_key(segmentation, engine, request_of(segmentation.query, **changes), WHOLE, 1)

    assert plain != other


def test_each_window_and_each_run_has_a_key_of_its_own(claim, engine):
    segmentation = ask(claim)
    request = request_of(segmentation.query)
    places = [(WHOLE, 1), (WHOLE, 2), (Box(0, 0, 160, 240), 1)]

    assert len({call_key(segmentation, engine, request, *place) for place in places}) == 3


def test_another_version_of_a_question_has_a_key_of_its_own(claim, engine):
    segmentation = ask(claim)
    request = request_of(segmentation.query)
    first = call_key(segmentation, engine, request, WHOLE, 1)
    segmentation.query.version = 2

    assert call_key(segmentation, engine, request, WHOLE, 1) != first


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("log_can_be_emptied")
def test_two_claims_with_one_photo_that_are_asked_at_once_pay_once(carrier, engine):
    claims = [make_claim(carrier) for _ in range(3)]
    for claim in claims:
        make_photo(claim, BYTES)
        pipeline.query_ask(claim=claim, text="cracks", by=None)
    engine.before_answer = lambda: time.sleep(0.5)

    at_once(*(lambda: TASKS[JobKind.SEGMENT]("", seconds=0.0) for _ in claims))

    assert engine.asked == 1
    assert set(Segmentation.objects.values_list("status", flat=True)) == {Outcome.ANSWERED}
    assert Call.objects.filter(reused_from=None).count() == 1
