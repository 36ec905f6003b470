"""The two commands a person types first, as processes of their own."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError

import pytest
from pypdf import PdfReader

ROOT = Path(__file__).resolve().parents[2]
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


def test_run_serves_until_it_is_interrupted_and_leaves_nothing_behind(clean_environment):
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "run", "--port", str(port)],
        cwd=ROOT,
        env=clean_environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        page = _page(f"http://127.0.0.1:{port}/")
    finally:
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=PATIENCE_SECONDS)

    assert "Eaves" in page
    assert process.returncode == 0
    assert output.rstrip().endswith("Stopped.")
    assert "Traceback" not in output
    assert not _processes_with(clean_environment["EAVES_DATA_DIR"])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _page(url: str) -> str:
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - our own server
                return str(response.read().decode())
        except (URLError, TimeoutError):
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


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
