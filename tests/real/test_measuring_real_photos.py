"""The command `measure` on photos that somebody else took and measured."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.commands.measuring import polygon, run, square, written
from tests.core.scenes import Floats
from tests.real.test_scales_on_real_photos import (
    DRONES,
    LEAVES,
    MEASURED_GSD,
    SQUARE_M,
    leaf_in,
    opened,
    square_in,
)

pytestmark = pytest.mark.shared


def listed(points: Floats) -> str:
    return ",".join(f"{each:.1f}" for each in np.ravel(points))


@pytest.mark.parametrize("name", DRONES)
def test_a_square_in_a_drones_photo_has_the_area_of_the_measured_scale(
    shared_data: Path, tmp_path, name
):
    outline = written(tmp_path, square(1250, 375, 1500))
    result = run("measure", shared_data / "drone" / name, "--outline", outline, "--drone")
    area, truth = result["area_m2"], (1500 * MEASURED_GSD) ** 2
    assert area["low"] < truth < area["high"]
    scale = np.sqrt([area["low"], area["high"]]) / 1500
    assert scale[1] - scale[0] < 2 * 0.06 * MEASURED_GSD
    assert "height of the take-off point" in result["warnings"][0]


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.name)
def test_a_leaf_is_measured_by_a_line_within_its_truth(shared_data, tmp_path, leaf):
    photo = shared_data / "area" / leaf.name
    picture = opened(photo)
    outline = written(tmp_path, polygon(*leaf_in(picture).tolist()))
    line = f"{listed(square_in(picture)[:2])}={SQUARE_M}"
    area = run("measure", photo, "--outline", outline, "--line", line)["area_m2"]
    assert area["value"] == pytest.approx(leaf.leaf_cm2 * 1e-4, rel=0.1)
    assert area["low"] < leaf.leaf_cm2 * 1e-4 < area["high"]


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.name)
def test_a_homography_from_a_small_square_is_refused_or_holds_the_truth(
    shared_data, tmp_path, leaf
):
    photo = shared_data / "area" / leaf.name
    picture = opened(photo)
    outline = written(tmp_path, polygon(*leaf_in(picture).tolist()))
    rectangle = f"{listed(square_in(picture))}={SQUARE_M}x{SQUARE_M}"
    result = run("measure", photo, "--outline", outline, "--rectangle", rectangle)
    if result["status"] == 3:
        assert "Too uncertain to print" in result["refused"]
    else:
        assert result["area_m2"]["low"] < leaf.leaf_cm2 * 1e-4 < result["area_m2"]["high"]


def test_an_aerial_photo_of_known_distance_is_measured_exactly(shared_data, tmp_path):
    photo = shared_data / "area" / "joplin_pre_0.6m.tif"
    outline = written(tmp_path, square(100, 100, 500))
    result = run("measure", photo, "--outline", outline, "--gsd", "0.6")
    assert result["area_m2"]["value"] == pytest.approx(500 * 500 * 0.36, rel=1e-12)


def test_the_recorded_masks_overlap_as_their_manifest_says(shared_data):
    answer = shared_data / "gemini" / "cookbook_cupcakes_flash25_0520_masks15.json"
    result = run("read_answer", answer, "--size", "620x413")
    areas = sum(each["area_px"] for each in result["detections"])
    assert len(result["detections"]) == 15
    assert areas / result["total"]["area_px"] == pytest.approx(1.119, abs=0.002)
    assert result["lost"] == []
