"""A question of the standard catalogue."""

from __future__ import annotations

from dataclasses import dataclass

from assessment.core.catalogue.wording import Wording
from assessment.core.vocabulary import DamageType, Detail, QueryKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One question, in the words of each language.

    `id` stays for ever; another wording, in whichever language, is a new `version`. `peril` is the
    word that the claim file has for the cause of the loss. `damage_type` is OTHER where the
    question asks for a thing and not for damage.
    """

    id: str
    peril: str
    kind: QueryKind
    damage_type: DamageType = DamageType.OTHER
    detail: Detail = Detail.WHOLE
    version: int = 1
    en: str
    es: str
    fr: str
    de: str

    def text(self, language: str) -> str:
        """The question in one of catalogue.standard.LANGUAGES."""
        return {"en": self.en, "es": self.es, "fr": self.fr, "de": self.de}[language]

    def wording(self, language: str) -> Wording:
        """The question in that language with all that is known of it."""
        text = self.text(language)
        return Wording(text, self.kind, self.damage_type, language, self.detail)
