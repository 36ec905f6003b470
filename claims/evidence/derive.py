"""The copies made of a photo: upright, sRGB, bounded, and without a trace of metadata.

Every copy can be made again from the original: the same bytes in give the same bytes out.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image, ImageCms
from PIL.ImageFile import ImageFile

from claims.evidence.metadata import READER_ERRORS, quiet_readers, stated_orientation
from claims.evidence.upload import (
    DAMAGED,
    SEND_A_PHOTO,
    SEND_AGAIN,
    TURNED_BY_READER,
    UploadRefusedError,
    frames_in,
    open_checked,
)

WORKING_SIDE = 1024
THUMBNAIL_SIDE = 320
VIEW_QUALITY = 90
THUMBNAIL_QUALITY = 85
ORIGINAL_KEPT = "The file is kept as it came, but no picture of it can be shown or assessed."

_Transpose = Image.Transpose
_TURNS = {
    2: _Transpose.FLIP_LEFT_RIGHT,
    3: _Transpose.ROTATE_180,
    4: _Transpose.FLIP_TOP_BOTTOM,
    5: _Transpose.TRANSPOSE,
    6: _Transpose.ROTATE_270,
    7: _Transpose.TRANSVERSE,
    8: _Transpose.ROTATE_90,
}

_COLOUR_MODES = frozenset({"RGB", "L", "CMYK"})
_CONVERTIBLE = {"1": "L", "P": "RGB", "YCbCr": "RGB", "RGBX": "RGB"}
_MODE_OF_SPACE = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}
_OPAQUE = 255
_MAX_PROFILE_NAME = 60
_REDUCING_GAP = (
    3.0  # first whole-number shrinking, then Lanczos: close to Lanczos alone, far cheaper
)


@dataclass(frozen=True, slots=True)
class Derived:
    """Three JPEGs of the upright picture, which is `width` x `height` pixels.

    `view` has the full size, `working` at most 1024 and `thumbnail` at most 320 pixels on the
    longer side. `steps` tells in words what was done to the picture, in order.
    """

    view: bytes
    working: bytes
    thumbnail: bytes
    width: int
    height: int
    steps: tuple[str, ...]


def derive(data: bytes) -> Derived:
    """Decode a photo once and make its copies.

    Raises UploadRefusedError if it can't be decoded to the end.
    """
    try:
        with quiet_readers():
            pixels, steps = _decode(data)
    except UploadRefusedError as refused:
        raise UploadRefusedError(refused.happened, refused.remedy, ORIGINAL_KEPT) from refused
    working = _within(pixels, WORKING_SIDE)
    thumbnail = _within(working, THUMBNAIL_SIDE)
    return Derived(
        view=_jpeg(pixels, VIEW_QUALITY),
        working=_jpeg(working, VIEW_QUALITY),
        thumbnail=_jpeg(thumbnail, THUMBNAIL_QUALITY),
        width=pixels.width,
        height=pixels.height,
        steps=tuple(steps),
    )


def _decode(data: bytes) -> tuple[Image.Image, list[str]]:
    """The finished pixels, in a picture that never carried anything else, and the steps to it.

    Names are taken over from one stage to the next, so that no more than two or three copies of
    the pixels are alive at once.
    """
    media_type, picture = open_checked(data)
    orientation = stated_orientation(media_type, picture)
    steps = _reading_steps(picture)
    profile = picture.info.get("icc_profile")
    image = _opaque(_loaded(picture), steps)
    del picture
    image = _in_srgb(image, profile, steps)
    image = _upright(image, 1 if media_type in TURNED_BY_READER else orientation)
    if orientation > 1:
        steps.append(f"turned upright (EXIF orientation {orientation})")
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    return bare, steps


def _reading_steps(picture: ImageFile) -> list[str]:
    """What reading alone does; the readers bring every colour picture down to 8 bits."""
    steps = []
    frames = frames_in(picture)
    if frames > 1:
        steps.append(f"took the first of {frames} pictures in the file")
    deep = any(";16" in str(tile.args) for tile in picture.tile)
    depth = 16 if deep else int(picture.info.get("bit_depth", 8))
    if depth > 8:
        steps.append(f"reduced from {depth} to 8 bits per channel")
    return steps


def _loaded(picture: ImageFile) -> Image.Image:
    try:
        picture.load()
    except READER_ERRORS as error:
        raise UploadRefusedError(DAMAGED, SEND_AGAIN) from error
    return picture


def _opaque(image: Image.Image, steps: list[str]) -> Image.Image:
    """The picture as RGB, L or CMYK of 8 bits, on white where it was transparent."""
    if image.mode.startswith("I;16"):
        # Pillow would clip at 255 instead of scaling.
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if image.has_transparency_data:
        return _on_white(image, steps)
    if image.mode in _COLOUR_MODES:
        return image
    if image.mode in _CONVERTIBLE:
        return image.convert(_CONVERTIBLE[image.mode])
    raise UploadRefusedError(f"The picture stores its colours as {image.mode}.", SEND_A_PHOTO)


def _on_white(image: Image.Image, steps: list[str]) -> Image.Image:
    layer = image if image.mode == "RGBA" else image.convert("RGBA")
    if layer.getchannel("A").getextrema() == (_OPAQUE, _OPAQUE):
        return layer.convert("RGB")
    steps.append("put on white where it was transparent")
    white = Image.new("RGB", image.size, "white")
    white.paste(layer, mask=layer)
    return white


def _in_srgb(image: Image.Image, profile: bytes | None, steps: list[str]) -> Image.Image:
    if profile:
        try:
            return _by_profile(image, profile, steps)
        except (ImageCms.PyCMSError, *READER_ERRORS):
            steps.append("ignored a colour profile that can't be read or doesn't fit")
    if image.mode == "RGB":
        return image
    if image.mode == "CMYK":
        steps.append("converted from CMYK to sRGB without a colour profile: colours may be off")
    return image.convert("RGB")


def _by_profile(image: Image.Image, profile: bytes, steps: list[str]) -> Image.Image:
    source = ImageCms.ImageCmsProfile(BytesIO(profile))
    mode = _MODE_OF_SPACE[source.profile.xcolor_space.strip()]
    if image.mode == "L" and mode == "RGB":
        image = image.convert("RGB")
    name = _plain(source.profile.profile_description or "") or "an unnamed profile"
    if image.mode == "RGB" and "sRGB" in name:
        return image
    converted = ImageCms.profileToProfile(
        image, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
    )
    if converted is None:
        raise ValueError
    steps.append(f"converted from {name} to sRGB")
    return converted


def _plain(text: str) -> str:
    return "".join(c for c in text if c.isprintable()).strip()[:_MAX_PROFILE_NAME]


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    return image.transpose(_TURNS[orientation]) if orientation in _TURNS else image


def _within(image: Image.Image, side: int) -> Image.Image:
    """The picture with its longer side at most `side`, the same object if it is that small."""
    scale = side / max(image.size)
    if scale >= 1:
        return image
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=_REDUCING_GAP)


def _jpeg(image: Image.Image, quality: int) -> bytes:
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()
