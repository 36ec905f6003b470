"""Stopping files that are too large while they come in, before they fill a disk."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from claims.evidence.upload import MAX_BYTES, SEND_SMALLER, UploadRefusedError

MEGABYTE = 1_000_000


class LargestPhoto(FileUploadHandler):
    """Drops a file as soon as it is larger than a photo may be; `dropped` are their names."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.dropped: list[str] = []

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if start + len(raw_data) > MAX_BYTES:
            self.dropped.append(str(self.file_name))
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> UploadedFile[bytes] | None:
        return None


def watch_size(request: HttpRequest) -> None:
    """Before anything of the body is read, see to it that no file grows too large."""
    request.upload_handlers.insert(0, LargestPhoto(request))


def dropped(request: HttpRequest) -> list[str]:
    """The names of the files that were too large; to be asked once the body was read."""
    watches = (each for each in request.upload_handlers if isinstance(each, LargestPhoto))
    return [name for watch in watches for name in watch.dropped]


def too_large() -> str:
    """What the sender of a file that was dropped reads."""
    happened = _("The file is larger than %(limit)d MB.") % {"limit": MAX_BYTES // MEGABYTE}
    return str(UploadRefusedError(happened, SEND_SMALLER))
