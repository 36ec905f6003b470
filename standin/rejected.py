"""A request that the real service would not take."""

from __future__ import annotations

from typing import Any


class RejectedError(Exception):
    """The status and the message that it is met with, and the details where it has some."""

    def __init__(self, status: int, message: str, *details: dict[str, Any]) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.details = details
