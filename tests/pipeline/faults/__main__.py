"""Print the table as a page in Markdown."""

from __future__ import annotations

import sys

from tests.pipeline.faults.page import page

sys.stdout.write(page())
