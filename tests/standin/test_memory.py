"""What the stand-in tells of a known picture: all of it, or the tile that was sent."""

from __future__ import annotations

import copy
import json
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image

from standin.memory import Memory
from standin.region import Region
from standin.truth import BadTruthError, read_truth
from tests.standin.drawn import HEIGHT, TRUTH, WIDTH, jpeg, known, yard

Truth = dict[str, Any]

WHOLE = jpeg(yard(), (512, 384))
SHED_BOX = (167, 125, 667, 500)


@pytest.fixture
def memory(tmp_path) -> Memory:
    return Memory(known(tmp_path))


def boxes(regions: list[Region]) -> list[tuple[int, int, int, int]]:
    return [region.box for region in regions]


def area(region: Region) -> float:
    def of(ring: np.ndarray) -> float:
        x, y = ring.T
        return abs(float(x @ np.roll(y, 1) - y @ np.roll(x, 1))) / 2

    return sum(of(part.outline) - sum(map(of, part.holes)) for part in region.parts)


def test_a_shrunken_copy_is_known(memory):
    (shed,) = memory.regions(WHOLE, 'Outline "the shed".')
    assert (shed.box, shed.label) == (SHED_BOX, "shed")


def test_holes_are_kept(memory):
    (shed,) = memory.regions(WHOLE, 'Outline "the shed".')
    assert area(shed) == pytest.approx(1e6 * (300 * 300 - 100 * 100) / (WIDTH * HEIGHT), rel=0.01)


def test_a_label_comes_in_the_language_of_the_question(memory):
    (shed,) = memory.regions(WHOLE, 'Outline "Der  Schuppen?".')
    assert shed.label == "Schuppen"


@pytest.mark.parametrize("size", [(400, 400), (250, 250)])
def test_of_a_tile_only_what_it_shows_is_told(memory, size):
    tile = jpeg(yard().crop((300, 100, 700, 500)), size)

    shed, ladder = memory.regions(tile, 'Outline "everything".')

    assert shed.box == pytest.approx((0, 0, 750, 250), abs=4)
    assert ladder.box == pytest.approx((0, 750, 1000, 850), abs=4)


def test_a_tile_that_shows_nothing_of_it_is_answered_with_nothing(memory):
    assert memory.regions(jpeg(yard().crop((420, 0, 800, 400))), 'Outline "the shed".') == []


def test_another_picture_is_not_taken_for_a_known_one(memory):
    assert memory.regions(jpeg(yard(seed=2)), 'Outline "the shed".') == []
    assert memory.regions(jpeg(Image.new("RGB", (400, 300), "grey")), 'Outline "the shed".') == []


def test_a_question_that_nobody_wrote_down_is_answered_with_nothing(memory):
    assert memory.regions(WHOLE, 'Outline "the roof of the shed".') == []


def test_a_question_without_quotes_is_found_in_its_prompt(memory):
    prompt = "Give the segmentation masks for the shed. Output a JSON list of masks."
    assert boxes(memory.regions(WHOLE, prompt)) == [SHED_BOX]


def test_the_largest_comes_first(memory):
    shed, ladder = memory.regions(WHOLE, 'Outline "everything".')
    assert (shed.label, ladder.label) == ("shed", "ladder")


def test_what_is_known_already_is_left_out(memory):
    prompt = 'Outline "everything". Leave out what lies in these boxes: [[160, 120, 670, 505]].'
    (ladder,) = memory.regions(WHOLE, prompt)
    assert ladder.label == "ladder"


def test_boxes_in_the_question_itself_are_not_known_ones(tmp_path):
    truth = copy.deepcopy(TRUTH)
    text = json.dumps([SHED_BOX])
    truth["pictures"][0]["questions"].append({"text": text, "objects": ["shed"]})
    (shed,) = Memory(known(tmp_path, truth)).regions(WHOLE, f"Outline {json.dumps(text)}.")
    assert shed.box == SHED_BOX


def test_many_may_ask_at_once(memory):
    answers = []

    def ask() -> None:
        answers.append(boxes(memory.regions(WHOLE, 'Outline "the shed".')))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [[SHED_BOX]] * 8


def picture(truth: Truth) -> Truth:
    (only,) = truth["pictures"]
    assert isinstance(only, dict)
    return only


def no_file(truth: Truth) -> None:
    picture(truth)["file"] = "none.png"


def no_object(truth: Truth) -> None:
    picture(truth)["questions"][0]["objects"] = ["barn"]


def crossing(truth: Truth) -> None:
    outline = [[0, 0], [9, 9], [9, 0], [0, 9]]
    picture(truth)["objects"]["shed"]["polygons"] = [{"outline": outline}]


def two_corners(truth: Truth) -> None:
    picture(truth)["objects"]["shed"]["polygons"][0]["outline"] = [[0, 0], [9, 9]]


def unknown_name(truth: Truth) -> None:
    picture(truth)["objects"]["shed"]["colour"] = "red"


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (no_file, "none.png can't be read: No such file"),
        (no_object, "names no object of it: barn"),
        (crossing, 'outline of "shed" in yard.png crosses itself'),
        (two_corners, "pictures.0.objects.shed.polygons.0.outline"),
        (unknown_name, "pictures.0.objects.shed.colour"),
        (dict.clear, "The truth's pictures"),
    ],
)
def test_a_truth_that_can_not_be_used_says_why(
    tmp_path, spoil: Callable[[Truth], None], sentence: str
):
    truth = copy.deepcopy(TRUTH)
    spoil(truth)
    with pytest.raises(BadTruthError, match=sentence):
        known(tmp_path, truth)


def test_a_truth_that_is_not_there_or_no_json_says_so(tmp_path):
    with pytest.raises(BadTruthError, match=r"truth\.json can't be read"):
        read_truth(tmp_path)
    (tmp_path / "truth.json").write_text("{", encoding="utf-8")
    with pytest.raises(BadTruthError, match="is not JSON"):
        read_truth(tmp_path)
