"""Things and places that were asked for are shown for orientation, and count nowhere."""

from __future__ import annotations

import pytest

from assessment import pipeline
from assessment.core.scale import ReferenceLine
from assessment.core.triage import decide
from assessment.core.vocabulary import DamageType, Lane, ReviewStatus
from assessment.models import Finding, Segmentation
from assessment.reports.glance import total_rows
from assessment.reports.tables import finding_rows
from assessment.reports.units import system
from assessment.selectors.claim_dossier import claim_dossier, totals_by_type
from assessment.selectors.claim_page import claim_state
from assessment.selectors.claims import claim_facts
from assessment.services.review import ReviewError
from assessment.services.sightings import damage_type_of
from claims.models import Peril
from tests.factories import make_claim, make_photo
from tests.fakes import square
from tests.services.steps import changed

pytestmark = [pytest.mark.django_db, pytest.mark.service]

SOUND = "windows that are not broken"
LINE = ReferenceLine((0, 0), (200, 0), 2.0)


def asked(claim, text, *detections, engine):
    """The newest finding, after one more question that is answered by what is given."""
    engine.detections = detections
    pipeline.query_ask(claim=claim, text=text, by=None)
    pipeline.work_off("")
    return Finding.objects.latest("pk")


@pytest.fixture
def window(photo, seen, engine):
    """A sound window beside the crack that was seen on the photo: 20 x 20 pixels."""
    return asked(photo.claim, SOUND, square(200, 60, 20, label="window"), engine=engine)


def counted(claim):
    """Everything that counts, but for how many questions were put."""
    facts = claim_facts(claim)
    measured = (facts.area_m2, facts.largest_share, facts.unscaled)
    counts = (facts.findings, facts.approximate, facts.unreviewed, facts.disputed)
    damage = claim_state(claim).damage
    return facts.damage_types, measured, counts, damage, totals_by_type(claim)


def test_what_was_asked_for_as_a_thing_changes_no_fact_no_area_and_no_total(
    claim, photo, seen, engine, user
):
    pipeline.scale_give(photo=photo, line=LINE, by=user)
    before = counted(claim)

    windows = [square(x, 60, 20, label="window", approximate=x > 250) for x in (200, 230, 260)]
    window = asked(claim, SOUND, *windows, engine=engine)

    assert window.damage_type == DamageType.NO_DAMAGE
    assert Finding.objects.count() == 4
    assert counted(claim) == before


def test_it_counts_no_more_once_it_was_accepted_and_the_claim_decided(claim, seen, window, user):
    changed(seen, user, review=ReviewStatus.ACCEPTED)
    before = counted(claim)

    changed(window, user, review=ReviewStatus.ACCEPTED)

    assert counted(claim) == before


def test_it_is_listed_in_the_report_and_is_in_no_total_of_it(claim, seen, window):
    dossier = claim_dossier(
        claim, number=1, made_at=window.changed_at, by=None, template_version="test"
    )

    listed = [row.damage for row in finding_rows(dossier.photos, system(dossier.units))]
    assert listed == ["crack", "no damage, for orientation"]
    assert [row.damage for row in total_rows(dossier.totals, system(dossier.units))] == ["crack"]


def test_where_only_such_things_were_found_a_person_looks(carrier, engine):
    claim = make_claim(carrier, peril=Peril.WIND, policy_number="HO-3 1")
    make_photo(claim)
    asked(claim, SOUND, square(label="window"), engine=engine)

    decision = decide(claim_facts(claim))

    assert decision.lane is Lane.DESK
    assert [reason.rule for reason in decision.reasons] == ["nothing_found"]


def test_a_label_that_names_damage_makes_it_damage(claim, photo, engine):
    finding = asked(claim, SOUND, square(200, label="cracked window frame"), engine=engine)

    assert finding.damage_type == DamageType.CRACK


def test_what_stands_there_already_as_a_thing_is_damage_where_damage_was_asked_for(
    claim, window, engine
):
    broken = asked(claim, "broken windows", square(200, 60, 20, label="pane"), engine=engine)

    assert broken != window
    assert DamageType.BROKEN_GLASS in claim_facts(claim).damage_types
    assert asked(claim, "the house number", square(label="118"), engine=engine).damage_type == (
        DamageType.NO_DAMAGE
    )


def test_a_label_that_repeats_the_question_says_nothing_more_than_it(carrier, engine):
    claim = make_claim(carrier, peril=Peril.FIRE)
    make_photo(claim)
    text = "the wall with the most fire damage"
    wall = asked(claim, text, square(label="The wall with the most fire damage"), engine=engine)

    assert wall.damage_type == DamageType.OTHER
    query = Segmentation.objects.get().query
    assert damage_type_of(square(label="charred wall"), query) is DamageType.BURN


def test_a_person_who_gives_it_a_type_makes_it_count_and_can_take_that_back(claim, window, user):
    changed(window, user, damage_type=DamageType.BROKEN_GLASS)
    assert claim_facts(claim).findings == 2

    changed(window, user, damage_type=DamageType.NO_DAMAGE)
    assert claim_facts(claim).findings == 1


def test_what_was_found_as_damage_is_not_called_none_but_rejected(claim, seen, user):
    with pytest.raises(ReviewError, match="Reject it"):
        changed(seen, user, damage_type=DamageType.NO_DAMAGE)

    assert claim_facts(claim).findings == 1
