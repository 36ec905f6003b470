"""The standard catalogue is whole, and means the same damage in every language."""

from __future__ import annotations

from collections import Counter

import pytest

from assessment.core.catalogue.standard import (
    LANGUAGES,
    STANDARD,
    entries_for,
    entries_in_words,
    standing_entries_for,
)
from assessment.core.naming import damage_type_in
from assessment.core.vocabulary import DamageType, Detail, QueryKind
from assessment.models import DamageQuery
from claims.models import Peril

ANNOUNCED = {
    QueryKind.RELATIONAL,
    QueryKind.ORDERING,
    QueryKind.COMPARATIVE,
    QueryKind.CONDITIONAL,
    QueryKind.ABSTRACT,
}
PERILS = [peril for peril in Peril if peril != Peril.OTHER]
# What their words don't say: that smoke leaves soot.
UNNAMED = {"fire.smoke"}
NO_TYPE_OF_ITS_OWN = {
    *("wind.lifted", "collision.scratches"),
    *("impact.under-tree", "impact.worst-wall", "impact.unstable", "collision.worst-door"),
}
CARRIERS_OF_DAMAGE = {"hail.worst-slope", "wind.worst-slope", "fire.worst-wall", "wind.weather"}


@pytest.mark.parametrize("peril", PERILS)
def test_every_peril_has_enough_questions_of_every_kind(peril):
    entries = entries_for(peril)

    assert len(entries) >= 6
    assert ANNOUNCED | {QueryKind.PLAIN, QueryKind.TEXT} == {entry.kind for entry in entries}


def test_there_are_no_questions_for_another_peril():
    assert {entry.peril for entry in STANDARD} == set(PERILS)
    assert entries_for(Peril.OTHER) == ()


def test_every_damage_type_is_asked_for():
    assert {entry.damage_type for entry in STANDARD} == set(DamageType)


def test_every_entry_has_an_id_and_a_version_of_its_own():
    assert [each for each, times in Counter(e.id for e in STANDARD).items() if times > 1] == []
    assert all(entry.id.startswith(f"{entry.peril}.") for entry in STANDARD)
    assert all(entry.version >= 1 for entry in STANDARD)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_words_are_asked_twice_of_one_peril_and_all_can_be_stored(language):
    asked = Counter((entry.peril, entry.text(language).casefold()) for entry in STANDARD)
    longest = DamageQuery._meta.get_field("text").max_length or 0

    assert [each for each, times in asked.items() if times > 1] == []
    for entry in STANDARD:
        text = entry.text(language)
        assert 0 < len(text) <= longest
        assert text == " ".join(text.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_name_the_damage_that_is_meant(language):
    kinds = set(DamageType) - {DamageType.OTHER, DamageType.NO_DAMAGE}
    meant = {e.id: e.damage_type for e in STANDARD if e.id not in UNNAMED}
    named = {e.id: damage_type_in(e.text(language)) for e in STANDARD if e.id not in UNNAMED}

    assert {each: kind for each, kind in named.items() if each not in CARRIERS_OF_DAMAGE} == {
        each: kind if kind in kinds else DamageType.OTHER
        for each, kind in meant.items()
        if each not in CARRIERS_OF_DAMAGE
    }


def test_what_asks_for_a_thing_or_a_place_asks_for_no_damage():
    things = {entry.id for entry in STANDARD if entry.damage_type is DamageType.NO_DAMAGE}
    kinds = {entry.kind for entry in STANDARD if entry.id in things}

    assert {entry.id for entry in STANDARD if entry.damage_type is DamageType.OTHER} == (
        NO_TYPE_OF_ITS_OWN | CARRIERS_OF_DAMAGE
    )
    assert {
        "wind.second-window",
        "wind.sound-windows",
        "wind.house-number",
        "wind.repairs",
    } <= things
    assert kinds == set(QueryKind) - {QueryKind.PLAIN, QueryKind.COMPARATIVE}


def test_what_is_counted_from_one_side_is_asked_of_a_claim_and_not_of_every_photo():
    per_claim = {entry.id for entry in STANDARD if entry.per_claim}

    assert per_claim == {entry.id for entry in STANDARD if entry.kind is QueryKind.ORDERING}
    for peril in PERILS:
        assert set(entries_for(peril)) - set(standing_entries_for(peril)) == {
            entry for entry in entries_for(peril) if entry.per_claim
        }


def test_what_is_told_by_its_place_is_looked_for_on_the_photo_as_a_whole():
    placed = {QueryKind.RELATIONAL, QueryKind.ORDERING, QueryKind.COMPARATIVE}

    assert {entry.detail for entry in STANDARD if entry.kind in placed} == {Detail.WHOLE}


def test_small_damage_is_looked_for_in_tiles():
    small = {"hail.impacts", "water.hairline-cracks", "collision.scratches"}

    assert {entry.detail for entry in STANDARD if entry.id in small} == {Detail.TILES}


def test_an_entry_is_found_by_its_words_in_any_language():
    found = [(entry.id, language) for entry, language in entries_in_words("HAARRISSE im Putz")]

    assert found == [("water.hairline-cracks", "de")]
    assert list(entries_in_words("the door that is ajar")) == []
