"""The files by which Eaves is set up as a service say the same as the settings."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from assessment.services.work import SLICE_SECONDS

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = (ROOT / "docker-compose.yml").read_text()
SERVICES: dict[str, Any] = yaml.safe_load(COMPOSE)["services"]
OURS = {name for name, service in SERVICES.items() if service["image"] == "eaves"}
READ = set(re.findall(r'[a-z]\(\s*"([A-Z_]+)"', (ROOT / "config" / "settings.py").read_text()))
NAMED = set(re.findall(r"^# ([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
USED = set(re.findall(r"\$\{(\w+)", COMPOSE))


def test_only_the_web_server_is_published_and_on_this_machine_alone():
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}

    assert published == {"web": ["${WEB_BIND:-127.0.0.1}:${WEB_PORT:-8000}:8000"]}


def test_every_service_that_stays_tells_whether_it_is_well():
    assert [name for name, service in SERVICES.items() if "healthcheck" not in service] == [
        "migrate"
    ]


@pytest.mark.parametrize("name", sorted(OURS))
def test_whatever_env_sets_reaches_our_services(name):
    assert SERVICES[name]["env_file"] == ".env"


@pytest.mark.parametrize("name", ["SECRET_KEY", "POSTGRES_PASSWORD", "ALLOWED_HOSTS"])
def test_nothing_starts_without_what_is_required(name):
    assert f"${{{name}:?set {name} in .env}}" in COMPOSE


@pytest.mark.parametrize("name", ["worker-vision", "worker-work"])
def test_a_worker_that_is_stopped_has_time_for_the_last_answer(name):
    seconds = float(SERVICES[name]["stop_grace_period"].removesuffix("s"))

    assert seconds > settings.GEMINI["deadline"] + SLICE_SECONDS


def test_every_setting_is_named_in_the_example():
    assert {"EAVES_ENGINE", "GEMINI_DEADLINE"} <= READ
    assert not READ - NAMED


def test_everything_named_in_the_example_is_read_or_used():
    assert not NAMED - READ - USED


def test_the_deploy_check_that_migrate_makes_passes_as_a_service(tmp_path):
    assert "check --deploy --fail-level WARNING" in SERVICES["migrate"]["command"]
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "EAVES_ENV_FILE": os.devnull,
            "EAVES_DATA_DIR": str(tmp_path),
            "DATABASE_URL": "postgres://eaves:password@postgres:5432/eaves",
            "BROKER_URL": "redis://redis:6379/0",
            "SECRET_KEY": "0123456789abcdef" * 4,
            "ALLOWED_HOSTS": "eaves.example.com,127.0.0.1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_what_a_developer_has_set_does_not_reach_the_tests(tmp_path):
    of_the_developer = {
        "EAVES_STORAGE": "elsewhere.Storage",
        "EAVES_STORAGE_OPTIONS": "not JSON",
        "EAVES_LEASE_SECONDS": "not a number",
        "GEMINI_DEADLINE": "not a number",
        "GEMINI_MODEL": "another",
        "GEMINI_API_KEY": "a key",
        "GOOGLE_CLOUD_LOCATION": "elsewhere",
    }
    told = subprocess.run(
        [
            *(sys.executable, "-c"),
            "from tests import settings as s; print(s.GEMINI, s.STORAGES, s.EAVES_LEASE_SECONDS)",
        ],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "TMPDIR": str(tmp_path), **of_the_developer},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert not [value for value in of_the_developer.values() if value in told]
