"""Noise, latency and faults: drawn by chance, and yet the same in every run."""

from __future__ import annotations

import base64
import json
import time
from collections import Counter
from http.client import HTTPException
from typing import Any

import pytest

from standin.faults import Fault, Faults, read_faults
from standin.noise import Noise
from standin.player import Manner
from standin.server import Standin
from standin.steps import Act, BadScriptError, Step
from tests.standin.drawn import known
from tests.standin.test_memory import SHED_BOX, WHOLE
from tests.standin.test_server import BODY, post, said

REFUSED = Faults(0.5, (Fault(Step(Act.OVERLOADED)),))


def asking(question: str) -> dict[str, Any]:
    inline = {"mimeType": "image/jpeg", "data": base64.b64encode(WHOLE).decode()}
    parts = [{"inlineData": inline}, {"text": f'Detect "{question}".'}]
    return {"contents": [{"parts": parts}]}


def told(truth: Any, noise: Noise, times: int, seed: int = 0) -> list[str]:
    with Standin(truth=truth, manner=Manner(noise=noise, seed=seed)) as standin:
        return [said(post(standin, asking("the shed"))[1]) for _ in range(times)]


def statuses(faults: Faults, order: list[str], seed: int = 0) -> dict[str, list[int]]:
    """The status of each answer, by the question."""
    got: dict[str, list[int]] = {}
    with Standin(answer="[]", manner=Manner(faults=faults, seed=seed)) as standin:
        for question in order:
            response, _ = post(standin, asking(question))
            got.setdefault(question, []).append(response.status)
    return got


@pytest.fixture
def truth(tmp_path):
    return known(tmp_path)


def test_without_noise_the_same_is_told_each_time(truth):
    first, second = told(truth, Noise(), 2)
    assert first == second


def test_noise_shifts_what_is_told_a_little_and_each_time_otherwise(truth):
    answers = told(truth, Noise(jitter=4), 3)
    boxes = [json.loads(text.strip("`json\n"))[0]["box_2d"] for text in answers]
    assert len(set(answers)) == 3
    assert all(box == pytest.approx(SHED_BOX, abs=25) for box in boxes)


def test_the_same_seed_tells_the_same_in_every_run(truth):
    assert told(truth, Noise(jitter=4), 2) == told(truth, Noise(jitter=4), 2)
    assert told(truth, Noise(jitter=4), 2) != told(truth, Noise(jitter=4), 2, seed=1)


def test_things_are_missed_and_invented_at_their_rates(truth):
    answers = told(truth, Noise(missed=1.0, invented=1.0), 2)
    labels = [[each["label"] for each in json.loads(text.strip("`json\n"))] for text in answers]
    assert labels == [["damage"], ["damage"]]


def test_faults_come_at_their_rate():
    questions = [str(number) for number in range(40)]
    counts = Counter(each[0] for each in statuses(REFUSED, questions).values())
    assert 10 <= counts[503] <= 30
    assert counts.keys() == {200, 503}


def test_who_is_met_by_a_fault_does_not_depend_on_who_comes_first():
    order = [str(number) for number in range(8)] * 2
    assert statuses(REFUSED, order) == statuses(REFUSED, order[::-1])
    assert statuses(REFUSED, order) != statuses(REFUSED, order, seed=1)


def test_steps_of_a_script_come_before_faults():
    manner = Manner(faults=Faults(1.0, (Fault(Step(Act.OVERLOADED)),)))
    with Standin([Step(Act.SAY, text="[]"), Act.LOOK], manner=manner) as standin:
        assert [post(standin)[0].status for _ in range(2)] == [200, 503]


def test_a_schedule_is_read_with_its_weights():
    text = '{"rate": 0.2, "faults": ["reset", {"do": "quota", "retry_after": 2, "weight": 3}]}'
    ways = [Fault(Step(Act.RESET), 1), Fault(Step(Act.QUOTA, retry_after=2), 3)]
    assert read_faults(text) == Faults(0.2, ways)


def test_a_schedule_without_ways_fails_in_common_ones():
    faults = read_faults('{"rate": 1}')
    with Standin(manner=Manner(faults=faults)) as standin:
        for _ in range(10):
            try:
                response, reply = post(standin, BODY)
            except (OSError, HTTPException, json.JSONDecodeError):
                continue
            assert response.status != 200 or "[[{" in said(reply) or "MAX_TOKENS" in str(reply)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{", "not JSON"),
        ("[]", 'an object of "rate" and "faults"'),
        ('{"rate": 2}', "from 0 to 1"),
        ('{"rate": true}', "from 0 to 1"),
        ('{"rate": 0.1, "faults": []}', "at least one step"),
        ('{"rate": 0.1, "faults": [{"do": "reset", "weight": 0}]}', "above 0"),
        ('{"rate": 0.1, "faults": ["dance"]}', "must do one of"),
    ],
)
def test_a_wrong_schedule_is_refused_with_what_is_wrong(text, complaint):
    with pytest.raises(BadScriptError, match=complaint):
        read_faults(text)


def test_an_answer_comes_after_its_latency():
    with Standin(answer="[]", manner=Manner(latency=(0.2, 0.3))) as standin:
        start = time.monotonic()
        post(standin)
        assert time.monotonic() - start >= 0.2
