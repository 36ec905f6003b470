"""The addresses of the portal."""

from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

from portal.views import (
    again,
    claim,
    claim_file,
    details,
    findings,
    new_claim,
    photos,
    questions,
    queue,
    reports,
    scale,
    session,
    uploads,
)

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
    path("new-claim/", new_claim.new_claim, name="new_claim"),
    path("claims/<str:number>/", claim.claim, name="claim"),
    path("claims/<str:number>/state/", claim.state, name="claim_state"),
    path("claims/<str:number>/details/", details.details, name="details"),
    path("claims/<str:number>/photos/", uploads.upload, name="upload"),
    path("claims/<str:number>/queries/", claim.ask, name="ask"),
    path("claims/<str:number>/queries/<int:question>/again/", again.ask_again, name="ask_again"),
    path("claims/<str:number>/retry/", claim.retry, name="retry"),
    path("claims/<str:number>/assign/", claim.assign, name="assign"),
    path("questions/", questions.questions, name="questions"),
    path("questions/new/", questions.add, name="question_add"),
    path("questions/catalogue/", questions.catalogue, name="question_catalogue"),
    path("questions/<int:question>/", questions.reword, name="question"),
    path("questions/<int:question>/switch/", questions.switch, name="question_switch"),
    path("next-claim/", queue.take_next, name="take_next"),
    path("claims/<str:number>/row/", queue.queue_row, name="queue_row"),
    path("claims/<str:number>/decision/", claim_file.decide, name="decide"),
    path("claims/<str:number>/reopen/", claim_file.reopen, name="reopen"),
    path("claims/<str:number>/notes/", claim_file.add_note, name="notes"),
    path("claims/<str:number>/history/", claim_file.history, name="history"),
    path("claims/<str:number>/reports/", reports.make_report, name="reports"),
    path("claims/<str:number>/reports/state/", reports.report_panel, name="report_panel"),
    path("claims/<str:number>/reports/<int:report>/", reports.report, name="report"),
    path("claims/<str:number>/photos/<int:photo>/", photos.photo, name="photo"),
    path(
        "claims/<str:number>/photos/<int:photo>/picture/<slug:size>/",
        photos.picture,
        name="picture",
    ),
    path("claims/<str:number>/photos/<int:photo>/scale/", scale.scale, name="scale"),
    path("length/", scale.length, name="length"),
    path("claims/<str:number>/photos/<int:photo>/findings/", findings.findings, name="findings"),
    path(
        "claims/<str:number>/photos/<int:photo>/findings/<int:finding>/",
        findings.finding,
        name="finding",
    ),
    path(
        "claims/<str:number>/photos/<int:photo>/findings/<int:finding>/review/",
        findings.finding_review,
        name="finding_review",
    ),
]
