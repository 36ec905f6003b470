"""A question as it is put, before it is anybody's."""

from __future__ import annotations

from dataclasses import dataclass

from assessment.core.naming import damage_type_in, language_of
from assessment.core.vocabulary import DamageType, Detail, QueryKind


@dataclass(frozen=True, slots=True)
class Wording:
    """A question's words, and what is known of them.

    `language` is a tag of BCP 47, empty where nobody knows. `runs` is how often it is put to the
    same photo.
    """

    text: str
    kind: QueryKind = QueryKind.PLAIN
    damage_type: DamageType = DamageType.OTHER
    language: str = ""
    detail: Detail = Detail.AUTO
    runs: int = 1


def wording_of(text: str) -> Wording:
    """What the words of a question tell by themselves.

    >>> wording_of("grietas en la pared").language
    'es'
    """
    return Wording(text, damage_type=damage_type_in(text), language=language_of(text))
