from __future__ import annotations

import pytest

from tests.commands.measuring import run

pytestmark = pytest.mark.shared


def test_the_local_engine_is_evaluated_on_real_hairline_cracks(shared_data, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    folder = shared_data / "damage" / "cracks"
    result = run("evaluate", folder, "--format", "pairs", "--engine", "local")
    measures = result["measures"]
    assert (result["status"], result["cases"], result["faults"]) == (0, 5, [])
    assert measures["boundary F1"]["value"] > 0.57
    assert measures["boundary F1"]["low"] < measures["boundary F1"]["value"]
    assert measures["look-alikes taken"]["value"] < 0.05
    assert result["tokens"]["input"] is None
