from __future__ import annotations

import json
from collections import Counter

import pytest

from assessment.core.vocabulary import QueryKind
from assessment.evaluation.case import Case
from assessment.evaluation.converseg import cases
from assessment.evaluation.truth import truth_of
from samples.scenes import LANGUAGES, draw_scenes
from samples.scenes.__main__ import main
from samples.scenes.export import write_scenes


@pytest.fixture(scope="module")
def scenes():
    return draw_scenes()


def test_there_are_two_questions_of_each_kind_at_least_in_every_language(scenes):
    questions = [question for scene in scenes for question in scene.questions]
    counts = Counter(question.kind for question in questions)
    assert {kind for kind in QueryKind if counts[kind] >= 2} == set(QueryKind)
    assert all(question.words.in_each().keys() == set(LANGUAGES) for question in questions)


def test_no_question_is_asked_twice_of_a_photo(scenes):
    for scene in scenes:
        texts = [text for each in scene.questions for text in set(each.words.in_each().values())]
        assert len(set(texts)) == len(texts)


def test_a_truth_is_empty_where_the_photo_shows_no_such_thing_and_only_there(scenes):
    for scene in scenes:
        for question in scene.questions:
            assert scene.truth(question).any() == bool(question.means), question.words.en


def test_what_is_written_is_a_dataset_that_can_be_evaluated(scenes, tmp_path):
    write_scenes(tmp_path, scenes[:1])

    found = list(cases(tmp_path))

    assert len(found) == 4 * len(scenes[0].questions)
    assert all(isinstance(case, Case) for case in found)
    assert {case.kind for case in found if isinstance(case, Case)} <= set(QueryKind)
    first = found[0]
    assert isinstance(first, Case)
    target = truth_of(first.truth, scenes[0].width, scenes[0].height).target
    assert (target == scenes[0].truth(scenes[0].questions[0])).all()
    items = json.loads((tmp_path / "items.json").read_text(encoding="utf-8"))["items"]
    assert {item["language"] for item in items} == set(LANGUAGES)


def test_a_folder_that_can_not_be_made_is_told(tmp_path, capsys):
    (tmp_path / "taken").write_text("")
    with pytest.raises(SystemExit):
        main([str(tmp_path / "taken")])
    assert "Not a directory" in capsys.readouterr().err
