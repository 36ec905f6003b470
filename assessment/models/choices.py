"""The vocabulary of the core as the database and forms take it."""

from __future__ import annotations

from enum import StrEnum

from django.db import models


def choices(words: type[StrEnum]) -> list[tuple[str, str]]:
    """(stored value, words for people) of each member."""
    return [(word.value, word.value.replace("_", " ").capitalize()) for word in words]


def known(field: str, words: type[StrEnum], name: str) -> models.CheckConstraint:
    """The database itself refuses a word that isn't in the vocabulary."""
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__in": [word.value for word in words]}), name=name
    )
