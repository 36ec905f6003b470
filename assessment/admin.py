"""The assessment's records in the admin, and the way to a report's PDF."""

from __future__ import annotations

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.http import content_disposition_header

from assessment.core.vocabulary import ReportStatus
from assessment.models import (
    Call,
    DamageQuery,
    Decision,
    Docket,
    Earmark,
    Finding,
    FindingRevision,
    Job,
    Report,
    Segmentation,
    Sighting,
    Triage,
)
from assessment.selectors.report_state import ReportDamagedError, report_file_name, report_pdf
from claims.admin import CarrierScopedAdmin

DAMAGED = (
    "The stored file of this report is missing or was changed, so it is not handed out. The claim "
    "is kept. Make the report again in the portal, or restore the file from a backup."
)


@admin.register(DamageQuery)
class DamageQueryAdmin(CarrierScopedAdmin):
    list_display = ["text", "carrier", "claim", "peril", "damage_type", "version", "active"]


@admin.register(Segmentation)
class SegmentationAdmin(CarrierScopedAdmin):
    list_display = [
        *("photo", "query", "engine", "status", "reason"),
        *("model_served", "round", "calls_made", "cost_usd", "drift", "asked_at"),
    ]
    list_filter = ["status", "engine", ("drift", admin.EmptyFieldListFilter)]


@admin.register(Call)
class CallAdmin(CarrierScopedAdmin):
    list_display = [
        *("segmentation", "number", "form", "rest", "cut", "refused", "fault"),
        *("model_requested", "model_served", "output_tokens", "cost_usd", "answered_at"),
    ]
    list_filter = ["form", "rest", "cut", "refused", "empty", "model_served"]


@admin.register(Earmark)
class EarmarkAdmin(CarrierScopedAdmin):
    list_display = ["claim", "usd", "created_at"]


@admin.register(Finding)
class FindingAdmin(CarrierScopedAdmin):
    list_display = ["photo", "label", "damage_type", "share", "area_m2", "approximate", "review"]
    list_filter = ["damage_type", "review", "source"]
    exclude = ["polygon"]


@admin.register(Sighting)
class SightingAdmin(CarrierScopedAdmin):
    list_display = ["finding", "segmentation", "position", "label", "damage_type", "form"]
    list_filter = ["damage_type", "form", "refined"]
    exclude = ["polygon"]


@admin.register(FindingRevision)
class FindingRevisionAdmin(CarrierScopedAdmin):
    list_display = ["finding", "number", "by", "at", "damage_type", "review", "edited", "removed"]
    list_filter = ["review", "edited", "removed"]
    exclude = ["polygon"]


@admin.register(Docket)
class DocketAdmin(CarrierScopedAdmin):
    list_display = ["claim", "stage", "since", "lane", "assignee", "photos", "unreviewed"]
    list_filter = ["stage", "lane"]
    search_fields = ["claim__number"]


@admin.register(Decision)
class DecisionAdmin(CarrierScopedAdmin):
    list_display = ["claim", "number", "kind", "by", "at", "unreviewed", "reopened_at"]
    list_filter = ["kind"]
    search_fields = ["claim__number"]


@admin.register(Triage)
class TriageAdmin(CarrierScopedAdmin):
    list_display = ["claim", "number", "lane", "decided_at"]
    list_filter = ["lane"]


@admin.register(Job)
class JobAdmin(CarrierScopedAdmin):
    list_display = ["kind", "subject_id", "status", "attempts", "run_after", "reason"]
    list_filter = ["kind", "status"]


@admin.register(Report)
class ReportAdmin(CarrierScopedAdmin):
    list_display = ["claim", "number", "status", "requested_at", "pdf"]
    exclude = ["dossier"]
    readonly_fields = ["pdf"]

    @admin.display(description="PDF")
    def pdf(self, report: Report) -> str:
        if report.status != ReportStatus.READY:
            return report.reason or "Not ready"
        return format_html(
            '<a href="{}">Download</a>', reverse("admin:report_pdf", args=[report.pk])
        )

    def get_urls(self) -> list[URLPattern]:
        download = path(
            "<int:pk>/pdf/", self.admin_site.admin_view(self.download), name="report_pdf"
        )
        return [download, *super().get_urls()]

    def download(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The PDF as it was made, for members of the claim's carrier."""
        report = self.get_queryset(request).filter(pk=pk, status=ReportStatus.READY).first()
        if report is None or not self.has_view_permission(request, report):
            raise Http404
        try:
            pdf = report_pdf(report)
        except ReportDamagedError:
            self.message_user(request, DAMAGED, messages.ERROR)
            return redirect("admin:assessment_report_changelist")
        response = HttpResponse(pdf, content_type="application/pdf")
        name = content_disposition_header(as_attachment=True, filename=report_file_name(report))
        response.headers["Content-Disposition"] = name
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response
