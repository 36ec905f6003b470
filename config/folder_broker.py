"""The embedded broker: messages are files in a folder, and a file appears only when it is whole."""

from __future__ import annotations

import uuid
from pathlib import Path
from time import monotonic
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """Kombu's own, but for how a message is put.

    Kombu writes into the file that readers look for, so that one who is quick takes it empty and
    the worker dies of it. Here it is written under another name first.
    """

    # The classes above it name the message differently.
    def _put(self, queue: str, payload: Any, **_: Any) -> None:  # type: ignore[override]
        folder = Path(self.data_folder_out)
        name = f"{round(monotonic() * 1000)}_{uuid.uuid4()}"
        written = folder / f"{name}.part"
        written.write_text(dumps(payload))
        written.rename(folder / f"{name}.{queue}.msg")


class Transport(filesystem.Transport):
    """Messages in a folder, each whole from the start."""

    Channel = Channel
