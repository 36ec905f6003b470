from __future__ import annotations

import io
import json
import sys

import pytest
from django.core.management import CommandError, call_command

from tests.commands.measuring import run

BOXES = [
    {"box_2d": [100, 100, 300, 400], "label": "missing shingles"},
    {"box_2d": [200, 200, 400, 500], "label": "[bold]hole[/bold]"},
]


@pytest.fixture
def answer(tmp_path):
    def make(text: str):
        path = tmp_path / "answer.txt"
        path.write_text(text)
        return path

    return make


def read(path, size="1000x1000"):
    return run("read_answer", path, "--size", size)


def test_every_detection_has_its_form_box_and_area(answer):
    result = read(answer(json.dumps(BOXES)), "2000x1000")
    first = result["detections"][0]
    assert result["status"] == 0
    assert (first["label"], first["form"], first["approximate"]) == (
        "missing shingles",
        "box",
        True,
    )
    assert first["box"] == [200, 100, 800, 300]
    assert first["area_px"] == pytest.approx(120_000)
    assert first["share"] == pytest.approx(0.06)
    assert first["polygon"]["type"] == "MultiPolygon"


def test_what_overlaps_counts_once_in_the_total(answer):
    result = read(answer(json.dumps(BOXES)))
    assert result["total"]["area_px"] == pytest.approx(60_000 + 60_000 - 20_000)


def test_what_was_lost_is_told_beside_what_was_found(answer):
    result = read(answer(json.dumps([*BOXES, {"label": "dent", "box_2d": "none"}])))
    assert len(result["detections"]) == 2
    assert any("dent" in sentence for sentence in result["lost"])


def test_an_explicit_empty_list_is_an_answer(answer):
    result = read(answer("[]"))
    assert (result["status"], result["detections"], result["total"]["area_px"]) == (0, [], 0)


@pytest.mark.parametrize("text", ["", "I see no damage.", '{"mask": "<seg_12><seg_3>"}', '[{"box'])
def test_what_cannot_be_read_is_refused_and_never_nothing_found(answer, text):
    result = read(answer(text))
    assert result["status"] == 3
    assert set(result) == {"refused", "status"}
    assert result["refused"].startswith("The answer can't be read")


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "answer.bin"
    path.write_bytes(bytes(range(256)))
    assert read(path)["status"] == 3


def test_a_text_longer_than_any_answer_is_refused(answer):
    result = read(answer("[" + " " * 8_100_000 + "]"))
    assert result["status"] == 3
    assert "far more than an answer can be" in result["refused"]


def test_an_answer_comes_from_standard_input_too(monkeypatch):
    text = b"\xef\xbb\xbf```json\n" + json.dumps(BOXES).encode() + b"\n```"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    assert len(read("-")["detections"]) == 2


def test_people_read_a_table_with_labels_as_they_came(answer, capsys):
    call_command("read_answer", str(answer(json.dumps(BOXES))), "--size", "1000x1000")
    told = capsys.readouterr().out
    assert "[bold]hole[/bold]" in told
    assert "60000 px" in told
    assert "All together" in told


def test_people_read_that_nothing_was_found(answer, capsys):
    call_command("read_answer", str(answer("[]")), "--size", "1000x1000")
    assert capsys.readouterr().out == "Nothing was found.\n"


def test_people_read_why_nothing_could_be_read(answer):
    with pytest.raises(CommandError, match="can't be read") as raised:
        call_command("read_answer", str(answer("nonsense")), "--size", "1000x1000")
    assert raised.value.returncode == 3


@pytest.mark.parametrize("size", ["1000", "0x10", "1000x1000x3", "-5x5", "99999x10", "ax5"])
def test_a_size_that_is_none_is_bad_usage(answer, size):
    with pytest.raises(CommandError, match="not a size"):
        call_command("read_answer", str(answer("[]")), f"--size={size}")


def test_no_file_is_bad_usage(tmp_path):
    with pytest.raises(CommandError, match="No such file") as raised:
        call_command("read_answer", str(tmp_path / "gone"), "--size", "10x10")
    assert raised.value.returncode == 2


def test_a_result_is_not_written_over_the_answer(answer):
    path = answer("[]")
    with pytest.raises(CommandError, match="would be overwritten"):
        call_command("read_answer", str(path), "--size", "10x10", "--json", str(path))
    assert path.read_text() == "[]"
