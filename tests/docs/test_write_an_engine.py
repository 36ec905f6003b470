"""The page on writing an engine, followed to the letter against a small server."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from assessment.engines import base
from assessment.engines.registry import build
from samples import draw_samples

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "write-an-engine.md").read_text()
(CODE,) = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
(SETTING,) = re.findall(r"^export EAVES_MORE_ENGINES='(.*)'$", PAGE, re.MULTILINE)
ADDRESS = "http://127.0.0.1:8080/segment"


class _Server(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Model)
        self.asked: list[str] = []
        self.status = 200
        self.url = f"http://127.0.0.1:{self.server_port}/segment"


class _Model(BaseHTTPRequestHandler):
    """Plays a model: it outlines a quarter of whatever picture it is sent."""

    server: _Server

    def do_POST(self) -> None:
        form = self._form()
        self.server.asked.append(form["text"].decode())
        with Image.open(BytesIO(form["image"])) as photo:
            mask = Image.new("L", photo.size)
        width, height = mask.size
        ImageDraw.Draw(mask).rectangle((0, 0, width // 2 - 1, height // 2 - 1), fill=255)
        file = BytesIO()
        mask.save(file, "PNG")
        thing = {"label": "missing shingle", "png": base64.b64encode(file.getvalue()).decode()}
        reply = json.dumps({"things": [thing]}).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def _form(self) -> dict[str, bytes]:
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        body = self.rfile.read(int(self.headers["Content-Length"]))
        sent = message_from_bytes(head + body, policy=HTTP)
        return {
            str(part.get_param("name", header="Content-Disposition")): bytes(
                part.get_payload(decode=True)
            )
            for part in sent.iter_parts()
        }

    def log_message(self, *_args) -> None:
        """Nothing: the test says what went wrong."""


@pytest.fixture
def server() -> Iterator[_Server]:
    with _Server() as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


@pytest.fixture
def folder(tmp_path) -> Path:
    """The empty folder, as the page fills it."""
    empty: Path = tmp_path / "empty"
    (empty / "my_engines").mkdir(parents=True)
    (empty / "my_engines" / "sam3.py").write_text(CODE)
    return empty


def manage(folder: Path, server: _Server, *arguments: str) -> subprocess.CompletedProcess[str]:
    assert ADDRESS in SETTING
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(folder),
            "EAVES_ENV_FILE": os.devnull,
            "EAVES_DATA_DIR": str(folder.parent / "var"),
            "EAVES_MORE_ENGINES": SETTING.replace(ADDRESS, server.url),
        },
        capture_output=True,
        text=True,
        check=False,
    )


def engine_of(server: _Server, folder: Path, monkeypatch) -> base.Engine:
    monkeypatch.syspath_prepend(folder)
    monkeypatch.delitem(sys.modules, "my_engines", raising=False)
    monkeypatch.delitem(sys.modules, "my_engines.sam3", raising=False)
    options = json.loads(SETTING)["sam3"]
    return build("sam3", {**options, "url": server.url})


def test_the_page_leads_to_findings_and_a_report(server, folder):
    roof = draw_samples()[0]
    photo, report = folder.parent / roof.name, folder.parent / "out.pdf"
    photo.write_bytes(roof.jpeg)
    asked = ("--query", "missing shingles", "--engine", "sam3", "--report", str(report))
    checked = manage(folder, server, "check", "--fail-level", "WARNING")
    done = manage(folder, server, "assess", str(photo), *asked, "--json", "-")
    assert (checked.returncode, done.returncode) == (0, 0), checked.stderr + done.stderr
    (query,) = json.loads(done.stdout)["photos"][0]["queries"]
    (finding,) = query["findings"]
    assert (query["outcome"], server.asked) == ("answered", ["missing shingles"])
    assert finding["share"] == pytest.approx(0.25, rel=0.01)
    assert report.read_bytes().startswith(b"%PDF")


def test_the_engine_is_about_forty_lines_long():
    written = CODE.partition("class ")[2].splitlines()
    assert sum(bool(line.strip()) for line in written) <= 42


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (429, base.EngineUnavailableError),
        (503, base.EngineUnavailableError),
        (404, base.EngineMisconfiguredError),
    ],
)
def test_a_server_that_does_not_answer_is_told_apart(server, folder, monkeypatch, status, error):
    server.status = status
    engine = engine_of(server, folder, monkeypatch)
    picture = BytesIO()
    Image.new("RGB", (40, 30)).save(picture, "JPEG")
    with pytest.raises(error, match=str(status)):
        engine.ask(base.Request(picture.getvalue(), 40, 30, "cracks"))


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", '{"things": 3}', '{"things": [{"label": "x", "png": "AAAA"}]}'],
)
def test_what_cannot_be_read_is_garbled_and_never_empty(server, folder, monkeypatch, text):
    with pytest.raises(base.GarbledAnswerError):
        engine_of(server, folder, monkeypatch).read(text, 40, 30)


def test_no_thing_says_that_nothing_was_found(server, folder, monkeypatch):
    engine = engine_of(server, folder, monkeypatch)
    assert engine.read('{"things": []}', 40, 30).detections == ()
