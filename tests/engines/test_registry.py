"""Engines that don't come with Eaves, built by the name of their class."""

from __future__ import annotations

import pytest

from assessment.engines.base import EngineMisconfiguredError
from assessment.engines.registry import build
from tests.fakes import FakeEngine


class Incomplete(FakeEngine):
    """Lacks what an engine says of itself."""

    def __init__(self) -> None:
        super().__init__()
        del self.examples


class Asleep:
    """No engine at all."""


def test_an_engine_is_built_of_a_class_with_its_options():
    engine = build("local", {"class": "assessment.engines.local:LocalEngine"})
    assert engine.name == "local"


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("mine", {}, 'There is no engine "mine"'),
        ("mine", {"class": "nowhere.engine:Engine"}, "nowhere.engine can't be imported"),
        ("mine", {"class": ":Engine"}, "can't be imported"),
        ("mine", {"class": "tests.fakes:Missing"}, "there is no Missing in tests.fakes"),
        ("mine", {"class": "tests.fakes"}, "there is no class in tests.fakes"),
        ("fake", {"class": "tests.fakes:FakeEngine", "url": "x"}, "unexpected keyword argument"),
        ("fake", {"class": "tests.engines.test_registry:Incomplete"}, "Incomplete lacks examples"),
        (
            "mine",
            {"class": "tests.engines.test_registry:Asleep"},
            "lacks name, model,.*, ask, read",
        ),
        ("mine", {"class": "tests.fakes:FakeEngine"}, 'calls itself "fake"'),
    ],
)
def test_what_is_no_engine_is_named_with_what_it_lacks(name, options, said):
    with pytest.raises(EngineMisconfiguredError, match=said):
        build(name, options)
