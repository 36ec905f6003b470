"""What becomes of an answer of boxes: outlined in the photo where that can be trusted."""

from __future__ import annotations

import pytest

from assessment import pipeline
from assessment.core.detection import Box, Detection
from assessment.core.vocabulary import AnswerForm, Outcome
from assessment.models import Call, Finding, Segmentation
from assessment.selectors.measuring import outline_of
from claims import files
from tests.factories import make_photo
from tests.fakes import square
from tests.services.steps import stained_wall

pytestmark = pytest.mark.django_db

BARE = Detection("stain", Box(95, 75, 225, 165), None, AnswerForm.BOX, approximate=True)


@pytest.fixture
def answered(claim, engine):
    """What is found by an engine that answers these, on a photo of a stained wall."""

    def ask(*detections: Detection) -> list[Finding]:
        engine.detections = detections
        pipeline.query_ask(claim=claim, text="stains", by=None)
        make_photo(claim, stained_wall())
        return list(Finding.objects.order_by("number"))

    return ask


def test_a_bare_box_is_outlined_in_the_photo_and_stays_approximate(answered):
    (finding,) = answered(BARE)

    assert outline_of(finding).bounds == pytest.approx((100, 80, 220, 160), abs=3)
    assert (finding.form, finding.approximate) == ("box", True)


def test_a_box_around_nothing_stays_a_box(answered):
    (finding,) = answered(Detection("mould", Box(5, 5, 60, 60), None, AnswerForm.BOX))

    assert outline_of(finding).bounds == (5, 5, 60, 60)


def test_what_the_engine_outlined_itself_stays_as_it_is(answered):
    (finding,) = answered(square(left=95, top=75, side=80))

    assert finding.area_px == pytest.approx(80 * 80)


def test_without_its_copy_the_photo_keeps_the_boxes(answered, claim, monkeypatch, caplog):
    load = files.load

    def lost_once_answered(name):
        if Call.objects.exists():
            raise FileNotFoundError(name)
        return load(name)

    monkeypatch.setattr(files, "load", lost_once_answered)
    (finding,) = answered(BARE)

    assert outline_of(finding).bounds == tuple(BARE.box)
    assert Segmentation.objects.get().status == Outcome.ANSWERED
    assert "stay boxes" in caplog.text
