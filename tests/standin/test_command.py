"""The stand-in's command line and its scripts."""

from __future__ import annotations

import io
import json
import re
import signal
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from textwrap import dedent

import pytest
from PIL import Image

from standin.__main__ import main
from standin.faults import read_faults
from standin.steps import Act, BadScriptError, Step, read_script
from standin.truth import truth_of


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as caught:
        main(list(arguments))
    assert caught.value.code == 2
    return capsys.readouterr().err


def test_help_names_every_act(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    assert caught.value.code == 0
    shown = capsys.readouterr().out
    assert all(act in shown for act in Act)


def test_an_answer_file_that_is_missing_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert "No such file" in refused(capsys, "--answer", str(tmp_path / "none.json"))


def test_a_script_that_is_not_json_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    script = tmp_path / "script.json"
    script.write_text("look", encoding="utf-8")
    assert "The script is not JSON" in refused(capsys, "--script", str(script))


def test_a_port_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert "port" in refused(capsys, "--port", "70000")


def test_a_script_mixes_names_and_particulars():
    script = read_script('["look", {"do": "quota", "retry_after": 7}, {"model_served": "m"}]')
    assert script == [Step(), Step(Act.QUOTA, retry_after=7), Step(model_served="m")]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{}", "at least one step"),
        ("[]", "at least one step"),
        ("[5]", "Step 1 must be a name or an object"),
        ('["look", "dance"]', "Step 2 must do one of: look"),
        ('[{"delay": 5}]', "unknown fields: delay"),
        ('[{"pause": "long"}]', 'no usable value for "pause"'),
        ('[{"retry_after": -1}]', 'no usable value for "retry_after"'),
        ('[{"status": true}]', 'no usable value for "status"'),
    ],
)
def test_a_wrong_script_is_refused_with_the_step_that_is_wrong(text, complaint):
    with pytest.raises(BadScriptError, match=complaint):
        read_script(text)


def test_it_says_where_it_listens_and_stops_when_interrupted():
    command = [sys.executable, "-m", "standin", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        found = re.search(r"http://(\S+)", process.stdout.readline())
        assert found is not None
        connection = HTTPConnection(found[1], timeout=10)
        connection.request("POST", "/", "{}")
        assert connection.getresponse().status == 404
        connection.close()
        process.send_signal(signal.SIGINT)
        try:
            assert process.wait(timeout=10) == 0
        finally:
            process.kill()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--truth", "none"), "none can't be read"),
        (("--scenes", "--truth", "none"), "not allowed with argument"),
        (("--jitter", "much"), "no number of thousandths"),
        (("--missed", "2"), "no share"),
        (("--latency", "2-1"), "no time in seconds"),
        (("--ending", "never"), "invalid"),
        (("--today", "soon"), "no date"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], complaint: str
) -> None:
    assert complaint in refused(capsys, *arguments)


def test_a_wrong_schedule_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    schedule = tmp_path / "faults.json"
    schedule.write_text('{"rate": 7}', encoding="utf-8")
    assert "from 0 to 1" in refused(capsys, "--faults", str(schedule))


def test_the_documented_truth_and_steps_can_be_read(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "standin.md").read_text(encoding="utf-8")
    blocks = [dedent(block) for block in re.findall(r"(?:^    .*\n)+", page, re.MULTILINE)]
    (truth,) = (block for block in blocks if "truth.json <<'END'" in block)
    (script,) = (block for block in blocks if block.startswith('["look"'))
    (schedule,) = (block for block in blocks if block.startswith('{"rate"'))

    document = json.loads(truth.split("<<'END'\n")[1].split("END\n")[0])
    file = io.BytesIO()
    Image.new("L", (1600, 1200)).save(file, "PNG")
    (picture,) = truth_of(document, lambda name: file.getvalue())

    assert {"la porte", "the burnt door"} <= picture.answers.keys()
    assert len(read_script(script)) == 3
    assert len(read_faults(schedule).ways) == 3
