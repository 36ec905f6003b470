"""The assessment's records in the admin, and the way to a report's PDF."""

from __future__ import annotations

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from assessment.core.vocabulary import ReportStatus
from assessment.models import DamageQuery, Finding, Job, Report, Segmentation, Triage
from claims import files
from claims.admin import CarrierScopedAdmin


@admin.register(DamageQuery)
class DamageQueryAdmin(CarrierScopedAdmin):
    list_display = ["text", "carrier", "claim", "peril", "damage_type", "version", "active"]


@admin.register(Segmentation)
class SegmentationAdmin(CarrierScopedAdmin):
    list_display = ["photo", "query", "engine", "status", "reason", "model_served", "asked_at"]
    list_filter = ["status", "engine"]


@admin.register(Finding)
class FindingAdmin(CarrierScopedAdmin):
    list_display = ["photo", "label", "damage_type", "share", "area_m2", "approximate", "review"]
    list_filter = ["damage_type", "review", "source"]
    exclude = ["polygon"]


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
        response = HttpResponse(files.load(report.file), content_type="application/pdf")
        name = f"{report.claim.number}-report-{report.number}.pdf"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response
