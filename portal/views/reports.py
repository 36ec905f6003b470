"""Reports on a claim: asking for one, watching it being made, having it."""

from __future__ import annotations

import hashlib
from dataclasses import astuple
from http import HTTPStatus
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, quote_etag
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from assessment import pipeline
from assessment.core.vocabulary import ReportStatus
from assessment.models import Report
from assessment.selectors.report_state import (
    ReportDamagedError,
    ReportState,
    report_file_name,
    report_pdf,
    report_state,
)
from claims.models import Claim
from portal.access import MemberRequest, Permission, get_owned, member_required
from portal.reporting import since_sentences

SHORT_HASH = 12
"""Digits of a SHA-256 on the page; the title of the element holds all."""


def report_context(claim: Claim) -> dict[str, Any]:
    """What claim/report.html asks for, beside `claim` and `may_assess`.

    `reports`: the selectors' ReportState. `since`: sentences on what the one to be had lacks.
    `short_hash`: of the report that can be had, empty if there is none.
    """
    state = report_state(claim)
    return {
        "reports": state,
        "since": since_sentences(state.since) if state.since else [],
        "short_hash": state.ready.sha256[:SHORT_HASH] if state.ready else "",
    }


@require_POST
@member_required(Permission.ASSESS)
def make_report(request: MemberRequest, number: str) -> HttpResponse:
    """Ask for a report on the claim as it stands; one that is being made of just that is enough."""
    claim = get_owned(request, Claim, number=number)
    pipeline.report_request(claim=claim, by=request.member.user)
    return redirect(f"{reverse('portal:claim', args=[claim.number])}#report")


@require_safe
@member_required(Permission.SEE)
def report_panel(request: MemberRequest, number: str) -> HttpResponse:
    """The report's panel alone, for the page that watches it being made."""
    claim = get_owned(request, Claim, number=number)
    if "HX-Request" not in request.headers:
        return redirect(f"{reverse('portal:claim', args=[claim.number])}#report")
    may_assess = request.member.may(Permission.ASSESS)
    context = {"claim": claim, "may_assess": may_assess, **report_context(claim)}
    response = render(request, "portal/claim/report.html", context)
    # Kept by the browser to be compared, and shown only after the server has agreed to it.
    response.headers["Cache-Control"] = "private, no-cache"
    return _unless_known(request, response, _tag(context["reports"], may_assess=may_assess))


def _tag(state: ReportState, *, may_assess: bool) -> str:
    """Names what a panel shows: another state has another name."""
    newest = (state.newest.pk, state.newest.status) if state.newest else ()
    since = astuple(state.since) if state.since else ()
    shown = (*newest, *since, may_assess, get_language())
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


@require_safe
@member_required(Permission.SEE)
def report(request: MemberRequest, number: str, report: int) -> HttpResponse:
    """The PDF of a report as it was made."""
    made = get_owned(
        request, Report, claim__number=number, number=report, status=ReportStatus.READY
    )
    try:
        pdf = report_pdf(made)
    except ReportDamagedError:
        may_assess = request.member.may(Permission.ASSESS)
        context = {"claim": made.claim, "report": made, "may_assess": may_assess}
        return render(request, "portal/report_damaged.html", context, status=HTTPStatus.GONE)
    response = HttpResponse(pdf, content_type="application/pdf")
    name = content_disposition_header(as_attachment=True, filename=report_file_name(made))
    response.headers["Content-Disposition"] = name
    return _unless_known(request, response, made.sha256)


def _unless_known(request: HttpRequest, response: HttpResponse, tag: str) -> HttpResponse:
    """The response under its ETag, or 304 where the browser has just that."""
    etag = quote_etag(tag)
    response.headers["ETag"] = etag
    answer = get_conditional_response(request, etag=etag, response=response)
    return cast(HttpResponse, answer)
