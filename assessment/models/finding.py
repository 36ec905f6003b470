"""What was seen, by an engine or a person, and what a person said of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from assessment.core.vocabulary import AnswerForm, DamageType, FindingSource, ReviewStatus
from assessment.models.choices import choices, known
from assessment.models.segmentation import Segmentation
from claims.models import Photo, User
from claims.models.tenancy import CarrierOwned


class Finding(CarrierOwned):
    """A region of a photo.

    `polygon` is WKB of a MultiPolygon in pixels of the upright photo; `area_px` is in square
    pixels, `share` of the picture 0..1, `boundary_px` how far its outline may be off (1 standard
    deviation, pixels). The measure (m2, median and 95 % interval) is null where
    the photo has no scale.
    """

    photo = models.ForeignKey(Photo, on_delete=models.PROTECT, related_name="findings")
    segmentation = models.ForeignKey(
        Segmentation, on_delete=models.PROTECT, null=True, blank=True, related_name="findings"
    )
    position = models.PositiveIntegerField()
    label = models.CharField(max_length=500)
    damage_type = models.CharField(max_length=30, choices=choices(DamageType))
    form = models.CharField(max_length=20, choices=choices(AnswerForm))
    polygon = models.BinaryField()
    area_px = models.FloatField()
    share = models.FloatField()
    boundary_px = models.FloatField()
    area_m2 = models.FloatField(null=True, blank=True)
    area_m2_low = models.FloatField(null=True, blank=True)
    area_m2_high = models.FloatField(null=True, blank=True)
    basis = models.TextField(blank=True)
    approximate = models.BooleanField()
    source = models.CharField(max_length=20, choices=choices(FindingSource))
    review = models.CharField(
        max_length=20, choices=choices(ReviewStatus), default=ReviewStatus.PROPOSED
    )
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)

    carrier_path: ClassVar[str] = "photo__claim__carrier"

    class Meta:
        constraints = [
            # A segmentation that is finished twice can't leave its findings twice.
            models.UniqueConstraint(
                fields=["segmentation", "position"],
                condition=models.Q(segmentation__isnull=False),
                name="finding_once_per_place_in_answer",
            ),
            known("damage_type", DamageType, "finding_damage_type_known"),
            known("form", AnswerForm, "finding_form_known"),
            known("source", FindingSource, "finding_source_known"),
            known("review", ReviewStatus, "finding_review_known"),
            models.CheckConstraint(
                condition=models.Q(area_px__gte=0, share__gte=0, share__lte=1, boundary_px__gte=0),
                name="finding_area_within_picture",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    area_m2__isnull=True, area_m2_low__isnull=True, area_m2_high__isnull=True
                )
                | models.Q(
                    area_m2_low__gte=0,
                    area_m2__gte=models.F("area_m2_low"),
                    area_m2_high__gte=models.F("area_m2"),
                )
                & ~models.Q(basis=""),
                name="finding_measure_has_interval_and_basis",
            ),
            models.CheckConstraint(
                condition=models.Q(review=ReviewStatus.PROPOSED)
                | models.Q(reviewer__isnull=False, reviewed_at__isnull=False),
                name="finding_reviewed_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(source=FindingSource.PERSON)
                | models.Q(segmentation__isnull=False),
                name="finding_of_engine_has_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} on {self.photo}"
