"""What was seen, by an engine or a person, and what a person said of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from assessment.core.vocabulary import (
    AnswerForm,
    DamageType,
    FindingSource,
    RejectReason,
    ReviewStatus,
)
from assessment.models.choices import choices, known
from assessment.models.segmentation import Segmentation
from claims.models import Photo, User
from claims.models.tenancy import CarrierOwned


class Finding(CarrierOwned):
    """A region of a photo.

    `polygon` is WKB of a MultiPolygon in pixels of the upright photo; `area_px` is in square
    pixels, `share` of the picture 0..1, `boundary_px` how far its outline may be off (1 standard
    deviation, pixels). The measure (m2, median and 95 % interval) is null where the photo has no
    scale, and where the area is too uncertain to print; `unmeasured` then says why in a sentence.

    `number` names the finding on its photo and is never given twice. Every change raises
    `revision`; what each revision was is kept in FindingRevision. `edited` says that a person
    changed the outline of an engine's finding; `removed`, that a person took back one of their own.
    `segmentation` is the answer that showed it first; all that did are its sightings.
    """

    photo = models.ForeignKey(Photo, on_delete=models.PROTECT, related_name="findings")
    segmentation = models.ForeignKey(
        Segmentation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    number = models.PositiveIntegerField()
    revision = models.PositiveIntegerField(default=1)
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
    unmeasured = models.TextField(blank=True)
    approximate = models.BooleanField()
    source = models.CharField(max_length=20, choices=choices(FindingSource))
    review = models.CharField(
        max_length=20, choices=choices(ReviewStatus), default=ReviewStatus.PROPOSED
    )
    reason = models.CharField(max_length=20, choices=choices(RejectReason), blank=True)
    edited = models.BooleanField(default=False)
    removed = models.BooleanField(default=False)
    changed_at = models.DateTimeField()
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)

    carrier_path: ClassVar[str] = "photo__claim__carrier"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["photo", "number"], name="finding_number_unique_per_photo"
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
                condition=models.Q(unmeasured="") | models.Q(area_m2__isnull=True),
                name="finding_is_measured_or_says_why_not",
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
            models.CheckConstraint(
                condition=models.Q(reason="")
                | models.Q(review=ReviewStatus.REJECTED, reason__in=list(RejectReason)),
                name="finding_reason_is_of_rejection",
            ),
            # What an engine said stays on record: a person rejects it.
            models.CheckConstraint(
                condition=models.Q(removed=False) | models.Q(source=FindingSource.PERSON),
                name="finding_removed_was_drawn_by_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} on {self.photo}"


class FindingRevision(CarrierOwned):
    """What a finding was from one change to the next; only ever added to.

    The first is written together with the second: until somebody changes a finding, its row says
    all. `op` is the id that the browser gave the change, so that one that is sent twice is made
    once; null for the first and for a change without an id.
    """

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    op = models.UUIDField(null=True, blank=True, unique=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    damage_type = models.CharField(max_length=30, choices=choices(DamageType))
    polygon = models.BinaryField()
    boundary_px = models.FloatField()
    approximate = models.BooleanField()
    edited = models.BooleanField()
    review = models.CharField(max_length=20, choices=choices(ReviewStatus))
    reason = models.CharField(max_length=20, choices=choices(RejectReason), blank=True)
    removed = models.BooleanField()

    carrier_path: ClassVar[str] = "finding__photo__claim__carrier"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["finding", "number"], name="revision_number_unique_per_finding"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.finding}, revision {self.number}"
