"""What a dossier says of the people who worked on a claim."""

from __future__ import annotations

import pytest
from django.utils import timezone

from assessment import pipeline
from assessment.core.confidence import calibrated
from assessment.core.drawn import drawn
from assessment.core.scale import ReferenceLine
from assessment.core.vocabulary import RejectReason, ReviewStatus
from assessment.models import Sighting
from assessment.selectors.claim_dossier import claim_dossier
from assessment.selectors.claims import findings_of
from assessment.selectors.dossier import DOSSIER, Dossier, FindingEntry
from assessment.services.review import Change
from claims.models import Claim, User
from tests.factories import drone_jpeg, jpeg, make_user
from tests.fakes import hairline
from tests.pipeline.steps import assessed_claim

pytestmark = [pytest.mark.django_db, pytest.mark.service]

SQUARE = {"type": "Polygon", "coordinates": [[[10, 10], [60, 10], [60, 60], [10, 60], [10, 10]]]}
OUTLINE = drawn(SQUARE, 320, 240)


@pytest.fixture
def proposed(carrier, fake_engine) -> Claim:
    return assessed_claim(carrier, jpeg())


@pytest.fixture
def corrector(carrier) -> User:
    person = make_user(carrier)
    person.name = "Dana Fox"
    person.save()
    return person


def dossier_of(claim: Claim) -> Dossier:
    dossier = claim_dossier(
        claim, number=1, made_at=timezone.now(), by=None, template_version="test"
    )
    return DOSSIER.validate_json(DOSSIER.dump_json(dossier))


def entry_of(claim: Claim) -> FindingEntry:
    (photo,) = dossier_of(claim).photos
    (entry,) = photo.findings
    return entry


def change(claim: Claim, by: User, wanted: Change) -> None:
    finding = findings_of(claim).get()
    pipeline.finding_change(finding=finding, change=wanted, seen=finding.revision, by=by, op=None)


@pytest.mark.parametrize("agreement", [0.83, None])
def test_how_sure_a_finding_is_is_frozen_with_it(proposed, agreement):
    Sighting.objects.update(agreement=agreement)

    sureness = entry_of(proposed).sureness
    assert sureness == calibrated(()).sureness(agreement)


def test_who_corrected_an_outline_is_told_apart_from_who_accepted_it(proposed, corrector, user):
    change(proposed, corrector, Change(outline=OUTLINE))
    change(proposed, user, Change(review=ReviewStatus.ACCEPTED))

    entry = entry_of(proposed)
    assert (entry.edited, entry.corrected_by, entry.reviewer) == (True, "Dana Fox", "Ana Ruiz")


def test_the_last_to_correct_an_outline_is_named(proposed, corrector, user):
    change(proposed, user, Change(outline=OUTLINE))
    change(proposed, corrector, Change(outline=drawn(SQUARE, 50, 50)))

    assert entry_of(proposed).corrected_by == "Dana Fox"


def test_an_outline_that_is_the_engines_again_was_corrected_by_nobody(proposed, corrector):
    change(proposed, corrector, Change(outline=OUTLINE))
    change(proposed, corrector, Change(original=True))

    entry = entry_of(proposed)
    assert (entry.edited, entry.corrected_by) == (False, "")


def test_why_a_finding_was_rejected_goes_into_the_dossier(proposed, user):
    change(proposed, user, Change(review=ReviewStatus.REJECTED, reason=RejectReason.DUPLICATE))

    entry = entry_of(proposed)
    assert (entry.review, entry.reason) == (ReviewStatus.REJECTED, "duplicate")


def test_a_short_line_is_told_with_the_scale_that_it_gives(proposed):
    short = ReferenceLine((0, 0), (100, 0), 1.0)
    pipeline.scale_give(photo=proposed.photos.get(), line=short, by=None)

    (photo,) = dossier_of(proposed).photos
    assert photo.scale.startswith("Scale from a reference line of 1 m over 100 pixels")
    assert photo.metres_per_pixel == 0.01
    (warning,) = photo.scale_warnings
    assert "shorter than 120 pixels" in warning


def test_a_drones_photo_tells_its_own_scale_or_why_it_has_none(carrier, fake_engine):
    (flown,) = dossier_of(assessed_claim(carrier, drone_jpeg())).photos
    assert flown.scale.startswith("Scale from the drone's height of 40.0 m")
    assert "31 % too large" in flown.scale_warnings[0]
    assert flown.no_scale == ""

    (level,) = dossier_of(assessed_claim(carrier, drone_jpeg(pitch="0.0"))).photos
    assert (level.scale, level.scale_warnings, level.metres_per_pixel) == ("", (), None)
    assert "0 degrees below the horizon" in level.no_scale


def test_an_area_that_is_not_printed_says_why_and_what_the_total_leaves_out(carrier, fake_engine):
    fake_engine.detections = (hairline(),)
    claim = assessed_claim(carrier, jpeg())
    line = ReferenceLine((0, 0), (200, 0), 2.0)
    pipeline.scale_give(photo=claim.photos.get(), line=line, by=None)

    entry = entry_of(claim)
    assert entry.area_m2 is None
    assert entry.unmeasured.startswith("Too uncertain to print")
    (total,) = dossier_of(claim).totals
    assert (total.area_m2, total.photos_without_scale) == (None, 0)
    ((photo, reason),) = [(each.photo, each.reason) for each in total.left_out]
    assert photo == 1
    assert reason.startswith("Too uncertain to print")
