"""The table of faults: what Gemini and the network do, and what becomes of the question.

Each row is played by the stand-in to the real client and goes through the whole pipeline
(test_faults.py). `python -m tests.pipeline.faults` prints it as the page docs/faults.md.
"""

from __future__ import annotations

from collections.abc import Mapping

from tests.pipeline.faults.answers import ANSWERS
from tests.pipeline.faults.connection import CONNECTION
from tests.pipeline.faults.reasons import REASONS
from tests.pipeline.faults.replies import REPLIES
from tests.pipeline.faults.row import Fault
from tests.pipeline.faults.statuses import STATUSES

# By what goes wrong, in the words of the page.
TABLE: Mapping[str, tuple[Fault, ...]] = {
    "The service answers with an error": STATUSES,
    "The connection fails": CONNECTION,
    "The reply is no answer": REPLIES,
    "The model declines, or stops": REASONS,
    "The answer is spelled wrongly, or by another model": ANSWERS,
}
FAULTS = tuple(fault for faults in TABLE.values() for fault in faults)
