"""What a named person decided on a claim."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from assessment.core.vocabulary import DecisionKind
from assessment.models.choices import choices, known
from claims.models import Claim, User
from claims.models.tenancy import CarrierOwned


class Decision(CarrierOwned):
    """One decision; the newest holds unless it was reopened, the earlier ones stay.

    `unreviewed` counts the findings that nobody had reviewed and `open_questions` the questions
    without an answer when it was made: the person was told, and decided all the same.
    """

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=choices(DecisionKind))
    note = models.TextField(blank=True)
    unreviewed = models.PositiveIntegerField()
    open_questions = models.PositiveIntegerField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    reopened_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopened_because = models.TextField(blank=True)

    carrier_path: ClassVar[str] = "claim__carrier"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "number"], name="decision_number_unique_per_claim"
            ),
            known("kind", DecisionKind, "decision_kind_known"),
            models.CheckConstraint(
                condition=models.Q(
                    reopened_by__isnull=True, reopened_at__isnull=True, reopened_because=""
                )
                | models.Q(reopened_by__isnull=False, reopened_at__isnull=False)
                & ~models.Q(reopened_because=""),
                name="decision_reopened_by_somebody_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim}: {self.kind}"
