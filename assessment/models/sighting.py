"""Where a finding was seen: in which answers, at which place, under which label."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from assessment.core.vocabulary import AnswerForm, DamageType
from assessment.models.choices import choices, known
from assessment.models.finding import Finding
from assessment.models.segmentation import Segmentation
from claims.models.tenancy import CarrierOwned


class Sighting(CarrierOwned):
    """One region of one answer, and the finding that it shows.

    A thing that several questions find, or one answer tells of twice, is one finding with several
    sightings; the first made it. `position` is the region's place in the answer; `label`,
    `damage_type`, `form` and `polygon` (WKB of a MultiPolygon, image pixels) are what was seen
    there, whatever people make of the finding. `round` is that of the answer, `agreement` how well
    the runs of the question agree on this region (mean intersection over union, 0 to 1), null where
    it was asked once. `refined` says that the engine answered a box and
    the polygon was found within it here.
    """

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="sightings")
    segmentation = models.ForeignKey(
        Segmentation, on_delete=models.PROTECT, related_name="sightings"
    )
    round = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveIntegerField()
    label = models.CharField(max_length=500)
    damage_type = models.CharField(max_length=30, choices=choices(DamageType))
    form = models.CharField(max_length=20, choices=choices(AnswerForm))
    polygon = models.BinaryField()
    refined = models.BooleanField(default=False)
    agreement = models.FloatField(null=True, blank=True)

    carrier_path: ClassVar[str] = "segmentation__photo__claim__carrier"

    class Meta:
        constraints = [
            # A segmentation that is finished twice can't leave its findings twice.
            models.UniqueConstraint(
                fields=["segmentation", "round", "position"],
                name="sighting_once_per_place_in_answer",
            ),
            models.CheckConstraint(
                condition=models.Q(agreement__isnull=True)
                | models.Q(agreement__gte=0, agreement__lte=1),
                name="sighting_agreement_is_a_share",
            ),
            known("damage_type", DamageType, "sighting_damage_type_known"),
            known("form", AnswerForm, "sighting_form_known"),
        ]

    def __str__(self) -> str:
        return f"{self.label} in {self.segmentation}"
