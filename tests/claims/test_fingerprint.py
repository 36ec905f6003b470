"""Fingerprints of bytes and of pictures."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageFilter

from claims.evidence.fingerprint import perceptual, sha256

UNRELATED = 16  # of 64 bits; two random fingerprints differ in 32 +- 4


def clouds(seed: int) -> Image.Image:
    """A smooth random picture of 200 x 300 pixels, different for each seed."""
    spots = np.random.default_rng(seed).integers(0, 256, (6, 9, 3), dtype=np.uint8)
    return Image.fromarray(spots).resize((300, 200), Image.Resampling.BICUBIC)


def distance(one: int, other: int) -> int:
    """In how many of their bits two fingerprints differ."""
    return (one ^ other).bit_count()


def jpeg(image: Image.Image, quality: int = 90) -> bytes:
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


PICTURE = clouds(1)
EDITS = {
    "recompressed": jpeg(PICTURE, quality=20),
    "shrunk": jpeg(PICTURE.resize((75, 50))),
    "stretched": jpeg(PICTURE.resize((200, 200))),
    "blurred": jpeg(PICTURE.filter(ImageFilter.GaussianBlur(3))),
    "brightened": jpeg(PICTURE.point(lambda value: min(255, value + 20))),
}


def test_sha256_of_nothing_is_the_known_one() -> None:
    assert sha256(b"").startswith("e3b0c44298fc1c149afbf4c8996fb924")


@pytest.mark.parametrize("edit", EDITS)
def test_a_small_edit_moves_few_bits(edit: str) -> None:
    assert distance(perceptual(jpeg(PICTURE)), perceptual(EDITS[edit])) <= 6


@pytest.mark.parametrize("seed", range(2, 7))
def test_another_picture_is_far_away(seed: int) -> None:
    assert distance(perceptual(jpeg(PICTURE)), perceptual(jpeg(clouds(seed)))) >= UNRELATED


def test_a_turned_picture_counts_as_another() -> None:
    turned = PICTURE.transpose(Image.Transpose.ROTATE_180)
    assert distance(perceptual(jpeg(PICTURE)), perceptual(jpeg(turned))) >= UNRELATED


def test_pixels_and_their_jpeg_have_nearly_the_same_fingerprint() -> None:
    assert distance(perceptual(np.asarray(PICTURE)), perceptual(jpeg(PICTURE))) <= 2


def test_grey_pixels_are_taken_too() -> None:
    grey = np.asarray(PICTURE.convert("L"))
    assert distance(perceptual(grey), perceptual(np.asarray(PICTURE))) <= 1


def test_a_fingerprint_fits_64_unsigned_bits() -> None:
    assert all(0 <= perceptual(jpeg(clouds(seed))) < 2**64 for seed in range(8))
