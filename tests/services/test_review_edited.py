"""An engine's outline that a person edited: what was left of it is no better than it was."""

from __future__ import annotations

import pytest
import shapely
from shapely import MultiPolygon

from assessment.core.boundary import KEPT_PX, hand_sd
from assessment.models import Finding
from assessment.selectors.measuring import outline_of
from tests.services.steps import box, changed

pytestmark = [pytest.mark.django_db, pytest.mark.service]


@pytest.fixture
def rough(seen: Finding) -> Finding:
    """What the engine saw, (50, 50) to (150, 150), as a guess that is off by 20 pixels."""
    Finding.objects.filter(pk=seen.pk).update(approximate=True, boundary_px=20.0)
    seen.refresh_from_db()
    return seen


# Of its edge of 300 pixels, the left and half of above and below are the engine's.
HALVED = box(50, 50, 100, 150)


def test_a_rough_outline_of_which_one_corner_was_nudged_is_rough_still(rough, user):
    nudged = MultiPolygon([shapely.Polygon([(50, 50), (150, 50), (156, 156), (50, 150)])])

    edited = changed(rough, user, outline=nudged)

    assert (edited.edited, edited.approximate) == (True, True)
    assert edited.boundary_px > 0.5 * rough.boundary_px


def test_an_edited_outline_is_as_rough_as_the_part_of_it_that_was_left(rough, user):
    edited = changed(rough, user, outline=HALVED)

    kept = (100 + 2 * 50 + 2 * KEPT_PX) / 300
    assert edited.approximate
    assert edited.boundary_px == pytest.approx(kept * 20 + (1 - kept) * hand_sd(320, 240), rel=0.01)


def test_a_rough_outline_that_a_person_drew_anew_is_as_good_as_a_drawing(rough, user):
    edited = changed(rough, user, outline=box(0, 0, 40, 20))

    assert not edited.approximate
    assert edited.boundary_px == hand_sd(320, 240)


def test_an_outline_edited_twice_is_compared_with_what_the_engine_drew(rough, user):
    changed(rough, user, outline=box(0, 0, 40, 20))
    same_again = changed(rough, user, outline=box(0, 0, 40, 20))
    back = changed(rough, user, outline=outline_of(rough))

    assert (same_again.approximate, same_again.boundary_px) == (False, hand_sd(320, 240))
    assert (back.approximate, back.boundary_px) == (True, 20.0)


def test_an_outline_that_was_firm_stays_firm_however_it_is_edited(seen, user):
    assert not changed(seen, user, outline=HALVED).approximate
