from __future__ import annotations

import base64
import json

import cv2
import numpy as np
import pytest

from assessment.core.vocabulary import AnswerForm, DamageType
from assessment.engines.base import GarbledAnswerError, Reading
from assessment.engines.local_answer import as_reading, as_text, regions_of

SIZE = (400, 200)
"""Width and height of the photo; the masks below are a quarter of that."""


@pytest.fixture
def mask():
    mask = np.zeros((50, 100), np.bool_)
    mask[10:20, 30:50] = True
    mask[14:16, 36:40] = False
    return mask


@pytest.fixture
def answer(mask):
    return json.loads(as_text(SIZE, regions_of(mask, "stain", DamageType.STAIN, SIZE)))


def test_a_region_comes_back_in_pixels_of_the_original(answer):
    (detection,) = as_reading(json.dumps(answer), *SIZE).detections
    assert detection.box == (120.0, 40.0, 200.0, 80.0)
    assert detection.label == "stain"
    assert detection.damage_type is DamageType.STAIN
    assert detection.form is AnswerForm.MASK
    assert detection.approximate


def test_a_hole_stays_a_hole(mask, answer):
    (detection,) = as_reading(json.dumps(answer), *SIZE).detections
    assert np.array_equal(detection.mask == 255, mask[10:20, 30:50])


def test_regions_far_apart_are_told_apart(mask):
    mask[40:45, 80:90] = True
    assert len(regions_of(mask, "stain", DamageType.STAIN, SIZE)) == 2


def test_the_pieces_of_a_broken_line_are_one_region():
    mask = np.zeros((1000, 1000), np.bool_)
    mask[500, 100:400] = mask[500, 408:700] = True
    assert len(regions_of(mask, "crack", DamageType.CRACK, (1000, 1000))) == 1


def test_nothing_found_is_an_empty_answer_and_no_error():
    nothing = as_text(SIZE, regions_of(np.zeros((5, 5), np.bool_), "x", DamageType.CRACK, SIZE))
    assert as_reading(nothing, *SIZE) == Reading(())


def _rgb_png() -> str:
    _, data = cv2.imencode(".png", np.zeros((4, 4, 3), np.uint8))
    return base64.b64encode(data.tobytes()).decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("box", [0, 0, 500, 80]),
        ("box", [120, 40, 120, 80]),
        ("box", [-5, 40, 120, 80]),
        ("box", [0, 0, 10]),
        ("mask", "no base64!"),
        ("mask", ""),
        ("mask", base64.b64encode(b"no png").decode()),
        ("mask", _rgb_png()),
        ("damage_type", "gremlins"),
        ("surprise", 1),
    ],
)
def test_a_region_that_is_not_whole_garbles_the_answer(answer, field, value):
    answer["regions"][0][field] = value
    with pytest.raises(GarbledAnswerError, match="can't be read"):
        as_reading(json.dumps(answer), *SIZE)


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"format": "eaves-local-2"}', "no JSON"])
def test_text_in_another_form_is_garbled_and_never_empty(text):
    with pytest.raises(GarbledAnswerError):
        as_reading(text, *SIZE)


def test_an_answer_cut_short_is_garbled(answer):
    with pytest.raises(GarbledAnswerError):
        as_reading(json.dumps(answer)[:-20], *SIZE)


def test_an_answer_about_a_photo_of_another_size_is_garbled(answer):
    with pytest.raises(GarbledAnswerError, match="another size"):
        as_reading(json.dumps(answer), 401, 200)


def test_what_was_not_judged_comes_back_as_its_sentence():
    text = as_text(SIZE, [], ["Regions at the border: 1. Look there."])
    assert as_reading(text, *SIZE).lost == ("Regions at the border: 1. Look there.",)


@pytest.mark.parametrize("lost", [None, "a sentence", [""], [3]])
def test_an_answer_whose_losses_cannot_be_read_is_garbled(answer, lost):
    answer["lost"] = lost
    with pytest.raises(GarbledAnswerError):
        as_reading(json.dumps(answer), *SIZE)


def test_an_answer_that_does_not_say_what_was_lost_is_garbled(answer):
    del answer["lost"]
    with pytest.raises(GarbledAnswerError):
        as_reading(json.dumps(answer), *SIZE)
