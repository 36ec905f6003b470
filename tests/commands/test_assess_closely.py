"""How closely a photo is looked at, and how often a question is put, from the command line."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from assessment.models import DamageQuery, Segmentation
from tests.commands.assessing import assess
from tests.factories import jpeg

pytestmark = [pytest.mark.django_db, pytest.mark.service]


@pytest.fixture
def wall(tmp_path, fake_engine):
    path = tmp_path / "wall.jpg"
    path.write_bytes(jpeg(1200, 1100))
    return path


def test_a_question_put_twice_tells_the_agreement_of_each_finding(wall, fake_engine):
    result = assess(wall, "--query", "cracks", "--engine", "fake", "--runs", "2")

    (finding,) = result["photos"][0]["queries"][0]["findings"]
    assert finding["agreement"] == 1.0
    assert fake_engine.asked == 2


def test_a_question_put_once_tells_no_agreement(wall):
    result = assess(wall, "--query", "cracks", "--engine", "fake")

    (finding,) = result["photos"][0]["queries"][0]["findings"]
    assert finding["agreement"] is None


def test_the_photo_is_looked_at_by_tiles_where_that_is_asked_for(wall, fake_engine):
    assess(wall, "--query", "cracks", "--engine", "fake", "--detail", "tiles")

    assert DamageQuery.objects.get().detail == "tiles"
    assert fake_engine.asked == len(Segmentation.objects.get().windows) == 5


@pytest.mark.parametrize("option", [("--runs", "6"), ("--runs", "0"), ("--detail", "closely")])
def test_what_can_not_be_is_bad_usage(wall, option):
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("assess", str(wall), "--query", "cracks", *option)
