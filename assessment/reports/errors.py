"""What can keep a report from being made."""

from __future__ import annotations

from assessment.core.failures import PermanentError


class ReportError(PermanentError):
    """A report could not be made; the message is a sentence for people."""
