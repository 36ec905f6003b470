from __future__ import annotations

import pytest

from assessment.core.catalogue.standard import LANGUAGES, STANDARD
from assessment.core.vocabulary import DamageType, QueryKind
from assessment.engines.base import EngineRefusedError
from assessment.engines.local_vocabulary import CANNOT_JUDGE, EXAMPLES, KINDS, understand

ABSTRACT = QueryKind.ABSTRACT


def test_the_examples_are_understood_and_name_every_kind():
    assert [understand(question) for question in EXAMPLES] == [(kind,) for kind in KINDS]


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("cracks", (DamageType.CRACK,)),
        ("Show any visible cracks in the wall.", (DamageType.CRACK,)),
        ("homes with weather damage", (DamageType.DEBRIS,)),
        ("the houses that are destroyed", (DamageType.DEBRIS,)),
        ("missing roof shingles", (DamageType.MISSING_COVERING,)),
        ("shingles that are missing from the roof", (DamageType.MISSING_COVERING,)),
        ("missing asphalt shingles on the roof", (DamageType.MISSING_COVERING,)),
        ("missing vinyl siding", (DamageType.MISSING_COVERING,)),
        ("bardage vinyle manquant", (DamageType.MISSING_COVERING,)),
        ("torn-off siding", (DamageType.MISSING_COVERING,)),
        ("WATER STAIN on the ceiling", (DamageType.STAIN,)),
        ("blue tarps on the homes", (DamageType.TARPAULIN,)),
        ("cracks and stains", (DamageType.CRACK, DamageType.STAIN)),
        ("cracks, cracks", (DamageType.CRACK,)),
        ("hairline cracks in the plaster", (DamageType.CRACK,)),
        ("grietas en la pared", (DamageType.CRACK,)),
        ("Muestra las manchas de agua del techo, por favor", (DamageType.STAIN,)),
        ("tejas que faltan en el tejado", (DamageType.MISSING_COVERING,)),
        ("viviendas con daños meteorológicos", (DamageType.DEBRIS,)),
        ("lonas azules", (DamageType.TARPAULIN,)),
        ("fissures dans le mur", (DamageType.CRACK,)),
        ("les tuiles qui manquent sur le toit", (DamageType.MISSING_COVERING,)),
        ("taches d'eau au plafond", (DamageType.STAIN,)),
        ("maisons avec des dégâts dus aux intempéries", (DamageType.DEBRIS,)),
        ("une bâche bleue", (DamageType.TARPAULIN,)),
        ("Risse in der Wand", (DamageType.CRACK,)),
        ("Bitte zeige mir die fehlenden Dachziegel", (DamageType.MISSING_COVERING,)),
        ("Wasserflecken an der Decke", (DamageType.STAIN,)),
        ("Haeuser mit Sturmschaeden", (DamageType.DEBRIS,)),
        ("blaue Planen", (DamageType.TARPAULIN,)),
    ],
)
def test_a_plain_question_is_understood(question, kinds):
    assert understand(question) == kinds


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("the door that is ajar", "ajar"),
        ("windows that are not broken", "not"),
        ("the roof slope with the most missing shingles", "most"),
        ("cracks beside the window", "beside"),
        ("walls without cracks", "without"),
        ("missing left shingles", "left"),
        ("the second house with debris", "second"),
        ("houses with no debris", "no"),
        ("missing", "missing"),
        ("tarps that aren't blue", "aren"),
        ("trozos de techo", "trozos"),
        ("tejas que faltan en el faldón sur", "sur"),
        ("fissures à côté de la fenêtre", "côté"),
        ("Wände ohne Risse", "ohne"),
        ("die Dachfläche mit den meisten Rissen", "meisten"),
        ("house 118 with debris", "118"),
        ("裂缝", "裂缝"),
    ],
)
def test_a_word_that_could_matter_is_never_ignored(question, word):
    with pytest.raises(EngineRefusedError, match=f'"{word}"'):
        understand(question)


@pytest.mark.parametrize("question", ["", "  ?! ", "the roof of the house"])
def test_a_question_without_a_kind_is_refused(question):
    with pytest.raises(EngineRefusedError, match="names no kind of damage"):
        understand(question)


def test_a_refusal_lists_what_can_be_asked():
    with pytest.raises(EngineRefusedError) as refusal:
        understand("dents")
    assert all(kind.name in refusal.value.message for kind in KINDS.values())


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("dents on the left car door", "dents"),
        ("hail on shingles", "hail impacts"),
        ("broken windows", "broken glass"),
        ("burnt or charred surfaces", "burns"),
        ("scratches in the paint", "scratches"),
        ("mould on the ceiling", "mould"),
        ("rust on the roof", "rust"),
        ("cracks, dents and scratches", "dents and scratches"),
        ("abolladuras en el capó", "dents"),
        ("impactos de granizo", "hail impacts"),
        ("cristales rotos", "broken glass"),
        ("arañazos", "scratches"),
        ("bosses sur le capot", "dents"),
        ("impacts de grêle", "hail impacts"),
        ("vitres brisées", "broken glass"),
        ("rayures sur la portière", "scratches"),
        ("moisissures au plafond", "mould"),
        ("Dellen in der Motorhaube", "dents"),
        ("Hagelschäden auf dem Dach", "hail impacts"),
        ("zerbrochene Fenster", "broken glass"),
        ("Brandspuren", "burns"),
        ("Kratzer im Lack", "scratches"),
        ("Rostflecken", "rust"),
    ],
)
def test_what_it_cannot_judge_is_said_by_name(question, named):
    with pytest.raises(EngineRefusedError, match=f"can't judge {named}: ") as refusal:
        understand(question)
    assert "does not understand" not in refusal.value.message
    assert "Nobody has looked" in refusal.value.message


def test_every_kind_is_searched_for_or_known_to_be_beyond_it():
    assert {*KINDS, *CANNOT_JUDGE} == set(DamageType) - {DamageType.OTHER, DamageType.NO_DAMAGE}


@pytest.mark.parametrize("language", LANGUAGES)
def test_plain_questions_of_the_catalogue_are_understood_or_refused_by_name(language):
    for entry in STANDARD:
        if entry.kind is not QueryKind.PLAIN or entry.damage_type not in CANNOT_JUDGE:
            continue
        with pytest.raises(EngineRefusedError, match="can't judge"):
            understand(entry.text(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_question_of_the_catalogue_is_taken_for_a_plainer_one(language):
    """What compares, orders, relates or excludes is never answered as if it didn't."""
    singling_out = [each for each in STANDARD if each.kind not in (QueryKind.PLAIN, ABSTRACT)]

    for entry in singling_out:
        with pytest.raises(EngineRefusedError):
            understand(entry.text(language))


PLAIN_ENOUGH = {
    "wind.missing-covering": DamageType.MISSING_COVERING,
    "wind.weather": DamageType.DEBRIS,
    "water.stains": DamageType.STAIN,
    "water.hairline-cracks": DamageType.CRACK,
    "impact.cracks": DamageType.CRACK,
    "impact.siding": DamageType.MISSING_COVERING,
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_plainest_questions_of_the_catalogue_are_understood_in_every_language(language):
    asked = {entry.id: entry.text(language) for entry in STANDARD if entry.id in PLAIN_ENOUGH}

    understood = {each: understand(text) for each, text in asked.items()}

    assert understood == {each: (kind,) for each, kind in PLAIN_ENOUGH.items()}
