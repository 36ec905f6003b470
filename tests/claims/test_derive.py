"""The copies of a photo: upright, in sRGB, bounded, and silent about where they come from."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from claims.evidence.derive import ORIGINAL_KEPT, derive
from claims.evidence.upload import UploadRefusedError

RED, GREEN, BLUE, YELLOW = (200, 30, 30), (30, 160, 40), (30, 50, 200), (220, 210, 40)
Colour = tuple[int, int, int]
CORNERS = ((8, 8), (56, 8), (8, 40), (56, 40))
SECRET = b"SECRET-7f3a"
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def quarters() -> Image.Image:
    """A picture of 64 x 48 pixels, each quarter in a colour of its own."""
    image = Image.new("RGB", (64, 48))
    for colour, (x, y) in zip((RED, GREEN, BLUE, YELLOW), CORNERS, strict=True):
        image.paste(colour, (x // 32 * 32, y // 24 * 24, x // 32 * 32 + 32, y // 24 * 24 + 24))
    return image


def encode(image: Image.Image, image_format: str, **options: Any) -> bytes:
    buffer = BytesIO()
    image.save(buffer, image_format, **options)
    return buffer.getvalue()


def opened(copy: bytes) -> Image.Image:
    return Image.open(BytesIO(copy))


def exif_with_secrets(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = exif[0x013B] = SECRET.decode()
    return exif


def assert_colour(image: Image.Image, place: tuple[int, int], colour: Colour) -> None:
    assert np.allclose(np.asarray(image)[place[::-1]], colour, atol=8)


LOSSLESS: dict[str, dict[str, Any]] = {"WEBP": {"lossless": True}}
WHOLE = {
    name: encode(quarters(), name, **LOSSLESS.get(name, {}))
    for name in ("JPEG", "PNG", "WEBP", "TIFF")
}


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", TURNS)
def test_a_turned_photo_becomes_upright_once(image_format: str, orientation: int) -> None:
    lying = quarters().transpose(TURNS[orientation])
    options = LOSSLESS.get(image_format, {}) | {"exif": exif_with_secrets(orientation)}
    derived = derive(encode(lying, image_format, **options))
    view = opened(derived.view)
    assert view.size == (derived.width, derived.height) == (64, 48)
    for place, colour in zip(CORNERS, (RED, GREEN, BLUE, YELLOW), strict=True):
        assert_colour(view, place, colour)
    assert f"turned upright (EXIF orientation {orientation})" in derived.steps


@pytest.mark.parametrize("stated", [0, 9, 65_535])
def test_an_orientation_that_does_not_exist_turns_nothing(stated: int) -> None:
    derived = derive(encode(quarters(), "JPEG", exif=exif_with_secrets(stated)))
    assert (derived.width, derived.height, derived.steps) == (64, 48, ())


def test_copies_are_bounded_on_their_longer_side() -> None:
    derived = derive(encode(Image.new("RGB", (1500, 3000), "red"), "JPEG"))
    sizes = [opened(copy).size for copy in (derived.view, derived.working, derived.thumbnail)]
    assert sizes == [(1500, 3000), (512, 1024), (160, 320)]


def test_a_small_photo_is_never_enlarged() -> None:
    derived = derive(WHOLE["PNG"])
    sizes = {opened(copy).size for copy in (derived.view, derived.working, derived.thumbnail)}
    assert sizes == {(64, 48)}


def test_a_photo_one_pixel_high_keeps_its_pixel() -> None:
    assert opened(derive(encode(Image.new("RGB", (5000, 1)), "PNG")).thumbnail).size == (320, 1)


@pytest.mark.parametrize("image_format", WHOLE)
def test_the_same_bytes_give_the_same_copies(image_format: str) -> None:
    assert derive(WHOLE[image_format]) == derive(WHOLE[image_format])


def png_text() -> PngImagePlugin.PngInfo:
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", SECRET.decode())
    text.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    return text


PLANTED: dict[str, dict[str, Any]] = {
    "JPEG": {"comment": SECRET, "xmp": SECRET, "exif": exif_with_secrets()},
    "PNG": {"pnginfo": png_text(), "exif": exif_with_secrets()},
    "WEBP": {"xmp": SECRET, "exif": exif_with_secrets(), "lossless": True},
    "TIFF": {"description": SECRET.decode(), "exif": exif_with_secrets()},
}
MARKERS = (SECRET, b"Exif", b"ns.adobe.com", b"ICC_PROFILE", b"Photoshop", b"\xff\xfe")


@pytest.mark.parametrize("copy", ["view", "working", "thumbnail"])
@pytest.mark.parametrize("image_format", PLANTED)
def test_no_metadata_reaches_a_copy(image_format: str, copy: str) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    original = encode(quarters(), image_format, icc_profile=profile, **PLANTED[image_format])
    assert SECRET in original
    derived = getattr(derive(original), copy)
    assert [marker for marker in MARKERS if marker in derived] == []
    assert opened(derived).info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize(
    "payload", [b"<script>alert(1)</script>", b"<?php ?>", b"PK\x03\x04", b"%PDF-"]
)
def test_what_hangs_behind_a_photo_stays_behind(payload: bytes) -> None:
    assert payload not in derive(WHOLE["JPEG"] + payload).view


def test_transparent_parts_become_white() -> None:
    image = quarters().convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 32, 24))
    derived = derive(encode(image, "PNG"))
    assert_colour(opened(derived.view), CORNERS[0], (255, 255, 255))
    assert derived.steps == ("put on white where it was transparent",)


def test_an_alpha_channel_that_hides_nothing_is_dropped_in_silence() -> None:
    derived = derive(encode(quarters().convert("RGBA"), "PNG"))
    assert_colour(opened(derived.view), CORNERS[1], GREEN)
    assert derived.steps == ()


def test_a_palette_becomes_its_colours() -> None:
    derived = derive(encode(quarters().convert("P", palette=Image.Palette.ADAPTIVE), "PNG"))
    assert_colour(opened(derived.view), CORNERS[2], BLUE)


@pytest.mark.parametrize("image_format", ["PNG", "TIFF"])
def test_sixteen_bits_of_grey_are_scaled_and_not_clipped(image_format: str) -> None:
    grey = Image.fromarray(np.full((8, 8), 0x8000, np.uint16))
    derived = derive(encode(grey, image_format))
    assert_colour(opened(derived.view), (4, 4), (128, 128, 128))
    assert derived.steps == ("reduced from 16 to 8 bits per channel",)


def test_black_and_white_becomes_rgb() -> None:
    assert_colour(
        opened(derive(encode(Image.new("1", (8, 8), 1), "TIFF")).view), (4, 4), (255,) * 3
    )


def test_cmyk_without_a_profile_is_converted_and_says_so() -> None:
    derived = derive(encode(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "JPEG"))
    assert_colour(opened(derived.view), (4, 4), (255, 0, 0))
    assert (
        "converted from CMYK to sRGB without a colour profile: colours may be off" in derived.steps
    )


def test_a_profile_that_cannot_be_read_is_ignored_and_told() -> None:
    derived = derive(encode(quarters(), "PNG", icc_profile=b"not a profile"))
    assert_colour(opened(derived.view), CORNERS[0], RED)
    assert derived.steps == ("ignored a colour profile that can't be read or doesn't fit",)


def test_a_profile_for_other_colours_is_ignored_and_told() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    derived = derive(encode(quarters(), "PNG", icc_profile=lab))
    assert derived.steps == ("ignored a colour profile that can't be read or doesn't fit",)


def test_the_first_picture_of_several_is_taken_and_told() -> None:
    frames = [Image.new("RGB", (8, 8), shade) for shade in (RED, BLUE)]
    derived = derive(encode(frames[0], "TIFF", save_all=True, append_images=frames[1:]))
    assert_colour(opened(derived.view), (4, 4), RED)
    assert derived.steps == ("took the first of 2 pictures in the file",)


@pytest.mark.parametrize("mode", ["F", "I", "LAB"])
def test_values_that_are_not_colours_are_refused(mode: str) -> None:
    with pytest.raises(UploadRefusedError, match="stores its colours as"):
        derive(encode(Image.new(mode, (8, 8)), "TIFF"))


@pytest.mark.parametrize("image_format", WHOLE)
def test_a_photo_cut_in_half_is_refused_and_its_original_kept(image_format: str) -> None:
    whole = encode(Image.effect_noise((200, 200), 60).convert("RGB"), image_format)
    with pytest.raises(UploadRefusedError) as refusal:
        derive(whole[: len(whole) // 2])
    assert refusal.value.kept == ORIGINAL_KEPT


def assert_derived_or_refused(data: bytes) -> None:
    try:
        derived = derive(data)
    except UploadRefusedError as refusal:
        kept = refusal.kept
    else:
        kept = ORIGINAL_KEPT
        assert opened(derived.view).size == (derived.width, derived.height)
    assert kept == ORIGINAL_KEPT


@given(st.sampled_from(sorted(WHOLE)), st.data())
def test_a_photo_cut_anywhere_is_derived_or_refused(image_format: str, data: st.DataObject) -> None:
    whole = WHOLE[image_format]
    assert_derived_or_refused(whole[: data.draw(st.integers(0, len(whole)))])


@given(st.sampled_from(sorted(PLANTED)), st.data())
def test_a_corrupted_photo_is_derived_or_refused(image_format: str, data: st.DataObject) -> None:
    photo = bytearray(encode(quarters(), image_format, **PLANTED[image_format]))
    places = st.integers(0, len(photo) - 1)
    for place, byte in data.draw(st.lists(st.tuples(places, st.integers(0, 255)), max_size=12)):
        photo[place] = byte
    assert_derived_or_refused(bytes(photo))
