"""A carrier's standing questions: taken, added, reworded, switched off and on."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from assessment import pipeline
from assessment.core.catalogue.standard import entries_for
from assessment.core.catalogue.wording import Wording, wording_of
from assessment.core.vocabulary import DamageType, Detail, QueryKind
from assessment.models import DamageQuery, Segmentation
from assessment.selectors.questions import (
    catalogue_texts,
    offers,
    standing_questions,
    suggestions,
    wording_in,
)
from assessment.services.photos import QueryAskedError
from assessment.services.questions import (
    QuestionKnownError,
    QuestionReplacedError,
    standing_add,
    standing_reword,
    standing_switch,
    standing_take,
)
from claims.models import AuditEntry, Peril
from claims.services import ClaimDetails
from tests.factories import make_carrier, make_claim, make_photo

pytestmark = [pytest.mark.django_db, pytest.mark.service]

GUTTERS = Wording("bent gutters", language="en")


@pytest.fixture
def gutters(carrier, user) -> DamageQuery:
    return standing_add(carrier=carrier, peril="hail", wording=GUTTERS, by=user)


def reworded(query, user, **changes) -> DamageQuery:
    return standing_reword(query=query, wording=replace(GUTTERS, **changes), by=user)


def asked_of(photo) -> list[str]:
    asked = Segmentation.objects.filter(photo=photo).order_by("query_id")
    return list(asked.values_list("query__text", flat=True))


def logged(carrier) -> list[tuple[str, dict[str, Any]]]:
    entries = AuditEntry.objects.of(carrier).filter(action__startswith="question.")
    return [(each.action, json.loads(each.data)) for each in entries.order_by("sequence")]


def test_what_is_taken_from_the_catalogue_keeps_its_kind_its_type_and_its_detail(carrier, user):
    taken = standing_take(carrier=carrier, entries=entries_for("hail"), language="es", by=user)

    impacts = next(query for query in taken if "impacto de granizo" in query.text)
    assert len(taken) == len(entries_for("hail"))
    assert wording_in(impacts) == Wording(
        "marcas de impacto de granizo en la cubierta del tejado",
        kind=QueryKind.PLAIN,
        damage_type=DamageType.HAIL_IMPACT,
        language="es",
        detail=Detail.TILES,
    )
    assert logged(carrier)[0][0] == "question.taken"
    assert logged(carrier)[0][1]["entry"] == "hail.impacts"


def test_what_the_carrier_has_had_is_not_taken_again(carrier, user):
    entries = entries_for("fire")
    first = standing_take(carrier=carrier, entries=entries[:2], language="en", by=user)
    standing_switch(query=first[0], active=False, by=user)
    standing_reword(query=first[1], wording=Wording("soot anywhere"), by=user)

    again = standing_take(carrier=carrier, entries=entries[:3], language="en", by=user)

    assert [query.text for query in again] == [entries[2].en]
    assert [offer.taken for offer in offers(carrier, Peril.FIRE, "en")][:4] == [
        *(True, True, True),
        False,
    ]


def test_the_same_words_can_be_asked_after_several_perils(carrier, user):
    for peril in ("fire", "impact"):
        standing_take(carrier=carrier, entries=entries_for(peril), language="de", by=user)

    broken = DamageQuery.objects.filter(text="zerbrochene Fenster").order_by("pk")
    assert list(broken.values_list("peril", "version")) == [("fire", 1), ("impact", 1)]


def test_a_question_is_asked_of_the_photos_that_come_from_then_on(carrier, user, fake_engine):
    claim = make_claim(carrier, peril=Peril.HAIL)
    before = make_photo(claim)

    standing_add(carrier=carrier, peril="hail", wording=GUTTERS, by=user)
    pipeline.work_off("")
    after = make_photo(claim)

    assert asked_of(before) == []
    assert asked_of(after) == ["bent gutters"]


def test_an_open_claim_is_not_asked_anew_when_its_policy_number_is_corrected(
    carrier, user, fake_engine
):
    claim = make_claim(carrier, peril=Peril.HAIL)
    photo = make_photo(claim)
    standing_add(carrier=carrier, peril="hail", wording=GUTTERS, by=user)

    pipeline.claim_correct(claim=claim, details=ClaimDetails(policy_number="HO-3"), by=user)

    assert asked_of(photo) == []


def test_a_new_wording_is_a_new_version_and_the_old_one_keeps_its_answers(
    carrier, user, gutters, fake_engine
):
    claim = make_claim(carrier, peril=Peril.HAIL)
    first = make_photo(claim)

    new = reworded(gutters, user, text="gutters that are bent or torn off")
    second = make_photo(claim)

    gutters.refresh_from_db()
    assert (new.version, new.active, new.replaces) == (2, True, gutters)
    assert not gutters.active
    assert asked_of(first) == ["bent gutters"]
    assert asked_of(second) == ["gutters that are bent or torn off"]
    (standing,) = standing_questions(carrier)
    assert (standing.query, standing.photos) == (new, 1)
    assert [(each.query, each.photos) for each in standing.earlier] == [(gutters, 1)]


def test_another_detail_is_another_version_of_the_same_words(user, gutters):
    new = reworded(gutters, user, detail=Detail.TILES)

    assert (new.text, new.version, new.detail) == ("bent gutters", 2, Detail.TILES)


def test_a_wording_that_changes_nothing_is_no_new_version(carrier, user, gutters):
    assert reworded(gutters, user, text="  bent   gutters ") == gutters
    assert [action for action, _ in logged(carrier)] == ["question.added"]


def test_one_may_go_back_to_earlier_words(user, gutters):
    second = reworded(gutters, user, text="torn gutters")
    third = reworded(second, user)

    assert (third.text, third.version) == ("bent gutters", 3)


def test_words_that_were_given_up_can_become_a_question_of_their_own(carrier, user, gutters):
    reworded(gutters, user, text="torn gutters")

    again = standing_add(carrier=carrier, peril="hail", wording=GUTTERS, by=user)

    assert (again.version, again.replaces) == (2, None)
    assert len(standing_questions(carrier)) == 2


def test_a_question_that_is_switched_off_stays_off_when_it_is_reworded(user, gutters):
    standing_switch(query=gutters, active=False, by=user)

    assert not reworded(gutters, user, text="torn gutters").active


def test_a_wording_that_was_replaced_is_neither_changed_nor_switched_on(carrier, user, gutters):
    reworded(gutters, user, text="torn gutters")

    with pytest.raises(QuestionReplacedError):
        reworded(gutters, user, text="loose gutters")
    with pytest.raises(QuestionReplacedError):
        standing_switch(query=gutters, active=True, by=user)
    assert len(logged(carrier)) == 2


@pytest.mark.parametrize("active", [True, False])
def test_words_that_are_there_are_not_added_again(carrier, user, gutters, active):
    standing_switch(query=gutters, active=active, by=user)

    with pytest.raises(QuestionKnownError) as known:
        standing_add(carrier=carrier, peril="hail", wording=Wording("Bent Gutters"), by=user)

    assert known.value.query.active is active


@pytest.mark.parametrize(("there", "added"), [("hail", ""), ("", "hail")])
def test_no_claim_is_asked_the_same_for_its_peril_and_for_any(carrier, user, there, added):
    words = Wording("bent gutters")
    first = standing_add(carrier=carrier, peril=there, wording=words, by=user)
    torn = standing_add(carrier=carrier, peril=added, wording=Wording("torn gutters"), by=user)

    with pytest.raises(QuestionKnownError) as known:
        standing_add(carrier=carrier, peril=added, wording=words, by=user)
    with pytest.raises(QuestionKnownError):
        standing_reword(query=torn, wording=words, by=user)
    assert known.value.query == first

    standing_switch(query=first, active=False, by=user)
    standing_add(carrier=carrier, peril=added, wording=words, by=user)
    with pytest.raises(QuestionKnownError):
        standing_switch(query=first, active=True, by=user)


def test_what_is_asked_of_every_claim_is_not_taken_for_one_peril_besides(carrier, user):
    entry = entries_for("hail")[0]
    standing_add(carrier=carrier, peril="", wording=entry.wording("en"), by=user)

    assert standing_take(carrier=carrier, entries=[entry], language="en", by=user) == []


def test_a_question_is_not_reworded_into_another_that_is_there(carrier, user, gutters):
    torn = standing_add(carrier=carrier, peril="hail", wording=Wording("torn gutters"), by=user)

    with pytest.raises(QuestionKnownError):
        standing_reword(query=torn, wording=GUTTERS, by=user)


def test_capitals_can_be_corrected(user, gutters):
    assert reworded(gutters, user, text="Bent gutters").version == 2


@pytest.mark.parametrize("text", ["", "   ", "x" * 501])
def test_words_that_cannot_be_asked_are_refused(carrier, user, text):
    with pytest.raises(ValidationError):
        standing_add(carrier=carrier, peril="hail", wording=Wording(text), by=user)
    assert logged(carrier) == []


def test_a_question_that_is_switched_off_is_asked_no_more_until_it_is_switched_on(
    carrier, user, gutters, fake_engine
):
    claim = make_claim(carrier, peril=Peril.HAIL)
    standing_switch(query=gutters, active=False, by=user)
    off = make_photo(claim)
    standing_switch(query=gutters, active=True, by=user)
    standing_switch(query=gutters, active=True, by=user)
    on = make_photo(claim)

    assert asked_of(off) == []
    assert asked_of(on) == ["bent gutters"]
    assert [action for action, _ in logged(carrier)] == [
        "question.added",
        "question.switched_off",
        "question.switched_on",
    ]


def test_a_new_version_is_logged_with_what_it_replaces(carrier, user, gutters):
    reworded(gutters, user, text="torn gutters")

    action, data = logged(carrier)[-1]
    assert action == "question.reworded"
    assert (data["text"], data["before"]["text"]) == ("torn gutters", "bent gutters")
    assert (data["version"], data["replaces"]) == (2, gutters.pk)


def test_a_claims_own_question_is_no_standing_one(carrier, user, fake_engine):
    own = pipeline.query_ask(claim=make_claim(carrier), text="dents", by=user)

    assert standing_questions(carrier) == []
    with pytest.raises(QuestionReplacedError):
        standing_switch(query=own, active=False, by=user)


# What is known of a question that is put to a claim


def put(claim, text, **options) -> Wording:
    return wording_in(pipeline.query_ask(claim=claim, text=text, by=None, **options))


def test_words_of_the_catalogue_bring_their_kind_with_them(carrier, fake_engine):
    asked = put(make_claim(carrier), "die Dachfläche mit den meisten fehlenden Schindeln")

    assert asked.kind is QueryKind.COMPARATIVE
    assert (asked.damage_type, asked.language) == (DamageType.OTHER, "de")
    assert asked.detail is Detail.WHOLE


def test_words_of_the_carrier_come_before_those_of_the_catalogue(carrier, user, fake_engine):
    own = replace(wording_of("windows that are not broken"), detail=Detail.TILES, runs=3)
    standing_add(carrier=carrier, peril="hail", wording=own, by=user)

    assert put(make_claim(carrier, peril=Peril.WIND), own.text) == own


def test_what_another_carrier_asks_says_nothing(carrier, user, fake_engine):
    other = make_carrier()
    standing_add(carrier=other, peril="", wording=replace(GUTTERS, runs=5), by=None)

    assert put(make_claim(carrier), "bent gutters").runs == 1


def test_free_words_tell_their_type_and_language_by_themselves(carrier, fake_engine):
    asked = put(make_claim(carrier), "manchas en la pared del baño")

    assert (asked.damage_type, asked.language) == (DamageType.STAIN, "es")
    assert (asked.kind, asked.detail) == (QueryKind.PLAIN, Detail.AUTO)


def test_what_a_person_says_of_a_question_counts(carrier, fake_engine):
    asked = put(make_claim(carrier), "fissures", language="fr", detail=Detail.TILES)

    assert (asked.language, asked.detail) == ("fr", Detail.TILES)


def test_what_could_be_asked_of_a_claim_begins_with_the_carriers_own(
    carrier, user, gutters, fake_engine
):
    claim = make_claim(carrier, peril=Peril.WIND)
    pipeline.query_ask(claim=claim, text="Windows that are not broken", by=user)

    told = suggestions(claim, catalogue_texts(claim.peril, "en"))

    assert told[0] == "bent gutters"
    assert "the second window from the left" in told
    assert "windows that are not broken" not in told


def test_an_open_claim_can_be_put_a_standing_question_on_purpose(carrier, user, fake_engine):
    claim = make_claim(carrier, peril=Peril.HAIL)
    photos = [make_photo(claim), make_photo(claim)]
    standing_add(carrier=carrier, peril="hail", wording=GUTTERS, by=user)
    assert suggestions(claim, []) == ["bent gutters"]

    pipeline.query_ask(claim=claim, text="Bent gutters", by=user, photos=photos[:1])
    pipeline.query_ask(claim=claim, text="bent gutters", by=user)
    later = make_photo(claim)

    assert [asked_of(photo) for photo in (*photos, later)] == [["bent gutters"]] * 3
    assert not DamageQuery.objects.filter(claim=claim).exists()
    assert suggestions(claim, []) == []
    with pytest.raises(QueryAskedError):
        pipeline.query_ask(claim=claim, text="bent gutters", by=user)


def test_a_standing_question_for_another_peril_becomes_the_claims_own(
    carrier, user, gutters, fake_engine
):
    claim = make_claim(carrier, peril=Peril.WIND)

    assert pipeline.query_ask(claim=claim, text="bent gutters", by=user).claim == claim


def test_a_standing_question_that_was_put_is_not_suggested_again(
    carrier, user, gutters, fake_engine
):
    claim = make_claim(carrier, peril=Peril.HAIL)
    make_photo(claim)

    assert suggestions(claim, ["Bent gutters", "dents"]) == ["dents"]


def test_the_catalogue_speaks_english_to_those_whose_language_it_lacks():
    assert catalogue_texts("fire", "nl") == catalogue_texts("fire", "en")
