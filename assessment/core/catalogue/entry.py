"""A question of the standard catalogue."""

from __future__ import annotations

from dataclasses import dataclass

from assessment.core.catalogue.wording import Wording
from assessment.core.vocabulary import DamageType, Detail, QueryKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One question, in the words of each language.

    `id` stays for ever; another wording, in whichever language, is a new `version`. `peril` is the
    word that the claim file has for the cause of the loss. `damage_type` is NO_DAMAGE where the
    question asks for a thing or a place, and OTHER where it asks for damage of no kind of its own,
    or for what carries damage: a wall with burn marks is not all burnt.

    A `per_claim` question means something on some photos only. It is offered on the page of a claim
    and is no standing question.
    """

    id: str
    peril: str
    kind: QueryKind
    damage_type: DamageType = DamageType.NO_DAMAGE
    detail: Detail = Detail.WHOLE
    per_claim: bool = False
    version: int = 1
    en: str
    es: str
    fr: str
    de: str

    def text(self, language: str) -> str:
        """The question in one of catalogue.standard.LANGUAGES."""
        return {"en": self.en, "es": self.es, "fr": self.fr, "de": self.de}[language]

    def texts(self) -> tuple[str, ...]:
        """The question in every language."""
        return (self.en, self.es, self.fr, self.de)

    def wording(self, language: str) -> Wording:
        """The question in that language with all that is known of it."""
        text = self.text(language)
        return Wording(text, self.kind, self.damage_type, language, self.detail)
