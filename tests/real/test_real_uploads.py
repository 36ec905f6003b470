"""Real photos through the door: phones, drones, cameras, and files that broke on the way."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from claims.evidence.derive import derive
from claims.evidence.fingerprint import perceptual
from claims.evidence.metadata import read_metadata
from claims.evidence.upload import UploadRefusedError, examine

pytestmark = pytest.mark.shared

BROKEN = ("corrupt-header.jpg", "corrupted.heic", "truncated.heic", "truncated.jpg")
SIDEWAYS = (3, 5, 6, 8)
FORMATS = {
    "Channel_digital_image_CMYK_color.jpg": ("image/jpeg", (500, 333)),
    "Flag_of_the_Netherlands-16bit.png": ("image/png", (900, 600)),
    "animated-loop-3.webp": ("image/webp", (370, 285)),
    "arrow.heic": ("image/heic", (3024, 4032)),
    "empty_gps.jpg": ("image/jpeg", (4640, 3472)),
    "p3.png": ("image/png", (8, 8)),
    "pug.heic": ("image/heic", (4032, 3024)),
    "thompson-springs.jpg": ("image/jpeg", (150, 103)),
}
DARK = 200  # red, green and blue together: ink, and neither paper nor its lines
TELLTALES = (b"Exif", b"ns.adobe.com", b"ICC_PROFILE", b"Photoshop", b"Apple", b"motorola")
EDITS = (
    "blur-a-little", "blur-a-lot", "high-contrast", "high-saturation", "sharpen-a-little",
    "sharpen-a-lot", "shrink-a-little", "shrink-a-lot", "square-128x128", "square-256x256",
    "square-512x512",
)  # fmt: skip


def pixels(jpeg: bytes) -> NDArray[np.float64]:
    return np.asarray(Image.open(BytesIO(jpeg)), np.float64)


def fingerprint(path: Path) -> int:
    return perceptual(derive(path.read_bytes()).working)


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_with_a_sentence(shared_data: Path, name: str) -> None:
    with pytest.raises(UploadRefusedError, match=r"The photo is damaged or cut short\. .* Please"):
        derive((shared_data / "broken" / name).read_bytes())


@pytest.mark.parametrize("name", ["corrupt-header.jpg", "corrupted.heic", "truncated.heic"])
def test_a_file_with_a_broken_header_is_refused_at_the_door(shared_data: Path, name: str) -> None:
    with pytest.raises(UploadRefusedError, match="Nothing of it was kept"):
        examine((shared_data / "broken" / name).read_bytes(), name)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_taken_and_derived_at_the_size_told(shared_data: Path, name: str) -> None:
    data = (shared_data / "formats" / name).read_bytes()
    accepted, derived = examine(data, name), derive(data)
    assert (accepted.media_type, (accepted.width, accepted.height)) == FORMATS[name]
    assert (derived.width, derived.height) == FORMATS[name][1]


@pytest.mark.parametrize("name", FORMATS)
def test_no_copy_tells_where_it_comes_from(shared_data: Path, name: str) -> None:
    derived = derive((shared_data / "formats" / name).read_bytes())
    copies = derived.view + derived.working + derived.thumbnail
    assert [telltale for telltale in TELLTALES if telltale in copies] == []


@pytest.mark.parametrize("orientation", SIDEWAYS)
def test_every_orientation_ends_upright_with_the_same_picture(
    shared_data: Path, orientation: int
) -> None:
    folder = shared_data / "orientation"
    upright = derive((folder / "Landscape_1.jpg").read_bytes())
    turned = derive((folder / f"Landscape_{orientation}.jpg").read_bytes())
    assert (turned.width, turned.height) == (1800, 1200)
    # The pictures differ by the number painted in their middle, and by nothing else.
    assert np.abs(pixels(upright.thumbnail) - pixels(turned.thumbnail)).mean() < 4


def test_a_heic_that_its_reader_turned_is_not_turned_again(shared_data: Path) -> None:
    arrow = derive((shared_data / "formats" / "arrow.heic").read_bytes())
    dark = pixels(arrow.thumbnail).sum(axis=2) < DARK
    inked = np.flatnonzero(dark.any(axis=1))
    tip, foot = dark[inked[:5]].any(axis=0), dark[inked[-20:]].any(axis=0)
    assert np.ptp(np.flatnonzero(tip)) < np.ptp(np.flatnonzero(foot)) / 2


def test_display_p3_is_converted_to_srgb(shared_data: Path) -> None:
    derived = derive((shared_data / "formats" / "pug.heic").read_bytes())
    assert derived.steps == ("converted from Display P3 to sRGB",)


def test_cmyk_grass_is_green(shared_data: Path) -> None:
    name = "Channel_digital_image_CMYK_color.jpg"
    derived = derive((shared_data / "formats" / name).read_bytes())
    red, green, blue = pixels(derived.view)[240:300, 20:120].mean(axis=(0, 1))
    assert green > red > blue
    assert derived.steps == ("converted from U.S. Web Coated (SWOP) v2 to sRGB",)


def test_sixteen_bits_per_channel_keep_the_flag_red_white_and_blue(shared_data: Path) -> None:
    flag = pixels(
        derive((shared_data / "formats/Flag_of_the_Netherlands-16bit.png").read_bytes()).view
    )
    stripes = [flag[row, 450] for row in (100, 300, 500)]
    assert np.allclose(stripes, [(174, 28, 40), (255, 255, 255), (33, 70, 139)], atol=6)


def test_an_animation_gives_its_first_picture(shared_data: Path) -> None:
    data = (shared_data / "formats" / "animated-loop-3.webp").read_bytes()
    assert examine(data, "loop.webp").frames == 10
    assert "took the first of 10 pictures in the file" in derive(data).steps


def test_an_empty_gps_block_is_no_position(shared_data: Path) -> None:
    read = read_metadata((shared_data / "formats" / "empty_gps.jpg").read_bytes())
    assert (read.position, read.make) == (None, "motorola")


def test_a_phone_states_its_place_and_its_offset_from_utc(shared_data: Path) -> None:
    read = read_metadata((shared_data / "formats" / "pug.heic").read_bytes())
    assert read.position == pytest.approx((44.8505, 34.9766), abs=1e-4)
    assert read.offset is not None
    assert read.offset.total_seconds() == 3 * 3600


def test_a_drone_photo_with_a_second_picture_inside_is_a_jpeg(shared_data: Path) -> None:
    data = (shared_data / "drone" / "DJI_0032.JPG").read_bytes()
    accepted = examine(data, "DJI_0032.JPG")
    assert (accepted.media_type, accepted.width, accepted.frames) == ("image/jpeg", 4000, 1)
    assert read_metadata(data).model == "FC300S"


@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_photo_is_recognised(shared_data: Path, edit: str) -> None:
    folder = shared_data / "duplicates"
    original, edited = fingerprint(folder / "aaa-orig.jpg"), fingerprint(folder / f"{edit}.jpg")
    assert (original ^ edited).bit_count() <= 4


@pytest.mark.parametrize("other", ["q0003", "q0122", "q0746"])
def test_an_unrelated_photo_is_not_mistaken(shared_data: Path, other: str) -> None:
    folder = shared_data / "duplicates"
    unrelated = fingerprint(folder / "unrelated" / f"{other}.jpg")
    assert (fingerprint(folder / "aaa-orig.jpg") ^ unrelated).bit_count() >= 22
