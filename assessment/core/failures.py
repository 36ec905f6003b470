"""What goes wrong for good."""

from __future__ import annotations


class PermanentError(Exception):
    """Trying again can't help; the message is a sentence for people."""
