"""ReasonSeg, ConverSeg, and folders of pairs."""

from __future__ import annotations

import codecs

import pytest

from assessment.evaluation import converseg, pairs, reasonseg
from assessment.evaluation.truth import TruthError, truth_of
from tests.evaluation.datasets import (
    HEIGHT,
    SQUARE,
    WIDTH,
    document,
    labels,
    mask,
    pair,
    photo,
    split,
)


def truth(case):
    return truth_of(case.truth, WIDTH, HEIGHT)


def reasoning(folder, *shapes, start=b"", **changes):
    photo(folder / "wall.jpg")
    entry = {"text": ["where did it hit?", "the hit"], "is_sentence": True, "shapes": [*shapes]}
    document(folder / "wall.json", {**entry, **changes}, start=start)
    return split(list(reasonseg.cases(folder)))


def shape(label="target", points=SQUARE):
    return {"label": label, "points": points}


def conversation(folder, **changes):
    photo(folder / "images" / "wall.jpg")
    mask(folder / "masks" / "wall.png", labels())
    item = {"id": 1, "image": "images/wall.jpg", "mask": "masks/wall.png", "prompt": "the dent"}
    document(folder / "items.json", {"items": [{**item, **changes}]})
    return split(list(converseg.cases(folder)))


def test_reasonseg_asks_the_first_of_its_questions(tmp_path):
    (case,), faults = reasoning(tmp_path, shape())
    assert (case.question, case.kind, faults) == ("where did it hit?", "sentence", [])
    assert (truth(case).target.sum(), truth(case).things) == (100, None)


def test_what_reasonseg_ignores_is_ignored_where_it_lies_on_a_target(tmp_path):
    small = [[6.0, 6.0], [8.0, 6.0], [8.0, 8.0], [6.0, 8.0]]
    (case,), _ = reasoning(tmp_path, shape("ignore", small), shape(), shape("flag"))
    assert (truth(case).target.sum(), truth(case).ignored.sum()) == (96, 4)


def test_doubtful_shapes_are_told(tmp_path):
    (case,), faults = reasoning(tmp_path, shape("dent"), shape(points=SQUARE[:2]))
    assert faults == [
        'A shape is labelled "dent"; taken for a target.',
        'A shape "target" has no area; passed over.',
    ]
    assert truth(case).target.sum() == 100


def test_old_encodings_and_byte_order_marks_are_told(tmp_path):
    _, faults = reasoning(tmp_path, shape(), start=codecs.BOM_UTF8)
    assert faults == ["It begins with a byte order mark; read without it."]
    (tmp_path / "wall.json").write_bytes(b'{"text": ["the caf\xe9"], "shapes": []}')
    (case,), faults = split(list(reasonseg.cases(tmp_path)))
    assert (case.question, faults) == ("the café", ["It is not UTF-8; read as Windows-1252."])


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"text": []}, "Left out, it asks nothing."),
        ({"text": 3}, "Left out, its text isn't as the format has it"),
        ({"shapes": [shape(points=[[1, "a"]])]}, "Left out, its shapes.0.points.0.1 isn't"),
    ],
)
def test_an_entry_that_is_no_case_is_left_out(tmp_path, changes, fault):
    found, (told,) = reasoning(tmp_path, **changes)
    assert found == []
    assert told.startswith(fault)


def test_a_missing_photo_is_told_in_every_format(tmp_path):
    document(tmp_path / "wall.json", {"text": ["dent"], "shapes": []})
    assert split(list(reasonseg.cases(tmp_path))) == ([], ["Left out, its photo is missing."])
    missing = conversation(tmp_path / "talk", image="gone.jpg")
    assert missing == ([], ["Left out, gone.jpg is missing."])
    mask(tmp_path / "pairs" / "wall.png", labels())
    assert split(list(pairs.cases(tmp_path / "pairs")))[1] == ["Left out, its photo is missing."]


def test_converseg_asks_its_prompts(tmp_path):
    (case,), faults = conversation(tmp_path, concept="physics")
    assert (case.question, case.kind, faults) == ("the dent", "physics", [])
    assert truth(case).target.sum() == 100


def test_a_missing_mask_is_told(tmp_path):
    assert conversation(tmp_path, mask="gone.png") == ([], ["Left out, gone.png is missing."])
    photo(tmp_path / "pairs" / "wall.jpg")
    assert split(list(pairs.cases(tmp_path / "pairs"))) == (
        [],
        ["Left out, its mask is missing."],
    )


def test_an_item_without_prompt_is_left_out(tmp_path):
    found, (fault,) = conversation(tmp_path, prompt=" ")
    assert found == []
    assert "its prompt isn't as the format has it" in fault


def test_no_items_are_told(tmp_path):
    assert split(list(converseg.cases(tmp_path)))[1] == [
        "The file can't be read: No such file or directory."
    ]


def test_a_folder_of_pairs_asks_its_name_or_what_lies_beside_the_photo(tmp_path):
    folder = tmp_path / "water_stains"
    pair(folder, "one")
    pair(folder, "two")
    (folder / "two.txt").write_text("damp patches\n")
    (folder / "LICENSE").write_text("free")
    found, faults = split(list(pairs.cases(folder)))
    assert [case.question for case in found] == ["water stains", "damp patches"]
    assert faults == []


def test_other_values_of_a_mask_are_look_alikes(tmp_path):
    pair(tmp_path, cells=labels(look_alike=204))
    (case,) = pairs.cases(tmp_path)
    assert (truth(case).target.sum(), truth(case).look_alike.sum()) == (100, 3 * WIDTH)


def test_a_mask_of_ones_is_a_mask(tmp_path):
    pair(tmp_path, cells=labels(target=1))
    (case,) = pairs.cases(tmp_path)
    assert truth(case).target.sum() == 100


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        (labels(target=128), r"holds 2 values \(0, 128\)"),
        (labels()[:, :-1], "has 39 by 30 pixels, the upright photo 40 by 30"),
    ],
)
def test_a_mask_that_can_be_no_truth_is_refused(tmp_path, cells, why):
    pair(tmp_path, cells=cells)
    (case,) = pairs.cases(tmp_path)
    with pytest.raises(TruthError, match=why):
        truth(case)


def test_a_torn_mask_is_refused(tmp_path):
    pair(tmp_path)
    (tmp_path / "wall.png").write_bytes(b"no picture")
    (case,) = pairs.cases(tmp_path)
    with pytest.raises(TruthError, match="can't be read"):
        truth(case)


@pytest.mark.parametrize("kind", ["kind", "concept"])
def test_converseg_tells_the_kind_and_the_language_of_a_question(tmp_path, kind):
    (case,), _ = conversation(tmp_path, **{kind: "ordering", "language": "es"})
    assert (case.kind, case.language) == ("ordering", "es")


def test_reasonseg_tells_the_kind_and_the_language_of_a_question(tmp_path):
    (case,), _ = reasoning(tmp_path, shape(), kind="ordering", language="es")
    assert (case.kind, case.language) == ("ordering", "es")


def test_a_pairs_question_has_its_kind_and_language_below_it(tmp_path):
    pair(tmp_path)
    (tmp_path / "wall.txt").write_text("la segunda ventana\nKind: ordering\nlanguage: es\n")
    (case,), _ = split(list(pairs.cases(tmp_path)))
    assert (case.question, case.kind, case.language) == ("la segunda ventana", "ordering", "es")
