"""Photos: the file as received, and what was derived from it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from claims.models.claim import Claim
from claims.models.people import User
from claims.models.tenancy import CarrierOwned


class PhotoStatus(models.TextChoices):
    """How far a photo has come."""

    RECEIVED = "received", "Received"
    READY = "ready", "Ready"
    REFUSED = "refused", "Refused"
    FAILED = "failed", "Could not be prepared"


# What came, but can't be asked anything; sent again, it is looked at again.
UNUSABLE = (PhotoStatus.REFUSED, PhotoStatus.FAILED)


class Photo(CarrierOwned):
    """One photo of a claim. The same bytes in a claim are the same photo.

    A file that was refused at the door has a row, too, so that nobody takes it for one that never
    came; its bytes are not kept, and its size in pixels is 0.

    `original`, `view`, `working` and `thumbnail` name stored files; only the first is evidence, the
    others are upright, metadata-free copies that can be made again. `width` and `height` are those
    of the upright picture in pixels. `reference_line` is null or {"start": [x, y], "end": [x, y],
    "length_m": metres} in pixels of the upright picture. `flight` holds the fields of
    evidence.flight.Flight for a drone's photo, and is null for others.
    """

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="photos")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=50, blank=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=20, choices=PhotoStatus, default=PhotoStatus.RECEIVED)
    refusal = models.TextField(blank=True)

    original = models.CharField(max_length=200, blank=True)
    view = models.CharField(max_length=200, blank=True)
    working = models.CharField(max_length=200, blank=True)
    thumbnail = models.CharField(max_length=200, blank=True)
    derivations = models.JSONField(default=list, blank=True)

    taken = models.CharField(max_length=120, blank=True)
    camera = models.CharField(max_length=200, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    perceptual_hash = models.CharField(max_length=16, blank=True)
    reference_line = models.JSONField(null=True, blank=True)
    flight = models.JSONField(null=True, blank=True)

    received_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)
    received_at = models.DateTimeField(auto_now_add=True)

    carrier_path: ClassVar[str] = "claim__carrier"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "sha256"], name="photo_same_bytes_once_per_claim"
            ),
            models.UniqueConstraint(
                fields=["claim", "number"], name="photo_number_unique_per_claim"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=PhotoStatus.values), name="photo_status_known"
            ),
            models.CheckConstraint(
                condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"), name="photo_sha256_is_hex"
            ),
            models.CheckConstraint(
                condition=models.Q(status=PhotoStatus.REFUSED)
                | ~models.Q(original="") & models.Q(width__gt=0, height__gt=0),
                name="photo_in_use_has_original_and_size",
            ),
            models.CheckConstraint(
                condition=~models.Q(status=PhotoStatus.READY)
                | ~models.Q(view="") & ~models.Q(working="") & ~models.Q(thumbnail=""),
                name="photo_ready_has_copies",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=UNUSABLE) | ~models.Q(refusal=""),
                name="photo_unusable_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"Photo {self.number} ({self.name})"
