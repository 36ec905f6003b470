"""The photo that the commands are given."""

from __future__ import annotations

import pytest

from samples import draw_samples


@pytest.fixture(scope="module")
def roof():
    return draw_samples()[0]


@pytest.fixture
def roof_file(tmp_path, roof):
    path = tmp_path / roof.name
    path.write_bytes(roof.jpeg)
    return path
