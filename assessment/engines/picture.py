"""The picture as a model is sent it: no larger than it makes use of."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

from assessment.engines.base import EngineRefusedError

QUALITY = 90


def bounded(jpeg: bytes, longest_side: int) -> bytes:
    """The JPEG, shrunk to at most so many pixels on its longer side; untouched if it fits.

    Raises EngineRefusedError when it is no picture.
    """
    try:
        with Image.open(BytesIO(jpeg), formats=["JPEG"]) as picture:
            if max(picture.size) <= longest_side:
                return jpeg
            picture.thumbnail((longest_side, longest_side), Image.Resampling.LANCZOS)
            file = BytesIO()
            picture.save(file, "JPEG", quality=QUALITY)
            return file.getvalue()
    except (OSError, SyntaxError) as error:
        raise EngineRefusedError("The photo can't be decoded; a person must look.") from error
