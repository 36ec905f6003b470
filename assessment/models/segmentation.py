"""Questions, and what became of each on each photo."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from assessment.core.vocabulary import (
    OPEN_OUTCOMES,
    WHOLE_PICTURE_KINDS,
    AnswerForm,
    DamageType,
    Detail,
    Outcome,
    QueryKind,
)
from assessment.models.choices import choices, known
from claims.models import Carrier, Claim, Peril, Photo
from claims.models.tenancy import CarrierOwned

MOST_RUNS = 5
"""More runs tell little more of how sure an answer is, and each is paid for."""

NOT_BY_TILES = (
    "A question that singles out one thing among others is about the whole picture, and can't be "
    "asked by tiles."
)


class DamageQuery(CarrierOwned):
    """A question in plain words, asked of the chosen photos, or of all where none is chosen.

    One with a claim is asked of that claim's photos; one without is a standing question of the
    carrier, asked of every claim of its peril (of every claim at all where it names none). Words
    are never changed: a better wording is a new version, which `replaces` the old one. `engine`
    names who is asked; empty means the engine this installation is configured with. `language` is
    that of the words, as a tag of BCP 47, empty where nobody said. `runs` is how often it is put to
    the same photo, so that the answers can be held against each other.
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
    language = models.CharField(max_length=20, blank=True)
    detail = models.CharField(max_length=20, choices=choices(Detail), default=Detail.AUTO)
    runs = models.PositiveSmallIntegerField(default=1)
    photos = models.ManyToManyField(Photo, blank=True, related_name="chosen_for")
    engine = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(default=1)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    active = models.BooleanField(default=True)

    carrier_path: ClassVar[str] = "carrier"

    class Meta:
        verbose_name_plural = "damage queries"
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "peril", "text", "version"],
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
            known("detail", Detail, "query_detail_known"),
            models.CheckConstraint(
                condition=models.Q(runs__gte=1, runs__lte=MOST_RUNS), name="query_runs_bounded"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        """What can't be asked is told in sentences. Raises ValidationError."""
        if self.detail == Detail.TILES and self.kind in WHOLE_PICTURE_KINDS:
            raise ValidationError({"detail": NOT_BY_TILES})
        if not 1 <= self.runs <= MOST_RUNS:
            raise ValidationError({"runs": f"A question is put 1 to {MOST_RUNS} times."})


class Segmentation(CarrierOwned):
    """One photo asked one question by one engine in one wording.

    Each time it is asked anew on purpose is a `round`; what is told here is of the last one. In a
    round each of the `windows` (left, top, right, bottom in pixels of the upright photo; none for
    the photo as a whole) is looked at in `runs` runs.

    `calls_made` answers came, of which its calls tell, and tokens and cost (US dollars, null where
    a price isn't known) are those of all its calls; `model_requested` is the configured model and
    `model_served` who gave the last one. `lost` holds a sentence for each part that couldn't be
    read; to `unasked` looks an answer may still come, for nobody refused one, and trying again asks
    for those alone. `drift` says in which ways the answers weren't of the model or in the form that
    was asked for, and `reason` why there is no answer.
    """

    photo = models.ForeignKey(Photo, on_delete=models.PROTECT, related_name="segmentations")
    query = models.ForeignKey(DamageQuery, on_delete=models.PROTECT, related_name="segmentations")
    engine = models.CharField(max_length=40)
    prompt_version = models.CharField(max_length=40, blank=True)
    status = models.CharField(max_length=20, choices=choices(Outcome), default=Outcome.QUEUED)
    round = models.PositiveSmallIntegerField(default=1)
    runs = models.PositiveSmallIntegerField(default=1)
    windows = models.JSONField(default=list, blank=True)
    reason = models.TextField(blank=True)
    lost = models.JSONField(default=list, blank=True)
    unasked = models.PositiveSmallIntegerField(default=0)
    drift = models.TextField(blank=True)
    calls_made = models.PositiveSmallIntegerField(default=0)
    model_requested = models.CharField(max_length=100, blank=True)
    model_served = models.CharField(max_length=100, blank=True)
    input_tokens = models.PositiveIntegerField(null=True, blank=True)
    output_tokens = models.PositiveIntegerField(null=True, blank=True)
    cost_usd = models.DecimalField(max_digits=12, decimal_places=6, null=True, blank=True)
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

    It is the answer `number` about one window (`tile`, its place in the segmentation's windows) in
    one `run` of one `round`. `key` names what was asked, of which photo, in which words and of
    which model: an answer to the same key is taken over and not paid for again, and says so in
    `reused_from`. `cost_usd` is by the prices of `priced_as_of`, null where they aren't known.

    `raw` is the text as it came (UTF-8), and `fault` says why it is none to be read, where the
    engine itself found so. A call that the engine `refused`, or whose reply was `empty` of any
    answer, is no answer and is never taken over: it stands here so that it isn't put again in its
    round, and `fault` says what the engine said. `form` is the form of outline asked for, empty
    where the engine can be asked in one way only; `rest`, that only what the call before had left
    out was asked for; `cut`, that the engine stopped at its own limit.
    """

    segmentation = models.ForeignKey(Segmentation, on_delete=models.PROTECT, related_name="calls")
    round = models.PositiveSmallIntegerField(default=1)
    run = models.PositiveSmallIntegerField(default=1)
    tile = models.PositiveSmallIntegerField(default=0)
    number = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=64, blank=True)
    reused_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    form = models.CharField(max_length=20, choices=choices(AnswerForm), blank=True)
    rest = models.BooleanField(default=False)
    raw = models.BinaryField(blank=True, default=b"")
    cut = models.BooleanField(default=False)
    fault = models.TextField(blank=True)
    refused = models.BooleanField(default=False)
    empty = models.BooleanField(default=False)
    model_requested = models.CharField(max_length=100)
    model_served = models.CharField(max_length=100, blank=True)
    input_tokens = models.PositiveIntegerField(null=True, blank=True)
    output_tokens = models.PositiveIntegerField(null=True, blank=True)
    cost_usd = models.DecimalField(max_digits=12, decimal_places=6, null=True, blank=True)
    priced_as_of = models.DateField(null=True, blank=True)
    answered_at = models.DateTimeField()

    carrier_path: ClassVar[str] = "segmentation__photo__claim__carrier"

    class Meta:
        constraints = [
            # Of two workers that ask the same rung at once, the first answer counts.
            models.UniqueConstraint(
                fields=["segmentation", "round", "run", "tile", "number"],
                name="call_once_per_place_in_segmentation",
            ),
            models.CheckConstraint(
                condition=models.Q(form__in=["", *(form.value for form in AnswerForm)]),
                name="call_form_known",
            ),
        ]
        indexes = [
            # "An answer to the same question": services.reuse.
            models.Index(fields=["key"], condition=~models.Q(key=""), name="call_key"),
            # "What was spent since": services.budget.
            models.Index(fields=["answered_at"], name="call_answered"),
        ]

    def __str__(self) -> str:
        return f"Call {self.number} of {self.segmentation}"


class Earmark(CarrierOwned):
    """Money set aside for a call under way, in US dollars: the most that it can cost.

    It goes when the call has ended. One whose worker died stands until it is too old to be true.
    `key` is that of the call: who would ask the same waits for its answer and doesn't pay, too.
    """

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="+")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="+")
    segmentation = models.ForeignKey(
        Segmentation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    key = models.CharField(max_length=64, blank=True)
    usd = models.DecimalField(max_digits=12, decimal_places=6)
    created_at = models.DateTimeField()

    carrier_path: ClassVar[str] = "carrier"

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(usd__gte=0), name="earmark_not_negative"),
            models.UniqueConstraint(
                fields=["key"], condition=~models.Q(key=""), name="earmark_once_per_key"
            ),
        ]
        # "What is set aside now": services.budget.
        indexes = [models.Index(fields=["carrier", "created_at"], name="earmark_carrier")]

    def __str__(self) -> str:
        return f"{self.usd} USD for {self.claim}"
