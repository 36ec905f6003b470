"""Correcting the details of a claim."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessment import pipeline
from claims.models import Claim, ClaimStatus
from claims.services import ClaimDecidedError
from portal.access import MemberRequest, Permission, get_owned, member_required
from portal.forms.claim import CorrectForm
from portal.views.claim import claim_locked


@require_http_methods(["GET", "HEAD", "POST"])
@member_required(Permission.ASSESS)
def details(request: MemberRequest, number: str) -> HttpResponse:
    """The details of a claim in a form; once they are corrected, the claim's own page."""
    claim = get_owned(request, Claim, number=number)
    if claim.status == ClaimStatus.DECIDED:
        return claim_locked(request, claim)
    if request.method != "POST":
        return _page(request, claim, CorrectForm(claim=claim), HTTPStatus.OK)
    form = CorrectForm(request.POST, claim=claim)
    if not form.is_valid():
        return _page(request, claim, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        corrected = pipeline.claim_correct(
            claim=claim, details=form.details(), by=request.member.user
        )
    except ClaimDecidedError:
        return claim_locked(request, claim)
    if corrected:
        messages.success(request, _("The details were corrected."))
    else:
        messages.info(request, _("The details stand as they were: nothing was changed."))
    return redirect("portal:claim", claim.number)


def _page(
    request: MemberRequest, claim: Claim, form: CorrectForm, status: HTTPStatus
) -> HttpResponse:
    context = {"claim": claim, "form": form}
    return render(request, "portal/details.html", context, status=status)
