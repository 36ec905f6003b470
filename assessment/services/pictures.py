"""What an engine is sent of a photo: its copy as it is, or a part of the full-size one."""

from __future__ import annotations

from collections.abc import Sequence
from os import SEEK_END
from tempfile import TemporaryFile
from threading import Lock
from typing import IO

import numpy as np
from numpy.typing import NDArray

from assessment.core.cutting import UndecodableError, cuttings, pixels_of
from assessment.core.detection import Box
from assessment.core.tiles import SHOWN
from assessment.engines.base import EngineRefusedError
from claims import files
from claims.models import Photo

# A hundred megapixels are 400 MB once they are decoded, and a worker has many threads.
_one_decoding = Lock()


class Pictures:
    """The pictures of one photo, for as long as a job needs them.

    Parts are cut all at once, when the first of them is asked for, and wait on disk: in memory they
    would take more than everything else that a worker holds.
    """

    def __init__(self, photo: Photo, *, full_size: bool) -> None:
        self.photo = photo
        self._full_size = full_size
        self._expected: list[Box] = []
        self._parts: dict[Box, tuple[int, int]] = {}
        self._disk: IO[bytes] | None = None

    def close(self) -> None:
        """Take the parts off the disk."""
        if self._disk:
            self._disk.close()

    def expect(self, parts: Sequence[Box]) -> None:
        """Name the parts of the photo that will be asked for."""
        self._expected = list(parts)

    def of(self, window: Box) -> bytes:
        """A window as an engine is sent it, a JPEG: parts have at most SHOWN pixels on a side.

        Raises EngineRefusedError when the photo can't be decoded.
        """
        if window in self._expected:
            return self._part(window)
        return files.load(self.photo.view if self._full_size else self.photo.working)

    def pixels(self, window: Box) -> NDArray[np.uint8]:
        """A window as RGB (rows, columns, 3), no finer than SHOWN pixels on a side.

        Raises OSError and UndecodableError when there is no picture any more.
        """
        jpeg = files.load(self.photo.working) if window not in self._expected else self.of(window)
        return pixels_of(jpeg)

    def _part(self, window: Box) -> bytes:
        if window not in self._parts:
            self._cut([each for each in self._expected if each not in self._parts])
        start, length = self._parts[window]
        disk = self._opened()
        disk.seek(start)
        return disk.read(length)

    def _cut(self, windows: Sequence[Box]) -> None:
        disk = self._opened()
        end = disk.seek(0, SEEK_END)
        try:
            with _one_decoding:
                parts = cuttings(files.load(self.photo.view), windows, SHOWN)
                for window, jpeg in zip(windows, parts, strict=True):
                    disk.write(jpeg)
                    self._parts[window] = (end, len(jpeg))
                    end += len(jpeg)
        except UndecodableError:
            raise EngineRefusedError("The photo can't be decoded; a person must look.") from None

    def _opened(self) -> IO[bytes]:
        self._disk = self._disk or TemporaryFile()  # noqa: SIM115  # until close()
        return self._disk
