"""The wall between carriers: a row is reached through its carrier or not at all."""

from __future__ import annotations

from typing import ClassVar, Self, TypeVar

from django.db import models

from claims.models.people import Carrier

Owned = TypeVar("Owned", bound="CarrierOwned", covariant=True)


class CarrierQuerySet(models.QuerySet[Owned]):
    """Rows that belong to a carrier, by the `carrier_path` of their model."""

    def of(self, carrier: Carrier) -> Self:
        """Only what this carrier owns."""
        return self.filter(**{self.model.carrier_path: carrier})

    def of_member(self, user_id: int) -> Self:
        """Only what the carriers of this person own."""
        return self.filter(**{f"{self.model.carrier_path}__memberships__user_id": user_id})


class CarrierOwned(models.Model):
    """A row that belongs to a carrier; `carrier_path` says through which relations."""

    carrier_path: ClassVar[str]

    objects = CarrierQuerySet.as_manager()

    class Meta:
        abstract = True
