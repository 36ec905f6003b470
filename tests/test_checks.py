from __future__ import annotations

import pytest
from django.core.checks import run_checks


def faults() -> list[str]:
    return [str(message.id) for message in run_checks() if str(message.id).startswith("assessment")]


def test_the_defaults_go_together():
    assert faults() == []


def test_gemini_without_a_key_or_a_project_is_a_fault(settings):
    settings.EAVES_ENGINE = "gemini"
    settings.GEMINI = {**settings.GEMINI, "api_key": " ", "project": ""}

    assert faults() == ["assessment.E001"]


@pytest.mark.parametrize("has", [{"api_key": "a key"}, {"project": "a project"}])
def test_gemini_with_a_key_or_a_project_is_none(settings, has):
    settings.EAVES_ENGINE = "gemini"
    settings.GEMINI = {**settings.GEMINI, **has}

    assert faults() == []


@pytest.mark.parametrize(("deadline", "expected"), [(89.5, []), (90.0, ["assessment.E002"])])
def test_a_deadline_must_end_before_the_worker_is_killed(settings, deadline, expected):
    settings.CELERY_TASK_TIME_LIMIT = 400
    settings.EAVES_ENGINES = {**settings.EAVES_ENGINES, "gemini": {"deadline": deadline}}

    assert faults() == expected


def test_the_deadline_of_an_engine_of_ones_own_must_end_before_the_worker_is_killed(settings):
    fake = {"class": "tests.fakes:FakeEngine", "deadline": 700}
    settings.EAVES_ENGINES = {**settings.EAVES_ENGINES, "fake": fake}

    (message,) = [each for each in run_checks() if each.id == "assessment.E002"]
    assert message.msg.startswith("The deadline of the engine fake is 700 s")
    assert "EAVES_MORE_ENGINES" in str(message.hint)


def test_an_engine_that_there_is_not_is_a_fault(settings):
    settings.EAVES_ENGINE = "sam3"

    assert faults() == ["assessment.E005"]


def test_an_engine_of_ones_own_that_cannot_be_built_is_a_fault(settings):
    settings.EAVES_ENGINES = {
        **settings.EAVES_ENGINES,
        "fake": {"class": "tests.fakes:FakeEngine"},
        "sam3": {"class": "nowhere.sam3:Sam3Engine"},
    }

    (message,) = [each for each in run_checks() if each.id == "assessment.E004"]
    assert "nowhere.sam3 can't be imported" in message.msg
    assert "PYTHONPATH" in str(message.hint)


@pytest.mark.parametrize(("runs", "expected"), [(1, []), (5, []), (0, ["assessment.E003"])])
def test_a_question_can_only_be_put_a_few_times(settings, runs, expected):
    settings.EAVES_RUNS = runs

    assert faults() == expected
