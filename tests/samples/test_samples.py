from __future__ import annotations

from io import BytesIO

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import ExifTags, Image

from assessment.core.vocabulary import DamageType
from assessment.engines.base import Request
from assessment.engines.local import LocalEngine
from samples import Sample, draw_samples

Mask = NDArray[np.bool_]
SEEDS = (7, 24)
BY_TYPE = {DamageType.MISSING_COVERING: 0.8, DamageType.CRACK: 0.6, DamageType.STAIN: 0.9}
"""Least IoU of marks and truth; at worst 0.92, 0.76 and 0.98 was seen."""


@pytest.fixture(scope="module", params=SEEDS)
def samples(request):
    return draw_samples(request.param)


def _photo(sample: Sample) -> Image.Image:
    return Image.open(BytesIO(sample.jpeg))


def _marked(sample: Sample, question: str) -> Mask:
    engine = LocalEngine()
    answer = engine.ask(Request(sample.jpeg, sample.width, sample.height, question))
    marked = np.zeros(sample.truth.shape, np.bool_)
    for detection in engine.read(answer.text, sample.width, sample.height).detections:
        left, top, right, bottom = (round(side) for side in detection.box)
        mask = cv2.resize(np.asarray(detection.mask), (right - left, bottom - top))
        marked[top:bottom, left:right] |= mask > 127
    return marked


def _lost(sample: Sample, question: str) -> tuple[str, ...]:
    engine = LocalEngine()
    answer = engine.ask(Request(sample.jpeg, sample.width, sample.height, question))
    return engine.read(answer.text, sample.width, sample.height).lost


def test_there_are_four_photos_with_names_of_their_own(samples):
    names = {sample.name for sample in samples}
    assert len(names) == len(samples) >= 4
    assert all(name.endswith(".jpg") for name in names)


def test_the_same_seed_draws_the_same_bytes():
    assert [s.jpeg for s in draw_samples(3)] == [s.jpeg for s in draw_samples(3)]


def test_another_seed_draws_other_pictures():
    first, second = draw_samples(3), draw_samples(4)
    assert all(a.jpeg != b.jpeg for a, b in zip(first, second, strict=True))


def test_photos_have_the_size_they_say(samples):
    for sample in samples:
        assert _photo(sample).size == (sample.width, sample.height)
        assert sample.truth.shape == (sample.height, sample.width)


def test_photos_have_a_capture_time_and_no_position(samples):
    for sample in samples:
        exif = _photo(sample).getexif()
        taken = exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal]
        assert taken.startswith("2026:05:09")
        assert ExifTags.IFD.GPSInfo not in exif


def test_the_true_area_is_the_truth_at_the_scale_of_the_staff(samples):
    for sample in samples:
        x1, y1, x2, y2 = sample.reference_line
        px_per_m = np.hypot(x2 - x1, y2 - y1) / sample.length_m
        assert sample.truth_m2 == pytest.approx(sample.truth.sum() / px_per_m**2)


def test_the_staff_begins_and_ends_where_its_line_does(samples):
    for sample in samples:
        pixels = np.asarray(_photo(sample).convert("RGB"), np.int16)
        x1, y1, x2, _ = (round(end) for end in sample.reference_line)
        row = pixels[y1 + 20, x1 - 40 : x2 + 40]
        red = np.flatnonzero((row[:, 0] - row[:, 1] > 60) & (row[:, 0] - row[:, 2] > 60))
        fields = (x2 - x1) / (10 * sample.length_m)
        assert red[0] == pytest.approx(40 + fields, abs=3)
        assert red[-1] == pytest.approx(40 + x2 - x1, abs=3)


def test_the_engine_finds_what_is_true_of_the_damaged_ones(samples):
    for sample in samples:
        if sample.truth.any():
            marked = _marked(sample, sample.question)
            iou = (marked & sample.truth).sum() / (marked | sample.truth).sum()
            assert iou >= BY_TYPE[sample.damage_type], sample.name


@pytest.mark.parametrize("question", ["missing siding", "cracks", "stains", "blue tarps"])
def test_nothing_is_found_on_the_undamaged_front(samples, question):
    (sound,) = [sample for sample in samples if not sample.truth.any()]
    assert not _marked(sound, question).any()


@pytest.mark.parametrize("question", ["missing siding", "stains"])
def test_nothing_is_left_unjudged_on_the_undamaged_front(samples, question):
    (sound,) = [sample for sample in samples if not sample.truth.any()]
    assert _lost(sound, question) == ()


def test_nothing_is_left_unjudged_on_the_damaged_ones(samples):
    assert [_lost(s, s.question) for s in samples if s.truth.any()] == [(), (), ()]
