"""Every address: the portal for people, the admin for those who look after the records."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    # One door: the portal's sign-in counts failures, the admin's own does not.
    path("admin/login/", RedirectView.as_view(pattern_name="portal:sign_in", query_string=True)),
    path("admin/", admin.site.urls),
    path("", include("portal.urls")),
]
