"""What a process loads before it is asked anything."""

from __future__ import annotations

import subprocess
import sys

from django.conf import settings

SCRIPT = """
import sys
import django
django.setup()
import assessment.pipeline, assessment.tasks
sys.exit(", ".join(sys.modules.keys() & {"weasyprint", "google.genai"}))
"""


def test_who_makes_no_report_and_asks_nobody_loads_nothing_for_it():
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stderr.strip() == ""
