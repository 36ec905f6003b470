from __future__ import annotations

import pytest

from assessment.core.vocabulary import DamageType
from assessment.engines.base import EngineRefusedError
from assessment.engines.local_vocabulary import EXAMPLES, KINDS, understand


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
        ("torn-off siding", (DamageType.MISSING_COVERING,)),
        ("WATER STAIN on the ceiling", (DamageType.STAIN,)),
        ("blue tarps on the homes", (DamageType.TARPAULIN,)),
        ("cracks and stains", (DamageType.CRACK, DamageType.STAIN)),
        ("cracks, cracks", (DamageType.CRACK,)),
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
        ("the second house with debris", "second"),
        ("houses with no debris", "no"),
        ("missing", "missing"),
        ("tarps that aren't blue", "aren"),
        ("trozos de techo", "techo"),
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
