"""Files at the door: what is taken as a photo, what is refused, and in which words."""

from __future__ import annotations

import struct
import unicodedata
import zlib
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from claims.evidence import upload
from claims.evidence.fingerprint import sha256
from claims.evidence.upload import UploadRefusedError, display_name, examine

ORIENTATION = 0x0112


def encoded(image_format: str, **options: Any) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (64, 48)).save(buffer, image_format, **options)
    return buffer.getvalue()


def turned(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return exif


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def chunk(kind: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(kind + body)
    return struct.pack(">L", len(body)) + kind + body + struct.pack(">L", checksum)


def tiff(*tags: tuple[int, int, int, int], following: int = 0) -> bytes:
    """One directory of (tag, type, count, value)."""
    entries = b"".join(struct.pack("<HHLL", *tag) for tag in tags)
    return struct.pack("<H", len(tags)) + entries + struct.pack("<L", following)


JPEG = encoded("JPEG")
PNG = encoded("PNG")
PHOTOS = {
    "image/jpeg": JPEG,
    "image/png": PNG,
    "image/webp": encoded("WEBP"),
    "image/tiff": encoded("TIFF"),
}
TIFF_START = b"II*\0" + struct.pack("<L", 8)
HEIC_START = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
SCAN = JPEG[JPEG.rindex(b"\xff\xda") : -2]
SCAN_BOMB = JPEG[:-2] + SCAN * 600 + JPEG[-2:]
HIDDEN_SCAN_BOMB = JPEG[:2] + b"\xff\xd0" + JPEG[2:-2] + SCAN * 600 + JPEG[-2:]
APP1_BOMB = JPEG[:2] + segment(0xE1, b"Exif\0\0" + b"a" * 65_000) * 130 + JPEG[2:]
COMMENT_BOMB = JPEG[:2] + segment(0xFE, b"a" * 65_000) * 130 + JPEG[2:]
SEGMENT_BOMB = JPEG[:2] + segment(0xFE, b"") * 6_000 + JPEG[2:]
CHUNK_BOMB = PNG[:33] + chunk(b"tEXt", b"") * 100_001 + PNG[33:]
PAGE_BOMB = TIFF_START + b"".join(
    tiff((256, 3, 1, 1), following=8 + 18 * (page + 1)) for page in range(600)
)
VALUE_BOMB = TIFF_START + tiff((256, 3, 1, 1), (282, 5, 7_000_000, 8))
EXIF_VALUE_BOMB = TIFF_START + tiff((0x8769, 4, 1, 8 + 18)) + tiff((0x9003, 5, 7_000_000, 8))
RING_OF_PAGES = TIFF_START + tiff((256, 3, 1, 1), following=8)
BOX_BOMB = HEIC_START + b"\0\0\0\x08free" * 100_001
BOMBS = {
    "scans": SCAN_BOMB,
    "scans behind a marker without length": HIDDEN_SCAN_BOMB,
    "APP1 segments": APP1_BOMB,
    "comments": COMMENT_BOMB,
    "segments": SEGMENT_BOMB,
    "chunks": CHUNK_BOMB,
    "pages": PAGE_BOMB,
    "values": VALUE_BOMB,
    "values in the EXIF directory": EXIF_VALUE_BOMB,
    "pages in a ring": RING_OF_PAGES,
    "boxes": BOX_BOMB,
}


def png_of_size(width: int, height: int) -> bytes:
    header = chunk(b"IHDR", struct.pack(">LLBBBBB", width, height, 8, 2, 0, 0, 0))
    return PNG[:8] + header + chunk(b"IDAT", zlib.compress(b"0")) + chunk(b"IEND", b"")


def webp_of_size(width: int, height: int) -> bytes:
    bits = struct.pack("<L", (width - 1) | (height - 1) << 14)
    body = b"WEBPVP8L" + struct.pack("<L", 6) + b"\x2f" + bits + b"\0"
    return b"RIFF" + struct.pack("<L", len(body)) + body


STRANGERS = {
    "a GIF image": b"GIF89a\x01\x00",
    "a BMP image": b"BM\x00\x01",
    "an AVIF image": b"\0\0\0\x1cftypavif\0\0\0\0",
    "a JPEG 2000 image": b"\0\0\0\x0cjP  \r\n",
    "a video": b"\0\0\0\x20ftypmp42\0\0\0\0",
    "a raw camera file": b"\0\0\0\x18ftypcrx \0\0\0\1",
    "a Photoshop file": b"8BPS\0\1",
    "a PDF document": b"%PDF-1.7\n\0",
    "a PostScript document": b"%!PS-Adobe-3.0 EPSF-3.0",
    "a ZIP archive or an Office document": b"PK\x03\x04\x14\0",
    "a program": b"MZ\x90\x00",
    "an SVG drawing": b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>',
    "a web page": b"<!DOCTYPE html><title>roof</title>",
    "a text file": b"push graphic-context\nviewbox 0 0 640 480",
    "of an unknown kind": b"\x00\x01\x02\x03",
}


@pytest.mark.parametrize("media_type", PHOTOS)
def test_a_photo_is_known_by_its_content(media_type: str) -> None:
    accepted = examine(PHOTOS[media_type], "holiday.txt")
    assert (accepted.media_type, accepted.width, accepted.height) == (media_type, 64, 48)


def test_size_and_hash_are_those_of_the_bytes() -> None:
    accepted = examine(JPEG, "roof.jpg")
    assert (accepted.size, accepted.sha256) == (len(JPEG), sha256(JPEG))


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_the_size_is_that_of_the_upright_picture(image_format: str) -> None:
    accepted = examine(encoded(image_format, exif=turned(6)), "roof")
    assert (accepted.width, accepted.height) == (48, 64)


@pytest.mark.parametrize("image_format", ["PNG", "WEBP", "TIFF"])
def test_the_pictures_of_a_file_are_counted(image_format: str) -> None:
    frames = [Image.new("RGB", (8, 8), shade) for shade in ("red", "green", "blue")]
    buffer = BytesIO()
    frames[0].save(buffer, image_format, save_all=True, append_images=frames[1:])
    assert examine(buffer.getvalue(), "x").frames == 3


@pytest.mark.parametrize("kind", STRANGERS)
def test_a_stranger_is_called_by_its_kind_whatever_its_name_says(kind: str) -> None:
    with pytest.raises(UploadRefusedError) as refusal:
        examine(STRANGERS[kind], "roof.jpg")
    assert refusal.value.happened == f"The file is {kind}, not a photo."


def test_a_refusal_says_what_happened_what_was_kept_and_what_to_do() -> None:
    with pytest.raises(UploadRefusedError) as refusal:
        examine(b"", "roof.jpg")
    assert str(refusal.value) == (
        "The file is empty. Nothing of it was kept. "
        "Please send it once more, or take the photo again."
    )


def test_a_file_over_the_size_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload, "MAX_BYTES", len(JPEG) - 1)
    with pytest.raises(UploadRefusedError, match="larger than"):
        examine(JPEG, "roof.jpg")


def test_a_file_at_the_size_limit_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload, "MAX_BYTES", len(JPEG))
    assert examine(JPEG, "roof.jpg").size == len(JPEG)


@pytest.mark.parametrize(
    "bomb",
    [png_of_size(12_000, 10_001), png_of_size(16_385, 1), png_of_size(50_000, 50_000)],
    ids=["too many pixels", "too long a side", "far too many pixels"],
)
def test_a_picture_over_the_pixel_limits_is_refused_by_its_header(bomb: bytes) -> None:
    with pytest.raises(UploadRefusedError, match="The picture is larger than 120 million pixels"):
        examine(bomb, "roof.png")


def test_a_picture_at_the_pixel_limit_is_taken() -> None:
    accepted = examine(png_of_size(12_000, 10_000), "roof.png")
    assert accepted.width * accepted.height == upload.MAX_PIXELS


@pytest.mark.parametrize("size", [(10_000, 6_001), (16_384, 16_384)])
def test_a_webp_is_refused_before_its_reader_fills_the_memory(size: tuple[int, int]) -> None:
    with pytest.raises(UploadRefusedError, match="The picture is larger than 60 million pixels"):
        examine(webp_of_size(*size), "roof.webp")


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_file_that_would_keep_a_reader_busy_is_refused(bomb: str) -> None:
    with pytest.raises(UploadRefusedError) as refusal:
        examine(BOMBS[bomb], "roof.jpg")
    assert refusal.value.happened == upload.OVERLOADED


def test_as_many_scans_as_allowed_are_taken() -> None:
    scans = JPEG[:-2] + SCAN * (upload.MAX_SCANS - 1) + JPEG[-2:]
    assert examine(scans, "roof.jpg").width == 64


def test_what_follows_the_end_of_a_jpeg_is_not_counted() -> None:
    assert examine(JPEG + SCAN * 600, "panorama.jpg").width == 64


def test_a_preview_of_a_raw_camera_file_is_not_taken_for_the_photo() -> None:
    raw = TIFF_START + tiff((254, 4, 1, 1), (256, 3, 1, 160), (257, 3, 1, 120))
    with pytest.raises(UploadRefusedError, match="a raw camera file"):
        examine(raw, "DSC_0001.NEF")


@pytest.mark.parametrize(
    "cut",
    [JPEG[:100], PNG[:20], PHOTOS["image/webp"][:24], PHOTOS["image/tiff"][:40]],
    ids=PHOTOS,
)
def test_a_cut_header_is_refused_as_damaged(cut: bytes) -> None:
    with pytest.raises(UploadRefusedError, match="damaged or cut short"):
        examine(cut, "roof")


def test_a_file_with_an_unreadable_second_picture_is_refused() -> None:
    pages = encoded("TIFF", save_all=True, append_images=[Image.new("RGB", (8, 8))])
    second = pages.rindex(struct.pack("<HHL", 256, 4, 1))
    with pytest.raises(UploadRefusedError, match="damaged or cut short"):
        examine(pages[:second] + b"\0\0" + pages[second + 2 :], "scan.tif")


@pytest.mark.parametrize("size", [0xFFFF, 7], ids=["beyond the file", "no room for itself"])
def test_a_heic_whose_boxes_do_not_fit_is_refused(size: int) -> None:
    broken = HEIC_START + struct.pack(">L", size) + b"mdat"
    with pytest.raises(UploadRefusedError, match="damaged or cut short"):
        examine(broken, "roof.heic")


NAMES = {
    "roof.jpg": "roof.jpg",
    "../../etc/passwd": "passwd",
    "C:\\Users\\me\\roof.jpg": "roof.jpg",
    "..": "photo",
    "": "photo",
    "/": "photo",
    ".htaccess": "htaccess",
    "-rf.jpg": "rf.jpg",
    "roof\0.php.jpg": "roof.php.jpg",
    "roof\r\nSet-Cookie: a.jpg": "roofSet-Cookie: a.jpg",
    "roof\u202egpj.exe": "roofgpj.exe",
    "\u2066roof\u2069\u200b.jpg": "roof.jpg",
    "CON": "_CON",
    "con.jpg": "_con.jpg",
    "LPT1.png": "_LPT1.png",
    "console.jpg": "console.jpg",
    "cafe\u0301.jpg": "caf\u00e9.jpg",
    "\u5c4b\u6839 1.jpg": "\u5c4b\u6839 1.jpg",
    "roof\ud800.jpg": "roof.jpg",
}


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_name_is_shown_without_its_tricks(name: str) -> None:
    assert display_name(name) == NAMES[name]


def test_a_long_name_keeps_its_beginning_and_its_ending() -> None:
    shown = display_name("roof" * 100 + ".jpeg")
    assert (len(shown), shown[:8], shown[-5:]) == (upload.MAX_NAME, "roofroof", ".jpeg")


def test_the_accepted_photo_carries_the_shown_name() -> None:
    assert examine(JPEG, "../-roof.jpg").name == "roof.jpg"


@given(st.text(st.characters(), max_size=300))
def test_any_name_becomes_one_harmless_component(name: str) -> None:
    shown = display_name(name)
    assert shown
    assert len(shown) <= upload.MAX_NAME
    assert shown[0] not in ".-"
    assert not set(shown) & set("/\\")
    assert not any(unicodedata.category(character)[0] == "C" for character in shown)


@given(st.sampled_from([*PHOTOS.values(), HEIC_START]), st.binary(max_size=200))
def test_random_bytes_after_a_good_start_are_taken_or_refused(photo: bytes, noise: bytes) -> None:
    try:
        accepted = examine(photo[:24] + noise, "roof")
    except UploadRefusedError:
        return
    assert accepted.width > 0


@given(st.binary(max_size=400))
def test_random_bytes_are_refused(noise: bytes) -> None:
    with pytest.raises(UploadRefusedError):
        examine(noise, "roof.jpg")
