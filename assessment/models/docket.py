"""The queue's own view of each claim."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from assessment.core.vocabulary import Lane, Stage
from assessment.models.choices import choices, known
from claims.models import Carrier, Claim, Peril, User
from claims.models.tenancy import CarrierOwned

# The words stand in indexes, PostgreSQL indexes nothing longer than 2704 bytes, and a letter takes
# up to four. All that is searched fits in, but for letters whose capitals are several.
LONGEST_WORDS = 640


class Docket(CarrierOwned):
    """Where a claim stands: one row per claim, worked out anew whenever that may have changed.

    A list of a hundred thousand claims is sorted, counted and searched by this table alone. `since`
    is since when the claim waits for us, for photos, or is decided, `lane` where it was routed
    last, `reasons` the first sentences of that, `words` what a search looks through, in capitals.
    """

    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, primary_key=True)
    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=20, choices=choices(Stage))
    since = models.DateTimeField()
    lane = models.CharField(max_length=30, choices=choices(Lane), blank=True)
    reasons = models.JSONField(default=list)
    assignee = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="dockets"
    )
    peril = models.CharField(max_length=20, choices=Peril)
    photos = models.PositiveIntegerField(default=0)
    unreviewed = models.PositiveIntegerField(default=0)
    words = models.CharField(max_length=LONGEST_WORDS)

    carrier_path: ClassVar[str] = "carrier"

    class Meta:
        constraints = [known("stage", Stage, "docket_stage_known")]
        # Each list of selectors.claim_list, in its order: all claims or those of a stage, with a
        # peril or without, and a person's own. A search for words that few claims have reads every
        # one of a list, so these are in the index with it: SQLite needs a tenth of the time.
        indexes = [
            models.Index(fields=["carrier", "since", "claim", "words"], name="docket_all"),
            models.Index(fields=["carrier", "peril", "since", "claim"], name="docket_peril"),
            models.Index(
                fields=["carrier", "stage", "since", "claim", "words"], name="docket_stage"
            ),
            models.Index(
                fields=["carrier", "stage", "peril", "since", "claim"], name="docket_stage_peril"
            ),
            models.Index(
                fields=["assignee", "since", "claim"],
                condition=~models.Q(stage=Stage.DECIDED),
                name="docket_own",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim}: {self.stage}"
