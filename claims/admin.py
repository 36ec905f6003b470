"""The admin: every record of one's own carriers, to look at.

What changes a claim goes through the services, which log it; so records here are read-only, but
for carriers and people.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from claims.models import AuditEntry, Carrier, Claim, Membership, Note, Photo, User
from claims.models.tenancy import CarrierOwned

if TYPE_CHECKING:
    RecordAdmin = admin.ModelAdmin[Any]
    PeopleAdmin = UserAdmin[User]
else:
    # Django's own classes take no type arguments when they run.
    RecordAdmin = admin.ModelAdmin
    PeopleAdmin = UserAdmin


class CarrierScopedAdmin(RecordAdmin):
    """Shows the rows of the carriers a person belongs to, and changes none."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        if not issubclass(self.model, CarrierOwned) or request.user.pk is None:
            return rows.none()
        return rows & self.model.objects.of_member(request.user.pk)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _is_staff_member(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _is_staff_member(request)

    def has_add_permission(self, request: HttpRequest, *_: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def _is_staff_member(request: HttpRequest) -> bool:
    user = request.user
    return isinstance(user, User) and user.is_staff and user.memberships.exists()


@admin.register(Claim)
class ClaimAdmin(CarrierScopedAdmin):
    list_display = ["number", "carrier", "insured", "peril", "loss_date", "opened_at"]
    list_filter = ["peril"]
    search_fields = ["number", "insured", "address", "policy_number"]


@admin.register(Photo)
class PhotoAdmin(CarrierScopedAdmin):
    list_display = ["claim", "number", "name", "status", "width", "height", "received_at"]
    list_filter = ["status"]
    search_fields = ["claim__number", "name", "sha256"]


@admin.register(Note)
class NoteAdmin(CarrierScopedAdmin):
    list_display = ["claim", "by", "at", "text"]
    search_fields = ["claim__number", "text"]


@admin.register(AuditEntry)
class AuditEntryAdmin(CarrierScopedAdmin):
    list_display = ["carrier", "sequence", "at", "actor", "action", "subject"]
    search_fields = ["subject", "actor"]


@admin.register(User)
class PersonAdmin(PeopleAdmin):
    list_display = ["email", "name", "is_staff", "is_active"]
    list_filter = ["is_staff", "is_active"]
    search_fields = ["email", "name"]
    ordering = ["email"]
    fieldsets = [(None, {"fields": ["email", "name", "password", "is_staff", "is_active"]})]
    add_fieldsets = [(None, {"fields": ["email", "name", "password1", "password2"]})]


admin.site.register(Carrier)
admin.site.register(Membership)
admin.site.site_header = admin.site.site_title = "Eaves"
admin.site.index_title = "Records"
