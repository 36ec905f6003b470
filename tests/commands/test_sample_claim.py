from __future__ import annotations

import numpy as np
import pytest

from assessment.core.vocabulary import DamageType
from assessment.management import sample_claim
from assessment.management.sample_claim import (
    claim_to_show,
    demo_adjuster,
    demo_password,
    newest_claim,
    open_claim,
)
from assessment.models import DamageQuery
from claims.evidence.upload import UploadRefusedError
from claims.models import Claim, Photo
from claims.services import ClaimFacts, claim_open
from samples import Sample
from tests.factories import jpeg

pytestmark = [pytest.mark.django_db, pytest.mark.service]


def sample(data: bytes, name: str = "wall.jpg") -> Sample:
    return Sample(
        name=name,
        title="A wall",
        jpeg=data,
        width=320,
        height=240,
        question="cracks",
        damage_type=DamageType.CRACK,
        truth=np.zeros((240, 320), bool),
        truth_m2=None,
        reference_line=(10.0, 10.0, 210.0, 10.0),
        length_m=1.0,
    )


@pytest.fixture(autouse=True)
def _small_samples(monkeypatch, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(sample_claim, "draw_samples", lambda: (sample(jpeg()),))


def test_a_first_sample_claim_has_its_photo_its_question_and_its_scale():
    claim = claim_to_show(demo_adjuster())

    photo = Photo.objects.get(claim=claim)
    assert claim.number == "DEMO-0001"
    assert photo.reference_line is not None
    assert photo.reference_line["length_m"] == 1.0
    assert DamageQuery.objects.get(claim=claim).text == "cracks"


def test_one_that_is_there_is_shown_and_no_other_is_opened():
    adjuster = demo_adjuster()
    first = claim_to_show(adjuster)

    assert claim_to_show(adjuster) == first
    assert Claim.objects.count() == 1


def test_the_newest_of_several_is_shown():
    adjuster = demo_adjuster()
    claims = [open_claim(adjuster, (sample(jpeg()),)) for _ in range(3)]

    assert claims[-1].number == "DEMO-0003"
    assert newest_claim() == claims[-1]


def test_claims_that_people_opened_do_not_disturb_its_number():
    adjuster = demo_adjuster()
    carrier = adjuster.memberships.get().carrier
    for number in ("HX-10482", "DEMO-9", "DEMO-0007x"):
        claim_open(carrier=carrier, facts=ClaimFacts(number), by=adjuster)

    assert newest_claim() is None
    assert claim_to_show(adjuster).number == "DEMO-0001"


def test_half_a_sample_claim_is_none():
    adjuster = demo_adjuster()
    with pytest.raises(UploadRefusedError):
        open_claim(adjuster, (sample(jpeg()), sample(b"a text", "note.jpg")))

    assert not Claim.objects.exists()
    assert not Photo.objects.exists()


def test_the_account_is_made_once_and_its_password_opens_it():
    adjuster = demo_adjuster()

    assert demo_adjuster() == adjuster
    assert adjuster.check_password(demo_password(adjuster))


def test_a_password_that_was_changed_is_not_told():
    adjuster = demo_adjuster()
    told = demo_password(adjuster)
    adjuster.set_password("another horse battery")
    adjuster.save()

    assert told not in demo_password(adjuster)
    assert "changepassword adjuster@eaves.example" in demo_password(adjuster)
