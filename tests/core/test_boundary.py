from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from assessment.core.boundary import APPROXIMATE, OUTLINE_SD, UNIFORM_SD, boundary_sd
from assessment.core.detection import Box, Detection
from assessment.core.vocabulary import AnswerForm
from tests.core.specimens import SQUARE, masked, ringed

SIZE = (1000, 1000)
STEP = UNIFORM_SD
"""What rounding to thousandths leaves open in a photo of SIZE, px."""
SIDE = 100.0
"""The side of SQUARE, px."""
BOXED = Detection("damage", Box(100, 100, 200, 200), None, AnswerForm.BOX, approximate=True)


def test_a_polygon_is_off_by_its_own_error_and_by_rounding():
    expected = math.hypot(OUTLINE_SD[AnswerForm.POLYGON] * SIDE, STEP)
    assert boundary_sd(ringed(SQUARE), *SIZE) == pytest.approx(expected)


def test_an_outline_is_never_as_good_as_its_rounding_alone():
    assert boundary_sd(ringed(SQUARE), *SIZE) > 3 * STEP


def test_a_mask_is_off_by_its_cells_too():
    grid = np.full((10, 10), 255, np.uint8)
    detection = masked(grid, Box(100, 100, 200, 200))
    expected = math.hypot(OUTLINE_SD[AnswerForm.MASK] * SIDE, STEP, 10 * UNIFORM_SD)
    assert boundary_sd(detection, *SIZE) == pytest.approx(expected, rel=0.01)


def test_a_bare_box_is_off_by_a_quarter_of_its_size():
    assert boundary_sd(BOXED, *SIZE) == pytest.approx(SIDE / 4, rel=0.01)


@pytest.mark.parametrize(
    "firm", [ringed(SQUARE), masked(np.full((100, 100), 255, np.uint8))], ids=["rings", "grid"]
)
def test_an_approximate_outline_is_off_by_more(firm):
    rough = replace(firm, approximate=True)
    assert boundary_sd(rough, *SIZE) > 0.9 * APPROXIMATE * boundary_sd(firm, *SIZE)


def test_a_larger_outline_is_off_by_more():
    assert boundary_sd(ringed(4 * SQUARE), *SIZE) > 3 * boundary_sd(ringed(SQUARE), *SIZE)


def test_the_poorer_the_form_the_rougher_the_outline():
    errors = [OUTLINE_SD[form] for form in AnswerForm]
    assert errors == sorted(errors)


def test_a_mask_with_nothing_in_it_is_off_by_rounding_alone():
    blank = masked(np.zeros((10, 10), np.uint8), Box(0, 0, 10, 10))
    assert boundary_sd(blank, *SIZE) == pytest.approx(math.hypot(STEP, UNIFORM_SD))
