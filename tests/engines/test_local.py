from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from assessment.core.detection import Detection
from assessment.core.vocabulary import DamageType
from assessment.engines.base import EngineRefusedError, Request
from assessment.engines.local import LocalEngine
from assessment.engines.local_cracks import followed
from assessment.engines.local_scene import shows_a_town_from_above, shows_one_surface
from assessment.engines.registry import build

Picture = NDArray[np.uint8]
Mask = NDArray[np.bool_]
HEIGHT, WIDTH = 480, 640
PLASTER = 190


def _plaster(noise: float = 3.0) -> Picture:
    rng = np.random.default_rng(5)
    grey = PLASTER + rng.normal(0, noise, (HEIGHT, WIDTH, 1))
    return np.clip(np.repeat(grey, 3, axis=2), 0, 255).astype(np.uint8)


def _jpeg(picture: Picture) -> bytes:
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 92])
    return data.tobytes()


def _ask(picture: Picture, question: str, scale: int = 1) -> tuple[Detection, ...]:
    engine = LocalEngine()
    size = (picture.shape[1] * scale, picture.shape[0] * scale)
    answer = engine.ask(Request(_jpeg(picture), *size, question))
    return engine.read(answer.text, *size).detections


def _wandering_crack() -> NDArray[np.int32]:
    """Points of a line that never keeps its direction, as cracks do."""
    turns = np.random.default_rng(1).normal(0, 0.6, 60)
    steps = 8 * np.column_stack([np.cos(turns), np.sin(turns)])
    return np.asarray(np.cumsum(steps, axis=0) + np.array((80, 240)), np.int32)


def _faded(shape: Mask, colour: tuple[int, int, int], *, most: float, blur: float) -> Picture:
    """Plaster that turns softly into another colour where the shape is, at most to that share."""
    share = most * cv2.GaussianBlur(shape.astype(np.float32), (0, 0), blur)[..., None]
    return np.asarray(_plaster() * (1 - share) + np.array(colour) * share, np.uint8)


def _disc(x: int, y: int, radius: int) -> Mask:
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    return np.asarray(np.hypot(columns - x, rows - y) <= radius, np.bool_)


def _town() -> Picture:
    """A patchwork of many bright and dark things."""
    rng = np.random.default_rng(3)
    blocks = rng.integers(20, 235, (48, 64, 3)).astype(np.uint8)
    large = cv2.resize(blocks, (WIDTH, HEIGHT), interpolation=cv2.INTER_NEAREST)
    return np.asarray(large, np.uint8)


def test_the_registry_builds_it_without_options():
    engine = build("local", {})
    assert (engine.name, engine.wants_full_size) == ("local", True)


def test_a_wandering_dark_line_is_a_crack():
    wall = _plaster()
    cv2.polylines(wall, [_wandering_crack()], isClosed=False, color=(60, 60, 60), thickness=2)
    cracks = _ask(wall, "cracks in the wall")
    assert {crack.damage_type for crack in cracks} == {DamageType.CRACK}
    assert sum(crack.box.right - crack.box.left for crack in cracks) > 300


def test_detections_come_back_in_pixels_of_the_original():
    wall = _plaster()
    cv2.polylines(wall, [_wandering_crack()], isClosed=False, color=(60, 60, 60), thickness=2)
    near, far = _ask(wall, "cracks")[0], _ask(wall, "cracks", scale=3)[0]
    assert far.box == pytest.approx([3 * side for side in near.box])


def test_a_ruled_line_is_no_crack():
    wall = _plaster()
    cv2.line(wall, (60, 100), (580, 140), (60, 60, 60), 2)
    assert _ask(wall, "cracks") == ()


@pytest.mark.parametrize("noise", [0.0, 2.0, 8.0])
@pytest.mark.parametrize("question", ["cracks", "stains", "missing siding", "blue tarps"])
def test_nothing_is_found_on_a_sound_surface(noise, question):
    assert _ask(_plaster(noise), question) == ()


def test_a_pattern_of_lines_is_refused_and_not_called_cracked():
    wall = _plaster()
    for x in range(0, WIDTH, 24):
        wave = [(x + round(6 * np.sin(y / 9 + x)), y) for y in range(0, HEIGHT, 4)]
        cv2.polylines(wall, [np.array(wave)], isClosed=False, color=(70, 70, 70), thickness=2)
    with pytest.raises(EngineRefusedError, match="pattern"):
        _ask(wall, "cracks")


def test_a_soft_yellow_patch_is_a_stain():
    wall = _faded(_disc(320, 240, 80), (60, 110, 150), most=0.4, blur=8)
    (stain,) = _ask(wall, "water stain")
    assert stain.box == pytest.approx((240, 160, 400, 320), abs=12)


@pytest.mark.parametrize(("colour", "found"), [((60, 60, 60), 1), ((150, 90, 60), 0)])
def test_a_soft_dark_patch_is_a_stain_and_a_blue_one_is_a_shadow(colour, found):
    wall = _faded(_disc(320, 240, 80), colour, most=0.5, blur=8)
    assert len(_ask(wall, "stains")) == found


def test_a_board_with_sharp_edges_is_no_stain():
    wall = _plaster()
    cv2.rectangle(wall, (200, 150), (420, 300), (110, 150, 170), cv2.FILLED)
    assert _ask(wall, "stains") == ()


def test_stains_on_a_dark_surface_are_refused():
    with pytest.raises(EngineRefusedError, match="light surface"):
        _ask(_plaster() // 3, "stains")


def test_a_ragged_region_of_another_colour_is_a_gap():
    wall = _plaster()
    outline = np.array([(200, 150), (300, 150), (300, 200), (420, 200), (420, 320), (200, 320)])
    cv2.fillPoly(wall, [outline], (60, 90, 120))
    (gap,) = _ask(wall, "missing siding")
    assert gap.box == pytest.approx((200, 150, 421, 321), abs=6)
    assert gap.damage_type is DamageType.MISSING_COVERING


def test_what_fades_in_is_no_gap():
    shape = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.fillPoly(shape, [RAGGED + np.array((100, 0))], (1,))
    clouded = _faded(shape > 0, (250, 250, 250), most=1, blur=10)
    assert _ask(clouded, "missing siding") == ()


def test_a_rectangle_is_a_window_and_no_gap():
    wall = _plaster()
    cv2.rectangle(wall, (200, 150), (420, 320), (60, 90, 120), cv2.FILLED)
    assert _ask(wall, "missing siding") == ()


RAGGED = np.array([(0, 150), (150, 150), (150, 220), (420, 220), (420, 320), (0, 320)])
"""Reaches the left border."""

LARGE = np.array([(20, 20), (620, 20), (620, 200), (300, 460), (20, 240)])
"""More than two fifths of the photo, and away from its border."""


def _lost(picture: Picture, question: str) -> tuple[str, ...]:
    engine = LocalEngine()
    answer = engine.ask(Request(_jpeg(picture), WIDTH, HEIGHT, question))
    return engine.read(answer.text, WIDTH, HEIGHT).lost


def test_a_ragged_region_at_the_border_is_not_passed_over_in_silence():
    wall = _plaster()
    cv2.fillPoly(wall, [RAGGED], (60, 90, 120))
    assert _ask(wall, "missing siding") == ()
    (sentence,) = _lost(wall, "missing siding")
    assert "may be missing shingles, tiles or siding: 1." in sentence


def test_a_region_too_large_to_be_a_gap_is_not_passed_over_in_silence():
    wall = _plaster()
    cv2.fillPoly(wall, [LARGE], (60, 90, 120))
    assert _ask(wall, "missing siding") == ()
    assert len(_lost(wall, "missing siding")) == 1


@pytest.mark.parametrize("left", [0, 200])
def test_what_has_the_shape_of_something_built_is_not_called_unjudged(left):
    wall = _plaster()
    cv2.rectangle(wall, (left, 150), (left + 220, 320), (60, 90, 120), cv2.FILLED)
    assert _lost(wall, "missing siding") == ()


def test_a_soft_stain_at_the_border_is_not_passed_over_in_silence():
    wall = _faded(_disc(320, 0, 120), (60, 110, 150), most=0.4, blur=8)
    assert _ask(wall, "water stain") == ()
    (sentence,) = _lost(wall, "water stain")
    assert "may be water stains: 1." in sentence


def test_a_blue_tarpaulin_is_found_and_the_sky_is_not():
    roof = _plaster()
    cv2.rectangle(roof, (200, 200), (299, 259), (210, 110, 30), cv2.FILLED)
    roof[:40] = (230, 150, 60)
    (tarpaulin,) = _ask(roof, "blue tarps")
    assert tarpaulin.box == pytest.approx((200, 200, 300, 260), abs=2)


def test_blue_that_fades_is_the_sky_and_no_tarpaulin():
    hazy = _faded(_disc(320, 240, 60), (210, 110, 30), most=1, blur=25)
    assert _ask(hazy, "blue tarps") == ()


@pytest.mark.parametrize(
    ("gap", "length", "goes_on"), [(6, 40, True), (30, 40, False), (6, 12, False)]
)
def test_a_crack_goes_on_in_a_faint_line_that_is_close_and_long(gap, length, goes_on):
    cracks, faint = np.zeros((2, 40, 200), np.bool_)
    cracks[20, :60] = True
    faint[20, 60 + gap : 60 + gap + length] = True
    assert (followed(cracks, cracks | faint) & faint).any() == goes_on


@pytest.mark.parametrize("question", ["cracks", "stains", "missing shingles"])
def test_a_scene_of_many_things_is_refused_for_searches_of_one_surface(question):
    with pytest.raises(EngineRefusedError, match="does not mean there is no damage"):
        _ask(_town(), question)


def test_a_close_up_is_refused_for_debris():
    with pytest.raises(EngineRefusedError, match="from above"):
        _ask(_plaster(), "storm damage")


def test_a_town_is_many_things_and_a_wall_is_one():
    assert shows_a_town_from_above(_town())
    assert shows_one_surface(_plaster())


@pytest.mark.parametrize("image", [b"", b"no photo"])
def test_a_photo_that_cannot_be_decoded_is_refused(image):
    with pytest.raises(EngineRefusedError, match="can't be decoded"):
        LocalEngine().ask(Request(image, 10, 10, "cracks"))


def test_a_question_that_is_not_understood_is_refused_even_with_a_known_type():
    photo = _jpeg(_plaster())
    with pytest.raises(EngineRefusedError, match="ajar"):
        LocalEngine().ask(Request(photo, WIDTH, HEIGHT, "the door ajar", DamageType.CRACK))


def test_the_answer_names_the_model_that_gave_it():
    engine = LocalEngine()
    answer = engine.ask(Request(_jpeg(_plaster()), WIDTH, HEIGHT, "cracks"))
    assert answer.model_requested == answer.model_served == engine.model
    assert answer.usage.input_tokens is None
