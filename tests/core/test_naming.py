from __future__ import annotations

import unicodedata

import pytest

from assessment.core.naming import LANGUAGES, MOST_TELLING_FIRST, damage_type_in
from assessment.core.vocabulary import DamageType


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
        ("shingles that are missing from the roof", DamageType.MISSING_COVERING),
        ("grieta en la fachada", DamageType.CRACK),
        ("paredes agrietadas", DamageType.CRACK),
        ("mancha de humedad", DamageType.STAIN),
        ("daños por agua", DamageType.STAIN),
        ("danos por agua", DamageType.STAIN),
        ("faltan tejas en el faldón sur", DamageType.MISSING_COVERING),
        ("las tejas que faltan", DamageType.MISSING_COVERING),
        ("marcas de granizo", DamageType.HAIL_IMPACT),
        ("puerta abollada", DamageType.DENT),
        ("cristales rotos", DamageType.BROKEN_GLASS),
        ("viga chamuscada", DamageType.BURN),
        ("escombros", DamageType.DEBRIS),
        ("lonas azules", DamageType.TARPAULIN),
        ("mur fissuré", DamageType.CRACK),
        ("lézardes", DamageType.CRACK),
        ("tache d'eau", DamageType.STAIN),
        ("degats des eaux", DamageType.STAIN),
        ("ardoises manquantes", DamageType.MISSING_COVERING),
        ("impacts de grêle", DamageType.HAIL_IMPACT),
        ("aile cabossée", DamageType.DENT),
        ("pare-brise brisé", DamageType.BROKEN_GLASS),
        ("poutres calcinées", DamageType.BURN),
        ("gravats", DamageType.DEBRIS),
        ("toit bâché", DamageType.TARPAULIN),
        ("Haarrisse im Putz", DamageType.CRACK),
        ("Wasserflecken", DamageType.STAIN),
        ("Wasserschäden", DamageType.STAIN),
        ("Wasserschaeden", DamageType.STAIN),
        ("Dachziegel fehlen", DamageType.MISSING_COVERING),
        ("fehlende Schindeln", DamageType.MISSING_COVERING),
        ("Hagelschaden", DamageType.HAIL_IMPACT),
        ("verbeulte Motorhaube", DamageType.DENT),
        ("zerbrochene Fensterscheibe", DamageType.BROKEN_GLASS),
        ("verkohlte Balken", DamageType.BURN),
        ("Sturmschäden", DamageType.DEBRIS),
        ("Abdeckplane", DamageType.TARPAULIN),
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
        "Margrieta",
        "integrierte Rinne",
        "une tâche difficile",
        "un charco en el suelo",
        "chargeur",
        "carbón",
        "der Umriss des Hauses",
        "ein Grundriss",
        "the brand of the meter",
        "the roof plane",
        "ein Ding",
        "flecks of paint",
        "the meter stands in the hall",
        "",
    ],
)
def test_another_word_with_the_same_beginning_names_no_damage(text):
    assert damage_type_in(text) is DamageType.OTHER


def test_the_most_telling_word_wins():
    assert damage_type_in("cracks and dents from hail") is DamageType.HAIL_IMPACT


@pytest.mark.parametrize(
    "text",
    [
        "walls without any cracks",
        "no stains",
        "paredes sin grietas",
        "murs sans fissures",
        "Wände ohne Risse",
        "nicht zerbrochene Fenster",
        "windows that are not broken",
        "no visible cracks",
        "free of cracks",
        "free from any cracks",
        "crack-free wall",
        "without any visible hail damage",
        "roof undamaged by hail",
        "paredes sin ninguna grieta",
        "libre de grietas",
        "sans aucune trace visible de grêle",
        "keine sichtbaren Risse",
        "frei von Rissen",
        "unbeschädigt vom Hagel",
    ],
)
def test_what_is_said_not_to_be_there_is_not_named(text):
    assert damage_type_in(text) is DamageType.OTHER


@pytest.mark.parametrize(
    "text",
    [
        "no gutter, but cracks",
        "no gutter; cracks",
        "intact shingles beside a cracked wall",
        "keine Dachrinne, aber Risse",
        "cracks, no gutter",
    ],
)
def test_a_negation_ends_with_its_clause(text):
    assert damage_type_in(text) is DamageType.CRACK


@pytest.mark.parametrize(
    "text",
    [
        "stained glass window",
        "stained wood deck",
        "burnt orange siding",
        "burned orange siding",
        "burn barrel",
        "wood burning stove",
        "crown mold",
        "fleck of paint",
        "placa perdida",
        "panneau tombé",
        "char accidenté",
    ],
)
def test_what_only_sounds_like_damage_names_none(text):
    assert damage_type_in(text) is DamageType.OTHER


def test_what_only_sounds_like_damage_hides_none_beside_it():
    assert damage_type_in("water stained wood floor") is DamageType.STAIN
    assert damage_type_in("cracked stained glass window") is DamageType.CRACK
    assert damage_type_in("char marks on rafters") is DamageType.BURN


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("missing asphalt shingles", DamageType.MISSING_COVERING),
        ("missing vinyl siding", DamageType.MISSING_COVERING),
        ("missing clay tiles", DamageType.MISSING_COVERING),
        ("missing ridge cap", DamageType.MISSING_COVERING),
        ("shattered rear window", DamageType.BROKEN_GLASS),
        ("faltan tejas asfálticas", DamageType.MISSING_COVERING),
        ("tejas cerámicas que faltan", DamageType.MISSING_COVERING),
        ("ventana trasera rota", DamageType.BROKEN_GLASS),
        ("bardage vinyle manquant", DamageType.MISSING_COVERING),
        ("lunette arrière brisée", DamageType.BROKEN_GLASS),
        ("fehlende Bitumenschindeln", DamageType.MISSING_COVERING),
        ("fehlende hölzerne Schindeln", DamageType.MISSING_COVERING),
        ("zersplitterte hintere Scheibe", DamageType.BROKEN_GLASS),
    ],
)
def test_a_material_or_a_place_may_stand_within_the_name_of_a_damage(text, kind):
    assert damage_type_in(text) is kind


@pytest.mark.parametrize("text", ["missing invoice for shingles", "broken chair by the window"])
def test_no_other_word_may_stand_within_it(text):
    assert damage_type_in(text) is DamageType.OTHER


def test_an_accent_that_was_typed_as_two_signs_is_an_accent():
    assert damage_type_in(unicodedata.normalize("NFD", "grêle")) is DamageType.HAIL_IMPACT


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_every_language_names_every_kind(language):
    assert set(language.damage) == set(DamageType) - {DamageType.OTHER, DamageType.NO_DAMAGE}


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_no_phrase_names_two_kinds_or_nothing(language):
    named = [phrase for phrases in language.damage.values() for phrase in phrases]

    assert len(named) == len(set(named))
    assert all(named)


def test_the_order_of_the_kinds_forgets_none():
    assert set(MOST_TELLING_FIRST) == set(DamageType) - {DamageType.OTHER, DamageType.NO_DAMAGE}
