"""Print the table as a page in Markdown."""

from __future__ import annotations

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from tests.pipeline.faults.page import page  # noqa: E402 - its delays are those of the jobs

sys.stdout.write(page())
