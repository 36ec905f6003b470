"""Whether a claim's page shows what it showed, told without working out what that is."""

from __future__ import annotations

import hashlib

from django.db.models import Count, Max, Sum

from assessment.core.rules import RULES_VERSION
from assessment.models import DamageQuery, Docket, Finding, Triage
from assessment.selectors.asked import reasons_to_wait
from assessment.selectors.claims import segmentations_of
from claims.models import Claim, Photo


def claim_version(claim: Claim) -> str:
    """A name for what the page of a claim tells of the work on it: any change gives another.

    A few rows and counts; no outline is read.
    """
    read = (
        claim.status,
        RULES_VERSION,
        *Docket.objects.filter(claim=claim).values_list("stage", "lane"),
        *Photo.objects.filter(claim=claim)
        .order_by("number")
        .values_list("number", "name", "status", "refusal", "thumbnail", "reference_line"),
        *Finding.objects.filter(photo__claim=claim)
        .aggregate(Count("pk"), Sum("revision"), Max("changed_at"))
        .values(),
        *segmentations_of(claim)
        .order_by("status")
        .values_list("status")
        .annotate(Count("pk"), Max("closed_at"), Sum("calls_made")),
        reasons_to_wait(segmentations_of(claim)),
        *DamageQuery.objects.filter(claim=claim).aggregate(Count("pk"), Count("photos")).values(),
        *Triage.objects.filter(claim=claim).aggregate(Max("number")).values(),
    )
    return hashlib.sha256(repr(read).encode()).hexdigest()
