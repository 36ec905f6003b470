"""Reports: a frozen dossier, and the PDF made of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from assessment.core.vocabulary import ReportStatus
from assessment.models.choices import choices, known
from claims.models import Claim, User
from claims.models.tenancy import CarrierOwned


class Report(CarrierOwned):
    """One report on a claim. `dossier` is the JSON it is made of, `file` names the stored PDF."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="reports")
    number = models.PositiveIntegerField()
    status = models.CharField(
        max_length=20, choices=choices(ReportStatus), default=ReportStatus.QUEUED
    )
    reason = models.TextField(blank=True)
    dossier = models.TextField()
    template_version = models.CharField(max_length=40, blank=True)
    file = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)
    requested_at = models.DateTimeField()

    carrier_path: ClassVar[str] = "claim__carrier"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "number"], name="report_number_unique_per_claim"
            ),
            known("status", ReportStatus, "report_status_known"),
            models.CheckConstraint(
                condition=~models.Q(status=ReportStatus.READY)
                | ~models.Q(file="") & ~models.Q(sha256="") & ~models.Q(template_version=""),
                name="report_ready_has_file",
            ),
            models.CheckConstraint(
                condition=~models.Q(status=ReportStatus.FAILED) | ~models.Q(reason=""),
                name="report_failed_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"Report {self.number} on {self.claim}"
