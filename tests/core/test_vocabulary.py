from __future__ import annotations

import pytest

from assessment.core.vocabulary import DamageType, damage_type_in


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("cracks", DamageType.CRACK),
        ("Cracked stucco", DamageType.CRACK),
        ("stained ceiling", DamageType.STAIN),
        ("water-damaged drywall", DamageType.STAIN),
        ("dented gutter", DamageType.DENT),
        ("charred rafters", DamageType.BURN),
        ("burnt siding", DamageType.BURN),
        ("blue tarpaulin", DamageType.TARPAULIN),
        ("tarpaulins", DamageType.TARPAULIN),
        ("tarps", DamageType.TARPAULIN),
        ("hail", DamageType.HAIL_IMPACT),
        ("hail-damaged vent", DamageType.HAIL_IMPACT),
        ("missing  shingles, south slope", DamageType.MISSING_COVERING),
        ("missing covering", DamageType.MISSING_COVERING),
        ("a broken windowpane", DamageType.BROKEN_GLASS),
        ("homes with weather damage", DamageType.DEBRIS),
    ],
)
def test_a_damage_type_is_known_by_its_words_in_any_listed_form(text, kind):
    assert damage_type_in(text) is kind


@pytest.mark.parametrize(
    "text",
    [
        "charcoal shingles",
        "a charming house",
        "stainless steel vent",
        "dentil moulding",
        "identified",
        "the door that is ajar",
        "",
    ],
)
def test_another_word_with_the_same_beginning_names_no_damage(text):
    assert damage_type_in(text) is DamageType.OTHER


def test_the_most_telling_word_wins():
    assert damage_type_in("cracks and dents from hail") is DamageType.HAIL_IMPACT
