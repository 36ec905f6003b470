from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from assessment.management import outline_file
from tests.commands.measuring import polygon, run, square, written

WIDTH, HEIGHT = 1200, 900
ENDLESS = "1" * 5000


def saved(path: Path, orientation: int = 1, size: tuple[int, int] = (WIDTH, HEIGHT)) -> Path:
    """A plain photo with an EXIF orientation."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.new("RGB", size, "grey").save(path, exif=exif)
    return path


@pytest.fixture
def photo(tmp_path) -> Path:
    return saved(tmp_path / "photo.jpg")


@pytest.fixture
def outline(tmp_path) -> Path:
    return written(tmp_path, square(300, 200, 400))


def measure(photo, outline, *scale):
    return run("measure", photo, "--outline", outline, *scale)


def usage_error(*arguments: object) -> str:
    with pytest.raises(CommandError) as raised:
        call_command("measure", *map(str, arguments))
    return str(raised.value)


def test_a_stated_distance_gives_the_area_with_the_outlines_error_alone(photo, outline):
    result = measure(photo, outline, "--gsd", "0.01")
    area = result["area_m2"]
    assert result["status"] == 0
    assert area["value"] == pytest.approx(16.0)
    assert area["high"] - area["value"] == pytest.approx(1.96 * 1600 * 2.4 / 1e4, rel=5e-3)
    assert result["length_m"] is None
    assert "taken as exact" in result["basis"]
    assert "2.4 pixels" in result["basis"]
    assert result["warnings"] == []


def test_pixels_need_not_be_square(photo, outline):
    assert measure(photo, outline, "--gsd", "0.01,0.02")["area_m2"]["value"] == pytest.approx(32)


def test_a_pitch_makes_a_plan_larger(photo, outline):
    result = measure(photo, outline, "--gsd", "0.01", "--pitch", "12/12")
    assert result["area_m2"]["value"] == pytest.approx(16 * 2**0.5, rel=0.005)


def test_a_line_gives_the_area_and_warns_where_it_is_short(photo, outline):
    result = measure(photo, outline, "--line", "300,500,700,500=4")
    assert result["area_m2"]["value"] == pytest.approx(16, rel=0.03)
    assert result["area_m2"]["low"] < 16 < result["area_m2"]["high"]
    short = measure(photo, outline, "--line", "300,500,400,500=1")
    assert "shorter than 120 pixels" in short["warnings"][0]


def test_a_rectangle_gives_the_area(photo, outline):
    corners = "300,200,700,200,700,600,300,600"
    result = measure(photo, outline, "--rectangle", f"{corners}=4x4")
    assert result["area_m2"]["value"] == pytest.approx(16, rel=0.01)


def test_a_marker_in_the_photo_gives_the_area(tmp_path, outline):
    picture = np.full((HEIGHT, WIDTH), 255, np.uint8)
    family = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    picture[300:500, 400:600] = cv2.aruco.generateImageMarker(family, 7, 200)
    path = tmp_path / "marker.png"
    cv2.imwrite(str(path), picture)
    result = measure(path, outline, "--marker", "DICT_4X4_50:7=2")
    assert result["area_m2"]["value"] == pytest.approx(16, rel=0.01)
    other = measure(path, outline, "--marker", "DICT_4X4_50:8=2")
    assert (other["status"], "No marker" in other["refused"]) == (3, True)


def test_a_photo_that_says_nothing_of_a_flight_is_refused_as_a_drones(photo, outline):
    result = measure(photo, outline, "--drone", "--above-target", "5")
    assert result["status"] == 3
    assert "in what size it was taken" in result["refused"]


def test_places_are_those_of_the_upright_photo(tmp_path):
    sideways = saved(tmp_path / "sideways.jpg", orientation=6)
    low = written(tmp_path, square(300, 1000, 150))
    assert measure(sideways, low, "--gsd", "0.01")["area_m2"]["value"] == pytest.approx(2.25)
    upright = saved(tmp_path / "upright.jpg")
    assert "leaves the photo of 1200 by 900 pixels by 250" in usage_error(
        upright, "--outline", low, "--gsd", "0.01"
    )


def test_a_crack_has_a_length_and_widths(photo, tmp_path):
    bar = written(tmp_path, polygon((100, 400), (1100, 400), (1100, 440), (100, 440)))
    result = measure(photo, bar, "--gsd", "0.001")
    assert result["length_m"]["value"] == pytest.approx(1.0, rel=0.01)
    assert result["longest_m"]["value"] == pytest.approx(1.0, rel=0.01)
    assert result["width_m"]["value"] == pytest.approx(0.04, rel=0.02)
    assert result["widest_m"]["value"] == pytest.approx(0.04, rel=0.02)


def test_a_crack_too_thin_for_an_area_still_has_its_length_with_the_reason_beside(photo, tmp_path):
    bar = written(tmp_path, polygon((100, 400), (1100, 400), (1100, 404), (100, 404)))
    result = measure(photo, bar, "--gsd", "0.001")
    assert result["status"] == 0
    assert result["length_m"]["value"] == pytest.approx(1.0, rel=0.01)
    assert "Too uncertain to print" in result["area_m2"]["refused"]
    assert "The outline leaves most" in result["width_m"]["refused"]


def test_what_is_too_uncertain_in_all_is_refused_with_status_three(photo, tmp_path):
    dot = written(tmp_path, square(500, 500, 10))
    result = measure(photo, dot, "--gsd", "0.01")
    assert result["status"] == 3
    assert set(result) == {"refused", "status"}
    assert "Too uncertain to print" in result["refused"]


def test_a_scale_that_cannot_be_borne_is_refused_with_its_sentence(photo, outline):
    card = measure(photo, outline, "--rectangle", "100,100,151,100,151,132,100,132=0.0856x0.054")
    assert card["status"] == 3
    assert "only 32 pixels across" in card["refused"]


def test_a_photo_that_is_broken_is_refused(tmp_path, outline):
    whole = saved(tmp_path / "whole.jpg").read_bytes()
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(whole[: len(whole) // 2])
    result = measure(broken, outline, "--gsd", "0.01")
    assert result["status"] == 3
    assert "damaged or cut short" in result["refused"]


def test_an_outline_of_nothing_is_refused_for_it_may_be_an_export_that_failed(photo, tmp_path):
    empty = written(tmp_path, {"type": "FeatureCollection", "features": []})
    result = measure(photo, empty, "--gsd", "0.01")
    assert result["status"] == 3
    assert "outlines nothing" in result["refused"]


def test_features_that_overlap_are_measured_as_one(photo, tmp_path):
    features = [
        {"type": "Feature", "properties": {"name": "shingle"}, "geometry": square(left, 200, 400)}
        for left in (300, 500)
    ]
    both = written(tmp_path, {"type": "FeatureCollection", "features": features})
    assert measure(photo, both, "--gsd", "0.01")["area_m2"]["value"] == pytest.approx(24)
    one = written(tmp_path, features[0])
    assert measure(photo, one, "--gsd", "0.01")["area_m2"]["value"] == pytest.approx(16)


def test_a_byte_order_mark_and_holes_are_read(photo, tmp_path):
    holed = square(300, 200, 400)
    holed["coordinates"] += square(400, 300, 100)["coordinates"]
    path = tmp_path / "marked.geojson"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(holed).encode())
    assert measure(photo, path, "--gsd", "0.01")["area_m2"]["value"] == pytest.approx(15)


def test_an_outline_may_leave_the_photo_by_a_pixel_and_is_cut(photo, tmp_path):
    frame = written(tmp_path, polygon((-0.5, 0), (WIDTH + 0.5, 0), (WIDTH, HEIGHT), (0, HEIGHT)))
    area = measure(photo, frame, "--gsd", "0.01")["area_m2"]["value"]
    assert area == pytest.approx(WIDTH * HEIGHT / 1e4)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[1, 2]", "no geometry"),
        ('{"type": "Feature", "geometry": null}', "no geometry"),
        ('{"type": "FeatureCollection"}', "lists no features"),
        ('{"type": "Point", "coordinates": [1, 2]}', "not a polygon"),
        ('{"type": "Polygon", "coordinates": [[[0, 0], [9, 9], [9, 0], [0, 9]]]}', "crosses"),
        ('{"type": "Polygon", "coordinates": [[[0, 0], [9, NaN], [9, 0]]]}', "no place"),
        ('{"type": "Polygon", "coordinates": [[[0, 0], [9, 1e999], [9, 0]]]}', "no place"),
        ('{"type": "Polygon", "coordinates": ' + f"[[[0, 0], [9, 9], [{ENDLESS}, 0]]]}}", "JSON"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_outline_is_bad_usage_with_a_sentence(photo, tmp_path, text, said):
    path = tmp_path / "outline.geojson"
    path.write_text(text)
    with pytest.raises(CommandError, match=said) as raised:
        call_command("measure", str(photo), "--outline", str(path), "--gsd", "0.01")
    assert raised.value.returncode == 2
    assert str(path) in str(raised.value)


def test_a_file_larger_than_any_outline_is_not_read(photo, outline, monkeypatch):
    monkeypatch.setattr(outline_file, "MOST_BYTES", 10)
    assert "larger than" in usage_error(photo, "--outline", outline, "--gsd", "0.01")


def test_corners_of_all_features_together_are_bounded(photo, tmp_path, monkeypatch):
    monkeypatch.setattr(outline_file, "MOST_VERTICES", 8)
    features = [{"type": "Feature", "geometry": square(10 * n, 10, 9)} for n in range(2)]
    both = written(tmp_path, {"type": "FeatureCollection", "features": features})
    assert "corners" in usage_error(photo, "--outline", both, "--gsd", "0.01")


@pytest.mark.parametrize(
    ("scale", "said"),
    [
        ([], "one of the arguments"),
        (["--gsd", "0.01", "--drone"], "not allowed with"),
        (["--gsd", "x"], "not a distance"),
        (["--gsd", "1,2,3"], "not a distance"),
        (["--gsd", "inf"], "not a distance"),
        (["--line", "1,2,3=4"], "not a line"),
        (["--rectangle", "1,2,3,4,5,6,7,8=9"], "not a rectangle"),
        (["--marker", "=0.1"], "not a marker"),
        (["--marker", "DICT_4X4_50:x=0.1"], "not a marker"),
        (["--gsd", "1", "--pitch", "6"], "not a pitch"),
        (["--drone", "--above-target", "high"], "not a number of metres"),
        (["--gsd", "1", "--above-target", "3"], "goes with --drone only"),
        (["--marker", "DICT_4X4_50=0.1", "--pitch", "6/12"], "--pitch goes with"),
    ],
)
def test_a_scale_that_makes_no_sense_is_bad_usage(photo, outline, scale, said):
    assert said in usage_error(photo, "--outline", outline, *scale)


def test_no_file_is_bad_usage(photo, outline, tmp_path):
    gone = tmp_path / "gone"
    assert "No such file" in usage_error(gone, "--outline", outline, "--gsd", "1")
    assert "No such file" in usage_error(photo, "--outline", gone, "--gsd", "1")


def test_a_result_is_not_written_over_what_it_is_made_from(photo, outline):
    before = outline.read_bytes()
    said = usage_error(photo, "--outline", outline, "--gsd", "1", "--json", outline)
    assert "would be overwritten" in said
    assert outline.read_bytes() == before


def test_the_result_goes_to_a_file(photo, outline, tmp_path):
    target = tmp_path / "result.json"
    call_command(
        "measure", str(photo), "--outline", str(outline), "--gsd", "0.01", "--json", str(target)
    )
    assert json.loads(target.read_text())["area_m2"]["value"] == pytest.approx(16)


def test_a_folder_that_is_not_there_is_said_before_anything_is_done(photo, outline, tmp_path):
    target = tmp_path / "nowhere" / "result.json"
    assert "no such folder" in usage_error(
        photo, "--outline", outline, "--gsd", "1", "--json", target
    )


def test_a_target_that_takes_nothing_is_said(photo, outline):
    # Everybody may write into it, and nobody can: root writes over any file's permissions.
    target = Path("/dev/full")
    assert "can't be written: No space left" in usage_error(
        photo, "--outline", outline, "--gsd", "1", "--json", target
    )


def test_people_read_a_table_with_the_basis_and_what_was_refused(photo, tmp_path, capsys):
    bar = written(tmp_path, polygon((100, 400), (1100, 400), (1100, 404), (100, 404)))
    call_command("measure", str(photo), "--outline", str(bar), "--gsd", "0.001")
    told = capsys.readouterr().out
    assert "Length, all branches  1 m" in told
    assert "Scale from the stated ground sample distance" in told
    assert "Area: Too uncertain to print" in told


def test_the_same_command_prints_the_same_digits(photo, outline):
    first, second = (measure(photo, outline, "--line", "300,500,700,500=4") for _ in range(2))
    assert first == second
