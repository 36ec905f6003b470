"""The page for operators is the table that the tests play."""

from __future__ import annotations

from pathlib import Path

from tests.pipeline.faults.page import page

PAGE = Path(__file__).parents[2] / "docs" / "faults.md"


def test_the_page_of_faults_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == page(), (
        "Write it anew: python -m tests.pipeline.faults > docs/faults.md"
    )
