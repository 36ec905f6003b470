"""The claim file."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from claims.models.people import Carrier, User
from claims.models.tenancy import CarrierOwned


class Peril(models.TextChoices):
    """What caused the loss, as reported."""

    HAIL = "hail", "Hail"
    WIND = "wind", "Wind"
    WATER = "water", "Water"
    FIRE = "fire", "Fire"
    IMPACT = "impact", "Impact"
    COLLISION = "collision", "Collision"
    OTHER = "other", "Other"


class Claim(CarrierOwned):
    """What was reported, and by whom it is insured."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="claims")
    number = models.CharField(max_length=50)
    policy_number = models.CharField(max_length=50, blank=True)
    insured = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=300, blank=True)
    loss_date = models.DateField(null=True, blank=True)
    peril = models.CharField(max_length=20, choices=Peril, default=Peril.OTHER)
    currency = models.CharField(max_length=3, default="USD")
    limit = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    deductible = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)
    opened_at = models.DateTimeField(auto_now_add=True)

    carrier_path: ClassVar[str] = "carrier"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "number"], name="claim_number_unique_per_carrier"
            ),
            models.CheckConstraint(
                condition=models.Q(peril__in=Peril.values), name="claim_peril_known"
            ),
            models.CheckConstraint(
                condition=models.Q(currency__regex=r"^[A-Z]{3}$"), name="claim_currency_is_iso_4217"
            ),
            models.CheckConstraint(
                condition=models.Q(limit__isnull=True) | models.Q(limit__gte=0),
                name="claim_limit_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(deductible__isnull=True) | models.Q(deductible__gte=0),
                name="claim_deductible_not_negative",
            ),
        ]
        # The newest claims of a carrier, paged by (opened_at, id).
        indexes = [
            models.Index(fields=["carrier", "-opened_at", "-id"], name="claim_newest_of_carrier")
        ]

    def __str__(self) -> str:
        return self.number
