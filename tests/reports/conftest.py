"""The rich claim rendered once, for all that only read it."""

from __future__ import annotations

import pytest
from pypdf import PdfReader

from assessment.reports.render import render
from tests.reports.reading import reader
from tests.reports.specimens import DOSSIER, pictures


@pytest.fixture(scope="session")
def pdf() -> bytes:
    return render(DOSSIER, pictures(DOSSIER))


@pytest.fixture(scope="session")
def report(pdf: bytes) -> PdfReader:
    return reader(pdf)
