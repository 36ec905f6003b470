from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from assessment.core.detection import Box, Detection
from assessment.core.vocabulary import AnswerForm
from assessment.engines.base import (
    EngineMisconfiguredError,
    EngineRefusedError,
    EngineUnavailableError,
    GarbledAnswerError,
)
from assessment.evaluation import asking
from tests.commands.measuring import run
from tests.evaluation.datasets import (
    HEIGHT,
    WIDTH,
    annotation,
    coco,
    document,
    labels,
    mask,
    pair,
    photo,
)
from tests.fakes import FakeEngine, square

RIGHT = square(5, 5, 10)


@pytest.fixture
def engine(fake_engine: FakeEngine, settings, tmp_path, monkeypatch) -> FakeEngine:
    settings.DATA_DIR = tmp_path / "var"
    fake_engine.detections = (RIGHT,)
    monkeypatch.setattr(asking.Desk.__init__, "__defaults__", (lambda seconds: None,))
    return fake_engine


@pytest.fixture
def walls(tmp_path: Path) -> Path:
    """Three photos; on the last there is nothing to find."""
    for name in ("one", "three", "two"):
        pair(tmp_path / "dents", name)
    mask(tmp_path / "dents" / "two.png", labels(target=0))
    return tmp_path / "dents"


def evaluate(dataset, *options):
    return run("evaluate", dataset, "--format", "pairs", "--engine", "fake", *options)


def stopped(dataset, *options: object) -> tuple[int, str]:
    """The exit status and the last words of a run that comes to no result."""
    with pytest.raises(CommandError) as raised:
        call_command("evaluate", str(dataset), "--format", "pairs", "--engine", "fake", *options)
    return raised.value.returncode, str(raised.value)


def values(result):
    return {name: each and each["value"] for name, each in result["measures"].items()}


def test_answers_are_held_against_the_truth(engine, walls):
    result = evaluate(walls)
    assert (result["status"], result["cases"], engine.asked) == (0, 3, 3)
    measures = values(result)
    assert measures["gIoU"] == measures["P@0.5"] == pytest.approx(2 / 3)
    assert measures["no-target accuracy"] == 0
    assert result["tokens"] == {"input": 21, "output": 33, "unknown_for": 0}
    assert [each["iou"] for each in result["each"]] == [1, 1, 0]


def test_a_second_run_asks_nothing_and_says_the_same(engine, walls):
    first, second = evaluate(walls), evaluate(walls)
    assert (engine.asked, second) == (3, first)


def test_other_words_of_the_prompt_are_another_question(engine, walls):
    evaluate(walls)
    engine.prompt_version = "fake-prompt-2"
    evaluate(walls)
    assert engine.asked == 6


def test_refused_and_garbled_answers_are_counted_apart(engine, walls):
    engine.errors = [EngineRefusedError("No."), GarbledAnswerError("What?")]
    result = evaluate(walls, "--limit", 3)
    assert result["status"] == 3
    assert result["outcomes"] == {
        "answered": 1,
        "refused": 1,
        "garbled": 1,
        "unavailable": 0,
        "rejected": 0,
    }
    assert [each["reason"] for each in result["each"]] == ["No.", "What?", ""]
    assert (values(result)["gIoU"], values(result)["gIoU, unanswered as 0"]) == (0, 0)
    assert "counted apart" in result["how_counted"]
    assert evaluate(walls) == result
    assert engine.asked == 3


def test_an_answer_that_cannot_be_read_is_kept_and_read_again(engine, walls, monkeypatch):
    def torn(*_args):
        raise GarbledAnswerError("Torn.")

    with monkeypatch.context() as patched:
        patched.setattr(engine, "read", torn)
        assert evaluate(walls)["outcomes"]["garbled"] == 3
    assert evaluate(walls)["outcomes"]["answered"] == 3
    assert engine.asked == 3


def test_an_engine_that_is_away_is_asked_again_then_left_for_the_next_run(engine, walls):
    engine.errors = [EngineUnavailableError("Away.")] * asking.TRIES
    result = evaluate(walls, "--limit", 1)
    assert (result["status"], result["outcomes"]["unavailable"]) == (3, 1)
    engine.errors = [EngineUnavailableError("Away.")]
    assert evaluate(walls, "--limit", 1)["outcomes"]["answered"] == 1


def test_an_engine_that_is_away_for_long_is_not_waited_for(engine, walls):
    engine.errors = [EngineUnavailableError("Quota used up.", retry_after=3600)]
    result = evaluate(walls, "--limit", 1)
    assert (result["outcomes"]["unavailable"], engine.asked) == (1, 1)
    assert result["each"][0]["reason"] == "Quota used up."


def test_ctrl_c_says_what_is_kept_and_the_next_run_goes_on(engine, walls):
    def stop():
        if engine.asked == 3:
            engine.before_answer = lambda: None
            raise KeyboardInterrupt

    engine.before_answer = stop
    status, sentence = stopped(walls)
    assert status == 130
    assert sentence.startswith("Stopped after 2 of 3 cases; their answers are kept in ")
    assert evaluate(walls)["status"] == 0
    assert engine.asked == 4


def test_half_a_line_left_by_a_killed_run_is_told_and_asked_again(engine, walls, settings):
    evaluate(walls)
    path = settings.DATA_DIR / "evaluations" / "dents-fake.jsonl"
    path.write_bytes(path.read_bytes()[:-20])
    (fault,) = evaluate(walls)["faults"]
    assert fault["what"] == "Lines that can't be read, asked again: 1."
    evaluate(walls)
    assert engine.asked == 4


def test_a_thing_answered_twice_is_found_once(engine, tmp_path):
    engine.detections = (RIGHT, square(5, 5, 10, label="dint"))
    result = run("evaluate", coco(tmp_path, annotation()), "--format", "coco", "--engine", "fake")
    assert values(result)["instance precision"] == values(result)["instance F1"] == 1


def test_a_bare_box_is_outlined_as_the_product_does(engine, tmp_path):
    large = Image.new("RGB", (400, 300), (190, 190, 190))
    large.paste((60, 60, 60), (100, 100, 200, 200))
    (tmp_path / "dents").mkdir()
    large.save(tmp_path / "dents" / "wall.jpg")
    truth = Image.new("L", (400, 300))
    truth.paste(255, (100, 100, 200, 200))
    truth.save(tmp_path / "dents" / "wall.png")
    engine.detections = (Detection("dent", Box(96, 96, 204, 204), None, AnswerForm.BOX),)
    bare = 100 * 100 / (108 * 108)
    assert values(evaluate(tmp_path / "dents"))["gIoU"] > 0.9 > bare


def test_faults_are_told_and_the_others_go_on(engine, walls):
    photo(walls / "four.jpg")
    (walls / "one.jpg").write_bytes(b"no photo")
    result = evaluate(walls)
    assert (result["cases"], result["status"]) == (2, 0)
    assert [fault["where"] for fault in result["faults"]] == ["four.jpg", "one"]


def test_kinds_of_questions_are_told_apart(engine, tmp_path):
    photo(tmp_path / "wall.jpg")
    mask(tmp_path / "wall.png", labels())
    item = {"image": "wall.jpg", "mask": "wall.png", "prompt": "the dent"}
    items = [{**item, "id": kind, "concept": kind} for kind in ("physics", "safety")]
    (tmp_path / "items.json").write_text(json.dumps({"items": items}))
    result = run("evaluate", tmp_path, "--format", "converseg", "--engine", "fake")
    assert {kind: each["cases"] for kind, each in result["by_kind"].items()} == {
        "physics": 1,
        "safety": 1,
    }


def test_kinds_and_languages_stand_in_tables_of_their_own(engine, walls):
    for name, words in {"one": "kind: ordering\nlanguage: en", "two": "language: de"}.items():
        (walls / f"{name}.txt").write_text(f"the dent\n{words}\n")
    result = evaluate(walls)
    assert {name: each["cases"] for name, each in result["by_language"].items()} == {
        "de": 1,
        "en": 1,
    }
    out = io.StringIO()
    call_command("evaluate", str(walls), format="pairs", engine="fake", stdout=out)
    told = [" ".join(line.split()[:2]) for line in out.getvalue().splitlines()]
    assert told.index("by kind") < told.index("ordering (1)") < told.index("plain (2)")
    assert told.index("by language") < told.index("de (1)") < told.index("en (1)")


def test_best_and_worst_cases_are_drawn(engine, walls, tmp_path):
    evaluate(walls, "--pictures", tmp_path / "drawn")
    names = sorted(path.name for path in (tmp_path / "drawn").iterdir())
    assert names == ["best-1-one.jpg", "best-2-three.jpg", "worst-1-two.jpg"]
    with Image.open(tmp_path / "drawn" / "best-1-one.jpg") as drawn:
        assert drawn.height > 30


def test_people_read_a_table(engine, walls):
    engine.errors = [EngineRefusedError("No.")]
    out = io.StringIO()
    with pytest.raises(CommandError, match="Cases without an answer: 1"):
        call_command("evaluate", str(walls), "--format", "pairs", "--engine", "fake", stdout=out)
    text = " ".join(out.getvalue().split())
    assert "gIoU 0.500 (0.000 to 1.000)" in text
    assert "3 cases: 2 answered, 1 refused" in text
    assert "Tokens: 14 in, 22 out (unknown for 1 calls)." in text


def test_kinds_are_printed_as_they_are_spelled(engine, tmp_path):
    photo(tmp_path / "wall.jpg")
    mask(tmp_path / "wall.png", labels())
    item = {"image": "wall.jpg", "mask": "wall.png", "prompt": "the dent"}
    items = [{**item, "id": kind, "concept": kind} for kind in ("a [/b]", "c")]
    (tmp_path / "items.json").write_text(json.dumps({"items": items}))
    out = io.StringIO()
    call_command("evaluate", str(tmp_path), format="converseg", engine="fake", stdout=out)
    assert [line.split()[:4] for line in out.getvalue().splitlines() if "(1)" in line] == [
        ["a", "[/b]", "(1)", "1.000"],
        ["c", "(1)", "1.000", "1.000"],
    ]


def test_a_place_for_pictures_that_is_none_is_told_before_anything_is_asked(engine, walls):
    taken = walls / "one.jpg"
    with pytest.raises(CommandError, match="File exists"):
        call_command(
            "evaluate",
            str(walls),
            format="pairs",
            engine="fake",
            pictures=taken,
            stdout=io.StringIO(),
        )
    assert engine.asked == 0


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_an_engine_that_is_set_up_wrongly_ends_the_run(engine, walls, limit):
    engine.errors = [EngineMisconfiguredError("No key.")] * limit
    assert stopped(walls, "--limit", limit) == (2, "No key.")
    assert engine.asked == limit


def test_however_often_one_photo_is_rejected_the_next_one_is_tried(engine, tmp_path):
    for name in ("large", "small"):
        photo(tmp_path / "images" / f"{name}.jpg")
    document(
        tmp_path / "instances.json",
        {
            "images": [
                {"id": 1, "file_name": "large.jpg", "width": WIDTH, "height": HEIGHT},
                {"id": 2, "file_name": "small.jpg", "width": WIDTH, "height": HEIGHT},
            ],
            "categories": [{"id": each, "name": f"dent {each}"} for each in (1, 2, 3)],
            "annotations": [annotation(image_id=2)],
        },
    )
    engine.errors = [EngineMisconfiguredError("Too large.")] * 3

    result = run("evaluate", tmp_path, "--format", "coco", "--engine", "fake")

    assert (result["outcomes"]["rejected"], result["outcomes"]["answered"]) == (3, 1)


def test_one_photo_that_the_engine_does_not_take_keeps_no_other_from_being_tried(engine, walls):
    engine.errors = [EngineMisconfiguredError("Too large.")]
    result = evaluate(walls)
    assert (result["status"], result["outcomes"]["rejected"]) == (3, 1)
    assert result["outcomes"]["answered"] == 2
    assert result["each"][0]["reason"] == "Too large."
    assert evaluate(walls)["outcomes"]["answered"] == 3


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["nowhere"], "no such file or folder"),
        (["."], "holds no case in this format"),
        ([".", "--limit", "0"], "give 1 or more"),
        ([".", "--tolerance", "-1"], "expected one argument|no distance"),
    ],
)
def test_bad_usage_is_told(engine, tmp_path, monkeypatch, options, sentence):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError, match=sentence):
        call_command("evaluate", *options, "--format", "pairs", "--engine", "fake")
