"""What can keep a report from being made."""

from __future__ import annotations


class ReportError(Exception):
    """A report could not be made; the message is a sentence for people."""
