from __future__ import annotations

import codecs
import json

import pytest

from assessment.evaluation.coco import cases
from assessment.evaluation.truth import truth_of
from tests.evaluation.datasets import (
    FLAT_SQUARE,
    HEIGHT,
    SQUARE_RUNS,
    WIDTH,
    annotation,
    coco,
    document,
    photo,
    split,
)

CROWD = {"counts": SQUARE_RUNS, "size": [HEIGHT, WIDTH]}


def read(path):
    return split(list(cases(path)))


def truth(case):
    return truth_of(case.truth, WIDTH, HEIGHT)


def test_a_category_on_a_photo_is_a_case_and_each_annotation_a_thing(tmp_path):
    far = [25.0, 5.0, 35.0, 5.0, 35.0, 15.0, 25.0, 15.0]
    other = annotation(2, segmentation=[far], bbox=[25, 5, 10, 10])
    (case,), faults = read(coco(tmp_path, annotation(), other))
    assert (case.question, case.photo.name, faults) == ("dent", "wall.jpg", [])
    assert truth(case).target.sum() == 200
    assert len(truth(case).things) == 2


def test_runs_and_polygons_of_one_shape_are_the_same_truth(tmp_path):
    (case,), faults = read(coco(tmp_path, annotation(segmentation=CROWD)))
    (drawn,), _ = read(coco(tmp_path, annotation()))
    assert faults == []
    assert (truth(case).target == truth(drawn).target).all()


def test_parts_that_overlap_have_no_hole_where_they_do(tmp_path):
    (case,), _ = read(coco(tmp_path, annotation(segmentation=[FLAT_SQUARE, FLAT_SQUARE])))
    assert truth(case).target.sum() == 100


def test_a_crowd_is_neither_right_nor_wrong_to_find(tmp_path):
    (case,), _ = read(coco(tmp_path, annotation(segmentation=CROWD, iscrowd=1)))
    assert truth(case).ignored.sum() == 100
    assert (truth(case).target.sum(), truth(case).things) == (0, ())


def test_a_photo_without_annotations_is_asked_for_every_category(tmp_path):
    found, _ = read(coco(tmp_path))
    assert [case.question for case in found] == ["dent", "broken glass"]
    assert not any(truth(case).target.any() for case in found)


def test_a_wrong_area_is_told_and_the_outline_counts(tmp_path):
    (case,), (fault,) = read(coco(tmp_path, annotation(area=400)))
    assert fault == ("Its area is given as 400 pixels, its outline holds 100; the outline counts.")
    assert truth(case).target.sum() == 100


@pytest.mark.parametrize(
    ("box", "order"),
    [
        ([3, 8, 23, 18], "is in the order left, top, right, bottom"),
        ([8, 3, 18, 23], "is in the order top, left, bottom, right"),
        ([8, 3, 10, 20], "is in the order top, left, height, width"),
        ([100, 100, 1, 1], "doesn't fit its outline"),
        ([3, 8], "doesn't fit its outline"),
    ],
)
def test_a_box_of_the_wrong_order_is_told(tmp_path, box, order):
    wide = [3.0, 8.0, 23.0, 8.0, 23.0, 18.0, 3.0, 18.0]
    found, faults = read(coco(tmp_path, annotation(segmentation=[wide], area=200, bbox=box)))
    assert (len(found), faults) == (1, [f"Its box {order}; the outline counts."])


def test_a_byte_order_mark_is_told_and_passed_over(tmp_path):
    found, faults = read(coco(tmp_path, annotation(), start=codecs.BOM_UTF8))
    assert (len(found), faults) == (1, ["It begins with a byte order mark; read without it."])


def test_a_missing_photo_is_told_and_the_others_go_on(tmp_path):
    path = coco(tmp_path, annotation())
    (tmp_path / "images" / "wall.jpg").unlink()
    assert read(path) == ([], ["Left out, the photo is missing."])


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"segmentation": None}, "it has no outline, and a box is no truth for outlines."),
        ({"segmentation": []}, "it has no outline, and a box is no truth for outlines."),
        (
            {"segmentation": [[1, 2, 3, 4]]},
            "a polygon of it has fewer than three corners, or half a corner.",
        ),
        (
            {"segmentation": {"counts": [1, 2], "size": [HEIGHT, WIDTH]}},
            "its runs don't fill 40 by 30 pixels.",
        ),
        (
            {"segmentation": {"counts": [10**12], "size": [10**6, 10**6]}},
            "its runs are of 1000000 by 1000000 pixels, more than any photo has.",
        ),
        (
            {"segmentation": {"counts": "zz", "size": [HEIGHT, WIDTH]}},
            "its runs don't fill 40 by 30 pixels.",
        ),
    ],
)
def test_a_photo_of_which_a_shape_is_lost_is_left_out_whole(tmp_path, changes, why):
    path = coco(tmp_path, annotation(), annotation(2, **changes))
    assert read(path) == ([], [f"Left out with its photo: {why}"])


def test_an_annotation_of_another_form_leaves_its_photo_out(tmp_path):
    found, (fault,) = read(coco(tmp_path, annotation(), annotation(2, segmentation="square")))
    assert found == []
    assert "segmentation" in fault


def test_an_annotation_of_no_listed_photo_is_told(tmp_path):
    found, faults = read(coco(tmp_path, annotation(), annotation(2, image_id=9)))
    assert (len(found), faults) == (1, ["Left out, its image or category isn't listed."])


def test_a_file_of_something_else_is_told(tmp_path):
    assert read(document(tmp_path / "other.json", [1]))[1] == [
        "It lists no images, categories, annotations; nothing was taken from it."
    ]
    (tmp_path / "torn.json").write_text("{")
    assert "The file is no JSON; nothing was taken from it." in read(tmp_path)[1]


def test_photos_are_found_where_datasets_keep_them(tmp_path):
    (tmp_path / "annotations").mkdir()
    path = coco(tmp_path / "annotations", annotation())
    (tmp_path / "annotations" / "images" / "wall.jpg").unlink()
    photo(tmp_path / "val2017" / "wall.jpg")
    (case,), _ = read(path.rename(path.with_name("instances_val2017.json")))
    assert case.photo == tmp_path / "val2017" / "wall.jpg"


def test_a_category_tells_the_kind_and_the_language_of_its_question(tmp_path):
    path = coco(tmp_path, annotation())
    told = json.loads(path.read_text())
    told["categories"][0] |= {"kind": "abstract", "language": "de"}
    document(path, told)
    (case,), _ = read(path)
    assert (case.kind, case.language) == ("abstract", "de")
