"""What the environment tells wrongly is said in a sentence."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.conf import settings

from assessment.engines.prices import PricesError
from assessment.services.costs import prices_configured


def manage(tmp_path, **told: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "EAVES_DATA_DIR": str(tmp_path), "EAVES_ENV_FILE": "none", **told}
        | {"DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        check=False,
    )


NUMBERS = [
    "EAVES_RUNS",
    "EAVES_CALLS_AT_ONCE",
    "EAVES_BUDGET_PER_CLAIM",
    "EAVES_BUDGET_PER_DAY",
    "EAVES_LEASE_SECONDS",
    "EAVES_PROXIES",
    "GEMINI_DEADLINE",
    "GEMINI_REQUESTS_PER_MINUTE",
    "GEMINI_TOKENS_PER_MINUTE",
    "SECURE_HSTS_SECONDS",
]


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_that_is_none_is_told_in_one_line_that_names_it(tmp_path, name):
    ended = manage(tmp_path, **{name: "many"})

    assert ended.returncode == 1
    assert ended.stderr.startswith(f'{name} is "many". Give ')
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("DEBUG", "maybe"),
        ("SECURE_COOKIES", "ja"),
        ("LOG_LEVEL", "loud"),
        ("EAVES_STORAGE_OPTIONS", "{"),
        ("EAVES_STORAGE_OPTIONS", "[]"),
        ("DATABASE_URL", "garbage"),
        ("DATABASE_URL", "postgres://u:secret/x@host/x"),
        ("GOOGLE_GEMINI_BASE_URL", "localhost"),
        ("GOOGLE_GEMINI_BASE_URL", "http://"),
        ("GOOGLE_GEMINI_BASE_URL", "http://[::1"),
        ("EAVES_DATA_DIR", "/dev/null/eaves"),
    ],
)
def test_what_a_variable_must_be_is_told_in_one_line(tmp_path, name, told):
    ended = manage(tmp_path, **{"SECRET_KEY": "s" * 50, "DATABASE_URL": "", name: told})

    assert ended.returncode == 1
    assert name in ended.stderr
    assert "secret" not in ended.stderr.replace("secret_key", "")
    assert "Give" in ended.stderr or "Set" in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_a_level_may_be_written_small_and_a_switch_large(tmp_path):
    ended = manage(tmp_path, LOG_LEVEL="warning", SECURE_COOKIES="FALSE")

    assert ended.returncode == 0, ended.stderr


def test_a_mark_at_the_beginning_of_the_file_is_no_part_of_a_name(tmp_path):
    path = tmp_path / "env"
    path.write_text("GEMINI_DEADLINE=abc\n", encoding="utf-8-sig")

    ended = manage(tmp_path, EAVES_ENV_FILE=str(path))

    assert ended.stderr.startswith('GEMINI_DEADLINE is "abc"')


def test_an_empty_model_is_the_one_that_is_asked_unless_told(tmp_path):
    script = "from config.settings import GEMINI; print(GEMINI['model'])"
    ended = subprocess.run(
        [sys.executable, "-c", script],
        cwd=settings.BASE_DIR,
        env={**os.environ, "EAVES_DATA_DIR": str(tmp_path), "GEMINI_MODEL": " "},
        capture_output=True,
        text=True,
        check=True,
    )

    assert ended.stdout.startswith("gemini-")


@pytest.mark.parametrize(
    "name",
    [
        "EAVES_CALLS_AT_ONCE",
        "EAVES_LEASE_SECONDS",
        "GEMINI_DEADLINE",
        "GEMINI_REQUESTS_PER_MINUTE",
        "GEMINI_TOKENS_PER_MINUTE",
    ],
)
def test_nothing_at_all_is_not_enough_where_something_must_be_possible(tmp_path, name):
    ended = manage(tmp_path, **{name: "0"})

    assert ended.returncode == 1
    assert ended.stderr.startswith(f'{name} is "0". Give ')


def test_what_is_left_empty_is_not_set(tmp_path):
    ended = manage(tmp_path, **dict.fromkeys(NUMBERS, ""))

    assert ended.returncode == 0, ended.stderr


def test_prices_that_are_json_of_another_kind_are_not_taken_for_a_file(settings):
    settings.EAVES_PRICES = ' {"x": 1}'

    with pytest.raises(PricesError, match="should be a valid array"):
        prices_configured()
