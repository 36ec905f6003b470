"""The addresses of the portal."""

from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

from portal.views import queue, session

app_name = "portal"
urlpatterns = [
    path(
        "",
        RedirectView.as_view(pattern_name="portal:queue", http_method_names=["get", "head"]),
        name="home",
    ),
    path("sign-in/", session.SignIn.as_view(), name="sign_in"),
    path("sign-out/", session.SignOut.as_view(), name="sign_out"),
    path("carrier/", session.choose_carrier, name="carrier"),
    path("claims/", queue.queue, name="queue"),
]
