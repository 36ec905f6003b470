"""The log of what was done, by whom: it only grows, and each entry seals the one before."""

from __future__ import annotations

import hashlib
import json
from typing import Any, ClassVar, NoReturn

from django.db import models

from claims.models.claim import Claim
from claims.models.people import Carrier
from claims.models.tenancy import CarrierOwned

FIRST_HASH = "0" * 64


class AppendOnlyError(Exception):
    """Somebody tried to change or delete an entry of the log."""


class AuditEntry(CarrierOwned):
    """One act, at one moment, by one actor (an e-mail address, or "eaves" for the service itself).

    `claim` is the claim it was done to, if it was one.

    `data` is JSON text, kept as it was hashed: a database may normalise JSON, and then the hash
    would no longer hold. Triggers in the database refuse UPDATE and DELETE.
    """

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="audit_entries")
    claim = models.ForeignKey(
        Claim, on_delete=models.PROTECT, null=True, blank=True, related_name="history"
    )
    sequence = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=254)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    data = models.TextField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    carrier_path: ClassVar[str] = "carrier"

    class Meta:
        verbose_name_plural = "audit entries"
        constraints = [
            models.UniqueConstraint(fields=["carrier", "sequence"], name="audit_one_per_place"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.action} {self.subject}"

    def sealed_hash(self) -> str:
        """SHA-256 over every field of the entry and the hash of the one before."""
        sealed = [
            self.carrier_id,
            self.claim_id,
            self.sequence,
            self.at.isoformat(),
            self.actor,
            self.action,
            self.subject,
            self.data,
            self.previous_hash,
        ]
        return hashlib.sha256(canonical_json(sealed).encode()).hexdigest()

    def save(self, **options: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError("An entry of the log can't be changed.")
        super().save(**options)

    def delete(self, **_options: Any) -> NoReturn:  # type: ignore[override]
        raise AppendOnlyError("An entry of the log can't be deleted.")


def canonical_json(value: object) -> str:
    """The same value, always the same text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
