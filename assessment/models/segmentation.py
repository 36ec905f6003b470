"""Questions, and what became of each on each photo."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from assessment.core.vocabulary import (
    OPEN_OUTCOMES,
    AnswerForm,
    DamageType,
    Outcome,
    QueryKind,
)
from assessment.models.choices import choices, known
from claims.models import Carrier, Claim, Peril, Photo
from claims.models.tenancy import CarrierOwned


class DamageQuery(CarrierOwned):
    """A question in plain words, asked of the chosen photos, or of all where none is chosen.

    One with a claim is asked of that claim's photos; one without is a standing question of the
    carrier, asked of every claim of its peril (of every claim at all where it names none). Words
    are never changed: a better wording is a new version. `engine` names who is asked; empty means
    the engine this installation is configured with.
    """

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="queries")
    claim = models.ForeignKey(
        Claim, on_delete=models.PROTECT, null=True, blank=True, related_name="queries"
    )
    text = models.CharField(max_length=500)
    peril = models.CharField(max_length=20, choices=Peril, blank=True)
    kind = models.CharField(max_length=20, choices=choices(QueryKind), default=QueryKind.PLAIN)
    damage_type = models.CharField(
        max_length=30, choices=choices(DamageType), default=DamageType.OTHER
    )
    photos = models.ManyToManyField(Photo, blank=True, related_name="chosen_for")
    engine = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(default=1)
    active = models.BooleanField(default=True)

    carrier_path: ClassVar[str] = "carrier"

    class Meta:
        verbose_name_plural = "damage queries"
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "text", "version"],
                condition=models.Q(claim__isnull=True),
                name="query_standing_once_per_version",
            ),
            models.UniqueConstraint(
                fields=["claim", "text", "version"],
                condition=models.Q(claim__isnull=False),
                name="query_of_claim_once_per_version",
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="query_has_words"),
            models.CheckConstraint(
                condition=models.Q(peril__in=["", *Peril.values]), name="query_peril_known"
            ),
            known("kind", QueryKind, "query_kind_known"),
            known("damage_type", DamageType, "query_damage_type_known"),
        ]

    def __str__(self) -> str:
        return self.text


class Segmentation(CarrierOwned):
    """One photo asked one question by one engine in one wording.

    `calls_made` answers came, of which its calls tell, and the tokens are those of all of them;
    `model_requested` is the configured model and `model_served` who gave the last one. `lost`
    holds a sentence for each part that couldn't be read; `drift` says in which ways the answers
    weren't of the model or in the form that was asked for, and `reason` why there is no answer.
    """

    photo = models.ForeignKey(Photo, on_delete=models.PROTECT, related_name="segmentations")
    query = models.ForeignKey(DamageQuery, on_delete=models.PROTECT, related_name="segmentations")
    engine = models.CharField(max_length=40)
    prompt_version = models.CharField(max_length=40, blank=True)
    status = models.CharField(max_length=20, choices=choices(Outcome), default=Outcome.QUEUED)
    reason = models.TextField(blank=True)
    lost = models.JSONField(default=list, blank=True)
    drift = models.TextField(blank=True)
    calls_made = models.PositiveSmallIntegerField(default=0)
    model_requested = models.CharField(max_length=100, blank=True)
    model_served = models.CharField(max_length=100, blank=True)
    input_tokens = models.PositiveIntegerField(null=True, blank=True)
    output_tokens = models.PositiveIntegerField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    carrier_path: ClassVar[str] = "photo__claim__carrier"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["photo", "query", "engine", "prompt_version"],
                name="segmentation_asked_once",
            ),
            known("status", Outcome, "segmentation_status_known"),
            models.CheckConstraint(
                condition=models.Q(status__in=[*sorted(OPEN_OUTCOMES), Outcome.ANSWERED])
                | ~models.Q(reason=""),
                name="segmentation_without_answer_says_why",
            ),
        ]
        # "What was answered lately": selectors.engine_pace.
        indexes = [models.Index(fields=["engine", "asked_at"], name="segmentation_asked")]

    def __str__(self) -> str:
        return f"{self.photo}: {self.query}"


class Call(CarrierOwned):
    """One answer of an engine, kept the moment it arrived: it was paid for and is evidence.

    `raw` is the text as it came (UTF-8), and `fault` says why it is none to be read, where the
    engine itself found so. `form` is the form of outline asked for, empty where the engine can be
    asked in one way only; `rest`, that only what the call before had left out was asked for;
    `cut`, that the engine stopped at its own limit.
    """

    segmentation = models.ForeignKey(Segmentation, on_delete=models.PROTECT, related_name="calls")
    number = models.PositiveSmallIntegerField()
    form = models.CharField(max_length=20, choices=choices(AnswerForm), blank=True)
    rest = models.BooleanField(default=False)
    raw = models.BinaryField(blank=True, default=b"")
    cut = models.BooleanField(default=False)
    fault = models.TextField(blank=True)
    model_requested = models.CharField(max_length=100)
    model_served = models.CharField(max_length=100, blank=True)
    input_tokens = models.PositiveIntegerField(null=True, blank=True)
    output_tokens = models.PositiveIntegerField(null=True, blank=True)
    answered_at = models.DateTimeField()

    carrier_path: ClassVar[str] = "segmentation__photo__claim__carrier"

    class Meta:
        constraints = [
            # Of two workers that ask the same rung at once, the first answer counts.
            models.UniqueConstraint(
                fields=["segmentation", "number"], name="call_once_per_segmentation_and_number"
            ),
            models.CheckConstraint(
                condition=models.Q(form__in=["", *(form.value for form in AnswerForm)]),
                name="call_form_known",
            ),
        ]

    def __str__(self) -> str:
        return f"Call {self.number} of {self.segmentation}"
