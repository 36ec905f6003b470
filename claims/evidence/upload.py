"""Upload bytes: accepted as a photo, or refused with a sentence for the person who sent them.

Only headers are read here, and a file is known by its content, never by its name. What headers
can't tell, such as pixels that end too early, is found when the copies are derived.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePosixPath

from PIL import Image
from PIL.ImageFile import ImageFile

from claims.evidence.fingerprint import sha256
from claims.evidence.metadata import (
    READER_ERRORS,
    media_type_of,
    open_as,
    quiet_readers,
    stated_orientation,
)

MAX_BYTES = 60_000_000
MAX_PIXELS = 120_000_000  # phones reach 108 million; decoded, this is half a gigabyte
MAX_WEBP_PIXELS = 60_000_000  # its reader holds twice the copies, for a file of a few bytes
MAX_SIDE = 16_384
MAX_SCANS = 100  # cameras write about ten, and each costs a pass over the whole picture
MAX_JPEG_METADATA = 8_000_000
MAX_SEGMENTS = 5_000
MAX_CHUNKS = 100_000  # a PNG of 60 MB in chunks of 8 kB, the usual size, has 7 500
MAX_PAGES = 500
MAX_TAG_VALUES = 200_000  # 120 million pixels in tiles of 64 x 64 need 58 000
MAX_NAME = 120

TURNED_BY_READER = frozenset({"image/tiff", "image/heic"})
"""Types whose readers turn the picture upright by themselves and tell its upright size."""

NOTHING_KEPT = "Nothing of it was kept."
SEND_A_PHOTO = "Please send the photo itself, as JPEG, PNG, WebP, TIFF or HEIC."
SEND_AGAIN = "Please send it once more, or take the photo again."
SEND_SMALLER = "Please send it in a smaller size."
DAMAGED = "The photo is damaged or cut short."
OVERLOADED = "The file is built in a way that no camera builds a photo."

_STRANGERS: Mapping[str, re.Pattern[bytes]] = {
    "a GIF image": re.compile(rb"GIF8"),
    "a BMP image": re.compile(rb"BM"),
    "a JPEG 2000 image": re.compile(rb"\0\0\0\x0cjP  |\xff\x4f\xff\x51"),
    "a JPEG XL image": re.compile(rb"\0\0\0\x0cJXL |\xff\x0a"),
    "an AVIF image": re.compile(rb"....ftyp(avi[fs]|m[is]f1)", re.DOTALL),
    "a raw camera file": re.compile(rb"....ftypcrx |II\*\0....CR|FUJIFILMCCD-RAW", re.DOTALL),
    "a BigTIFF image": re.compile(rb"II\+\0|MM\0\+"),
    "a video": re.compile(rb"....ftyp|RIFF....AVI |\x1aE\xdf\xa3", re.DOTALL),
    "a Photoshop file": re.compile(rb"8BPS"),
    "a PDF document": re.compile(rb"\s*%PDF-"),
    "a PostScript document": re.compile(rb"%!PS|\xc5\xd0\xd3\xc6"),
    "a ZIP archive or an Office document": re.compile(rb"PK\x03\x04"),
    "a program": re.compile(rb"MZ|\x7fELF|#!"),
    "an SVG drawing": re.compile(rb"(\xef\xbb\xbf)?\s*<(\?xml.*?<svg|!--.*?<svg|svg)", re.DOTALL),
    "a web page": re.compile(rb"\s*<(!doctype html|html|head|body|script)", re.IGNORECASE),
    "a text file": re.compile(rb"[\t\n\r\x20-\x7e\x80-\xff]+\Z"),
}
_HEAD = 1024  # bytes in which a stranger shows what it is


class UploadRefusedError(ValueError):
    """A file that can't be used as a photo; the message is three sentences for its sender.

    `happened` says what is wrong, `kept` what became of the file, `remedy` what to do now.
    """

    def __init__(self, happened: str, remedy: str, kept: str = NOTHING_KEPT) -> None:
        super().__init__(f"{happened} {kept} {remedy}")
        self.happened = happened
        self.remedy = remedy
        self.kept = kept


@dataclass(frozen=True, slots=True)
class Accepted:
    """A photo as its headers describe it.

    `name` is for display only; `width` and `height` are pixels of the upright picture, `size` is
    in bytes, and `frames` counts the pictures in the file, of which the first is used.
    """

    name: str
    media_type: str
    width: int
    height: int
    size: int
    sha256: str
    frames: int


def examine(data: bytes, name: str) -> Accepted:
    """Take a file as a photo by its headers, without decoding a pixel.

    Raises UploadRefusedError with the reason for anything else.
    """
    with quiet_readers():
        media_type, picture = open_checked(data)
        frames = frames_in(picture)
        width, height = picture.size
        if media_type not in TURNED_BY_READER and stated_orientation(media_type, picture) > 4:
            width, height = height, width
    return Accepted(
        name=display_name(name),
        media_type=media_type,
        width=width,
        height=height,
        size=len(data),
        sha256=sha256(data),
        frames=frames,
    )


def open_checked(data: bytes) -> tuple[str, ImageFile]:
    """The media type, and the picture opened within all limits but not decoded.

    Raises UploadRefusedError. To be called under `quiet_readers`.
    """
    media_type = _media_type(data)
    pixels = MAX_WEBP_PIXELS if media_type == "image/webp" else MAX_PIXELS
    try:
        if walk := _WALKS.get(media_type):
            walk(data)
        picture = open_as(media_type, data)
    except UploadRefusedError:
        raise
    except Image.DecompressionBombError as error:
        raise _too_large(pixels) from error
    except READER_ERRORS as error:
        raise UploadRefusedError(DAMAGED, SEND_AGAIN) from error
    if max(picture.size) > MAX_SIDE or picture.width * picture.height > pixels:
        raise _too_large(pixels)
    return media_type, picture


def frames_in(picture: ImageFile) -> int:
    """How many pictures a file holds; counting reads the header of each of them.

    Raises UploadRefusedError if one of them can't be read.
    """
    try:
        return int(getattr(picture, "n_frames", 1))
    except READER_ERRORS as error:
        raise UploadRefusedError(DAMAGED, SEND_AGAIN) from error


def display_name(name: str) -> str:
    """The file's own name without its path, safe to show and to offer for download.

    Control and direction characters are gone, and so is what a shell or Windows would trip over.

    >>> display_name("../../etc/-passwd")
    'passwd'
    """
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    plain = "".join(c for c in base if unicodedata.category(c)[0] not in "CZ" or c == " ")
    shown = plain.strip(" .-") or "photo"
    if re.match(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", shown, re.IGNORECASE):
        shown = f"_{shown}"
    ending = PurePosixPath(shown).suffix[:8]
    return shown.removesuffix(ending)[: MAX_NAME - len(ending)] + ending


def _media_type(data: bytes) -> str:
    if not data:
        raise UploadRefusedError("The file is empty.", SEND_AGAIN)
    if len(data) > MAX_BYTES:
        limit = f"{MAX_BYTES // 1_000_000} MB"
        raise UploadRefusedError(f"The file is larger than {limit}.", SEND_SMALLER)
    try:
        return media_type_of(data)
    except LookupError:
        kinds = (kind for kind, start in _STRANGERS.items() if start.match(data[:_HEAD]))
        kind = next(kinds, "of an unknown kind")
        raise UploadRefusedError(f"The file is {kind}, not a photo.", SEND_A_PHOTO) from None


def _too_large(pixels: int) -> UploadRefusedError:
    limits = f"{pixels // 1_000_000} million pixels or {MAX_SIDE} pixels on a side"
    return UploadRefusedError(f"The picture is larger than {limits}.", SEND_SMALLER)


def _bound(number: int, limit: int) -> None:
    if number > limit:
        raise UploadRefusedError(OVERLOADED, SEND_A_PHOTO)


# Header walks. Each runs before the reader of its format and stops what would keep that reader
# busy for minutes or fill the memory. Broken structure raises struct.error or ValueError.

_MARKER = re.compile(rb"\xff([^\x00\xff])")
_SCAN_END = re.compile(rb"\xff([^\x00\xd0-\xd7\xff])")
_SCAN, _END, _COMMENT = 0xDA, 0xD9, 0xFE
_APPLICATION = range(0xE0, 0xF0)
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, int]]:
    """Marker and length of each segment, up to the end of the picture or of the data."""
    found = _MARKER.search(data, 2)
    while found and found[1][0] != _END:
        marker, start = found[1][0], found.end()
        length = 0 if marker in _WITHOUT_LENGTH else struct.unpack_from(">H", data, start)[0]
        yield marker, length
        search = _SCAN_END.search if marker == _SCAN else _MARKER.search
        found = search(data, start + length)


def _walk_jpeg(data: bytes) -> None:
    scans = metadata = 0
    for segments, (marker, length) in enumerate(_jpeg_segments(data), start=1):
        scans += marker == _SCAN
        metadata += length if marker in _APPLICATION or marker == _COMMENT else 0
        _bound(scans, MAX_SCANS)
        _bound(metadata, MAX_JPEG_METADATA)
        _bound(segments, MAX_SEGMENTS)
    if not scans:
        raise ValueError


def _walk_png(data: bytes) -> None:
    place, chunks = 8, 0
    while place + 4 <= len(data):
        (length,) = struct.unpack_from(">L", data, place)
        place += length + 12
        chunks += 1
        _bound(chunks, MAX_CHUNKS)


_NEW_SUBFILE, _DNG_VERSION = 254, 50706
_POINTERS = (0x8769, 0x8825, 0xA005)  # to the directories of EXIF, GPS and interoperability
_BYTE_TYPES = frozenset({1, 2, 6, 7})  # kept as bytes; all others become a number for each value
_Tags = Mapping[int, tuple[int, int, int]]


def _walk_tiff(data: bytes) -> None:
    order = "<" if data[:2] == b"II" else ">"
    (place,) = struct.unpack_from(f"{order}L", data, 4)
    pages = values = 0
    while place:
        tags, place = _tiff_page(data, place, order)
        if pages == 0 and (_DNG_VERSION in tags or tags.get(_NEW_SUBFILE, (4, 1, 0))[2] & 1):
            raise UploadRefusedError("The file is a raw camera file, not a photo.", SEND_A_PHOTO)
        pages += 1
        values += _values(tags)
        for pointer in set(_POINTERS) & set(tags):
            with suppress(struct.error):  # unreadable metadata is no reason to lose a picture
                values += _values(_tiff_page(data, tags[pointer][2], order)[0])
        _bound(values, MAX_TAG_VALUES)
        _bound(pages, MAX_PAGES)


def _values(tags: _Tags) -> int:
    return sum(number for kind, number, _ in tags.values() if kind not in _BYTE_TYPES)


def _tiff_page(data: bytes, place: int, order: str) -> tuple[_Tags, int]:
    """A directory's tags as type, number of values and first value, and where the next begins."""
    (size,) = struct.unpack_from(f"{order}H", data, place)
    end = place + 2 + 12 * size
    entries = struct.iter_unpack(f"{order}HHLL", data[place + 2 : end])
    (following,) = struct.unpack_from(f"{order}L", data, end)
    return {tag: (kind, number, value) for tag, kind, number, value in entries}, following


def _walk_heic(data: bytes) -> None:
    """Every top-level box lies within the file: a cut file still opens, and decodes in part."""
    place = boxes = 0
    while place < len(data):
        (size,) = struct.unpack_from(">L", data, place)
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, place + 8)
        size = size or len(data) - place
        if size < 8 or size > len(data) - place:
            raise ValueError
        place += size
        boxes += 1
        _bound(boxes, MAX_CHUNKS)


_WALKS: Mapping[str, Callable[[bytes], None]] = {
    "image/jpeg": _walk_jpeg,
    "image/png": _walk_png,
    "image/tiff": _walk_tiff,
    "image/heic": _walk_heic,
}
