from __future__ import annotations

import base64
import json

import cv2
import numpy as np
import pytest
import shapely
from shapely import MultiPolygon

from assessment.core.detection import Box
from assessment.core.merge import union
from assessment.core.polygons import outline
from tests.core.specimens import ANNULUS, CIRCLE, FRAME, OVERLAPPING_SQUARE, SQUARE, masked, ringed


def test_damage_seen_twice_counts_once():
    shapes = outline([masked(CIRCLE.grid), masked(CIRCLE.grid)], *FRAME)
    assert union(shapes).area == pytest.approx(CIRCLE.area_px, rel=1e-4)


def test_overlapping_damage_counts_its_overlap_once():
    assert union(outline([ringed(SQUARE), ringed(OVERLAPPING_SQUARE)], *FRAME)).area == 17_500


def test_a_hole_in_one_outline_is_kept_unless_another_fills_it():
    annulus, circle = outline([masked(ANNULUS.grid), masked(CIRCLE.grid)], *FRAME)
    assert len(union([annulus, annulus]).geoms[0].interiors) == 1
    assert not union([annulus, circle]).geoms[0].interiors


def test_empty_outlines_add_nothing():
    shape = MultiPolygon([shapely.box(0, 0, 2, 2)])
    assert union([MultiPolygon(), shape, MultiPolygon()]).area == 4.0
    assert union([MultiPolygon()]).area == 0.0


@pytest.mark.shared
def test_a_real_answer_with_duplicates_covers_less_than_the_sum_of_its_masks(shared_data):
    """Two pairs of its fifteen masks show the same thing under different labels."""
    answer = (shared_data / "gemini" / "cookbook_cupcakes_flash25_0520_masks15.json").read_text()
    items = json.loads(answer[answer.index("[") : answer.rindex("]") + 1])
    width, height = 1000, 1000
    detections = []
    for item in items:
        png = base64.b64decode(item["mask"].partition(",")[2])
        grid = np.array(cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE))
        top, left, bottom, right = item["box_2d"]
        detections.append(masked(grid, Box(left, top, right, bottom)))
    shapes = outline(detections, width, height)
    assert shapely.is_valid(shapes).all()
    assert shapely.area(shapes).sum() / union(shapes).area == pytest.approx(1.119, abs=0.005)
