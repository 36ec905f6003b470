"""The two commands a person types first, as processes of their own."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest
from django.core.management import CommandError, call_command
from pypdf import PdfReader

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 120
PATIENCE_SECONDS = 60


@pytest.fixture
def clean_environment(tmp_path) -> dict[str, str]:
    """Nothing configured, and a data folder that goes away."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "EAVES_DATA_DIR": str(tmp_path),
        "EAVES_ENV_FILE": os.devnull,
    }


def test_the_demo_ends_with_a_table_a_lane_and_a_report(clean_environment):
    done = subprocess.run(
        [sys.executable, "manage.py", "demo"],
        cwd=ROOT,
        env=clean_environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )

    pdf = re.search(r"Report: (.+\.pdf)", done.stdout)
    assert pdf is not None
    pages = PdfReader(pdf[1].strip()).pages
    assert "DEMO-0001" in pages[0].extract_text()
    assert "Lane: desk" in done.stdout
    assert "4.498 m2" in done.stdout  # the truth about the roof stands beside what was found
    assert "adjuster@eaves.example" in done.stdout
    assert not _processes_with(clean_environment["EAVES_DATA_DIR"])


@pytest.fixture
def run(clean_environment) -> Iterator[Callable[..., Running]]:
    """Starts `manage.py run` on a free port; what it has started by the end is stopped."""
    with ExitStack() as stack:

        def start(**environment: str) -> Running:
            port = _free_port()
            process = subprocess.Popen(
                [sys.executable, "manage.py", "run", "--port", str(port)],
                cwd=ROOT,
                env={**clean_environment, **environment},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            stack.enter_context(process)
            stack.callback(process.terminate)
            return Running(process, f"http://127.0.0.1:{port}")

        yield start


def test_run_opens_on_the_sample_claim_and_leaves_nothing_behind(run, clean_environment):
    running = run()
    told = running.told()
    # It is told only once it is true: the first request is answered.
    page, answer = _claim_page(told)
    running.process.send_signal(signal.SIGINT)
    rest, _ = running.process.communicate(timeout=PATIENCE_SECONDS)

    assert page == f"{running.site}/claims/DEMO-0001/"
    assert "DEMO-0001" in answer
    assert "Marisol Alvarez" in answer
    assert running.process.returncode == 0
    assert rest.rstrip().endswith("Stopped.")
    assert "Traceback" not in told + rest
    assert not _processes_with(clean_environment["EAVES_DATA_DIR"])


def test_run_with_a_database_of_ones_own_makes_neither_account_nor_claim(
    run, clean_environment, tmp_path
):
    database = tmp_path / "own.sqlite3"
    service = {
        "DATABASE_URL": f"sqlite:///{database}",
        "SECRET_KEY": "0123456789abcdef" * 4,
        "ALLOWED_HOSTS": "127.0.0.1",
    }
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"],
        cwd=ROOT,
        env={**clean_environment, **service},
        check=True,
    )
    running = run(**service)
    told = running.told()

    assert f"Sign in at {running.site}/sign-in/" in told
    assert "DEMO" not in told
    with closing(sqlite3.connect(database)) as connection:
        for table in ("claims_user", "claims_carrier", "claims_claim"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)  # noqa: S608


def test_a_taken_port_is_named_and_nothing_is_started(clean_environment):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "manage.py", "run", "--port", str(port)],
            cwd=ROOT,
            env=clean_environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )

    assert done.returncode == 1
    assert f"Port {port} is taken" in done.stderr
    assert "--port" in done.stderr
    assert "Nothing was started." in done.stderr
    assert not list(Path(clean_environment["EAVES_DATA_DIR"]).glob("*.sqlite3"))


def test_ctrl_c_ends_any_command_without_a_traceback(clean_environment):
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-c", "raise KeyboardInterrupt"],
        cwd=ROOT,
        env=clean_environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (130, "Stopped.\n")


@pytest.mark.parametrize("port", ["0", "65536", "-1", "web"])
def test_what_is_no_port_is_said_to_be_none(port):
    with pytest.raises(CommandError, match="not a port"):
        call_command("run", f"--port={port}")


@dataclass(frozen=True, slots=True)
class Running:
    """A `manage.py run` at work, and the address it was told to serve."""

    process: subprocess.Popen[str]
    site: str

    def told(self) -> str:
        """What it says, up to the line that it says last."""
        assert self.process.stdout is not None
        # One that never says that it runs must not keep the tests waiting.
        timer = Timer(START_SECONDS, self.process.terminate)
        timer.start()
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if line.startswith("Ctrl-C stops it."):
                break
        timer.cancel()
        told = "".join(lines)
        assert "Ctrl-C stops it." in told, told
        return told


def _claim_page(told: str) -> tuple[str, str]:
    """The address of the sample claim, and what stands there for the account it comes with."""
    page, email, password = (
        re.search(rf"^ *{name} +(.+)$", told, re.MULTILINE)[1]  # type: ignore[index]
        for name in ("Sample claim", "E-mail", "Password")
    )
    browser = build_opener(HTTPCookieProcessor())
    with browser.open(page, timeout=PATIENCE_SECONDS) as form:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form.read().decode())
        assert token is not None
        fields = {"csrfmiddlewaretoken": token[1], "username": email, "password": password}
        sent = urlencode({**fields, "next": urlsplit(page).path}).encode()
        request = Request(form.url, data=sent, headers={"Referer": form.url})  # noqa: S310
    with browser.open(request, timeout=PATIENCE_SECONDS) as answer:
        assert answer.url == page
        return page, answer.read().decode()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _processes_with(data_dir: str) -> list[int]:
    """Processes that still run with this data folder in their environment."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"EAVES_DATA_DIR={data_dir}".encode() in entry.read_bytes():
                found.append(int(entry.parent.name))
        except OSError:
            continue
    return found
