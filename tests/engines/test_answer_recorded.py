"""Answers recorded from real models."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assessment.core.detection import Detection, Grid
from assessment.core.vocabulary import AnswerForm
from assessment.engines.answer import read_answer
from assessment.engines.base import GarbledAnswerError, Reading


def grid(detection: Detection) -> Grid:
    assert isinstance(detection.mask, np.ndarray)
    return detection.mask


@pytest.mark.shared
def test_the_masks_of_a_recorded_answer_are_all_read(shared_masks):
    found = shared_masks.detections
    assert len(found) == 15
    assert shared_masks.lost == ()
    assert {detection.form for detection in found} == {AnswerForm.MASK}
    assert all(grid(detection).shape == (256, 256) for detection in found)


@pytest.mark.shared
def test_the_duplicates_of_the_recorded_answer_survive_under_both_labels(shared_masks):
    painted = [_painted(detection) for detection in shared_masks.detections]
    total = sum(int(mask.sum()) for mask in painted)
    union = int(np.logical_or.reduce(painted).sum())
    assert total / union == pytest.approx(1.119, abs=0.01)


def _painted(detection: Detection) -> np.ndarray:
    """Nearest cells on a canvas of the photo's size, enough for a sum of areas."""
    canvas = np.zeros((620, 620), bool)
    left, top, right, bottom = (round(edge) for edge in detection.box)
    rows = (np.arange(bottom - top) + 0.5) / (bottom - top) * 256
    columns = (np.arange(right - left) + 0.5) / (right - left) * 256
    cells = grid(detection)[np.ix_(rows.astype(int), columns.astype(int))]
    canvas[top:bottom, left:right] = cells > 127
    return canvas


@pytest.fixture
def shared_masks(shared_data: Path) -> Reading:
    path = shared_data / "gemini" / "cookbook_cupcakes_flash25_0520_masks15.json"
    return read_answer(path.read_text(encoding="utf-8"), 620, 620)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("boxes_cookbook_cupcakes_flash25", 15),
        ("boxes_cookbook_cupcakes_gemini35flash", 13),
        ("boxes_cookbook_spill_flash25", 6),
        ("polygon_forum146559_gemini35", 1),
    ],
)
def test_recorded_boxes_and_polygons_are_all_read(shared_data: Path, name: str, count: int) -> None:
    text = (shared_data / "gemini" / f"{name}.json").read_text(encoding="utf-8")
    assert len(read_answer(text, 620, 620).detections) == count


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("segtokens_cookbook_issue798", "mask tokens"),
        ("loop_cookbook_issue798_fakepng", "breaks off"),
    ],
)
def test_recorded_failures_are_never_taken_for_nothing_found(
    shared_data: Path, name: str, reason: str
) -> None:
    text = (shared_data / "gemini" / f"{name}.json").read_text(encoding="utf-8")
    with pytest.raises(GarbledAnswerError, match=reason):
        read_answer(text, 620, 620)
