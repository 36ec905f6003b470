"""What a dossier says of the people who worked on a claim."""

from __future__ import annotations

import pytest
from django.utils import timezone

from assessment import pipeline
from assessment.core.drawn import drawn
from assessment.core.vocabulary import RejectReason, ReviewStatus
from assessment.selectors.claim_dossier import claim_dossier
from assessment.selectors.claims import findings_of
from assessment.selectors.dossier import DOSSIER, FindingEntry
from assessment.services.review import Change
from claims.models import Claim, User
from tests.factories import jpeg, make_user
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


def entry_of(claim: Claim) -> FindingEntry:
    dossier = claim_dossier(
        claim, number=1, made_at=timezone.now(), by=None, template_version="test"
    )
    (photo,) = DOSSIER.validate_json(DOSSIER.dump_json(dossier)).photos
    (entry,) = photo.findings
    return entry


def change(claim: Claim, by: User, wanted: Change) -> None:
    finding = findings_of(claim).get()
    pipeline.finding_change(finding=finding, change=wanted, seen=finding.revision, by=by, op=None)


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
