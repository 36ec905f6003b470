"""Where a claim was sent, and why."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from assessment.core.vocabulary import Lane
from assessment.models.choices import choices, known
from claims.models import Claim
from claims.models.tenancy import CarrierOwned


class Triage(CarrierOwned):
    """One decision on a claim; the newest holds, the earlier ones stay.

    `reasons` and `near_misses` are lists of {"rule", "sentence"}, the sentences in the units that
    the carrier had then; `facts` is what was judged, in SI, null where the rules could not be
    applied.
    """

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="triages")
    number = models.PositiveIntegerField()
    lane = models.CharField(max_length=30, choices=choices(Lane))
    reasons = models.JSONField()
    near_misses = models.JSONField(default=list, blank=True)
    facts = models.JSONField(null=True)
    rules_version = models.CharField(max_length=40)
    decided_at = models.DateTimeField(auto_now_add=True)

    carrier_path: ClassVar[str] = "claim__carrier"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "number"], name="triage_number_unique_per_claim"
            ),
            known("lane", Lane, "triage_lane_known"),
        ]

    def __str__(self) -> str:
        return f"{self.claim}: {self.lane}"
