"""What the benchmark of the local engine measures and writes."""

from __future__ import annotations

from assessment.engines.registry import build
from assessment.evaluation.measures import Fit
from benchmarks import local
from benchmarks.cracks import Tally
from benchmarks.local import AFTER, BEFORE, goals, photos, shares
from benchmarks.results_page import put, table
from tests.evaluation.datasets import photo

GOOD, POOR = Fit(50, 60, 50, 100), Fit(20, 100, 20, 100)


def tallied(fit, seams_met):
    return Tally(fit, 100, seams_met, seams_met, 1.0, 1.0)


def reached(ours, *, debris, intact):
    totals = {"ours": ours, "Sato": tallied(POOR, 80), "Frangi": tallied(POOR, 90)}
    marked = {AFTER: {"storm damage": debris}, BEFORE: {"storm damage": intact}}
    return [goal.holds for goal in goals(totals, marked)]


def test_goals_hold_where_the_engine_errs_less_than_the_filters():
    assert reached(tallied(GOOD, 40), debris=0.3, intact=0.0) == [True] * 4
    assert reached(tallied(POOR, 41), debris=0.5, intact=0.02) == [False] * 4


def test_a_photo_that_is_not_there_has_no_goal():
    assert reached(tallied(GOOD, 40), debris=None, intact=None) == [True, True]


def test_a_photo_is_asked_every_question_and_a_refusal_is_no_share(tmp_path):
    marked = shares(photo(tmp_path / "wall.png"), build("local", {}))
    assert tuple(marked) == local.QUESTIONS
    assert marked["storm damage"] is None
    assert marked["blue tarpaulins"] == 0


def test_labels_and_answers_beside_the_photos_are_no_photos(tmp_path):
    photo(tmp_path / "gemini" / "cakes.png")
    (tmp_path / "gemini" / "answer.json").write_text("[]")
    assert [path.name for path in photos(tmp_path)] == ["cakes.png"]


def test_without_the_photos_it_says_so_and_leaves_the_page(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["local", str(tmp_path)])
    monkeypatch.setattr(local, "put", None)
    local.main()
    assert "was not measured" in " ".join(capsys.readouterr().out.split())


def test_a_part_of_the_page_is_written_in_its_place(tmp_path):
    page = tmp_path / "RESULTS.md"
    put("Time", "old", page)
    put("Memory", "1 MiB\n\n## At the peak\n", page)
    put("Time", "new", page)
    assert page.read_text() == "# Time\n\nnew\n\n# Memory\n\n1 MiB\n\n## At the peak\n"


def test_a_table_has_a_row_for_each():
    assert table(("a", "b"), [("1", "2")]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"
