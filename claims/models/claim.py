"""The claim file."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import RegexValidator
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


class ClaimStatus(models.TextChoices):
    """Whether the file is being worked on."""

    OPEN = "open", "Open"
    AWAITING_PHOTOS = "awaiting_photos", "Waiting for photos"
    DECIDED = "decided", "Decided"


# The number is a part of the file's address, and a browser takes dots for steps on the way there.
NUMBER_PATTERN = r"^(?!\s|\.{1,2}\Z)[^/?#%\\\x00-\x1f\x7f]+(?<!\s)\Z"


class Claim(CarrierOwned):
    """What was reported, and by whom it is insured.

    A decided claim is read-only until somebody opens it again; one that waits for photos is open
    again as soon as a photo comes.
    """

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="claims")
    number = models.CharField(
        max_length=50,
        validators=[
            # The sentence is a template: %% is a percent sign.
            RegexValidator(
                NUMBER_PATTERN,
                "A claim number can't be . or .. and can't hold / ? # %% \\ or a line break, nor "
                "begin or end with a space.",
            )
        ],
    )
    status = models.CharField(max_length=20, choices=ClaimStatus, default=ClaimStatus.OPEN)
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
                condition=models.Q(status__in=ClaimStatus.values), name="claim_status_known"
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

    def __str__(self) -> str:
        return self.number


class Note(CarrierOwned):
    """What somebody wrote into the file; never changed."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    carrier_path: ClassVar[str] = "claim__carrier"

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="note_has_words"),
        ]

    def __str__(self) -> str:
        return f"Note on {self.claim}, {self.at:%Y-%m-%d %H:%M}"
